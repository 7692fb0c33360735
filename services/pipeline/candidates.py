"""候选: people whom a basis proposes and on whom nobody has decided. Followed from facts, never stored."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from models.activity import Kind, Level
from models.base import db
from models.indicator import Outcome
from models.participation import Participation
from models.person import Person
from models.pipeline import ReserveEntry, State
from services import participation as participations

BASES = frozenset({Level.DISTRICT, Level.MUNICIPAL, Level.NATIONAL, Level.INTERNATIONAL})
"""Levels of a contest whose award is a basis: entering one, or winning within a unit, is none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person, once a year, with every award that speaks for them; the first of them is the basis."""

    person: Person
    year: int
    bases: tuple[Participation, ...]

    @property
    def basis(self) -> Participation:
        return self.bases[0]

    @property
    def skill(self) -> str:
        return self.basis.skill


def candidates(
    year: int, people: Iterable[int] | None = None, *, skill: str = "", limit: int | None = None
) -> list[Candidate]:
    """Those of a year, whose basis became final first coming first; `people` narrows to these persons' keys."""
    found: dict[int, list[Participation]] = {}
    query = _open_bases(year)
    if people is not None:
        query = query.where(participations.canonical().in_(set(people)))
    if skill:
        query = query.where(Participation.skill == skill)
    for person_id, basis in db.session.execute(query):
        found.setdefault(person_id, []).append(basis)
    chosen = dict(list(found.items())[:limit])
    persons = {
        row.id: row
        for start in range(0, len(chosen), 500)
        for row in db.session.scalars(
            sa.select(Person).where(Person.id.in_(list(chosen)[start : start + 500]))
        )
    }
    return [Candidate(persons[key], year, tuple(bases)) for key, bases in chosen.items()]


def count_candidates(year: int) -> int:
    query = _open_bases(year).with_only_columns(participations.canonical()).order_by(None).distinct()
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def decided(year: int) -> sa.Subquery:
    """(person, the moment up to which their bases were decided on) of a year: none for one whose entry fell."""
    holder = aliased(Person)
    fact = aliased(Participation)
    fell = sa.exists().where(fact.reverses_id == ReserveEntry.fact_id)
    return (
        sa.select(
            sa.func.coalesce(holder.merged_into_id, holder.id).label("person_id"),
            sa.func.max(
                sa.case((ReserveEntry.state == State.CONFIRMED, _FOR_EVER), else_=ReserveEntry.decided_at)
            ).label("until"),
        )
        .join(holder, holder.id == ReserveEntry.person_id)
        .where(ReserveEntry.year == year, sa.or_(ReserveEntry.state != State.CONFIRMED, ~fell))
        .group_by(sa.func.coalesce(holder.merged_into_id, holder.id))
        .subquery()
    )


_FOR_EVER = sa.literal(dt.datetime(9999, 1, 1, tzinfo=dt.UTC), type_=ReserveEntry.decided_at.type)


def _open_bases(year: int) -> sa.Select[int, Participation]:
    closed = decided(year)
    counted = participations.canonical()
    return (
        sa.select(counted, Participation)
        .join(Person, Person.id == Participation.person_id)
        .outerjoin(closed, closed.c.person_id == counted)
        .where(
            Participation.outcome == Outcome.AWARD_WON,
            Participation.kind == Kind.COMPETITION,
            Participation.level.in_(BASES),
            Participation.is_outside.is_(False),
            Participation.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
            sa.or_(closed.c.until.is_(None), Participation.recorded_at > closed.c.until),
            participations.identified(),
            participations.stands(),
        )
        .options(joinedload(Participation.activity))
        .order_by(Participation.day, Participation.id)
    )
