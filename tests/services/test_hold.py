"""Places held by several processes at once: never one too many, never one idle (R60). And what happens without."""

import time
from collections.abc import Callable
from itertools import chain

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from models.activity import Track
from models.base import db, new_code
from models.visit import Once
from services import hold
from services.stamp import clock
from services.transaction import transaction
from tests.support import factories as make
from tests.support.crowd import Crowd, in_threads

PROCESSES, THREADS = 2, 4


def hold_one(track_id: int) -> str:
    with transaction():
        track = db.session.get_one(Track, track_id)
        if not hold.take(track):
            return "full"
        db.session.add(Once(key=new_code(), answer=str(track_id), at=clock.now()))
    return "held"


def count_then_insert(track_id: int) -> str:
    """What looks right on one's own machine: look, then write, in an ordinary transaction."""
    try:
        db.session.rollback()
        track = db.session.get_one(Track, track_id)
        taken = db.session.scalar(
            sa.select(sa.func.count()).select_from(Once).where(Once.answer == str(track_id))
        )
        time.sleep(0.01)  # another is always a little faster
        if (taken or 0) >= track.capacity:
            return "full"
        db.session.add(Once(key=new_code(), answer=str(track_id), at=clock.now()))
        db.session.commit()
    except sa.exc.OperationalError:
        db.session.rollback()
        return "failed"
    return "held"


def try_often(way: Callable[[int], str], track_id: int, times: int) -> list[str]:
    return [way(track_id) for _ in range(times)]


def many(way: Callable[[int], str], track_id: int, times: int, busy_timeout: int | None) -> list[str]:
    app = current_app._get_current_object()
    if busy_timeout is not None and db.engine.dialect.name == "sqlite":
        sa.event.listen(
            db.engine, "connect", lambda raw, _record: raw.execute(f"PRAGMA busy_timeout={busy_timeout}")
        )
        db.engine.dispose()
    return list(chain.from_iterable(in_threads(app, THREADS, try_often, way, track_id, times)))


def a_track(capacity: int) -> int:
    with transaction():
        return make.track(capacity=capacity).id


def stored(track_id: int) -> int:
    db.session.rollback()
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(Once).where(Once.answer == str(track_id)))
        or 0
    )


@pytest.mark.parametrize("capacity", [1, 7, 100])
def test_as_many_hold_as_there_are_places(context: Flask, crowd: Crowd, capacity: int) -> None:
    track_id = a_track(capacity)
    outcomes = list(chain.from_iterable(crowd.run(PROCESSES, many, hold_one, track_id, 20, None)))
    assert len(outcomes) == PROCESSES * THREADS * 20
    assert outcomes.count("held") == stored(track_id) == capacity
    assert outcomes.count("full") == len(outcomes) - capacity
    assert db.session.get_one(Track, track_id).taken == capacity


def test_counting_first_oversells_or_fails(context: Flask, crowd: Crowd, database_kind: str) -> None:
    """The negative control: without holding, PostgreSQL sells too many, and SQLite fails in the middle."""
    track_id = a_track(50)
    outcomes = list(chain.from_iterable(crowd.run(PROCESSES, many, count_then_insert, track_id, 20, 0)))
    if database_kind == "postgresql":
        assert stored(track_id) > 50
    else:
        assert outcomes.count("failed") > 0


def test_freed_places_can_be_held_again(context: Flask) -> None:
    track_id = a_track(1)
    assert hold_one(track_id) == "held"
    assert hold_one(track_id) == "full"
    with transaction():
        hold.free(db.session.get_one(Track, track_id))
    assert hold_one(track_id) == "held"


def test_freeing_what_nobody_holds_is_a_bug(context: Flask) -> None:
    track_id = a_track(3)
    with pytest.raises(RuntimeError, match="frees more places"), transaction():
        hold.free(db.session.get_one(Track, track_id))
    assert db.session.get_one(Track, track_id).taken == 0


def test_the_row_itself_refuses_more_than_its_capacity(context: Flask) -> None:
    track_id = a_track(2)
    for wrong in (3, -1):
        with pytest.raises(sa.exc.IntegrityError), transaction() as session:
            session.execute(sa.update(Track).where(Track.id == track_id).values(taken=wrong))


def test_places_of_a_group_are_held_together_or_not_at_all(context: Flask) -> None:
    track_id = a_track(3)
    with transaction():
        track = db.session.get_one(Track, track_id)
        assert not hold.take(track, 4)
        assert track.taken == 0
        assert hold.take(track, 3)
        assert track.taken == 3


def take_pairs(first: int, second: int, times: int) -> int:
    done = 0
    for number in range(times):
        with transaction():
            rows = [db.session.get_one(Track, key) for key in (first, second)]
            wanted = dict.fromkeys(rows if number % 2 else rows[::-1], 1)
            done += hold.take_all(wanted) is None
    return done


def test_holds_on_several_rows_never_wait_for_each_other(context: Flask, crowd: Crowd) -> None:
    """Each process asks for the two in either order; they are held in key order."""
    first, second = a_track(1000), a_track(1000)
    assert sum(crowd.run(PROCESSES, take_pairs, first, second, 40)) == PROCESSES * 40
    assert db.session.get_one(Track, first).taken == PROCESSES * 40


def test_take_all_names_the_row_that_has_too_few(context: Flask) -> None:
    first, second = a_track(5), a_track(1)
    with transaction():
        rows = [db.session.get_one(Track, key) for key in (first, second)]
        assert hold.take_all({rows[0]: 1, rows[1]: 2}) is rows[1]
