"""Leaving: noted after coming only, in turns of its own; and the hours between the two."""

import datetime as dt
import io
from decimal import Decimal

import pytest
import python_calamine

from models.attendance import Attendance, Direction, Way
from models.base import db
from models.registration import Registration
from services import attendance as attendances
from services.attendance import (
    CheckIn,
    HasLeft,
    How,
    NotEntered,
    TakesNoExit,
    attended,
    class_hours,
    hours_sheet,
)
from services.attendance.health import COUNTERS
from services.transaction import transaction
from tests.services.attendance.conftest import HOUR, Hall
from tests.support import factories as make

AT = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def way_out(hall: Hall) -> Hall:
    with transaction():
        hall.whole.takes_exit = True
    return hall


def leave(hall: Hall, entry: Registration, when: dt.datetime | None = None) -> CheckIn:
    with transaction():
        return attendances.note(
            entry,
            hall.whole,
            how=How(Way.TYPED, Direction.OUT),
            by=hall.helper,
            stamp=make.stamp(hall.helper, when),
        )


def undo(hall: Hall, row: Attendance) -> None:
    with transaction():
        attendances.undo(row, "看错了", by=hall.helper, stamp=make.stamp(hall.helper))


def healthy() -> bool:
    return not any(count() for count in COUNTERS.values())


def test_nobody_leaves_who_has_not_come(way_out: Hall) -> None:
    entry = way_out.entries[0]
    with pytest.raises(NotEntered):
        leave(way_out, entry)
    came = way_out.check_in(entry)
    left = leave(way_out, entry)
    assert (left.again, left.attendance.direction) == (False, Direction.OUT)
    assert left.attendance.place == f"{way_out.whole.code}:out"
    assert leave(way_out, entry).attendance == left.attendance
    assert attendances.arrivals([entry])[entry.id] == [came.attendance]
    assert attendances.departures([entry])[entry.id] == [left.attendance]
    assert attendances.inside(way_out.activity, way_out.whole) == 0
    assert healthy()


def test_where_no_exit_is_taken_nobody_leaves(hall: Hall) -> None:
    hall.check_in(hall.entries[0])
    with pytest.raises(TakesNoExit):
        leave(hall, hall.entries[0])


def test_an_entry_is_undone_after_its_leaving(way_out: Hall) -> None:
    entry = way_out.entries[0]
    came, left = way_out.check_in(entry).attendance, leave(way_out, entry).attendance
    with pytest.raises(HasLeft):
        undo(way_out, came)
    undo(way_out, left)
    assert attendances.inside(way_out.activity, way_out.whole) == 1
    again = leave(way_out, entry).attendance
    assert again.turn == 3
    undo(way_out, again)
    undo(way_out, came)
    assert not attendances.was_present(entry)
    assert healthy()


def test_a_leaving_alone_is_no_presence_and_is_counted_as_ill(way_out: Hall) -> None:
    entry = way_out.entries[0]
    with transaction():
        alone = Attendance(
            registration_id=entry.id,
            session_id=way_out.whole.id,
            place=f"{way_out.whole.code}:out",
            direction=Direction.OUT,
            turn=1,
            way=Way.CAMERA,
            device_key="k" * 20,
            at=AT,
        )
        db.session.add(alone)
    assert COUNTERS["attendance.out_without_in"]() == 1
    assert COUNTERS["attendance.times_differ"]() == 1
    assert COUNTERS["attendance.elsewhere"]() == 0
    assert attendances.present_codes(way_out.activity) == set()
    assert not attendances.was_present(entry)


@pytest.mark.parametrize(
    ("came", "left", "hours"),
    [
        (0, 180, "4.0"),
        (-30, 240, "4.0"),  # clipped at both ends
        (0, 45, "1.0"),
        (10, 100, "2.0"),
        (0, 2, "0.0"),
        (0, 3, "0.1"),  # 0.0667
        (200, 210, "0.0"),  # came when it was over
        (None, None, "0.0"),
        (None, 100, "0.0"),
    ],
)
def test_hours_run_from_entry_to_exit_within_the_sitting(
    came: int | None, left: int | None, hours: str
) -> None:
    def at(minute: int | None) -> dt.datetime | None:
        return None if minute is None else AT + minute * MINUTE

    found = attended(AT, AT + 180 * MINUTE, at(came), at(left), takes_exit=True)
    assert found == Decimal(hours)
    assert str(found) == hours


def test_whoever_has_not_left_has_no_hours_yet_and_without_exits_all_of_them() -> None:
    assert attended(AT, AT + 3 * HOUR, AT, None, takes_exit=True) is None
    assert attended(AT, AT + 3 * HOUR, AT + HOUR, None, takes_exit=False) == 4
    assert attended(AT, AT + 3 * HOUR, None, None, takes_exit=False) == 0
    assert class_hours(dt.timedelta(minutes=-5)) == 0


def test_a_whole_list_of_hours(way_out: Hall) -> None:
    first, second = way_out.entries[0], way_out.entries[1]  # the second is of the track with two sittings
    start = way_out.whole.starts_at
    way_out.check_in(first, when=start)
    leave(way_out, first, start + 90 * MINUTE)
    way_out.check_in(second, when=start)
    way_out.check_in(second, way_out.second, when=start)
    rows = {line.registration.code: line for line in attendances.hours_of_activity(way_out.activity)}
    assert set(rows) == {entry.code for entry in way_out.entries}
    assert (rows[first.code].total, rows[first.code].possible) == (Decimal("2.0"), Decimal("10.7"))
    assert way_out.second.id not in rows[first.code].cells
    assert rows[second.code].cells[way_out.whole.id].is_open
    assert rows[second.code].total == Decimal("8.0")
    assert attendances.hours([first, second]) == {first.code: Decimal("2.0"), second.code: Decimal("8.0")}


def test_the_list_of_a_sitting_says_the_hours_of_those_who_left(way_out: Hall) -> None:
    first, second = way_out.entries[:2]
    start = way_out.whole.starts_at
    way_out.check_in(first, when=start)
    way_out.check_in(second, when=start)
    leave(way_out, first, start + 90 * MINUTE)
    found = attendances.roster(way_out.activity, way_out.whole).lines
    by_entry = {line.registration.id: line.hours for line in found}
    assert (by_entry[first.id], by_entry[second.id]) == (Decimal("2.0"), None)


def test_the_hours_go_out_as_a_file(way_out: Hall) -> None:
    first, second = way_out.entries[:2]
    start = way_out.whole.starts_at
    with transaction():
        first.person.name = "=1+1"
    for entry in (first, second):
        way_out.check_in(entry, when=start)
    leave(way_out, first, start + 90 * MINUTE)
    with transaction():
        data = hours_sheet.take(way_out.activity, stamp=make.stamp())
        text = hours_sheet.take(way_out.activity, ending="csv", stamp=make.stamp())
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][:4] == list(hours_sheet.FIRST)
    assert rows[1][-3:] == list(hours_sheet.LAST)
    by_name = {row[1]: row[4:] for row in rows[2:]}
    assert by_name["=1+1"] == ["2.0", "—", "2.0", "10.7", "18%"]
    assert by_name[second.person.name][0] == "未离场"
    assert "'=1+1" in text.decode("utf-8-sig")
