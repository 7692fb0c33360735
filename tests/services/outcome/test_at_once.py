"""Several processes at one sheet: one of two who confirm at once does, and everybody's facts are written once."""

import sqlalchemy as sa
from flask import Flask

from models.account import Account
from models.base import db
from models.outcome import Award, Correction, Sheet
from models.participation import Participation
from services import invariants
from services import outcome as outcomes
from services.errors import Refused
from services.transaction import transaction
from tests.support import factories as make
from tests.support.contest import contest, scored
from tests.support.crowd import Crowd

WON = scored("90", 1, award=Award.FIRST_PRIZE)


def confirm_one(sheet_id: int, account_id: int) -> str:
    by = db.session.get_one(Account, account_id)
    try:
        with transaction():
            sheet = db.session.get_one(Sheet, sheet_id)
            when = sheet.activity.ends_at
            outcomes.confirm(sheet, by=by, stamp=make.stamp(by, when))
    except Refused as no:
        return type(no).__name__
    return "confirmed"


def decide_one(correction_id: int, account_id: int) -> str:
    by = db.session.get_one(Account, account_id)
    try:
        with transaction():
            row = db.session.get_one(Correction, correction_id)
            outcomes.decide_correction(row, True, "", by=by, stamp=make.stamp(by))
    except Refused as no:
        return type(no).__name__
    return "decided"


def test_of_several_who_confirm_at_once_one_does(context: Flask, crowd: Crowd) -> None:
    made = contest(4)
    sheet = made.submitted(WON, scored("80", 2), scored("70", 3), scored("60", 4))
    answers = crowd.run(3, confirm_one, sheet.id, made.judge.id)
    assert sorted(answers) == ["WrongState", "WrongState", "confirmed"]
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Participation.id))) == 1
    assert not any(invariants.count().values())


def test_of_several_who_decide_at_once_one_does(context: Flask, crowd: Crowd) -> None:
    made = contest(1)
    made.confirmed(WON)
    with transaction():
        row = outcomes.ask_correction(
            made.line(),
            scored("85", 1, award=Award.SECOND_PRIZE),
            "复核",
            by=made.clerk,
            stamp=made.stamp(made.clerk),
        )
    answers = crowd.run(3, decide_one, row.id, made.judge.id)
    assert sorted(answers) == ["Decided", "Decided", "decided"]
    db.session.rollback()
    turns = db.session.scalars(sa.select(Participation.turn).order_by(Participation.id)).all()
    assert turns == [1, 2, 3]
    assert not any(invariants.count().values())
