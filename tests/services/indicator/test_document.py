import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from services.indicator import BadPlan
from services.indicator.continuation import stored
from services.indicator.document import define
from tests.support.plan import document, entry

Document = dict[str, Any]
Change = Callable[[Document], object]


def changed(name: str, which: str | int, /, **values: Any) -> Change:
    """Set fields of one table; None takes a field away."""

    def change(plan: Document) -> None:
        table = plan["plan"] if name == "plan" else entry(plan, name, which)
        table.update(values)
        for key in [key for key, value in values.items() if value is None]:
            del table[key]

    return change


def doubled(name: str) -> Change:
    return lambda plan: plan[name].append(dict(plan[name][0]))


def without(name: str) -> Change:
    return lambda plan: plan.pop(name)


TRAINED = ("indicator", "T05.trained")

MISTAKES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "unknown lead": (changed(*TRAINED, lead=["nobody"]), ("T05.trained", "lead", "nobody", "部门")),
    "unknown sharer": (
        changed(*TRAINED, responsible=["hrss", "nobody"]),
        ("T05.trained", "responsible", "nobody"),
    ),
    "no lead": (changed(*TRAINED, lead=[]), ("T05.trained", "lead")),
    "unknown tag": (changed(*TRAINED, tags_any=["nothing"]), ("T05.trained", "tags_any", "nothing", "标签")),
    "bad unit": (changed(*TRAINED, unit="heads"), ("T05.trained", "unit", "heads")),
    "bad period": (changed(*TRAINED, period="weekly"), ("T05.trained", "period", "weekly")),
    "bad counting rule": (changed(*TRAINED, count_rule="guess"), ("T05.trained", "count_rule", "guess")),
    "bad source": (changed(*TRAINED, feed="magic"), ("T05.trained", "feed", "magic")),
    "bad comparator": (changed(*TRAINED, comparator="~"), ("T05.trained", "comparator", "~")),
    "bad outcome": (changed(*TRAINED, outcome="seen"), ("T05.trained", "outcome", "seen")),
    "no outcome": (changed(*TRAINED, outcome=None), ("T05.trained", "outcome")),
    "bad kind": (changed(*TRAINED, activity_kinds=["party"]), ("T05.trained", "activity_kinds", "party")),
    "bad category": (
        changed(*TRAINED, participant_categories=["giants"]),
        ("T05.trained", "participant_categories", "giants"),
    ),
    "bad level": (changed(*TRAINED, min_skill_level="wizard"), ("T05.trained", "min_skill_level", "wizard")),
    "bad series": (changed(*TRAINED, series="endless"), ("T05.trained", "series", "endless")),
    "bad activity level": (
        changed(*TRAINED, activity_level="lunar"),
        ("T05.trained", "activity_level", "lunar"),
    ),
    "bad need": (changed(*TRAINED, needs="luck"), ("T05.trained", "needs", "luck")),
    "target as text": (changed(*TRAINED, target="3000"), ("T05.trained", "target", "3000")),
    "target below zero": (changed(*TRAINED, target=-1), ("T05.trained", "target", "-1")),
    "target as truth": (changed(*TRAINED, target=True), ("T05.trained", "target")),
    "target without end": (changed(*TRAINED, target=float("inf")), ("T05.trained", "target")),
    "target not a number": (changed(*TRAINED, target=float("nan")), ("T05.trained", "target")),
    "no quote": (changed(*TRAINED, plan_quote=None), ("T05.trained", "plan_quote")),
    "empty name": (changed(*TRAINED, name_zh=" "), ("T05.trained", "name_zh")),
    "misspelt field": (changed(*TRAINED, tags_all=["rural"]), ("T05.trained", "tags_all")),
    "due too late": (changed(*TRAINED, due=dt.date(2026, 1, 1)), ("T05.trained", "due")),
    "due not a day": (changed(*TRAINED, due="soon"), ("T05.trained", "due", "soon")),
    "due a moment": (changed(*TRAINED, due=dt.datetime(2025, 1, 1)), ("T05.trained", "due")),
    "unknown clause": (changed(*TRAINED, clause=77), ("T05.trained", "clause", "77")),
    "code of another clause": (changed(*TRAINED, code="T06.new"), ("T06.new", "code", "5")),
    "code of no form": (changed(*TRAINED, code="trained"), ("trained", "code")),
    "persons counted as person-times": (
        changed(*TRAINED, count_rule="person_times"),
        ("T05.trained", "count_rule", "人次"),
    ),
    "person-times counted as persons": (
        changed("indicator", "T09.teacher_person_times", count_rule="distinct_person_year"),
        ("T09.teacher_person_times", "count_rule"),
    ),
    "a trend that is counted": (
        changed("indicator", "T11.local_employment_rate", count_rule="thing_count"),
        ("T11.local_employment_rate", "count_rule", "trend"),
    ),
    "a yearly ratio": (
        changed("indicator", "G00.high_skilled_share", period="annual"),
        ("G00.high_skilled_share", "period", "ratio"),
    ),
    "a formula of unknown terms": (
        changed("indicator", "G00.high_skilled_share", formula="G00.nothing / wages"),
        ("G00.high_skilled_share", "formula", "G00.nothing"),
    ),
    "indicator twice": (doubled("indicator"), ("[[indicator]] 53", "G00.skilled_total", "重复")),
    "deliverable twice": (doubled("deliverable"), ("[[deliverable]] 37", "重复")),
    "department twice": (doubled("department"), ("[[department]] 24", "talent", "重复")),
    "tag twice": (doubled("tag"), ("[[tag]] 13", "重复")),
    "clause twice": (doubled("clause"), ("[[clause]] 20", "重复")),
    "unknown programme": (changed("clause", 7, programme="Z"), ("[[clause]] 7", "programme", "Z")),
    "clause zero": (changed("clause", 7, number=0), ("[[clause]] 7", "number")),
    "unknown kind of department": (changed("department", "edu", kind="club"), ("edu", "kind", "club")),
    "phase backwards": (changed("phase", "start", to=dt.date(2023, 1, 1)), ("start", "to")),
    "phase outside": (changed("phase", "accept", to=dt.date(2027, 1, 1)), ("accept", "from")),
    "deliverable of an indicator's code": (
        changed("deliverable", "D02.hr_park", code="T02.hr_park"),
        ("T02.hr_park", "code"),
    ),
    "no code of the plan": (changed("plan", "", code=None), ("[plan]", "code")),
    "years with a gap": (changed("plan", "", years=[2023, 2025]), ("[plan]", "years")),
    "years as text": (changed("plan", "", years="2023"), ("[plan]", "years")),
    "no years": (changed("plan", "", years=[]), ("[plan]", "years")),
    "ends before it starts": (changed("plan", "", ends_on=dt.date(2023, 1, 1)), ("[plan]", "ends_on")),
    "ends after its years": (changed("plan", "", ends_on=dt.date(2026, 6, 30)), ("[plan]", "ends_on")),
    "unknown aggregator": (changed("plan", "", aggregator="nobody"), ("[plan]", "aggregator", "nobody")),
    "demo by word": (changed("plan", "", is_demo="yes"), ("[plan]", "is_demo")),
    "no plan": (without("plan"), ("[plan]",)),
    "no indicators": (without("indicator"), ("indicator",)),
    "unknown table": (lambda plan: plan.update(indicators=[]), ("indicators",)),
    "a table for a list": (lambda plan: plan.update(tag={"code": "x"}), ("[[tag]]",)),
    "a number for a table": (lambda plan: plan["tag"].append(5), ("13", "[[tag]]")),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place(name: str) -> None:
    change, words = MISTAKES[name]
    plan = document()
    change(plan)
    with pytest.raises(BadPlan) as refused:
        define(plan)
    sentences = [str(problem) for problem in refused.value.problems]
    assert any(all(word in sentence for word in words) for sentence in sentences), sentences


def test_all_mistakes_are_told_at_once() -> None:
    plan = document()
    entry(plan, "indicator", "T05.trained")["unit"] = "heads"
    entry(plan, "indicator", "T06.trained")["lead"] = ["nobody"]
    with pytest.raises(BadPlan) as refused:
        define(plan)
    assert len(refused.value.problems) == 2


def test_days_may_be_written_as_text() -> None:
    assert define(stored(document())) == define(document())


def test_reading_changes_nothing_in_the_document() -> None:
    plan = document()
    define(plan)
    assert plan == document()
