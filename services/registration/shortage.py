"""缺员: a team that was sent and has fewer full members than its track asks for, since somebody went."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from models.account import Account
from models.activity import Track
from models.base import db
from models.party import Kind, Party, Role
from models.party import State as PartyState
from models.registration import LIVE, Registration, State
from services import notification as notifications
from services import organisation as organisations
from services.stamp import Stamp
from services.words import say_moment


@dataclass(frozen=True)
class Short:
    """A team, and how many full members it has or would have."""

    party: Party
    left: int

    @property
    def least(self) -> int:
        return self.party.track.team_least


def left(party_id: int, without: Collection[int] = ()) -> int:
    """How many full members of a team stand, or would without some entries."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Registration)
            .where(Registration.party_id == party_id, _counts(), Registration.id.not_in(without))
        )
        or 0
    )


def _counts() -> sa.ColumnElement[bool]:
    return sa.and_(
        Registration.state.in_(LIVE),
        Registration.state != State.STANDBY,
        sa.or_(Registration.party_role.is_(None), Registration.party_role != Role.SUBSTITUTE),
    )


def would_lack(row: Registration) -> Short | None:
    """The team that would be too small if an entry ended; None where none would."""
    party = row.party
    if party is None or party.kind is not Kind.TEAM or not row.is_live or row.state is State.STANDBY:
        return None
    if row.party_role is Role.SUBSTITUTE:
        return None
    found = left(party.id, [row.id])
    return Short(party, found) if 0 < found < party.track.team_least else None


def lacking(party_ids: Iterable[int | None]) -> dict[int, Short]:
    """Those of some teams that are too small now, by key."""
    wanted = {key for key in party_ids if key is not None}
    if not wanted:
        return {}
    members = sa.func.count(Registration.id)
    rows = db.session.execute(
        sa.select(Party, members)
        .join(Registration, Registration.party_id == Party.id)
        .join(Track, Track.id == Party.track_id)
        .where(Party.id.in_(wanted), Party.kind == Kind.TEAM, Party.state == PartyState.SENT, _counts())
        .group_by(Party.id, Track.team_least)
        .having(members < Track.team_least)
    )
    return {party.id: Short(party, found) for party, found in rows}


def tell(gone: Iterable[Registration], *, stamp: Stamp) -> None:
    """Say it to those who speak for teams that are too small now that some entries ended; of a team that went whole
    there is nothing to say.
    """
    gone = [row for row in gone if row.party_role is not Role.SUBSTITUTE]
    db.session.flush()
    people = {row.person_id for row in gone}
    for short in lacking(row.party_id for row in gone).values():
        for account in _speakers(short.party, stamp):
            if account.person_id is not None and account.person_id in people:
                continue
            notifications.notify(
                account,
                "party.short",
                stamp=stamp,
                link=f"/party/{short.party.code}",
                party=short.party.name,
                activity=short.party.track.full_name,
                left=short.left,
                least=short.least,
                until=say_moment(short.party.track.final_at or short.party.activity.starts_at),
            )


def _speakers(party: Party, stamp: Stamp) -> list[Account]:
    """The captain, and who manages the unit the team stands for."""
    found = {party.owner.id: party.owner}
    if party.organisation is not None:
        found |= {
            grant.account.id: grant.account for grant in organisations.managers(party.organisation, stamp)
        }
    return list(found.values())
