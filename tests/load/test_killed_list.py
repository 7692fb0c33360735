"""A process that dies by SIGKILL inside the open transaction of a list: nothing is entered, and a retry finishes it.

It is stopped at named statements, so that the kill falls where it is meant to. The control commits in parts.
"""

import os
import signal
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account
from models.activity import Track
from models.base import db
from models.intake import Intake, State
from models.person import Category, Person
from models.registration import Registration, Source
from services import intake as intakes
from services import invariants
from services import registration as registrations
from services.registration import Candidate, Entry
from services.transaction import transaction
from tests.services.intake.conftest import unit_of
from tests.support import factories as make
from tests.support import lists
from tests.support.crowd import Crowd

ROWS, PART = 60, 20
COMMIT = "COMMIT"
STOPS = (
    "INSERT INTO person ",
    "INSERT INTO registration ",
    "INSERT INTO answer ",
    "UPDATE intake_line ",
    COMMIT,
)


def stop_at(stop: str, times: int, sign: Path) -> None:
    """Stand still for ever after a statement, or before a commit, once there were entries in its transaction."""
    seen: list[str] = []

    def halt() -> None:
        sign.touch()
        time.sleep(600)

    def said(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO registration "):
            seen.append(statement)
        is_here = statement.startswith(stop) and (seen or not stop.startswith("UPDATE"))
        if is_here and (len(seen) >= times or times == 1):
            halt()

    def commits(_connection: object) -> None:
        if seen and stop == COMMIT:
            halt()

    sa.event.listen(db.engine, "after_cursor_execute", said)
    sa.event.listen(db.engine, "commit", commits)


def work_off(id: int, stop: str = "", sign: str = "") -> str:
    if stop:
        stop_at(stop, 1, Path(sign))
    by = db.session.scalars(sa.select(Account)).first()
    intakes.work(id, stamp=make.stamp(by))
    return db.session.get_one(Intake, id).state.value


def in_parts(track_id: int, sign: str) -> None:
    """The control: what enters part by part, each durable by itself, and keeps no mark of how far it came."""
    stop_at("INSERT INTO registration ", 2, Path(sign))
    for _part in range(ROWS // PART):
        with transaction():
            track = db.session.get_one(Track, track_id)
            people = [make.person(documented=False) for _ in range(PART)]
            registrations.register_batch(
                [Candidate(track, person, Entry(category=Category.OTHER)) for person in people],
                by=None,
                source=Source.IMPORT,
                stamp=make.stamp(),
            )


def kill_there(process: BaseProcess, sign: Path) -> None:
    """Wait until the process stands where it was to stop, and end it without a word."""
    end = time.monotonic() + 60
    while not sign.exists():
        assert process.is_alive(), "it ended before it came there"
        assert time.monotonic() < end, "it never came there"
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(20)
    assert process.exitcode == -signal.SIGKILL


def entered() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) or 0


def known() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def wrong() -> dict[str, int]:
    return {name: count for name, count in invariants.count().items() if count}


@pytest.mark.parametrize("stop", STOPS, ids=["people", "entries", "answers", "rows", "before the commit"])
def test_killed_in_the_open_transaction_nobody_is_entered_and_a_retry_finishes(
    context: Flask, crowd: Crowd, tmp_path: Path, stop: str
) -> None:
    unit = unit_of(2 * ROWS)
    intake = unit.send(lists.workbook(lists.people(ROWS)))
    with transaction():
        intakes.enter(intake, only_good=True, by=unit.manager, stamp=unit.stamp)
    id, before = intake.id, known()
    db.session.rollback()
    sign = tmp_path / "there"
    (process,) = crowd.begin(1, work_off, id, stop, str(sign))
    kill_there(process, sign)
    assert (entered(), known()) == (0, before)
    assert db.session.get_one(Intake, id).state is State.ENTERING
    assert unit.track.taken == 0
    assert not wrong()
    db.session.rollback()
    assert crowd.run(1, work_off, id) == [State.ENTERED.value]
    assert (entered(), known()) == (ROWS, before + ROWS)
    assert crowd.run(1, work_off, id) == [State.ENTERED.value]
    assert (entered(), known(), unit.track.taken) == (ROWS, before + ROWS, ROWS)
    assert not wrong()


def test_what_commits_in_parts_leaves_halves(context: Flask, crowd: Crowd, tmp_path: Path) -> None:
    """The control: under the very same kill."""
    with transaction():
        track_id = make.track(capacity=2 * ROWS, needs_document=False).id
    sign = tmp_path / "there"
    (process,) = crowd.begin(1, in_parts, track_id, str(sign))
    kill_there(process, sign)
    assert entered() == PART
