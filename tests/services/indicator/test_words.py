import datetime as dt

from models.indicator import (
    Comparator,
    CountRule,
    Outcome,
    Period,
    Source,
    Unit,
)
from services.indicator import Aspect, Condition, words
from services.indicator.tables import Need
from tests.support.plan import indicator, plan


def test_every_choice_of_a_plan_file_has_a_word() -> None:
    for kind, said in (
        (Source, words.SOURCES),
        (Source, words.SOURCE_SENTENCES),
        (Period, words.PERIODS),
        (Unit, words.UNITS),
        (CountRule, words.COUNT_RULES),
        (CountRule, words.COUNT_NAMES),
        (Outcome, words.OUTCOMES),
        (Comparator, words.COMPARATORS),
        (Need, words.NEEDS),
    ):
        assert set(said) == set(kind)


def test_every_indicator_can_say_its_rule() -> None:
    for row in plan().indicators:
        sentences = [str(sentence) for sentence in words.rule(row, plan())]
        assert all(sentence.endswith("。") and "%(" not in sentence for sentence in sentences), sentences


def test_a_rule_names_its_tags_by_the_plan() -> None:
    said = " ".join(str(sentence) for sentence in words.rule(indicator("T06.trained"), plan()))
    assert "“校企合作”或“企业新型学徒制”或“高技能人才培训基地”" in said


def test_a_job_fair_is_only_a_lead() -> None:
    said = " ".join(str(sentence) for sentence in words.rule(indicator("T02.high_skilled"), plan()))
    assert "线索" in said
    assert "计入的活动" not in said


def test_a_target_without_a_number_is_only_watched() -> None:
    assert "不作评分" in str(words.rule(indicator("T07.post_drills"), plan())[-1])


def test_conditions_read_as_phrases() -> None:
    assert str(words.condition(Condition(Aspect.TAG, ("rural",)), plan())) == "带有标签“乡村技能人才”"
    assert (
        str(words.condition(Condition(Aspect.SERIES, ("post_drill",)), plan())) == "竞赛类别为“岗位练兵比武”"
    )
    assert "Rural" in str(words.condition(Condition(Aspect.TAG, ("rural",)), plan(), "en"))


def test_numbers_are_written_as_the_plan_writes_them() -> None:
    assert [words.number(value) for value in (0, 10.0, 200000, 30.5, 1e6)] == [
        "0",
        "10",
        "200,000",
        "30.5",
        "1,000,000",
    ]
    assert str(words.target(indicator("T07.reserve_contestants"))) == "不少于 1,000 人"
    assert str(words.target(indicator("T07.district_competition"))) == "不少于 1 届"


def test_days_carry_their_year() -> None:
    assert words.span(dt.date(2025, 1, 1), dt.date(2025, 12, 31)) == "2025年1月1日—2025年12月31日"
