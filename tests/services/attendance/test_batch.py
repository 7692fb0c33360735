"""Checking in many at once: the same rules as one by one, all or none."""

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Way
from models.base import db
from services import attendance as attendances
from services.transaction import transaction
from tests.services.attendance.conftest import Hall
from tests.support import factories as make


def all_of(hall: Hall) -> int:
    with transaction():
        return attendances.check_in_all(
            hall.entries, hall.whole, way=Way.LIST, by=hall.helper, stamp=make.stamp(hall.helper)
        )


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count(Attendance.id))) or 0


def test_whoever_was_checked_in_before_stays_so(hall: Hall) -> None:
    hall.check_in(hall.entries[0])
    assert all_of(hall) == len(hall.entries) - 1
    assert all_of(hall) == 0
    assert count() == len(hall.entries)
    assert attendances.present_codes(hall.activity) == {entry.code for entry in hall.entries}


def test_an_undone_one_is_made_anew(hall: Hall) -> None:
    first = hall.check_in(hall.entries[0])
    with transaction():
        attendances.undo(first.attendance, "误扫", by=hall.helper, stamp=make.stamp(hall.helper))
    assert all_of(hall) == len(hall.entries)
    assert max(db.session.scalars(sa.select(Attendance.turn))) == 3


def test_one_who_may_not_stops_all(hall: Hall) -> None:
    with pytest.raises(attendances.WrongSitting), transaction():
        attendances.check_in_all(
            hall.entries, hall.second, way=Way.LIST, by=hall.helper, stamp=make.stamp(hall.helper)
        )
    assert count() == 0
