"""Figures against an independent recount: plain Python over every row, knowing nothing of how they are counted."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from models.activity import Activity, Kind, Level, Series
from models.base import db
from models.indicator import CountRule, Indicator, Outcome, Period, Plan, Source
from models.participation import Participation
from models.person import Category, Document, Person, SkillLevel
from services import indicator as indicators
from services import participation as participations
from services.indicator import backing, counting, judging
from services.participation import Fact
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories
from tests.support.plan import document

NOW = dt.datetime(2025, 11, 23, 1, 30, tzinfo=dt.UTC)
DAY = dt.date(2025, 11, 23)
STAMP = Stamp(NOW, "test")
TAGS = (
    "public_base",
    "training_base",
    "school_enterprise",
    "apprenticeship",
    "brand",
    "rural",
    "teacher_exchange",
)


@pytest.fixture
def plan(context: Flask) -> Plan:
    with transaction():
        indicators.load(document(), stamp=STAMP)
    found = indicators.find("yongchuan-2023")
    assert found is not None
    return found


def counted(plan: Plan) -> list[Indicator]:
    return [row for row in plan.indicators if row.feed is not Source.MANUAL]


def is_meant(row: Participation, indicator: Indicator) -> bool:
    """Whether the rule speaks of this fact, asked one thing after the other."""
    levels = list(SkillLevel)
    least = indicator.min_skill_level
    return (
        row.outcome == indicator.outcome
        and (not indicator.activity_kinds or (row.kind or "") in indicator.activity_kinds)
        and (not indicator.tags_any or bool(set(indicator.tags_any) & set(row.tags)))
        and (not indicator.participant_categories or (row.category or "") in indicator.participant_categories)
        and (
            least is None
            or (
                row.skill_level is not None
                and levels.index(row.skill_level) >= levels.index(SkillLevel(least))
            )
        )
        and indicator.activity_level in (None, row.level)
        and indicator.series in (None, row.series)
        and (indicator.needs is None or indicator.needs in row.needs)
    )


def recount(indicator: Indicator, first: dt.date, last: dt.date) -> int:
    """From scratch, the slow way."""
    rows = list(db.session.scalars(sa.select(Participation)))
    fallen = {row.reverses_id for row in rows}
    merged = {row[0]: row[1] for row in db.session.execute(sa.select(Person.id, Person.merged_into_id))}
    known = set(db.session.scalars(sa.select(Document.person_id)))
    meant = [
        row
        for row in rows
        if row.reverses_id is None
        and row.id not in fallen
        and not row.is_outside
        and first <= row.day <= last
        and is_meant(row, indicator)
    ]
    if indicator.count_rule is CountRule.PERSON_TIMES:
        return sum(row.heads for row in meant)
    if indicator.count_rule is not CountRule.DISTINCT_PERSON_YEAR:
        return len(meant)
    people: dict[int, set[int]] = defaultdict(set)
    for row in meant:
        if row.person_id is not None:
            people[row.day.year].add(merged[row.person_id] or row.person_id)
    return sum(len(each & known) for each in people.values())


def span_by_hand(indicator: Indicator, plan: Plan) -> tuple[dt.date, dt.date]:
    """The period that holds on 23 November 2025, written out."""
    if indicator.period is Period.CUMULATIVE:
        return plan.starts_on, min(indicator.due, DAY)
    if indicator.period is Period.BIENNIAL:
        return dt.date(2025, 1, 1), DAY  # 2023 and 2024 are a window; 2025 stands alone
    return dt.date(2025, 1, 1), DAY


def agree(plan: Plan) -> None:
    """Every automatic and mixed figure is the recount, and what it opens to adds up to it."""
    for row in indicators.progress(plan, DAY):
        indicator = row.indicator
        if indicator.feed is Source.MANUAL:
            continue
        first, last = span_by_hand(indicator, plan)
        wanted = recount(indicator, first, last)
        assert row.counted == wanted, indicator.code
        assert row.value == wanted
        span = judging.period_of(indicator, plan, DAY).until(DAY)
        assert sum(share.count for share in backing.by_activity(indicator, span)) == wanted, indicator.code
        assert sum(share.total for share in backing.by_unit(indicator, span)) == wanted, indicator.code
        pages = backing.facts(indicator, span)
        lines = [
            line for page in range(pages.pages) for line in backing.facts(indicator, span, page + 1).rows
        ]
        assert len(lines) == pages.total
        assert sum(line.counts for line in lines) == wanted, indicator.code
        for year in indicators.history(indicator, plan, DAY):
            start = dt.date(year.year, 1, 1)
            if indicator.period is Period.CUMULATIVE:
                start = plan.starts_on
            end = min(dt.date(year.year, 12, 31), DAY)
            assert year.counted == recount(indicator, start, end), (indicator.code, year.year)


class Life:
    """People, activities and facts at random."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.people = [factories.person(documented=number % 9 != 0) for number in range(30)]
        self.activities = [self.activity(kind) for kind in Kind for _each in range(3)]
        self.sources = 0

    def activity(self, kind: Kind) -> Activity:
        made = factories.activity(kind=kind)
        made.tags = self.dice.sample(TAGS, self.dice.choice((0, 1, 2, 3)))
        made.level = self.dice.choice(list(Level))
        made.series = self.dice.choice(list(Series)) if kind is Kind.COMPETITION else None
        db.session.flush()
        return made

    def record(self) -> None:
        self.sources += 1
        dice = self.dice
        activity = dice.choice(self.activities)
        is_held = dice.random() < 0.2
        again = dice.random() < 0.1
        outcome = Outcome.ACTIVITY_HELD if is_held else dice.choice(list(Outcome))
        person = None if outcome is Outcome.ACTIVITY_HELD or dice.random() < 0.1 else dice.choice(self.people)
        fact = Fact(
            f"test:{dice.randint(1, self.sources) if again else self.sources}",
            outcome,
            dt.date(2022, 12, 1) + dt.timedelta(days=dice.randrange(1130)),
            activity=activity,
            person=person,
            heads=1 if person else dice.randint(1, 40),
            category=dice.choice([None, *Category]),
            skill_level=dice.choice([None, *SkillLevel]),
            needs=frozenset({"title_proposal"}) if dice.random() < 0.3 else frozenset(),
            is_outside=dice.random() < 0.1,
        )
        participations.record(fact, stamp=STAMP)

    def reverse(self) -> None:
        standing = db.session.scalars(sa.select(Participation).where(participations.stands())).all()
        if standing:
            participations.reverse(self.dice.choice(standing), "更正", stamp=STAMP)

    def merge(self) -> None:
        old, new = self.dice.sample([person for person in self.people if person.merged_into_id is None], 2)
        for person in self.people:
            if person.merged_into_id == old.id:
                person.merged_into_id = new.id
        old.merged_into_id = new.id
        for row in old.documents:
            row.person_id = new.id
        db.session.flush()

    def step(self) -> None:
        self.dice.choices((self.record, self.reverse, self.merge), (80, 17, 3))[0]()


