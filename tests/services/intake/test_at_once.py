"""One list by several processes at once, and a process that dies in the middle of entering."""

import os
import signal
import time
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from models.account import Account
from models.activity import Track
from models.base import db
from models.intake import Intake, State
from models.organisation import Organisation
from models.person import Person
from models.registration import Registration
from services import intake as intakes
from services.errors import Refusal
from services.transaction import transaction
from tests.services.intake.conftest import unit_of
from tests.support import factories as make
from tests.support import lists
from tests.support.crowd import Crowd

ROWS = 60


def enter_it(id: int) -> str:
    """Work off the list that waits to be entered."""
    by = db.session.scalars(sa.select(Account)).first()
    intakes.work(id, stamp=make.stamp(by))
    return db.session.get_one(Intake, id).state.value


def send_it(data: bytes) -> str:
    """Send a list, have it checked and entered, as one who presses every button."""
    track = db.session.scalars(sa.select(Track)).one()
    by = db.session.scalars(sa.select(Account)).first()
    unit = db.session.scalars(
        sa.select(Organisation).where(Organisation.name == "示例精密机械有限公司")
    ).one()
    assert by is not None
    stamp = make.stamp(by)
    sheet = intakes.read(data, "名单.xlsx")
    with transaction():
        made = intakes.start(track.activity, track, unit, sheet, by=by, stamp=stamp)
    id = made.id
    intakes.work(id, stamp=stamp)
    try:
        with transaction():
            intakes.enter(db.session.get_one(Intake, id), only_good=True, by=by, stamp=stamp)
    except Refusal:  # the other was faster
        pass
    intakes.work(id, stamp=stamp)
    return str(id)


def asked_for() -> int:
    unit = unit_of(2 * ROWS)
    intake = unit.send(lists.workbook(lists.people(ROWS)))
    with transaction():
        intakes.enter(intake, only_good=True, by=unit.manager, stamp=unit.stamp)
    return intake.id


def entered() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) or 0


def test_four_processes_enter_a_list_once(context: Flask, crowd: Crowd) -> None:
    id = asked_for()
    answers = crowd.run(4, enter_it, id)
    assert set(answers) <= {State.ENTERED.value, State.ENTERING.value}
    assert entered() == ROWS


def test_one_file_sent_by_two_at_once_adds_its_rows_once(context: Flask, crowd: Crowd) -> None:
    unit_of(2 * ROWS)
    answers = crowd.run(2, send_it, lists.workbook(lists.people(ROWS)))
    db.session.rollback()
    assert len(answers) == 2
    assert entered() == ROWS
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == ROWS + 1


def test_killed_while_entering_nobody_or_everybody(
    context: Flask, crowd: Crowd, rounds: Callable[[int, int], int]
) -> None:
    id = asked_for()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
    db.session.rollback()
    for turn in range(rounds(2, 20)):
        (process,) = crowd.begin(1, enter_it, id)
        time.sleep(0.02 * (turn % 10))
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join(20)
        count = entered()
        assert count in (0, ROWS)
        people = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
        assert people == (before or 0) + count
        db.session.rollback()
    crowd.run(1, enter_it, id)
    assert entered() == ROWS
