"""Days and moments are Yongchuan's, wherever the machine believes to be (R72)."""

import datetime as dt
import os
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.worker import slot_of
from models.base import db
from models.person import Person
from models.visit import Tally
from services import words
from services.stamp import Clock, Stamp, local_day, local_moment
from services.transaction import transaction
from tests.support import factories as make

BIRTHS = [dt.date(1986, 7, 1), dt.date(1991, 8, 31), dt.date(2008, 2, 29)]
"""The first fell into a summer time that China no longer has."""


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("zone")
class TestEverywhere:
    def test_the_day_changes_at_midnight_in_yongchuan(self) -> None:
        before = dt.datetime(2026, 12, 31, 15, 59, 59, tzinfo=dt.UTC)
        assert local_day(before) == dt.date(2026, 12, 31)
        assert local_day(before + dt.timedelta(seconds=1)) == dt.date(2027, 1, 1)
        assert Stamp(before).today == dt.date(2026, 12, 31)

    def test_a_local_moment_is_eight_hours_ahead(self) -> None:
        assert local_moment(dt.date(2027, 3, 1), dt.time(9)) == dt.datetime(2027, 3, 1, 1, 0, tzinfo=dt.UTC)
        assert local_day(local_moment(dt.date(2027, 3, 1))) == dt.date(2027, 3, 1)

    def test_moments_are_said_in_local_time(self) -> None:
        start = dt.datetime(2026, 12, 5, 1, 0, tzinfo=dt.UTC)
        assert words.say_moment(start, this_year=2026) == "12月5日 周六 09:00"
        assert words.say_moment(start, this_year=2027) == "2026年12月5日 周六 09:00"
        assert (
            words.say_span(start, start + dt.timedelta(hours=3), this_year=2026) == "12月5日 周六 09:00–12:00"
        )
        assert words.say_span(start, start + dt.timedelta(days=3), this_year=2026) == "12月5日—12月8日"
        assert words.say_day(dt.datetime(2026, 12, 5, 16, 30, tzinfo=dt.UTC), this_year=2026) == "12月6日"
        assert words.say_day(dt.date(2026, 12, 5), this_year=2026) == "12月5日"

    def test_slots_of_jobs_are_local_days(self) -> None:
        moment = dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC)
        assert slot_of(moment, dt.timedelta(days=1)) == "2027-01-01T00:00:00"

    @pytest.mark.parametrize("birth", BIRTHS, ids=str)
    def test_a_birth_date_stays_what_it_was(self, context: Flask, birth: dt.date) -> None:
        with transaction():
            code = make.person(birth_date=birth).code
        db.session.remove()
        assert db.session.scalars(sa.select(Person.birth_date).where(Person.code == code)).one() == birth

    def test_a_moment_stays_what_it_was(self, context: Flask) -> None:
        moment = dt.datetime(2027, 3, 1, 9, 30, 15, 123456, tzinfo=dt.timezone(dt.timedelta(hours=8)))
        with transaction():
            db.session.add(Tally(key="k", count=1, expires_at=moment))
        db.session.remove()
        found = db.session.scalars(sa.select(Tally.expires_at)).one()
        assert found == moment
        assert found.tzinfo is dt.UTC

    def test_ages_turn_on_the_day(self) -> None:
        leap = Person(name="x", birth_date=dt.date(2008, 2, 29))
        assert leap.age_on(dt.date(2026, 2, 28)) == 17
        assert leap.age_on(dt.date(2026, 3, 1)) == 18


def test_a_moment_without_a_zone_is_a_bug(context: Flask) -> None:
    naive = dt.datetime(2027, 3, 1)
    with pytest.raises(sa.exc.StatementError, match="without a zone"), transaction() as session:
        session.add(Tally(key="k", count=1, expires_at=naive))
    with pytest.raises(ValueError, match="without a zone"):
        Clock().set(naive)


def test_a_clock_that_was_started_elsewhere_runs_on() -> None:
    clock = Clock()
    clock.start_at(dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    first = clock.now()
    time.sleep(0.01)
    assert first < clock.now() < first + dt.timedelta(seconds=5)
    assert clock.today() == dt.date(2030, 1, 1)
