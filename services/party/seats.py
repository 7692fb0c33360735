"""Seats of units: asked for by the unit, allotted by the organiser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account
from models.activity import Activity, EntryMode, Track
from models.base import db
from models.organisation import Organisation
from models.party import Kind, Party, State
from services import audit as audits
from services import hold
from services import notification as notifications
from services import organisation as organisations
from services import quota as quotas
from services.party import find, making
from services.party.refusals import BelowEntered, Locked, NoReason, NotForUnits, OverAllotted
from services.registration.refusals import not_open
from services.stamp import Stamp


@dataclass(frozen=True)
class Decision:
    """What the organiser says to one request: so many seats, none with a reason."""

    seats: int
    note: str = ""


def ask(
    track: Track, organisation: Organisation, seats: int, reason: str, *, by: Account, stamp: Stamp
) -> Party:
    """A unit asks for seats, or changes what it asked for while nothing is decided. Raises `NotForUnits`, `Closed`,
    `Locked`.
    """
    if track.mode is not EntryMode.UNIT:
        raise NotForUnits
    if not track.is_open(stamp.when):
        raise not_open(track, stamp.when)
    party = making.make_list(track, organisation, by=by, stamp=stamp)
    find.hold(party)
    if party.state is not State.GATHERING:
        raise Locked
    party.asked, party.allotted, party.reason = seats, None, reason
    party.note, party.decided_at, party.decided_by_id = "", None, None
    audits.record("party.seats_asked", party, stamp=stamp, seats=seats)
    return party


def requests(activity: Activity) -> Sequence[Party]:
    """Every unit that asked for seats of an activity, track by track, what is undecided first."""
    return db.session.scalars(
        sa.select(Party)
        .join(Party.track)
        .where(
            Party.activity_id == activity.id,
            Party.kind == Kind.DELEGATION,
            Party.state != State.DISSOLVED,
            Party.asked.is_not(None),
        )
        .options(joinedload(Party.organisation), joinedload(Party.track))
        .order_by(Track.position, Track.id, sa.case((Party.allotted.is_(None), 0), else_=1), Party.made_at)
    ).all()


def allotted(track: Track) -> int:
    """How many seats of a track were given out."""
    return (
        db.session.scalar(
            sa.select(sa.func.sum(Party.allotted)).where(
                Party.track_id == track.id, Party.kind == Kind.DELEGATION, Party.state != State.DISSOLVED
            )
        )
        or 0
    )


def allot(activity: Activity, decisions: Mapping[str, Decision], *, by: Account, stamp: Stamp) -> int:
    """Decide on requests at once, all or none, by code; those not named stay as they are. Answers how many changed.

    Raises `OverAllotted` where a track would give out more than it has, `NoReason`, and `BelowEntered` where the
    list was sent already.
    """
    rows = [row for row in requests(activity) if row.code in decisions]
    hold.lock({row.track for row in rows})
    changed = []
    for row in sorted(rows, key=lambda row: row.id):
        find.hold(row)
        said = decisions[row.code]
        if row.allotted == said.seats and row.note == said.note:
            continue
        if row.state is not State.GATHERING:
            raise BelowEntered(row)
        if said.seats == 0 and not said.note.strip():
            raise NoReason
        row.allotted, row.note = said.seats, said.note
        row.decided_at, row.decided_by_id = stamp.when, by.id
        changed.append(row)
    db.session.flush()
    for track in {row.track for row in changed}:
        if (given := allotted(track)) > track.capacity:
            raise OverAllotted(track, given)
    for row in changed:
        assert row.organisation is not None
        quotas.allot(row.track, row.organisation, row.allotted, stamp=stamp)
        audits.record("party.seats_allotted", row, stamp=stamp, seats=row.allotted)
        _tell(row, stamp=stamp)
    return len(changed)


def _tell(party: Party, *, stamp: Stamp) -> None:
    """Say it to everybody who manages the unit."""
    assert party.organisation is not None
    for grant in organisations.managers(party.organisation, stamp):
        notifications.notify(
            grant.account,
            "party.seats_allotted" if party.allotted else "party.seats_refused",
            stamp=stamp,
            link=f"/list/{party.code}",
            activity=party.track.full_name,
            organisation=party.organisation.label,
            seats=party.allotted or 0,
            note=party.note,
        )
