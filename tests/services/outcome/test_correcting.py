"""Corrections of what was confirmed: two persons, facts reversed and recorded anew, nothing lost."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from models.activity import Kind
from models.base import db
from models.indicator import Outcome
from models.outcome import Award, Correction, Verdict
from models.participation import Participation
from services import invariants
from services import outcome as outcomes
from services import participation as participations
from services.outcome import Entry
from services.participation import Fact
from services.transaction import transaction
from tests.support import factories as make
from tests.support.contest import Contest, completed, contest, scored

WON = scored("90", 1, award=Award.FIRST_PRIZE)
LESS = scored("85", 1, award=Award.SECOND_PRIZE)


def asked(made: Contest, entry: Entry, reason: str = "录入有误") -> Correction:
    with transaction():
        return outcomes.ask_correction(
            made.line(), entry, reason, by=made.clerk, stamp=made.stamp(made.clerk)
        )


def decided(made: Contest, row: Correction, accept: bool = True, note: str = "") -> None:
    with transaction():
        outcomes.decide_correction(row, accept, note, by=made.judge, stamp=made.stamp(made.judge))


def turns() -> list[tuple[int, str, bool]]:
    rows = db.session.scalars(sa.select(Participation).order_by(Participation.id))
    return [(row.turn, row.detail, row.is_reversal) for row in rows]


def clean() -> bool:
    db.session.rollback()
    return not any(invariants.count().values())


def test_a_lesser_award_reverses_the_fact_and_records_it_anew(context: Flask) -> None:
    made = contest(1)
    made.confirmed(WON)
    decided(made, asked(made, LESS))
    assert turns() == [(1, "一等奖", False), (2, "一等奖", True), (3, "二等奖", False)]
    assert made.line().score == Decimal(85)
    assert clean()


def test_an_award_taken_back_takes_what_rests_on_it(context: Flask) -> None:
    made = contest(1)
    made.confirmed(WON)
    with transaction():
        basis = participations.find_standing(f"line:{made.line().code}:award_won")
        assert basis is not None
        participations.record(
            Fact(
                "reserve:0000000000000001",
                Outcome.RESERVE_CONFIRMED,
                day=basis.day,
                person=made.people[0].person,
                rests_on=basis,
            ),
            stamp=make.stamp(),
        )
    decided(made, asked(made, Entry(Verdict.DISQUALIFIED)))
    standing = db.session.scalars(sa.select(Participation).where(participations.stands())).all()
    assert standing == []
    assert clean()


def test_another_score_leaves_the_award_and_what_rests_on_it(context: Flask) -> None:
    made = contest(1)
    made.confirmed(WON)
    decided(made, asked(made, scored("91", 1, award=Award.FIRST_PRIZE)))
    assert turns() == [(1, "一等奖", False)]
    assert made.line().score == Decimal(91)
    assert clean()


def test_a_completion_comes_later_and_goes_again(context: Flask) -> None:
    made = contest(1, Kind.TRAINING_CLASS)
    made.confirmed(Entry(Verdict.FAILED))
    decided(made, asked(made, completed()))
    assert turns() == [(1, "32 学时", False)]
    decided(made, asked(made, Entry(Verdict.FAILED)))
    assert turns()[-1] == (2, "32 学时", True)
    assert clean()


def test_who_asked_does_not_decide(context: Flask) -> None:
    made = contest(1)
    made.confirmed(WON)
    row = asked(made, LESS)
    with pytest.raises(outcomes.SameAsker), transaction():
        outcomes.decide_correction(row, True, "", by=made.clerk, stamp=made.stamp(made.clerk))
    assert made.line().award is Award.FIRST_PRIZE


def test_what_is_turned_down_changes_nothing_and_needs_a_reason(context: Flask) -> None:
    made = contest(1)
    made.confirmed(WON)
    row = asked(made, LESS)
    with pytest.raises(outcomes.NoReason):
        decided(made, row, accept=False)
    decided(made, row, accept=False, note="证据不足")
    assert (made.line().award, row.is_accepted) == (Award.FIRST_PRIZE, False)
    with pytest.raises(outcomes.Decided):
        decided(made, row)
    asked(made, LESS)  # the claim is free again


def test_one_correction_a_line_at_a_time(context: Flask) -> None:
    made = contest(1)
    made.confirmed(WON)
    asked(made, LESS)
    with pytest.raises(outcomes.Waits):
        asked(made, scored("70", 1))


@pytest.mark.parametrize(
    ("entry", "reason", "refusal"),
    [
        (WON, "录入有误", outcomes.NothingChanges),
        (LESS, " ", outcomes.NoReason),
        (Entry(Verdict.ABSENT, score=Decimal(3)), "录入有误", outcomes.Incomplete),
    ],
)
def test_what_cannot_be_asked(context: Flask, entry: Entry, reason: str, refusal: type[Exception]) -> None:
    made = contest(1)
    made.confirmed(WON)
    with pytest.raises(refusal):
        asked(made, entry, reason)


def test_a_sheet_that_is_not_confirmed_is_not_corrected(context: Flask) -> None:
    made = contest(1)
    sheet = made.submitted(WON)
    with pytest.raises(outcomes.WrongState), transaction():
        outcomes.ask_correction(sheet.lines[0], LESS, "录入有误", by=made.clerk, stamp=made.stamp(made.clerk))
