"""Parties made, named, dissolved."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.account import Account
from models.activity import Activity, EntryMode, Track
from models.base import db
from models.organisation import Organisation
from models.party import Kind, Party, Role, State
from models.person import Person
from services import audit as audits
from services import notification as notifications
from services import registration as registrations
from services.party import find, roster
from services.party.refusals import (
    Locked,
    NotForTeams,
    NotForUnits,
)
from services.registration import Entry
from services.stamp import Stamp


@dataclass(frozen=True)
class TeamEntry:
    """What a captain says about a team; cleaned by the form."""

    name: str
    coach: str = ""
    leader: str = ""
    leader_phone: str = ""
    organisation: Organisation | None = None


def make_team(
    track: Track, person: Person, team: TeamEntry, entry: Entry, *, by: Account, stamp: Stamp
) -> Party:
    """A new team, with whoever makes it as captain. Raises `NotForTeams`, `Closed`, `InAnotherTeam`, `NotEligible`."""
    if track.mode is not EntryMode.TEAM:
        raise NotForTeams
    party = Party(
        activity_id=track.activity_id,
        track=track,
        kind=Kind.TEAM,
        owner_id=by.id,
        made_at=stamp.when,
        members=[],
        **_facts(team),
    )
    party.leader_phone = team.leader_phone or None
    db.session.add(party)
    db.session.flush()
    roster.enter(party, person, entry, Role.CAPTAIN, by=by, stamp=stamp)
    audits.record("party.made", party, stamp=stamp, kind=party.kind.value)
    return party


def make_list(
    track: Track, organisation: Organisation, name: str = "", *, by: Account, stamp: Stamp
) -> Party:
    """The list of a unit for a track: ranked people where units enter, one a unit, and the one there is is answered;
    else a new group that comes together, of which a unit may have several. Raises `NotForUnits`.
    """
    if track.mode is EntryMode.TEAM:
        raise NotForUnits
    is_ranked = track.mode is EntryMode.UNIT
    known = find.list_of(track, organisation) if is_ranked else None
    if known is not None:
        return known
    party = Party(
        activity_id=track.activity_id,
        track=track,
        kind=Kind.DELEGATION if is_ranked else Kind.CLASS,
        name=(name or organisation.label)[:60],
        organisation=organisation,
        owner_id=by.id,
        made_at=stamp.when,
        members=[],
        claim=find.claim_of_list(track, organisation) if is_ranked else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(party)
            db.session.flush()
    except IntegrityError:  # the unit's other manager was faster
        known = find.list_of(track, organisation)
        assert known is not None
        return known
    audits.record("party.made", party, stamp=stamp, kind=party.kind.value)
    return party


def edit(party: Party, team: TeamEntry, *, stamp: Stamp) -> None:
    """Name, coach, leader. Raises `Locked` once it is sent, but for leader and coach."""
    find.hold(party)
    roster.must_stand(party)
    facts = _facts(team)
    if party.state is State.SENT:
        facts = {"coach": team.coach, "leader": team.leader}
    for name, value in facts.items():
        setattr(party, name, value)
    party.leader_phone = team.leader_phone or None
    audits.record("party.edited", party, stamp=stamp)


def dissolve(party: Party, *, stamp: Stamp) -> None:
    """End a team or list that is not sent; who was in it is free again. Raises `Locked`."""
    find.hold(party)
    if party.state is not State.GATHERING:
        raise Locked
    party.state, party.claim, party.token_hash, party.token = State.DISSOLVED, None, None, None
    gone = [member.person_id for member in party.members]
    for member in party.members:
        member.claim = None
    audits.record("party.dissolved", party, stamp=stamp)
    if party.kind is Kind.TEAM:
        for account in registrations.accounts_of(gone).values():
            if account.id != party.owner_id:
                notifications.notify(
                    account, "party.dissolved", stamp=stamp, party=party.name, activity=party.track.full_name
                )


def _facts(team: TeamEntry) -> dict[str, object]:
    return {
        "name": team.name,
        "coach": team.coach,
        "leader": team.leader,
        "organisation": team.organisation,
    }


def call_off(activity: Activity, *, stamp: Stamp) -> None:
    """The activity is called off: those who gather a team or a list for it are told, since they have no entry yet."""
    gathering = db.session.scalars(
        sa.select(Party)
        .where(Party.activity_id == activity.id, Party.state == State.GATHERING)
        .order_by(Party.id)
    )
    for party in gathering:
        for account in find.speakers(party, stamp):
            notifications.notify(
                account,
                "activity.cancelled",
                stamp=stamp,
                link=f"/activity/{activity.code}",
                title=activity.title,
            )
