"""资格审查: accept, return for correction, reject; each with a reason the applicant reads."""

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from models.account import Account
from models.activity import State as ActivityState
from models.activity import Track
from models.base import db
from models.registration import HOLDING, Registration, State
from services import audit as audits
from services import hold, throttle
from services.errors import Stale, TooOften
from services.registration.entering import release
from services.registration.listing import accounts_of
from services.registration.moves import move, tell
from services.registration.refusals import Changed, NoReason, OnlyToRead, Over, OwnEntry, WrongState
from services.stamp import Stamp

RETURN_HOLDS = dt.timedelta(days=3)
"""How long a returned entry keeps its place, never past closing (rulings)."""

UNMASK_LIMIT = 20
"""Full numbers one account may see an hour (R13)."""


def accept(registration: Registration, *, by: Account, stamp: Stamp, note: str = "") -> None:
    _reviewable(registration, by, frozenset({State.SUBMITTED}))
    move(registration, State.ACCEPTED, stamp=stamp, note=note)


def send_back(registration: Registration, note: str, *, by: Account, stamp: Stamp) -> None:
    """退回补正: the place is kept until the date, so that mending a photo does not cost it."""
    _reasoned(note)
    _reviewable(registration, by, frozenset({State.SUBMITTED, State.ACCEPTED}))
    _may_still_fall(registration, stamp)
    move(
        registration,
        State.RETURNED,
        stamp=stamp,
        note=note,
        due_at=return_until(registration.track, stamp.when),
    )


def return_until(track: Track, moment: dt.datetime) -> dt.datetime:
    """Until when a returned entry may be mended. After closing there is one day, since the reviewer was late."""
    if moment >= track.closes_at:
        return moment + dt.timedelta(days=1)
    return min(moment + RETURN_HOLDS, track.closes_at)


def reject(registration: Registration, note: str, *, by: Account, stamp: Stamp) -> None:
    _reasoned(note)
    _reviewable(registration, by, frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED}))
    _may_still_fall(registration, stamp)
    held = registration.state in HOLDING
    move(registration, State.REJECTED, stamp=stamp, note=note)
    release(registration.track, held=held, waited=False, stamp=stamp)


def accept_all(
    registrations: Sequence[Registration],
    *,
    seen: Mapping[str, int] | None = None,
    by: Account,
    stamp: Stamp,
) -> int:
    """Accept several at once, all or none. `seen` has the version of each, by code, as the reviewer saw it. Raises
    `Changed`, which names those that are not what was seen.
    """
    hold.lock(registration.track for registration in registrations)
    _read_anew(registrations)
    if seen is not None:
        others = [
            row for row in registrations if row.version != seen[row.code] or row.state is not State.SUBMITTED
        ]
        if others:
            raise Changed([row.person.name for row in others])
    for registration in registrations:
        _must_be_reviewable(registration, by, frozenset({State.SUBMITTED}))
    accounts = accounts_of(registration.person_id for registration in registrations)
    for registration in registrations:
        move(registration, State.ACCEPTED, stamp=stamp, quietly=True)
        tell(registration, State.ACCEPTED.value, stamp=stamp, accounts=accounts)
    return len(registrations)


def _read_anew(registrations: Sequence[Registration]) -> None:
    """The columns of many entries, as they are now that their tracks are held; in a few statements."""
    db.session.flush()
    keys = [registration.id for registration in registrations]
    for start in range(0, len(keys), 500):
        db.session.execute(
            sa.select(Registration)
            .where(Registration.id.in_(keys[start : start + 500]))
            .execution_options(populate_existing=True)
        )


def _reasoned(note: str) -> None:
    if not note.strip():
        raise NoReason


def _reviewable(registration: Registration, by: Account, states: frozenset[State]) -> None:
    hold.lock([registration.track])
    db.session.refresh(registration)
    _must_be_reviewable(registration, by, states)


def _must_be_reviewable(registration: Registration, by: Account, states: frozenset[State]) -> None:
    if registration.activity.state in (ActivityState.ARCHIVED, ActivityState.CANCELLED):
        raise OnlyToRead
    if by.person_id is not None and by.person_id == registration.person_id:
        raise OwnEntry
    if registration.state not in states:
        raise WrongState(registration)


def _may_still_fall(registration: Registration, stamp: Stamp) -> None:
    """Who took part is not taken off the list afterwards: what they reached hangs on the entry."""
    if registration.state is State.ACCEPTED and registration.activity.has_ended(stamp.when):
        raise Over


def require_version(registration: Registration, version: int) -> None:
    """What the reviewer saw is what they decide on: from here on nobody else changes it. Raises `Stale`."""
    hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.version != version:
        raise Stale


def unmask(registration: Registration, reason: str, *, by: Account, stamp: Stamp) -> str:
    """The full document number, for a reason that is kept (R13). At most twenty an hour and account."""
    _reasoned(reason)
    tally, _ends = throttle.count(f"unmask:{by.code}", dt.timedelta(hours=1))
    if tally > UNMASK_LIMIT:
        raise TooOften(3600)
    audits.record("person.unmasked", registration.person, stamp=stamp, reason=reason[:200])
    document = registration.person.document
    return document.number if document else ""
