"""What would clash if two records became one: looked at before the button. Nothing is changed."""

from dataclasses import dataclass

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.certificate import Certificate
from models.party import PartyMember
from models.person import Document, Person
from models.pipeline import ReserveEntry
from models.pipeline import State as ReserveState
from models.registration import LIVE, Registration
from services import participation as participations
from services.registration import claim_key


@dataclass(frozen=True)
class Collisions:
    entries: list[tuple[Registration, Registration]]
    """Two that stand for the same activity: the first is withdrawn, the second goes on."""
    lines: list[PartyMember]
    """Places in teams and on lists that are not sent, beside a live entry or another such place: they end."""
    has_two_accounts: bool
    """They cannot be merged before one account is closed."""
    reserve: list[int]
    """Years in which both are in the reserve: counted once from then on."""
    declined: list[int]
    """Years in which the record that goes on was declined, and the other is in the reserve: the latter goes on."""
    moving: dict[str, int]
    """How many rows change hands: documents, entries, certificates."""

    @property
    def is_possible(self) -> bool:
        return not self.has_two_accounts


def collisions(old: Person, new: Person) -> Collisions:
    """What would clash if `old` became `new`."""
    mine, theirs = _entries(old), _entries(new)
    standing = {claim_key(row.track, 0): row for row in theirs if row.state in LIVE}
    pairs = [
        (row, standing[claim_key(row.track, 0)])
        for row in mine
        if row.state in LIVE and claim_key(row.track, 0) in standing
    ]
    accounts = db.session.scalar(
        sa.select(sa.func.count()).select_from(Account).where(Account.person_id.in_([old.id, new.id]))
    )
    ours = {row.year: row for row in _reserve(old) if _is_in(row)}
    others = {row.year: row for row in _reserve(new)}
    both = [year for year in ours if year in others and _is_in(others[year])]
    return Collisions(
        entries=pairs,
        lines=beside(old, new),
        has_two_accounts=(accounts or 0) > 1,
        reserve=sorted(both),
        declined=sorted(year for year in ours if year in others and year not in both),
        moving={
            "documents": _count(Document, old),
            "entries": len(mine),
            "certificates": _count(Certificate, old),
        },
    )


def beside(old: Person, new: Person) -> list[PartyMember]:
    """The lines of either that would stand beside a live entry, or the other's line, of the same person."""
    entries = sa.select(Registration.claim).where(Registration.person_id.in_([old.id, new.id]))
    taken = {_nobodys(claim) for claim in db.session.scalars(entries) if claim is not None}
    found = []
    for person in (new, old):  # the line of who goes on stands before the other's
        rows = db.session.scalars(
            sa.select(PartyMember)
            .where(PartyMember.person_id == person.id, PartyMember.claim.is_not(None))
            .order_by(PartyMember.id)
        )
        for row in rows:
            key = _nobodys(row.claim or "")
            if key in taken:
                found.append(row)
            taken.add(key)
    return found


def _nobodys(claim: str) -> str:
    """What a claim occupies, whoever has it: activity, or activity and track."""
    activity, _person, *rest = claim.split(":")
    return ":".join([activity, *rest])


def _entries(person: Person) -> list[Registration]:
    wanted = sa.select(Registration).where(Registration.person_id == person.id).order_by(Registration.id)
    return list(db.session.scalars(wanted))


def _reserve(person: Person) -> list[ReserveEntry]:
    return list(db.session.scalars(sa.select(ReserveEntry).where(ReserveEntry.person_id == person.id)))


def _is_in(row: ReserveEntry) -> bool:
    return row.state is ReserveState.CONFIRMED and participations.is_standing(row.fact)


def _count(kind: type[Document] | type[Certificate], person: Person) -> int:
    wanted = sa.select(sa.func.count()).select_from(kind).where(kind.person_id == person.id)
    return db.session.scalar(wanted) or 0
