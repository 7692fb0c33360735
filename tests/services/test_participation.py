"""Facts: append-only, one standing a source, reversed in turns with all that rests on them."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from models.activity import Kind
from models.audit import Trace
from models.base import db, new_code
from models.indicator import Outcome
from models.participation import Participation
from models.visit import Once
from services import participation as participations
from services.participation import Fact
from services.stamp import clock
from services.transaction import transaction
from tests.support import factories as make
from tests.support.crowd import Crowd, Meeting

DAY = dt.date(2026, 11, 23)
PROCESSES, TIMES = 3, 10


def won(source: str = "line:0000000000000001:award_won", **more: object) -> Fact:
    return Fact(source, Outcome.AWARD_WON, DAY, **more)  # type: ignore[arg-type]


def recorded(fact: Fact) -> Participation:
    with transaction():
        return participations.record(fact, stamp=make.stamp())


def turns(source: str) -> list[tuple[int, bool]]:
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(Participation).where(Participation.source == source).order_by(Participation.turn)
    )
    return [(row.turn, row.is_reversal) for row in rows]


@pytest.mark.parametrize(
    "deed",
    [
        sa.update(Participation).values(heads=2),
        sa.update(Participation).values(day=DAY),
        sa.delete(Participation),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_fact(context: Flask, deed: sa.Update) -> None:
    fact = recorded(won())
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(deed)
    db.session.rollback()
    assert db.session.get_one(Participation, fact.id).heads == 1


def test_a_fact_changed_through_the_session_is_refused_too(context: Flask) -> None:
    fact = recorded(won())
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.get_one(Participation, fact.id).detail = "特等奖"


def test_a_source_has_one_standing_fact(context: Flask) -> None:
    first, second = recorded(won()), recorded(won(detail="另一回"))
    assert first.id == second.id
    assert turns(first.source) == [(1, False)]


def test_the_facts_of_a_source_take_turns(context: Flask) -> None:
    source = won().source
    for _round in range(2):
        fact = recorded(won())
        with transaction():
            assert participations.reverse(fact, "名次更正", stamp=make.stamp()) == [fact]
    assert turns(source) == [(1, False), (2, True), (3, False), (4, True)]
    assert participations.find_standing(source) is None
    assert not participations.is_standing(fact)
    again = recorded(won())
    assert participations.is_standing(again)
    assert again.turn == 5


def test_a_fact_falls_once_and_a_reversal_is_not_reversed(context: Flask) -> None:
    fact = recorded(won())
    with transaction():
        participations.reverse(fact, "更正", stamp=make.stamp())
        assert participations.reverse(fact, "再更正", stamp=make.stamp()) == []
    reversal = db.session.scalars(sa.select(Participation).where(Participation.turn == 2)).one()
    assert (reversal.reason, reversal.reverses_id) == ("更正", fact.id)
    with pytest.raises(ValueError, match="not reversed"), transaction():
        participations.reverse(reversal, "撤销更正", stamp=make.stamp())


def test_what_rests_on_a_fact_falls_with_it_and_nothing_else(context: Flask) -> None:
    basis, other = recorded(won("line:a:award_won")), recorded(won("line:b:award_won"))
    entry = recorded(Fact("reserve:a", Outcome.RESERVE_CONFIRMED, DAY, rests_on=basis))
    further = recorded(Fact("further:a", Outcome.RESERVE_CONFIRMED, DAY, rests_on=entry))
    beside = recorded(Fact("reserve:b", Outcome.RESERVE_CONFIRMED, DAY, rests_on=other))
    with transaction():
        fallen = participations.reverse(basis, "名次更正", stamp=make.stamp())
    assert fallen == [basis, entry, further]
    standing = db.session.scalars(sa.select(Participation).where(participations.stands()))
    assert {row.id for row in standing} == {other.id, beside.id}


def test_what_fell_before_is_not_reversed_again_with_its_basis(context: Flask) -> None:
    basis = recorded(won())
    entry = recorded(Fact("reserve:a", Outcome.RESERVE_CONFIRMED, DAY, rests_on=basis))
    with transaction():
        participations.reverse(entry, "退出", stamp=make.stamp())
    with transaction():
        assert participations.reverse(basis, "更正", stamp=make.stamp()) == [basis]
    assert turns("reserve:a") == [(1, False), (2, True)]


def test_what_the_activity_is_stays_with_the_fact(context: Flask) -> None:
    with transaction():
        activity = make.activity(kind=Kind.COMPETITION)
        activity.tags = ["rural", "brand"]
        person = make.person()
        db.session.flush()
        fact = participations.record(won(activity=activity, person=person), stamp=make.stamp())
    with transaction():
        activity.tags = []
    assert (fact.tags, fact.kind, fact.organisation_id) == (
        {"rural", "brand"},
        Kind.COMPETITION,
        activity.organiser_id,
    )
    with transaction():
        participations.reverse(fact, "更正", stamp=make.stamp())
    copy = db.session.scalars(sa.select(Participation).where(Participation.reverses_id == fact.id)).one()
    assert (copy.tags, copy.day, copy.person_id) == (fact.tags, fact.day, fact.person_id)


def test_many_are_recorded_in_the_order_given(context: Flask) -> None:
    sources = [f"line:{number:016}:completed" for number in range(participations.AT_ONCE + 3)]
    with transaction():
        rows = participations.record_all(
            [Fact(source, Outcome.COMPLETED, DAY) for source in sources], stamp=make.stamp()
        )
    assert [row.source for row in rows] == sources
    traces = sa.select(sa.func.count()).select_from(Trace).where(Trace.action == "participation.recorded")
    assert db.session.scalar(traces) == len(sources)


def test_the_mark_rises_with_each_fact_and_each_reversal_and_with_nothing_else(context: Flask) -> None:
    assert participations.mark() == 0
    fact = recorded(won())
    first = participations.mark()
    recorded(won())
    assert participations.mark() == first > 0
    with transaction():
        participations.reverse(fact, "更正", stamp=make.stamp())
    assert participations.mark() > first


def record_the_same(times: int) -> list[int]:
    return [recorded(won(f"line:{number:016}:award_won")).id for number in range(times)]


def look_then_write(times: int, meeting: Meeting) -> list[int]:
    """What looks right on one's own machine: look whether it is there, then write."""
    made = []
    for number in range(times):
        key = f"fact:{number}:"
        db.session.rollback()
        there = db.session.scalar(sa.select(sa.func.count()).where(Once.key.like(f"{key}%")))
        db.session.rollback()
        meeting.wait()  # all have looked before any writes
        if not there:
            with transaction():
                db.session.add(Once(key=key + new_code(), answer="", at=clock.now()))
            made.append(number)
    return made


def test_several_processes_that_record_one_source_at_once_make_one_row(context: Flask, crowd: Crowd) -> None:
    answers = crowd.run(PROCESSES, record_the_same, TIMES)
    assert all(answer == answers[0] for answer in answers), "each is told of the same rows"
    rows = db.session.scalars(sa.select(Participation)).all()
    assert len(rows) == TIMES
    assert {row.turn for row in rows} == {1}


def test_looking_first_makes_more_than_one(context: Flask, crowd: Crowd) -> None:
    """The negative control."""
    made = sum(
        len(answer) for answer in crowd.run(PROCESSES, look_then_write, TIMES, crowd.meeting(PROCESSES))
    )
    assert made == PROCESSES * TIMES
