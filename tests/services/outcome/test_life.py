"""A sheet from its first line to facts: entered by one person, confirmed by another, and every reason for a no."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from models.activity import Kind
from models.activity import State as ActivityState
from models.base import db
from models.indicator import Outcome
from models.notification import Message
from models.organisation import Type
from models.outcome import Award, Line, State, Verdict
from models.participation import Participation
from models.person import SkillLevel
from models.registration import State as Entered
from services import activity as activities
from services import invariants
from services import outcome as outcomes
from services import registration as registrations
from services.errors import Stale
from services.outcome import Entry
from services.stamp import local_day
from services.transaction import transaction
from tests.support import factories as make
from tests.support.contest import completed, contest, scored

ABSENT = Entry(Verdict.ABSENT)
FIRST, SECOND = Award.FIRST_PRIZE, Award.SECOND_PRIZE


def facts() -> list[Participation]:
    return list(db.session.scalars(sa.select(Participation).order_by(Participation.id)))


def clean() -> bool:
    db.session.rollback()
    return not any(invariants.count().values())


def kinds_told() -> list[str]:
    return list(
        db.session.scalars(sa.select(Message.kind).where(Message.kind.like("outcome.%")).order_by(Message.id))
    )


def test_a_contest_becomes_facts_of_its_awards(context: Flask) -> None:
    made = contest()
    sheet = made.confirmed(scored("91.5", 1, award=FIRST, title_proposed=True), scored("80", 2), ABSENT)
    assert sheet.state is State.CONFIRMED
    (fact,) = facts()
    assert fact.outcome is Outcome.AWARD_WON
    assert fact.source == f"line:{made.line().code}:award_won"
    assert fact.person_id == made.people[0].person_id
    assert (fact.detail, fact.skill) == ("一等奖", "数控铣工")
    assert fact.needs == {"title_proposal"}
    assert fact.day == local_day(made.over)
    assert fact.category is not None
    assert fact.category.value == "enterprise_employee"
    assert not fact.is_outside
    assert clean()


def test_a_class_becomes_completions_on_the_day_it_ended(context: Flask) -> None:
    made = contest(2, Kind.TRAINING_CLASS, skill_level=SkillLevel.ADVANCED_WORKER.value)
    made.confirmed(completed("32.5"), Entry(Verdict.FAILED))
    (fact,) = facts()
    assert fact.outcome is Outcome.COMPLETED
    assert (fact.detail, fact.skill_level) == ("32.5 学时", SkillLevel.ADVANCED_WORKER)
    assert fact.day == local_day(made.activity.ends_at)
    assert clean()


def test_an_assessment_is_assessed_and_where_passed_certified(context: Flask) -> None:
    made = contest(3, Kind.ASSESSMENT, skill_level=SkillLevel.TECHNICIAN.value)
    passed = Entry(Verdict.COMPLETED, score=Decimal(71))
    made.confirmed(passed, Entry(Verdict.FAILED, score=Decimal(40)), ABSENT)
    found = sorted((fact.outcome.value, made.people.index(fact.registration)) for fact in facts())  # type: ignore[arg-type]
    assert found == [("level_assessed", 0), ("level_assessed", 1), ("level_certified", 0)]
    assert clean()


def test_a_forum_has_no_sheet(context: Flask) -> None:
    made = contest(1, Kind.FORUM)
    with pytest.raises(outcomes.NoSheet), transaction():
        outcomes.sheet_of(made.track, stamp=make.stamp())


def test_people_from_outside_are_kept_apart(context: Flask) -> None:
    made = contest(1)
    with transaction():
        unit = made.people[0].organisation
        assert unit is not None
        unit.type = Type.OUTSIDE
    made.confirmed(scored(None, 1, award=FIRST))
    assert facts()[0].is_outside


def test_each_is_told_what_they_reached(context: Flask) -> None:
    made = contest(3)
    made.confirmed(scored("91.5", 1, award=FIRST), scored("80", 2), ABSENT)
    told = kinds_told()
    assert told.count("outcome.submitted") == 2
    assert set(told) == {"outcome.submitted", "outcome.awarded", "outcome.scored", "outcome.failed"}
    body = db.session.scalars(sa.select(Message).where(Message.kind == "outcome.awarded")).first()
    assert body is not None
    assert "成绩 91.50 · 第 1 名 · 一等奖" in (body.body or "")


def test_who_entered_or_handed_in_does_not_confirm(context: Flask) -> None:
    made = contest(1)
    sheet = made.submitted(scored("80", 1))
    with pytest.raises(outcomes.SamePerson), transaction():
        outcomes.confirm(sheet, by=made.clerk, stamp=made.stamp(made.clerk))
    with transaction():
        twin = make.account()
    with pytest.raises(outcomes.Unidentified), transaction():
        outcomes.confirm(sheet, by=twin, stamp=made.stamp(twin))
    assert facts() == []


def test_two_hands_on_a_sheet_need_a_third(context: Flask) -> None:
    made = contest(1)
    with transaction():
        sheet = outcomes.sheet_of(made.track, stamp=made.stamp(made.clerk))
        outcomes.enter(sheet, made.entries(scored("80")), by=made.clerk, stamp=made.stamp(made.clerk))
        outcomes.submit(sheet, by=made.second, stamp=made.stamp(made.second))
    for hand in (made.clerk, made.second):
        with pytest.raises(outcomes.SamePerson), transaction():
            outcomes.confirm(sheet, by=hand, stamp=made.stamp(hand))
    with transaction():
        outcomes.confirm(sheet, by=made.judge, stamp=made.stamp(made.judge))


def test_nothing_is_entered_before_it_begins_nor_confirmed_before_it_ends(context: Flask) -> None:
    made = contest(1)
    early = made.activity.starts_at - dt.timedelta(minutes=1)
    with pytest.raises(outcomes.NotBegun):
        made.entered(made.entries(scored("80")), made.clerk, early)
    sheet = made.submitted(scored("80", 1))
    during = make.stamp(made.judge, made.activity.ends_at - dt.timedelta(minutes=1))
    with pytest.raises(outcomes.NotOver), transaction():
        outcomes.confirm(sheet, by=made.judge, stamp=during)


def test_a_cancelled_activity_takes_none_and_one_with_outcomes_is_not_cancelled(context: Flask) -> None:
    made, other = contest(1), contest(1)
    with transaction():
        outcomes.call_off(made.activity, "天气", stamp=make.stamp())
    with pytest.raises(outcomes.NotHeld):
        made.entered({}, made.clerk)
    other.confirmed(scored("80", 1))
    with pytest.raises(outcomes.HasOutcomes), transaction():
        outcomes.call_off(other.activity, "天气", stamp=make.stamp())
    assert other.activity.state is ActivityState.PUBLISHED


def test_a_stale_page_overwrites_nothing(context: Flask) -> None:
    made = contest(1)
    stamp = made.stamp(made.clerk)
    with transaction():
        sheet = outcomes.sheet_of(made.track, stamp=stamp)
        outcomes.enter(sheet, made.entries(scored("80")), by=made.clerk, version=0, stamp=stamp)
    with pytest.raises(Stale), transaction():
        outcomes.enter(sheet, made.entries(scored("10")), by=made.second, version=0, stamp=stamp)
    version = outcomes.seen_version(sheet)
    with transaction():
        outcomes.enter(sheet, made.entries(scored("81")), by=made.second, version=version, stamp=stamp)
    assert sheet.lines[0].score == Decimal(81)
    assert outcomes.seen_version(sheet) > version


def test_what_was_handed_in_is_sent_back_with_a_note_before_it_changes(context: Flask) -> None:
    made = contest(1)
    sheet = made.submitted(scored("80", 1))
    stamp = made.stamp(made.judge)
    with pytest.raises(outcomes.WrongState), transaction():
        outcomes.enter(sheet, made.entries(scored("70")), by=made.second, stamp=stamp)
    with pytest.raises(outcomes.NoReason), transaction():
        outcomes.send_back(sheet, "  ", by=made.judge, stamp=stamp)
    with transaction():
        outcomes.send_back(sheet, "请核对第一名", by=made.judge, stamp=stamp)
    assert (sheet.state, sheet.note) == (State.DRAFT, "请核对第一名")
    assert "outcome.sent_back" in kinds_told()
    with pytest.raises(outcomes.WrongState), transaction():
        outcomes.confirm(sheet, by=made.judge, stamp=stamp)


def test_a_list_that_changed_is_not_confirmed(context: Flask) -> None:
    made = contest(2)
    sheet = made.submitted(scored("80", 1), scored("70", 2))
    with transaction():
        registrations.reject(made.people[1], "冒名", by=made.second, stamp=make.stamp(made.second))
    with pytest.raises(outcomes.NamesChanged), transaction():
        outcomes.confirm(sheet, by=made.judge, stamp=made.stamp(made.judge))
    with transaction():
        outcomes.send_back(sheet, "名单有变", by=made.judge, stamp=made.stamp(made.judge))
    code = made.people[0].code
    with transaction():
        outcomes.enter(sheet, {code: scored("80", 1)}, by=made.clerk, stamp=made.stamp(made.clerk))
        outcomes.submit(sheet, by=made.clerk, stamp=made.stamp(made.clerk))
        outcomes.confirm(sheet, by=made.judge, stamp=made.stamp(made.judge))
    assert len(sheet.lines) == 1
    assert clean()


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (Entry(Verdict.ABSENT, score=Decimal(1)), "没有参加的人没有得分"),
        (Entry(Verdict.DISQUALIFIED, rank=1), "只有参赛的人有名次"),
        (Entry(Verdict.ABSENT, award=FIRST), "只有参赛的人有奖项"),
        (Entry(Verdict.COMPLETED), "请选择结果"),
        (scored("1000.01"), "得分应在"),
        (scored("80", 0), "名次应是"),
        (scored("80", 1, title_proposed=True), "只有获奖的人"),
    ],
)
def test_what_cannot_be_so_is_refused(context: Flask, entry: Entry, word: str) -> None:
    made = contest(1)
    with pytest.raises(outcomes.Incomplete) as refused:
        made.entered(made.entries(entry), made.clerk)
    assert word in str(refused.value.sentence)
    assert db.session.scalars(sa.select(Line)).all() == []


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ((scored("80"), scored(None), ABSENT), "没有得分"),
        ((scored("80", 1), scored("70", 3), ABSENT), "名次不连贯"),
        ((scored("70", 1), scored("80", 2), ABSENT), "名次与得分不一致"),
    ],
)
def test_what_is_missing_is_asked_when_it_is_handed_in(
    context: Flask, said: tuple[Entry, ...], word: str
) -> None:
    made = contest(3)
    with pytest.raises(outcomes.Incomplete) as refused:
        made.submitted(*said)
    assert word in str(refused.value.sentence)


def test_a_class_asks_for_hours(context: Flask) -> None:
    made = contest(1, Kind.TRAINING_CLASS)
    with pytest.raises(outcomes.Incomplete) as refused:
        made.submitted(completed(None))
    assert "没有填写学时" in str(refused.value.sentence)


def test_a_broken_tie_and_a_shared_rank_are_both_fine(context: Flask) -> None:
    contest(2).submitted(scored("80", 1), scored("80", 1))
    contest(2).submitted(scored("80", 2), scored("80", 1))


def test_another_tracks_person_has_no_line_here(context: Flask) -> None:
    made, other = contest(1), contest(1)
    with pytest.raises(outcomes.NamesChanged):
        made.entered(other.entries(scored("80")), made.clerk)


def test_who_is_confirmed_does_not_withdraw(context: Flask) -> None:
    made = contest(1)
    made.confirmed(scored("80", 1))
    with pytest.raises(registrations.TooLate), transaction():
        registrations.withdraw(made.people[0], stamp=make.stamp(when=made.over))
    with pytest.raises(registrations.Over), transaction():
        registrations.reject(made.people[0], "冒名", by=made.second, stamp=make.stamp(when=made.over))
    assert made.people[0].state is Entered.ACCEPTED


def test_a_held_activity_writes_its_own_fact_beside_those_of_its_people(context: Flask) -> None:
    made = contest(1)
    made.confirmed(scored("80", 1, award=SECOND))
    with transaction():
        activities.mark_held(made.activity, stamp=make.stamp(when=made.over))
    assert [fact.outcome for fact in facts()] == [Outcome.AWARD_WON, Outcome.ACTIVITY_HELD]
    assert clean()


def test_what_a_line_says_at_first_follows_from_who_was_there(context: Flask) -> None:
    propose, shape = outcomes.propose, outcomes.Shape
    assert propose(shape.CLASS, was_present=True).verdict is Verdict.COMPLETED
    assert propose(shape.CLASS, was_present=False).verdict is Verdict.ABSENT
    assert propose(shape.CONTEST, was_present=None).verdict is Verdict.COMPETED
