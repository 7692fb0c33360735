"""How far the reserve has come: distinct persons after merges, each in one skill and tier. Counts, no names."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from models.activity import Activity, Kind
from models.base import db
from models.indicator import Outcome
from models.outcome import Line, Sheet, Verdict
from models.outcome import State as SheetState
from models.participation import Participation
from models.person import Person
from models.pipeline import ReserveEntry, Tier
from models.registration import HOLDING, Registration
from services import participation as participations
from services.stamp import local_moment


def in_reserve(year: int) -> int:
    """Distinct persons with a standing entry of the year: what T07.reserve_contestants counts."""
    return _distinct(_reserved(year).with_only_columns(participations.canonical()))


def history(years: Sequence[int]) -> list[tuple[int, int]]:
    """(year, distinct persons) of each year."""
    return [(year, in_reserve(year)) for year in years]


def by_skill_and_tier(year: int) -> list[tuple[str, list[int]]]:
    """Persons by skill, each tier in its order; the skill with the most first. A person stands once: in the skill
    and tier of their earliest entry of the year.
    """
    counted = participations.canonical()
    found: dict[str, dict[Tier, int]] = {}
    seen: set[int] = set()
    rows = db.session.execute(
        _reserved(year)
        .join(ReserveEntry, ReserveEntry.fact_id == Participation.id)
        .with_only_columns(counted, ReserveEntry.skill, ReserveEntry.tier)
        .order_by(Participation.id)
    )
    for person_id, skill, tier in rows:
        if person_id not in seen:
            seen.add(person_id)
            tiers = found.setdefault(skill, {})
            tiers[tier] = tiers.get(tier, 0) + 1
    table = [(skill, [tiers.get(tier, 0) for tier in Tier]) for skill, tiers in found.items()]
    return sorted(table, key=lambda row: (-sum(row[1]), row[0]))


def funnel(year: int) -> dict[str, int]:
    """Distinct persons of the year's contests: entered, competed (a line says so), won, in reserve."""
    start, end = local_moment(dt.date(year, 1, 1)), local_moment(dt.date(year + 1, 1, 1))
    counted = participations.canonical()
    entered = (
        sa.select(counted)
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(
            Activity.kind == Kind.COMPETITION,
            Activity.starts_at >= start,
            Activity.starts_at < end,
            Registration.state.in_(HOLDING),
        )
    )
    won = (
        sa.select(counted)
        .select_from(Participation)
        .join(Person, Person.id == Participation.person_id)
        .where(
            Participation.outcome == Outcome.AWARD_WON,
            Participation.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
            participations.stands(),
        )
    )
    competed = entered.join(Line, Line.registration_id == Registration.id).where(
        Line.verdict == Verdict.COMPETED, Line.sheet.has(Sheet.state == SheetState.CONFIRMED)
    )
    return {
        "entered": _distinct(entered),
        "competed": _distinct(competed),
        "won": _distinct(won),
        "reserve": in_reserve(year),
    }


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to the reserve: who came in, fell out or was not taken."""

    at: dt.datetime
    person: Person
    skill: str
    basis: str
    """一等奖"""
    what: str
    """confirmed, declined, exited, fallen"""


def recent(year: int, limit: int = 8) -> list[Change]:
    """The last changes of a year's reserve, newest first."""
    reversal = aliased(Participation)
    rows = db.session.execute(
        sa.select(ReserveEntry, reversal)
        .outerjoin(
            reversal,
            sa.and_(reversal.reverses_id == ReserveEntry.fact_id, ReserveEntry.state == "confirmed"),
        )
        .where(ReserveEntry.year == year)
        .options(joinedload(ReserveEntry.person), joinedload(ReserveEntry.basis))
        .order_by(
            sa.func.coalesce(reversal.recorded_at, ReserveEntry.decided_at).desc(), ReserveEntry.id.desc()
        )
        .limit(limit)
    )
    return [_change(row[0], row[1]) for row in rows]


def _change(entry: ReserveEntry, fell: Participation | None) -> Change:
    at, what = (entry.decided_at, entry.state.value) if fell is None else (fell.recorded_at, "fallen")
    return Change(at, entry.person, entry.skill, entry.basis.detail, what)


def _reserved(year: int) -> sa.Select[Any]:
    return (
        sa.select(Participation)
        .join(Person, Person.id == Participation.person_id)
        .where(
            Participation.outcome == Outcome.RESERVE_CONFIRMED,
            Participation.is_outside.is_(False),
            Participation.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
            participations.identified(),
            participations.stands(),
        )
    )


def _distinct(query: sa.Select[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.distinct().subquery())) or 0