def test_after_200_random_operations_every_figure_is_the_recount(
    plan: Plan, rounds: Callable[[int, int], int]
) -> None:
    for seed in range(rounds(1, 5)):
        with transaction():
            life = Life(seed)
        for number in range(200):
            with transaction():
                life.step()
            db.session.expire_all()
            if number % 40 == 39:
                agree(plan)


def trained(person: Person, source: str, *tags: str, day: dt.date = DAY, **more: object) -> None:
    activity = factories.activity(kind=Kind.TRAINING_CLASS)
    activity.tags = list(tags)
    db.session.flush()
    participations.record(
        Fact(source, Outcome.COMPLETED, day, activity=activity, person=person, **more),  # type: ignore[arg-type]
        stamp=STAMP,
    )


def figure(plan: Plan, code: str) -> Decimal | None:
    indicator = indicators.get_indicator(plan, code)
    return indicators.standing(indicator, plan, DAY).value


def test_two_tags_of_one_rule_count_a_person_once(plan: Plan) -> None:
    with transaction():
        trained(factories.person(), "a", "school_enterprise", "apprenticeship", "training_base")
    assert figure(plan, "T06.trained") == 1


def test_one_class_may_count_in_two_indicators_once_in_each(plan: Plan) -> None:
    with transaction():
        person = factories.person()
        trained(person, "a", "public_base", "brand")
        trained(person, "b", "public_base")
    assert figure(plan, "T05.trained") == 1
    assert figure(plan, "T08.brand_trained") == 1
    assert figure(plan, "T06.trained") == 0


