"""From facts to figures: which facts an indicator counts, and each of them once.

A fact counts where it stands, is of somebody or something of the district, and is as the plan's rule says. Where
persons are counted, the first fact of a person in a year counts and the others of that year stand beside it: so the
parts of a figure add up to the figure, whatever they are grouped by.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from models.activity import Kind, Level, Series
from models.base import db, has_word
from models.indicator import CountRule, Indicator, Period, Plan, Source
from models.participation import Participation
from models.person import Category, Document, Person, SkillLevel
from models.privacy import Merge
from services import participation as participations

FLOWS = frozenset({CountRule.DISTINCT_PERSON_YEAR, CountRule.PERSON_TIMES, CountRule.THING_COUNT})
"""Rules whose figures add up over time."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both counted."""

    first: dt.date
    last: dt.date

    @property
    def is_empty(self) -> bool:
        return self.last < self.first

    def until(self, day: dt.date) -> "Span":
        return Span(self.first, min(self.last, day))

    def years(self) -> range:
        return range(self.first.year, self.last.year + 1)


def is_counted(indicator: Indicator) -> bool:
    """Whether facts feed it at all."""
    return (
        indicator.feed is not Source.MANUAL
        and indicator.outcome is not None
        and indicator.count_rule in FLOWS
    )


def whole(indicator: Indicator, plan: Plan) -> Span:
    """All days whose facts may count: to the due date for what is built once, otherwise whole calendar years."""
    if indicator.period is Period.CUMULATIVE:
        return Span(plan.starts_on, indicator.due)
    return Span(dt.date(plan.years[0], 1, 1), dt.date(plan.years[-1], 12, 31))


def matching(indicator: Indicator) -> list[sa.ColumnElement[bool]]:
    """SQL: what the rule asks of a fact, whether it stands or not."""
    found: list[sa.ColumnElement[bool]] = [
        Participation.outcome == indicator.outcome,
        Participation.reverses_id.is_(None),
    ]
    if indicator.activity_kinds:
        found.append(Participation.kind.in_([Kind(kind) for kind in indicator.activity_kinds]))
    if indicator.tags_any:
        found.append(sa.or_(*(has_word(Participation.tags, tag) for tag in indicator.tags_any)))
    if indicator.participant_categories:
        wanted = [Category(category) for category in indicator.participant_categories]
        found.append(Participation.category.in_(wanted))
    if indicator.min_skill_level is not None:
        least = SkillLevel(indicator.min_skill_level).order
        found.append(Participation.skill_level.in_([each for each in SkillLevel if each.order >= least]))
    if indicator.activity_level is not None:
        found.append(Participation.level == Level(indicator.activity_level))
    if indicator.series is not None:
        found.append(Participation.series == Series(indicator.series))
    if indicator.needs is not None:
        found.append(has_word(Participation.needs, indicator.needs))
    if indicator.count_rule is CountRule.DISTINCT_PERSON_YEAR:
        found.append(participations.identified())
    return found


def by_year(indicator: Indicator, span: Span) -> dict[int, int]:
    """The figure of each year, from facts alone: one grouped statement. Years without a fact are not there."""
    if not is_counted(indicator) or span.is_empty:
        return {}
    year = sa.extract("year", Participation.day)
    figure: sa.ColumnElement[int]
    match indicator.count_rule:
        case CountRule.DISTINCT_PERSON_YEAR:
            figure = sa.func.count(sa.distinct(participations.canonical()))
        case CountRule.PERSON_TIMES:
            figure = sa.func.sum(Participation.heads)
        case _:
            figure = sa.func.count()
    query = (
        sa.select(year, figure)
        .select_from(Participation)
        .outerjoin(Person, Person.id == Participation.person_id)
        .where(*_counting(indicator, span))
        .group_by(year)
    )
    return {int(row[0]): int(row[1]) for row in db.session.execute(query) if row[1]}


def weighed(indicator: Indicator, span: Span) -> sa.Subquery:
    """SQL: (fact_id, weight) of every fact that could count in these days; the weights add up to the figure.

    Weight 0: the same person was counted with an earlier fact of the year.
    """
    weight: sa.ColumnElement[int]
    match indicator.count_rule:
        case CountRule.DISTINCT_PERSON_YEAR:
            turn = sa.func.row_number().over(
                partition_by=(participations.canonical(), sa.extract("year", Participation.day)),
                order_by=(Participation.day, Participation.id),
            )
            weight = sa.case((turn == 1, 1), else_=0)
        case CountRule.PERSON_TIMES:
            weight = Participation.heads + 0
        case _:
            weight = sa.literal(1)
    return (
        sa.select(Participation.id.label("fact_id"), weight.label("weight"))
        .select_from(Participation)
        .outerjoin(Person, Person.id == Participation.person_id)
        .where(*_counting(indicator, span))
        .subquery()
    )


def _counting(indicator: Indicator, span: Span) -> Iterator[sa.ColumnElement[bool]]:
    yield participations.stands()
    yield Participation.is_outside.is_(False)
    yield Participation.day.between(span.first, span.last)
    yield from matching(indicator)


def mark() -> tuple[object, ...]:
    """Changes with every fact, reversal, merge and merge undone: figures counted at one mark hold until the next. It
    names the newest fact, since a number alone comes again after a transaction that was given up.
    """
    newest = sa.select(Participation.code).order_by(Participation.id.desc()).limit(1).scalar_subquery()
    merged = sa.select(sa.func.count()).where(Person.merged_into_id.is_not(None)).scalar_subquery()
    undone = sa.select(sa.func.count(Merge.id) + sa.func.count(Merge.undone_at)).scalar_subquery()
    known = sa.select(sa.func.max(Document.id)).scalar_subquery()
    return (participations.mark(), *db.session.execute(sa.select(newest, merged, undone, known)).one())
