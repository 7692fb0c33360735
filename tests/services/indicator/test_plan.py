import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from models.audit import Trace
from models.base import db
from models.indicator import Indicator
from services import indicator as indicators
from services.errors import Missing
from services.stamp import Stamp, machine
from services.transaction import transaction
from tests.support.plan import document, entry

pytestmark = pytest.mark.usefixtures("context")


def load(plan: dict[str, Any], stamp: Stamp | None = None) -> indicators.Loaded:
    with transaction():
        return indicators.load(plan, stamp=stamp or machine("test"))


def traces() -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(Trace.action == "plan.loaded")) or 0


def test_the_real_plan_loads_whole() -> None:
    plan = load(document()).plan
    counts = (len(plan.indicators), len(plan.deliverables), len(plan.clauses), len(plan.departments))
    assert counts == (52, 36, 19, 23)
    assert (len(plan.phases), len(plan.checkpoints), len(plan.tags), len(plan.programmes)) == (3, 4, 12, 3)
    assert plan.document_no == "永川府办发〔2023〕48号"
    assert [row.feed.value for row in plan.indicators].count("manual") == 37


def test_every_field_of_the_file_is_kept() -> None:
    plan = load(document()).plan
    for table in document()["indicator"]:
        row = next(row for row in plan.indicators if row.code == table["code"])
        for key, value in table.items():
            assert getattr(row, key) == value, (row.code, key)


def test_loading_the_same_file_again_changes_nothing() -> None:
    first = load(document(), Stamp(dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    assert first.is_change
    again = load(document(), Stamp(dt.datetime(2026, 2, 1, tzinfo=dt.UTC)))
    assert (again.added, again.changed) == (0, 0)
    assert indicators.get("yongchuan-2023").loaded_at == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert traces() == 1


def test_a_changed_file_updates_by_code_and_keeps_the_row() -> None:
    load(document())
    before = indicators.get_indicator(indicators.get("yongchuan-2023"), "T05.trained").id
    changed = document()
    entry(changed, "indicator", "T05.trained")["target"] = 3500
    result = load(changed)
    after = indicators.get_indicator(result.plan, "T05.trained")
    assert (after.id, after.target) == (before, 3500)
    assert (result.added, result.changed) == (0, 2)  # the indicator, and the plan's own copy of the file
    assert traces() == 2


def test_a_new_entry_is_added_to_a_loaded_plan() -> None:
    load(document())
    more = document()
    more["tag"].append({"code": "night_class", "name_zh": "夜校", "name_en": "Night class"})
    assert load(more).added == 1


@pytest.mark.parametrize(
    ("name", "code"), [("indicator", "T01.agri_talent"), ("deliverable", "D00.lifelong_system")]
)
def test_an_entry_that_exists_is_never_removed(name: str, code: str) -> None:
    load(document())
    fewer = document()
    fewer[name].remove(entry(fewer, name, code))
    with pytest.raises(indicators.Removed) as refused:
        load(fewer)
    assert code in str(refused.value.sentence)
    assert len(indicators.get("yongchuan-2023").indicators) == 52


def test_a_file_with_a_mistake_changes_nothing() -> None:
    wrong = document()
    entry(wrong, "indicator", "T05.trained")["lead"] = ["nobody"]
    with pytest.raises(indicators.BadPlan):
        load(wrong)
    assert indicators.list_plans() == []


def test_the_continuation_has_the_rules_of_its_plan_and_dates_of_its_own() -> None:
    load(document())
    plan = load(document("demo-continuation")).plan
    assert (plan.is_demo, plan.years, plan.document_no) == (True, [2026, 2027, 2028], None)
    assert "演示" in plan.title_zh
    assert (len(plan.indicators), len(plan.deliverables)) == (52, 36)
    assert indicators.get_indicator(plan, "T05.new_centres").due == dt.date(2028, 10, 31)
    assert indicators.get_indicator(plan, "T07.reserve_contestants").target == 1000
    assert indicators.get_indicator(plan, "G00.skilled_total").target == 220000
    assert indicators.get_indicator(indicators.get("yongchuan-2023"), "G00.skilled_total").target == 200000


def test_a_continuation_follows_the_plan_it_continues() -> None:
    load(document())
    load(document("demo-continuation"))
    changed = document()
    entry(changed, "indicator", "T05.trained")["target"] = 3500
    load(changed)
    assert indicators.get_indicator(indicators.get("demo-continuation"), "T05.trained").target == 3500
    assert not load(document("demo-continuation")).is_change


def test_a_continuation_of_an_unknown_plan_is_refused() -> None:
    with pytest.raises(indicators.BadPlan) as refused:
        load(document("demo-continuation"))
    assert "yongchuan-2023" in str(refused.value.sentence)
    assert "continues" in str(refused.value.sentence)


def test_a_plan_that_would_continue_itself_is_refused() -> None:
    load(document())
    load(document("demo-continuation"))
    own = document("demo-continuation")
    own["plan"]["continues"] = "demo-continuation"
    round_about = document()
    round_about["plan"]["continues"] = "demo-continuation"
    for circle in (own, round_about):
        with pytest.raises(indicators.BadPlan) as refused:
            load(circle)
        assert "不能延续它自己" in str(refused.value.sentence)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ((2023, 1, 1), "yongchuan-2023"),
        ((2025, 12, 31), "yongchuan-2023"),
        ((2026, 1, 1), "demo-continuation"),
        ((2020, 6, 1), "yongchuan-2023"),
        ((2031, 6, 1), "demo-continuation"),
    ],
)
def test_the_plan_of_a_day(day: tuple[int, int, int], code: str) -> None:
    load(document())
    load(document("demo-continuation"))
    found = indicators.current_plan(dt.date(*day))
    assert found is not None
    assert found.code == code


def test_without_any_plan_there_is_none_for_a_day() -> None:
    assert indicators.current_plan(dt.date(2026, 1, 1)) is None
    assert indicators.find("yongchuan-2023") is None
    with pytest.raises(Missing):
        indicators.get("yongchuan-2023")


def test_an_indicator_is_found_within_its_plan_only() -> None:
    load(document())
    plan = load(document("demo-continuation")).plan
    with pytest.raises(Missing):
        indicators.get_indicator(plan, "T99.nothing")
    assert db.session.scalar(sa.select(sa.func.count(Indicator.id))) == 104


def test_sections_narrow_by_clause_department_and_source() -> None:
    plan = load(document()).plan
    everything = indicators.sections(plan)
    assert [section.number for section in everything] == list(range(20))
    assert sum(len(section.indicators) for section in everything) == 52
    assert sum(len(section.deliverables) for section in everything) == 36
    (seventh,) = indicators.sections(plan, clause=7)
    assert (seventh.clause is not None, len(seventh.indicators)) == (True, 7)
    assert {section.number for section in indicators.sections(plan, department="agri")} == {1, 2, 14}
    assert indicators.sections(plan, clause=1, department="edu") == []
