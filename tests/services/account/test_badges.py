"""One-day badges."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Role
from services.account import badges, sign_ins
from services.account.reasons import WrongPin, WrongState
from services.errors import TooOften
from services.stamp import Stamp, local_moment, machine
from services.transaction import transaction
from tests.support.application import Hand as Clock

DAY = dt.date(2026, 12, 5)
ACTIVITY = "0123456789abcdef"


@pytest.fixture
def badge(context: Flask, clock: Clock) -> badges.Badge:
    clock.set(local_moment(DAY, dt.time(8)))
    with transaction():
        return badges.issue(
            ACTIVITY, Role.CHECKIN_HELPER, "陈志远", drawn=badges.draw(), day=DAY, stamp=machine("test")
        )


def test_badge_and_pin_open_a_sign_in_for_the_day(badge: badges.Badge, clock: Clock) -> None:
    account = badges.match(badge.token, badge.pin, clock.now)
    with transaction():
        token = badges.enter(account, stamp=Stamp(clock.now)).token
    row = sign_ins.find(token, clock.now)
    assert row is not None
    assert sign_ins.principal(row, clock.now).roles == {Role.CHECKIN_HELPER}
    assert sign_ins.principal(row, clock.now).second_factor


def test_it_ends_with_the_day(badge: badges.Badge, clock: Clock) -> None:
    end = local_moment(DAY + dt.timedelta(days=1))
    clock.set(end - dt.timedelta(seconds=1))
    with transaction():
        token = badges.enter(badges.match(badge.token, badge.pin, clock.now), stamp=Stamp(clock.now)).token
    assert sign_ins.find(token, clock.now) is not None
    clock.set(end)
    assert sign_ins.find(token, clock.now) is None
    with pytest.raises(WrongPin):
        badges.match(badge.token, badge.pin, clock.now)


def test_a_badge_for_another_day_opens_nothing_yet(context: Flask, clock: Clock) -> None:
    clock.set(local_moment(DAY - dt.timedelta(days=1), dt.time(20)))
    with transaction():
        badge = badges.issue(
            ACTIVITY, Role.CHECKIN_HELPER, "陈志远", drawn=badges.draw(), day=DAY, stamp=machine("test")
        )
    assert badges.find(badge.token, clock.now) is None
    clock.set(local_moment(DAY))
    assert badges.find(badge.token, clock.now) is not None
    with pytest.raises(WrongState), transaction():
        badges.issue(
            ACTIVITY,
            Role.CHECKIN_HELPER,
            "陈志远",
            drawn=badges.draw(),
            day=DAY - dt.timedelta(days=1),
            stamp=machine("test"),
        )


@pytest.mark.parametrize("pin", ["", "000000", "１２３４５６", "x" * 200])
def test_another_pin_opens_nothing(badge: badges.Badge, clock: Clock, pin: str) -> None:
    if pin == badge.pin:
        pin = "111111"
    with pytest.raises(WrongPin):
        badges.match(badge.token, pin, clock.now)
    with pytest.raises(WrongPin):
        badges.match("no such badge", badge.pin, clock.now)


def test_tries_of_a_pin_are_counted(badge: badges.Badge, clock: Clock) -> None:
    for _try in range(badges.TRIES):
        badges.admit(badge.token)
    with pytest.raises(TooOften):
        badges.admit(badge.token)


def test_a_lost_badge_is_withdrawn(badge: badges.Badge, clock: Clock) -> None:
    with transaction():
        token = badges.enter(badges.match(badge.token, badge.pin, clock.now), stamp=Stamp(clock.now)).token
    with transaction():
        badges.withdraw(badge.account, stamp=machine("test"))
    assert sign_ins.find(token, clock.now) is None
    with pytest.raises(WrongPin):
        badges.match(badge.token, badge.pin, clock.now)


def test_no_badge_carries_an_administrator(context: Flask) -> None:
    for role in (Role.SECURITY_ADMIN, Role.ORGANISER, Role.ACTIVITY_APPROVER, Role.CODING_JUDGE):
        with pytest.raises(ValueError, match="badge"), transaction():
            badges.issue(ACTIVITY, role, "陈志远", drawn=badges.draw(), day=DAY, stamp=machine("test"))


def test_neither_token_nor_pin_is_kept(badge: badges.Badge) -> None:
    kept = f"{badge.account.badge_index} {badge.account.password_hash} {badge!r}"
    assert badge.token not in kept
    assert badge.pin not in kept
