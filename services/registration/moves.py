"""How an entry changes its state: the one place that does it, with its history and its claim."""

import datetime as dt
from collections.abc import Mapping, Sequence

from models.account import Account
from models.activity import Track
from models.base import db
from models.registration import HOLDING, LIVE, Registration, State, Step
from services import audit as audits
from services import notification as notifications
from services import quota as quotas
from services.registration import listing
from services.registration.refusals import WrongState
from services.stamp import Stamp
from services.words import say_moment


def claim_of(registration: Registration) -> str | None:
    """What a live entry occupies, so that the database knows "once"; None where it no longer stands (R56)."""
    if registration.state not in LIVE:
        return None
    return claim(registration.track, registration.person_id)


def claim(track: Track, person_id: int) -> str:
    """What a live entry of a person for a track occupies: the activity, or the track alone where the activity lets
    people enter several.
    """
    if track.activity.takes_several:
        return f"{track.activity_id}:{person_id}:{track.id}"
    return f"{track.activity_id}:{person_id}"


def move(
    registration: Registration,
    state: State,
    *,
    stamp: Stamp,
    note: str = "",
    due_at: dt.datetime | None = None,
    quietly: bool = False,
    is_freed: bool = False,
) -> None:
    """Set a state that may follow, keep the step, trace it, tell. Raises `WrongState` where it may not follow.

    An entry that has no place afterwards frees its quotas; its place on the track is freed by whoever moves it.
    `quietly`: the person is told by somebody else. `is_freed`: the quotas are freed already, of many at once.
    """
    if not registration.may_become(state):
        raise WrongState(registration)
    if registration.state in HOLDING and state not in HOLDING and not is_freed:
        quotas.free([registration.id])
    registration.state = state
    registration.claim = claim_of(registration)
    registration.note = note
    registration.due_at = due_at
    db.session.add(
        Step(registration_id=registration.id, state=state, at=stamp.when, by_id=stamp.account_id, note=note)
    )
    audits.record(f"registration.{state.value}", registration, stamp=stamp)
    if not quietly:
        tell(registration, state.value, stamp=stamp, note=note, due_at=due_at)


def tell(
    registration: Registration,
    what: str,
    *,
    stamp: Stamp,
    note: str = "",
    due_at: dt.datetime | None = None,
    accounts: Mapping[int, Account] | None = None,
) -> None:
    """Tell the person, in their account where they have one, else by the phone in their record. `accounts`: those of
    many people, where they are known already.
    """
    person_id = registration.person_id
    account = listing.account_of(person_id) if accounts is None else accounts.get(person_id)
    notifications.notify(
        account,
        f"registration.{what}",
        stamp=stamp,
        link=f"/registration/{registration.code}",
        phone="" if account else registration.person.phone or "",
        name=registration.person.name,
        activity=registration.track.full_name,
        note=note,
        due=say_moment(due_at) if due_at else "",
        when=say_moment(registration.activity.starts_at),
    )


def tell_all(registrations: Sequence[Registration], *, stamp: Stamp) -> None:
    """Tell many people the state of their entries."""
    accounts = listing.accounts_of(row.person_id for row in registrations)
    for row in registrations:
        tell(row, row.state.value, stamp=stamp, due_at=row.due_at, accounts=accounts)


def tell_owner(registrations: Sequence[Registration], *, stamp: Stamp) -> None:
    """Places were offered to people who entered together: whoever speaks for them is told, and answers for all."""
    first = registrations[0]
    party = first.party
    assert party is not None
    notifications.notify(
        party.owner,
        "registration.party_offered",
        stamp=stamp,
        link=f"/party/{party.code}",
        party=party.name,
        activity=first.track.full_name,
        places=len(registrations),
        due=say_moment(first.due_at) if first.due_at else "",
    )
