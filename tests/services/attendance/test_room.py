"""Self check-in: the code on the screen, for a minute or so, for one's own entry."""

import datetime as dt

import pytest

from models.account import Account
from models.attendance import Direction, Way
from models.registration import State
from services import attendance as attendances
from services.attendance import (
    CheckIn,
    NoEntryHere,
    NotAccepted,
    NotSelfService,
    SelfServiceClosed,
    StaleCode,
    room,
)
from services.errors import TooOften
from services.transaction import transaction
from tests.services.attendance.conftest import HOUR, Hall
from tests.support import factories as make

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def holder(hall: Hall) -> Account:
    with transaction():
        hall.whole.is_self_service = True
        return make.account(hall.entries[0].person)


def send(hall: Hall, by: Account, code: str, when: dt.datetime, **more: object) -> CheckIn:
    with transaction():
        return room.check_in_self(
            hall.whole,
            code,
            by=by,
            stamp=make.stamp(by, when),
            **more,  # type: ignore[arg-type]
        )


def start(hall: Hall) -> dt.datetime:
    """A moment at which the code changes."""
    at = hall.whole.starts_at
    return (
        at + (room.PERIOD - int(at.timestamp()) % room.PERIOD) * SECOND - at.microsecond * SECOND / 1_000_000
    )


@pytest.mark.parametrize("draw", [room.token, room.digits])
def test_a_code_is_good_for_ninety_seconds_at_most(hall: Hall, holder: Account, draw: object) -> None:
    begin = start(hall)
    code = draw(hall.whole, begin)  # type: ignore[operator]
    assert room.is_good(hall.whole, code, begin + 89 * SECOND)
    assert not room.is_good(hall.whole, code, begin + 90 * SECOND)
    assert not room.is_good(hall.whole, code, begin - SECOND), "nor before it was shown"
    assert not room.is_good(hall.second, code, begin), "nor at another sitting"
    with pytest.raises(StaleCode):
        send(hall, holder, code, begin + 90 * SECOND)
    done = send(hall, holder, code, begin + 89 * SECOND)
    assert (done.attendance.way, done.attendance.by, done.attendance.registration) == (
        Way.SELF,
        holder,
        hall.entries[0],
    )


def test_the_screen_says_when_it_changes(hall: Hall) -> None:
    begin = start(hall)
    assert room.seconds_left(begin) == 30
    assert room.seconds_left(begin + 29 * SECOND) == 1
    assert room.digits(hall.whole, begin) != room.digits(hall.whole, begin + 30 * SECOND)
    assert room.digits(hall.whole, begin) == room.digits(hall.whole, begin + 29 * SECOND)


def test_only_where_it_is_open_and_for_ones_own_accepted_entry(hall: Hall, holder: Account) -> None:
    begin = start(hall)
    code = room.token(hall.whole, begin)
    stranger = make.account(make.person())
    with pytest.raises(NoEntryHere):
        send(hall, stranger, code, begin)
    early = begin - 2 * HOUR
    with pytest.raises(SelfServiceClosed):
        send(hall, holder, room.token(hall.whole, early), early)
    with pytest.raises(NotSelfService), transaction():
        room.check_in_self(
            hall.second, room.token(hall.second, begin), by=holder, stamp=make.stamp(holder, begin)
        )
    with transaction():
        hall.entries[2].state = State.SUBMITTED
        waiting = make.account(hall.entries[2].person)
    with pytest.raises(NotAccepted):
        send(hall, waiting, code, begin)
    assert send(hall, holder, code, begin).again is False
    assert send(hall, holder, code, begin).again is True


def test_leaving_by_oneself(hall: Hall, holder: Account) -> None:
    with transaction():
        hall.whole.takes_exit = True
    begin = start(hall)
    send(hall, holder, room.token(hall.whole, begin), begin)
    later = begin + HOUR
    left = send(hall, holder, room.token(hall.whole, later), later, direction=Direction.OUT)
    assert left.attendance.direction is Direction.OUT
    assert attendances.inside(hall.activity, hall.whole) == 0


def test_guessing_is_stopped(hall: Hall, holder: Account) -> None:
    for _try in range(room.TRIES):
        room.admit_try(holder, hall.whole)
    with pytest.raises(TooOften):
        room.admit_try(holder, hall.whole)
    room.admit_try(make.account(), hall.whole)