def test_a_person_counts_again_in_another_year_and_not_before_the_plan(plan: Plan) -> None:
    with transaction():
        person = factories.person()
        for source, year in (("a", 2022), ("b", 2023), ("c", 2024), ("d", 2024)):
            trained(person, source, "brand", day=dt.date(year, 5, 1))
    indicator = indicators.get_indicator(plan, "T08.brand_trained")
    assert [year.value for year in indicators.history(indicator, plan, DAY)] == [1, 1, 0]
    assert indicators.standing(indicator, plan, DAY, is_whole=True).value == 2


def test_who_comes_from_outside_is_never_counted_and_who_has_no_document_is_no_person(plan: Plan) -> None:
    with transaction():
        trained(factories.person(), "a", "brand", is_outside=True)
        trained(factories.person(documented=False), "b", "brand")
    assert figure(plan, "T08.brand_trained") == 0


def test_records_that_are_one_person_count_once_from_the_moment_they_are_merged(plan: Plan) -> None:
    with transaction():
        one, two = factories.person(), factories.person()
        trained(one, "a", "brand")
        trained(two, "b", "brand")
    assert figure(plan, "T08.brand_trained") == 2
    with transaction():
        two.merged_into_id = one.id
    assert figure(plan, "T08.brand_trained") == 1


def test_person_times_are_heads(plan: Plan) -> None:
    with transaction():
        person = factories.person()
        for source in "ab":
            trained(person, source, category=Category.VOCATIONAL_TEACHER)
        trained(None, "c", category=Category.VOCATIONAL_TEACHER, heads=30)  # type: ignore[arg-type]
    assert figure(plan, "T09.teacher_person_times") == 32


def test_a_figure_is_remembered_until_a_fact_changes_it(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        trained(factories.person(), "a", "brand")
    assert figure(plan, "T08.brand_trained") == 1
    asked: list[str] = []
    count = counting.by_year
    monkeypatch.setattr(counting, "by_year", lambda *given: asked.append("") or count(*given))
    assert figure(plan, "T08.brand_trained") == 1
    assert not asked
    with transaction():
        trained(factories.person(), "b", "brand")
    assert figure(plan, "T08.brand_trained") == 2
    assert asked


def test_a_window_of_two_years_is_clipped_at_the_plans_end(plan: Plan) -> None:
    indicator = indicators.get_indicator(plan, "T07.district_competition")
    with transaction():
        held = factories.activity(kind=Kind.COMPETITION)
        held.series = Series.DISTRICT
        db.session.flush()
        participations.record(
            Fact("activity:a", Outcome.ACTIVITY_HELD, dt.date(2024, 6, 1), activity=held), stamp=STAMP
        )
    assert indicators.standing(indicator, plan, dt.date(2023, 12, 31)).value == 0
    first = indicators.standing(indicator, plan, dt.date(2024, 12, 31))
    assert (first.value, first.state) == (1, indicators.State.DONE)
    last = indicators.standing(indicator, plan, dt.date(2026, 3, 1))
    assert (last.value, last.state, last.pace.is_clipped) == (0, indicators.State.OPEN, True)
