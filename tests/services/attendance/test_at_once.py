"""Two helpers read one pass at the same moment: one row, both are told yes. And what happens without the turn."""

import time
from itertools import chain

import sqlalchemy as sa
from flask import Flask, current_app

from models.account import Account
from models.activity import Session
from models.attendance import Attendance, Way
from models.base import db, new_code
from models.registration import Registration
from models.visit import Once
from services import attendance as attendances
from services.stamp import clock
from services.transaction import transaction
from tests.services.attendance.conftest import Hall
from tests.support import factories as make
from tests.support.crowd import Crowd, in_threads

PROCESSES, THREADS = 2, 3


def read_all(codes: list[str], session_id: int, helper_id: int) -> list[str]:
    """One helper scans every pass."""
    said = []
    for code in codes:
        with transaction():
            session, helper = db.session.get_one(Session, session_id), db.session.get_one(Account, helper_id)
            done = attendances.admit(
                code, session.activity, session, way=Way.CAMERA, by=helper, stamp=make.stamp(helper)
            )
            said.append("again" if done.again else "in")
    return said


def look_then_write(codes: list[str], _session_id: int, _helper_id: int) -> list[str]:
    """What looks right on one's own machine."""
    said = []
    for code in codes:
        try:
            db.session.rollback()
            there = sa.select(sa.func.count()).select_from(Once).where(Once.answer == code)
            if db.session.scalar(there):
                said.append("again")
                continue
            time.sleep(0.02)
            db.session.add(Once(key=new_code(), answer=code, at=clock.now()))
            db.session.commit()
            said.append("in")
        except sa.exc.OperationalError:
            db.session.rollback()
            said.append("failed")
    return said


def helpers(way: str, codes: list[str], session_id: int, helper_id: int) -> list[str]:
    app = current_app._get_current_object()
    work = {"turns": read_all, "naive": look_then_write}[way]
    return list(chain.from_iterable(in_threads(app, THREADS, work, codes, session_id, helper_id)))


def passes(hall: Hall, count: int) -> list[str]:
    with transaction():
        return [make.accepted(hall.tracks[0]).pass_code for _ in range(count)]


def test_one_pass_read_by_many_is_one_row_and_nobody_is_refused(
    context: Flask, crowd: Crowd, hall: Hall
) -> None:
    codes = passes(hall, 10)
    said = list(
        chain.from_iterable(crowd.run(PROCESSES, helpers, "turns", codes, hall.whole.id, hall.helper.id))
    )
    assert len(said) == PROCESSES * THREADS * 10
    assert (said.count("in"), said.count("again")) == (10, len(said) - 10)
    db.session.rollback()
    turns = db.session.execute(
        sa.select(Registration.pass_code, sa.func.count(), sa.func.max(Attendance.turn))
        .join(Registration, Registration.id == Attendance.registration_id)
        .group_by(Registration.pass_code)
    ).all()
    assert sorted(tuple(row) for row in turns) == sorted((code, 1, 1) for code in codes)


def test_looking_first_and_writing_then_lets_somebody_in_twice_or_fails(
    context: Flask, crowd: Crowd, hall: Hall
) -> None:
    """The negative control."""
    codes = passes(hall, 10)
    said = list(
        chain.from_iterable(crowd.run(PROCESSES, helpers, "naive", codes, hall.whole.id, hall.helper.id))
    )
    assert said.count("in") > 10 or said.count("failed") > 0
