from collections.abc import Callable

import pytest
from flask import Flask

from models.activity import Level
from models.base import db
from models.outcome import Award
from models.pipeline import State
from services import outcome as outcomes
from services import participation as participations
from services import pipeline as pipelines
from services.transaction import transaction
from tests.services.pipeline.conftest import YEAR, District
from tests.support import factories as make
from tests.support.contest import contest, scored


def test_who_is_confirmed_is_in_reserve_and_no_candidate_any_more(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        award = there.award()
        (entry,) = pipelines.confirm(
            pipelines.candidates(YEAR), by=there.officer, stamp=make.stamp(there.officer)
        )
        assert entry.state is State.CONFIRMED
        assert entry.fact is not None
        assert (entry.fact.rests_on_id, entry.fact.day) == (award.id, award.day)
        assert pipelines.in_reserve(YEAR) == 1
        assert pipelines.candidates(YEAR) == []
        assert pipelines.by_skill_and_tier(YEAR) == [("电工", [1, 0, 0, 0, 0])]


def test_when_the_award_falls_the_entry_falls_and_another_award_proposes_again(
    district: Callable[[], District],
) -> None:
    with transaction():
        there = district()
        person = make.person()
        first, second = there.award(person), there.award(person)
        pipelines.confirm(pipelines.candidates(YEAR), by=there.officer, stamp=make.stamp(there.officer))
        participations.reverse(first, "成绩有误", stamp=make.stamp(there.clerk))
        assert pipelines.in_reserve(YEAR) == 0
        assert [change.what for change in pipelines.recent(YEAR)] == ["fallen"]
        (candidate,) = pipelines.candidates(YEAR)
        assert candidate.bases == (second,)
        (entry,) = pipelines.confirm([candidate], by=there.officer, stamp=make.stamp(there.officer))
        assert pipelines.in_reserve(YEAR) == 1
        assert entry.basis == second
        assert db.session.query(type(entry)).count() == 1


def test_nobody_confirms_an_award_they_recorded_nor_themselves(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        there.award()
        with pytest.raises(pipelines.SamePerson):
            pipelines.confirm(pipelines.candidates(YEAR), by=there.clerk, stamp=make.stamp(there.clerk))
        assert there.officer.person is not None
        there.award(there.officer.person)
        own = [each for each in pipelines.candidates(YEAR) if each.person == there.officer.person]
        with pytest.raises(pipelines.SamePerson):
            pipelines.confirm(own, by=there.officer, stamp=make.stamp(there.officer))
        with pytest.raises(pipelines.Unidentified):
            pipelines.confirm(own, by=make.account(), stamp=make.stamp())
        assert pipelines.in_reserve(YEAR) == 0


def test_all_or_none_are_confirmed(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        fallen = there.award()
        there.award()
        seen = pipelines.candidates(YEAR)
        participations.reverse(fallen, "成绩有误", stamp=make.stamp(there.clerk))
        with pytest.raises(pipelines.AlreadyDecided):
            pipelines.confirm(seen, by=there.officer, stamp=make.stamp(there.officer))
        assert pipelines.in_reserve(YEAR) == 0


def test_leaving_takes_the_fact_back_and_a_decision_needs_a_reason(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        there.award()
        stamp = make.stamp(there.officer)
        (entry,) = pipelines.confirm(pipelines.candidates(YEAR), by=there.officer, stamp=stamp)
        with pytest.raises(pipelines.NoReason):
            pipelines.leave(entry, " ", by=there.officer, stamp=stamp)
        pipelines.leave(entry, "调往外区", by=there.officer, stamp=stamp)
        assert pipelines.in_reserve(YEAR) == 0
        assert pipelines.candidates(YEAR) == []
        with pytest.raises(pipelines.AlreadyDecided):
            pipelines.leave(entry, "调往外区", by=there.officer, stamp=stamp)
        there.award()
        with pytest.raises(pipelines.NoReason):
            pipelines.decline(pipelines.candidates(YEAR)[0], "", by=there.officer, stamp=stamp)


def test_who_asked_for_an_award_by_correction_does_not_confirm_it(context: Flask) -> None:
    made = contest(1, level=Level.DISTRICT)
    made.confirmed(scored("90", 1))
    with transaction():
        row = outcomes.ask_correction(
            made.line(),
            scored("90", 1, award=Award.FIRST_PRIZE),
            "漏登",
            by=made.second,
            stamp=made.stamp(made.second),
        )
        outcomes.decide_correction(row, True, "", by=made.judge, stamp=made.stamp(made.judge))
    with transaction():
        found = pipelines.candidates(made.over.year)
        for hand in (made.clerk, made.second, made.judge):
            with pytest.raises(pipelines.SamePerson):
                pipelines.confirm(found, by=hand, stamp=made.stamp(hand))
        other = make.account(make.person())
        assert len(pipelines.confirm(found, by=other, stamp=made.stamp(other))) == 1
