"""Tallies are exact, whoever counts, and say when to come back (R04)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.visit import Tally
from services import throttle
from services.errors import TooOften
from services.stamp import clock as clocks
from services.transaction import transaction
from tests.support.application import Hand
from tests.support.crowd import Crowd

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def knock(times: int, *limits: tuple[str, int, dt.timedelta]) -> int:
    """How many of so many tries were admitted."""
    admitted = 0
    for _ in range(times):
        try:
            throttle.admit(*limits)
        except TooOften:
            continue
        admitted += 1
    return admitted


def test_four_processes_are_admitted_exactly_as_often_as_the_limit_says(context: Flask, crowd: Crowd) -> None:
    limits = (("sms:number", 37, HOUR), ("sms:all", 1000, HOUR))
    assert sum(crowd.run(4, knock, 50, *limits)) == 37
    db.session.rollback()
    counts = dict(db.session.execute(sa.select(Tally.key, Tally.count)).all())
    assert counts == {"sms:number": 200, "sms:all": 200}, "a refused try counts too"


def test_limits_in_either_order_never_wait_for_each_other(context: Flask, crowd: Crowd) -> None:
    one, two = ("a", 10_000, HOUR), ("b", 10_000, HOUR)
    assert sum(crowd.run(2, knock_both_ways, one, two)) == 120


def knock_both_ways(one: tuple[str, int, dt.timedelta], two: tuple[str, int, dt.timedelta]) -> int:
    return sum(knock(1, *((one, two) if number % 2 else (two, one))) for number in range(60))


def test_the_refusal_says_when_to_come_back(context: Flask, clock: Hand) -> None:
    clock.set(dt.datetime(2027, 3, 1, 1, 0, tzinfo=dt.UTC))
    assert knock(3, ("k", 3, MINUTE)) == 3
    clock.advance(seconds=20)
    with pytest.raises(TooOften) as refused:
        throttle.admit(("k", 3, MINUTE))
    assert refused.value.retry_after == 41
    clock.advance(seconds=41)
    assert knock(4, ("k", 3, MINUTE)) == 3


def test_the_longest_wait_is_told(context: Flask, clock: Hand) -> None:
    clock.set(dt.datetime(2027, 3, 1, 1, 0, tzinfo=dt.UTC))
    knock(1, ("minute", 1, MINUTE), ("hour", 1, HOUR))
    with pytest.raises(TooOften) as refused:
        throttle.admit(("minute", 1, MINUTE), ("hour", 1, HOUR))
    assert refused.value.retry_after == 3601


def test_a_tally_can_start_anew(context: Flask) -> None:
    assert knock(5, ("k", 2, HOUR)) == 2
    throttle.forget("k")
    assert knock(5, ("k", 2, HOUR)) == 2


def test_ended_tallies_are_swept_and_others_stay(context: Flask, clock: Hand) -> None:
    clock.set(dt.datetime(2027, 3, 1, 1, 0, tzinfo=dt.UTC))
    knock(1, ("short", 9, MINUTE))
    knock(1, ("long", 9, HOUR))
    clock.advance(minutes=5)
    with transaction():
        assert throttle.sweep(now=clocks.now()) == 1
    assert list(db.session.scalars(sa.select(Tally.key))) == ["long"]
