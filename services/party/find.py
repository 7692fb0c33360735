"""Finding parties: one's own, those one speaks for, those of a unit."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from models.account import Account
from models.activity import Track
from models.base import db, is_code
from models.organisation import Organisation
from models.party import Kind, Party, PartyMember, State
from models.person import Person
from models.registration import LIVE, Registration
from services import organisation as organisations
from services.access import Principal
from services.account import one_time
from services.errors import Missing
from services.party.refusals import LinkClosed
from services.stamp import Stamp

AT_ONCE = 500

_WHOLE = (
    joinedload(Party.track).joinedload(Track.activity),
    joinedload(Party.organisation),
    selectinload(Party.members).joinedload(PartyMember.person),
)


def get(code: str) -> Party:
    row = (
        db.session.scalars(sa.select(Party).where(Party.code == code).options(*_WHOLE)).one_or_none()
        if is_code(code)
        else None
    )
    if row is None:
        raise Missing
    return row


def get_managed(principal: Principal, code: str) -> Party:
    """A party they speak for: the captain, or a manager of its unit. Raises `Missing` for everybody else."""
    row = get(code)
    if not may_manage(principal, row):
        raise Missing
    return row


def get_own(principal: Principal, code: str) -> Party:
    """A party they speak for, or a team they are in. Raises `Missing`."""
    row = get(code)
    if may_manage(principal, row):
        return row
    if row.kind is not Kind.TEAM or principal.person_id is None or not _is_in(row, principal.person_id):
        raise Missing
    return row


def may_manage(principal: Principal, party: Party) -> bool:
    if party.kind is Kind.TEAM and principal.account_id == party.owner_id:
        return principal.is_signed_in
    return party.organisation is not None and organisations.manages(principal, party.organisation)


def speakers(party: Party, stamp: Stamp) -> list[Account]:
    """Who is told of what concerns a party: the captain, or all who manage its unit, and whoever made its list."""
    if party.kind is Kind.TEAM or party.organisation is None:
        return [party.owner] if party.owner.is_enabled else []
    accounts = [grant.account for grant in organisations.managers(party.organisation, stamp)]
    return list(dict.fromkeys([*accounts, *([party.owner] if party.owner.is_enabled else [])]))


def path_of(party: Party) -> str:
    """Where those who speak for it work on it."""
    return f"/party/{party.code}" if party.kind is Kind.TEAM else f"/list/{party.code}"


def _is_in(party: Party, person_id: int) -> bool:
    return any(member.person_id == person_id for member in party.members) or any(
        row.person_id == person_id for row in entries(party)
    )


def get_member(party: Party, code: str) -> PartyMember:
    """Somebody of this very party who is not entered. Raises `Missing`."""
    found = next((row for row in party.members if row.code == code and row.claim is not None), None)
    if found is None:
        raise Missing
    return found


def member_of(party: Party, person_id: int | None) -> PartyMember | None:
    """One's own line, while it is not entered."""
    return next((row for row in party.members if row.person_id == person_id and row.claim is not None), None)


def get_entry(party: Party, code: str) -> Registration:
    """An entry of this very party. Raises `Missing`."""
    found = next((row for row in entries(party) if row.code == code), None)
    if found is None:
        raise Missing
    return found


def entries(party: Party, *, live: bool = False) -> list[Registration]:
    """The entries of a party that was sent, in its order."""
    if party.state is State.GATHERING or party.id is None:
        return []
    query = (
        sa.select(Registration)
        .where(Registration.party_id == party.id)
        .options(joinedload(Registration.person), joinedload(Registration.answer))
        .order_by(Registration.rank, Registration.id)
    )
    if live:
        query = query.where(Registration.state.in_(LIVE))
    return list(db.session.scalars(query))


def by_token(token: str) -> Party:
    """The team of a link. Raises `LinkClosed`, whether it was closed or never was."""
    row = db.session.scalars(
        sa.select(Party).where(Party.token_hash == one_time.token_hash(token[:64])).options(*_WHOLE)
    ).one_or_none()
    if row is None or row.state is State.DISSOLVED:
        raise LinkClosed
    return row


def list_of(track: Track, organisation: Organisation) -> Party | None:
    """The standing list of a unit for a track."""
    claim = claim_of_list(track, organisation)
    return db.session.scalars(sa.select(Party).where(Party.claim == claim).options(*_WHOLE)).one_or_none()


def lists_of(organisation: Organisation) -> Sequence[Party]:
    """Every standing list and team of a unit, what is open first."""
    return db.session.scalars(
        sa.select(Party)
        .where(Party.organisation_id == organisation.id, Party.state != State.DISSOLVED)
        .options(*_WHOLE)
        .order_by(Party.state, Party.id.desc())
        .limit(200)
    ).all()


def teams_of(principal: Principal) -> Sequence[Party]:
    """Teams they are in or speak for that stand, the newest first."""
    if not principal.is_signed_in:
        return []
    within = sa.select(PartyMember.party_id).where(PartyMember.person_id == (principal.person_id or 0))
    return db.session.scalars(
        sa.select(Party)
        .where(
            Party.kind == Kind.TEAM,
            Party.state != State.DISSOLVED,
            sa.or_(Party.owner_id == principal.account_id, Party.id.in_(within)),
        )
        .options(*_WHOLE)
        .order_by(Party.id.desc())
        .limit(50)
    ).all()


def team_for(track: Track, person: Person | None) -> Party | None:
    """The team of an activity in which somebody stands and that is not entered."""
    if person is None:
        return None
    return db.session.scalars(
        sa.select(Party)
        .join(PartyMember)
        .where(
            PartyMember.person_id == person.id,
            PartyMember.claim.is_not(None),
            Party.activity_id == track.activity_id,
            Party.kind == Kind.TEAM,
        )
    ).first()


def known_people(organisation: Organisation, party: Party, limit: int = 200) -> Sequence[Registration]:
    """The last entry of each person this unit entered before, without those on the list."""
    last = (
        sa.select(sa.func.max(Registration.id))
        .where(Registration.organisation_id == organisation.id, Registration.activity_id != party.activity_id)
        .group_by(Registration.person_id)
    )
    here = sa.select(PartyMember.person_id).where(PartyMember.party_id == party.id)
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.id.in_(last), Registration.person_id.not_in(here))
        .options(joinedload(Registration.person), joinedload(Registration.answer))
        .order_by(Registration.id.desc())
        .limit(limit)
    ).all()


def listed_elsewhere(claims: Iterable[str], party: Party | None) -> set[str]:
    """Which of these claims people on other lists and in other teams occupy that are not sent yet."""
    wanted, found = list(claims), set[str]()
    for start in range(0, len(wanted), AT_ONCE):
        rows = sa.select(PartyMember.claim).where(PartyMember.claim.in_(wanted[start : start + AT_ONCE]))
        if party is not None:
            rows = rows.where(PartyMember.party_id != party.id)
        found |= set(db.session.scalars(rows))
    return found


def claim_of_list(track: Track, organisation: Organisation) -> str:
    return f"{track.id}:{organisation.id}"


def hold(party: Party) -> Party:
    """Hold the row of a party before what hangs on it is changed. Whoever needs its track held does that first."""
    db.session.flush()
    db.session.refresh(party, with_for_update={"of": Party})
    db.session.expire(party, ["members"])
    return party
