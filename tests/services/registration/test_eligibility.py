"""Each rule of a track answers met, failed or asked for, in one sentence; what is waived stands in nobody's way."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from models.account import Role, ScopeKind
from models.activity import Kind, Track
from models.indicator import Outcome
from models.organisation import Type
from models.person import Category, Person, SkillLevel
from services import participation as participations
from services import registration as registrations
from services.participation import Fact
from services.registration import Candidate, Entry
from services.registration.eligibility import Verdict, weigh
from services.registration.facts import Facts, Unit, Won
from services.transaction import transaction
from tests.support import factories as make

DAY = dt.date(2026, 11, 23)
WORKS = Unit("a" * 16, "示例机械厂", Type.ENTERPRISE.value)
SCHOOL = Unit("b" * 16, "示例职教中心", Type.SECONDARY_VOCATIONAL.value)
UNIT = {"kind": "unit", "organisations": [WORKS.code], "names": [WORKS.name], "types": []}
TRADE = {"kind": "trade", "names": ["铣工"]}
LEVEL = {"kind": "skill_level", "least": "advanced_worker"}
YEARS = {"kind": "years", "least": 5}
NO_AWARD = {"kind": "earlier_award", "way": "excluded", "same_contest": True}
AWARD = {"kind": "earlier_award", "way": "required", "same_contest": True}
WON = Won("数控铣", "第二届职业技能大赛", "一等奖")
NUMBER = "S000050000010000001234"


@pytest.fixture
def track(context: Flask) -> Track:
    with transaction():
        return make.track(name="数控铣 · 职工组", needs_document=False)


@pytest.fixture
def person(context: Flask) -> Person:
    with transaction():
        return make.person()


@pytest.mark.parametrize(
    ("rule", "facts", "said", "verdict"),
    [
        (UNIT, {"units": (WORKS,)}, {}, "ok"),
        (UNIT, {"entered_by": WORKS}, {}, "ok"),
        (UNIT, {"entered_by": SCHOOL}, {}, "no"),
        (UNIT, {"workplace": SCHOOL}, {}, "no"),
        (UNIT, {"workplace": WORKS}, {}, "ask"),
        (UNIT, {}, {}, "ask"),
        ({"kind": "unit", "types": ["secondary_vocational"]}, {"units": (SCHOOL,)}, {}, "ok"),
        (TRADE, {}, {"values": {"trade": "数控铣工"}}, "ok"),
        (TRADE, {}, {"values": {"trade": "电工"}}, "no"),
        (TRADE, {}, {}, "ask"),
        (LEVEL, {}, {"skill_level": SkillLevel.TECHNICIAN, "level_certificate": NUMBER}, "ok"),
        (LEVEL, {}, {"skill_level": SkillLevel.JUNIOR_WORKER}, "no"),
        (LEVEL, {}, {"skill_level": SkillLevel.TECHNICIAN}, "ask"),
        (LEVEL, {}, None, "ask"),
        (YEARS, {}, {"years_at_work": 5}, "ok"),
        (YEARS, {}, {"years_at_work": 4}, "no"),
        (YEARS, {}, {}, "ask"),
        (NO_AWARD, {}, {}, "ok"),
        (NO_AWARD, {"awards": (WON,)}, {}, "no"),
        (NO_AWARD, {"awards": (Won("焊接", "别的", "一等奖"),)}, {}, "ok"),
        (AWARD, {"awards": (WON,)}, {}, "ok"),
        (AWARD, {}, {}, "ask"),
    ],
)
def test_a_rule_answers_yes_no_or_asks(
    track: Track,
    person: Person,
    rule: dict[str, Any],
    facts: dict[str, Any],
    said: dict[str, Any] | None,
    verdict: str,
) -> None:
    track.rules = [rule]
    entry = None if said is None else Entry(Category.ENTERPRISE_EMPLOYEE, **said)
    (reason,) = weigh(track, Facts(person=person, **facts), entry, DAY)
    assert (reason.verdict, reason.rule) == (Verdict(verdict), rule["kind"])
    assert str(reason.sentence)


def test_an_award_excludes_and_a_judge_may_not_enter(context: Flask) -> None:
    with transaction():
        old, now = (make.activity(kind=Kind.COMPETITION) for _each in "12")
        track = make.track(now, name="数控铣", rules=[NO_AWARD])
        winner, judge, plain = make.person(), make.person(), make.person()
        fact = Fact("x:1", Outcome.AWARD_WON, day=DAY, activity=old, person=winner, skill="数控铣")
        participations.record(fact, stamp=make.stamp())
        make.grant(make.account(judge), Role.CHIEF_JUDGE, ScopeKind.ACTIVITY, now.code)
    found = registrations.judge_all([Candidate(track, who, Entry()) for who in (winner, judge, plain)], DAY)
    assert [[reason.rule for reason in registrations.failures(each)] for each in found] == [
        ["earlier_award"],
        ["not_staff"],
        [],
    ]


def test_a_waived_rule_passes_and_a_rule_that_cannot_be_waived_does_not(context: Flask) -> None:
    with transaction():
        track, person = make.track(born_from=dt.date(2000, 1, 1)), make.person()
        by = make.account(make.person())
    entry = Entry(Category.ENTERPRISE_EMPLOYEE)
    with pytest.raises(registrations.NotEligible), transaction():
        registrations.register(track, person, entry, by=None, stamp=make.stamp())
    for rule in ("identity", "years", "nonsense"):
        with pytest.raises(registrations.NotWaivable), transaction():
            registrations.waive(track, person, rule, "推荐", by=by, stamp=make.stamp())
    with pytest.raises(registrations.WaiverReason), transaction():
        registrations.waive(track, person, "born", "  ", by=by, stamp=make.stamp())
    with transaction():
        registrations.waive(track, person, "born", "世赛推荐", by=by, stamp=make.stamp())
    with transaction():
        made = registrations.register(track, person, entry, by=None, stamp=make.stamp())
    (reason,) = [each for each in registrations.judge_entry(made) if each.rule == "born"]
    assert reason.is_waived
    assert reason.verdict is Verdict.FAILED
    assert "世赛推荐" in str(reason.detail)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("铣工", Verdict.MET),
        ("数控铣工", Verdict.MET),
        ("铣", Verdict.FAILED),
        ("工", Verdict.FAILED),
        ("电工", Verdict.FAILED),
    ],
)
def test_a_trade_is_met_by_a_name_of_its_own_not_by_a_character(
    track: Track, person: Person, said: str, verdict: Verdict
) -> None:
    track.rules = [{"kind": "trade", "names": ["数控铣工"]}]
    reasons = registrations.judge(track, person, Entry(values={"trade": said}), dt.date(2027, 1, 1))
    assert [each.verdict for each in reasons if each.rule == "trade"] == [verdict]
