"""The rows of a list are forgotten 30 days after its activity, and not a second earlier."""

import datetime as dt

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.jobs import JOBS
from app.worker import run
from models.activity import Kind
from models.base import db
from models.intake import Intake, IntakeLine, State
from models.registration import Registration
from services import intake as intakes
from services import invariants
from services.intake.forgetting import KEPT
from services.transaction import transaction
from tests.services.intake.conftest import Unit, unit_of
from tests.support import factories as make
from tests.support import lists
from tests.support.staff import ask, sign_in

SECOND = dt.timedelta(seconds=1)


def rows(intake: Intake) -> int:
    found = sa.select(sa.func.count()).select_from(IntakeLine).where(IntakeLine.intake_id == intake.id)
    return db.session.scalar(found) or 0


def sweep(when: dt.datetime) -> int:
    with transaction():
        done = intakes.forget(stamp=make.stamp(when=when))
    db.session.expire_all()
    return done


def test_rows_are_kept_to_the_second_and_then_gone(unit: Unit) -> None:
    entered = unit.enter(unit.send(lists.workbook(lists.people(3))))
    checked = unit.send(lists.workbook(lists.people(4, start=10)))
    undone = unit.enter(unit.send(lists.workbook(lists.people(2, start=20))))
    with transaction():
        intakes.undo(undone, stamp=unit.stamp)
    end = unit.activity.ends_at + KEPT
    assert sweep(end - SECOND) == 0
    assert [rows(each) for each in (entered, checked, undone)] == [3, 4, 2]
    assert sweep(end) == 3
    assert [rows(each) for each in (entered, checked, undone)] == [0, 0, 0]
    assert [each.state for each in (entered, checked, undone)] == [
        State.ENTERED,
        State.DROPPED,
        State.DROPPED,
    ]
    assert sweep(end) == sweep(end + SECOND) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 5
    assert not any(invariants.count().values())


def test_a_list_of_an_activity_to_come_is_left_alone(unit: Unit) -> None:
    unit.send(lists.workbook(lists.people(3)))
    with transaction():
        past = make.activity(kind=Kind.LECTURE)
        track = make.track(past, capacity=9)
    over = Unit(unit.manager, unit.organisation, past, track).send(lists.workbook(lists.people(2)))
    with transaction():
        past.starts_at -= dt.timedelta(days=60)
        past.ends_at -= dt.timedelta(days=60)
    assert sweep(make.now()) == 1
    assert rows(over) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IntakeLine)) == 3


def test_one_that_is_being_entered_waits_for_the_next_run(unit: Unit) -> None:
    intake = unit.send(lists.workbook(lists.people(3)))
    with transaction():
        intakes.enter(intake, only_good=True, by=unit.manager, stamp=unit.stamp)
    later = unit.activity.ends_at + KEPT
    assert sweep(later) == 0
    unit.work(intake)
    assert sweep(later) == 1
    assert (intake.state, intake.good, rows(intake)) == (State.ENTERED, 3, 0)


def test_the_house_forgets_by_itself_and_the_page_still_says_what_was_entered(
    client: FlaskClient, context: Flask
) -> None:
    unit = unit_of()
    intake = unit.enter(unit.send(lists.workbook(lists.people(3))))
    path = f"/intake/{intake.code}"
    assert run(JOBS["house.sweep"], owner="test", at=unit.activity.ends_at + KEPT)
    db.session.expire_all()
    assert rows(intake) == 0
    sign_in(client, unit.manager, make.now())
    page = ask(client, "GET", path)
    assert page.status_code == 200
    assert "导入 3 人" in page.text
    assert ask(client, "GET", f"{path}/errors.xlsx").status_code == 200


def test_the_same_file_may_come_again_for_a_list_put_aside(unit: Unit) -> None:
    data = lists.workbook(lists.people(3))
    first = unit.send(data)
    assert sweep(unit.activity.ends_at + KEPT) == 1
    again = unit.send(data)
    assert (again.id != first.id, rows(again)) == (True, 3)
