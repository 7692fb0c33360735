"""The door: who is let in, who is not and why; once and only once; and back again."""

import datetime as dt

import pytest
import sqlalchemy as sa

from models.activity import State as ActivityState
from models.attendance import Attendance, Way
from models.base import db
from models.registration import State
from services import activity as activities
from services import attendance as attendances
from services import registration as registrations
from services.transaction import transaction
from tests.services.attendance.conftest import HOUR, Hall
from tests.support import factories as make


def rows() -> list[Attendance]:
    return list(db.session.scalars(sa.select(Attendance).order_by(Attendance.id)))


def test_a_second_reading_answers_the_first(hall: Hall) -> None:
    first = hall.check_in(hall.entries[0])
    again = hall.check_in(hall.entries[0], when=make.now() + HOUR)
    assert (first.again, again.again) == (False, True)
    assert again.attendance.id == first.attendance.id
    assert again.when == first.when
    assert len(rows()) == 1


def test_each_sitting_has_its_own_check_in(hall: Hall) -> None:
    both = hall.entries[1]
    assert not hall.check_in(both).again
    assert not hall.check_in(both, hall.second).again
    assert [row.place for row in rows()] == [hall.whole.code, hall.second.code]


def test_an_undone_check_in_can_be_made_anew(hall: Hall) -> None:
    entry = hall.entries[0]
    first = hall.check_in(entry).attendance
    with transaction():
        attendances.undo(first, "认错了人", by=hall.helper, stamp=make.stamp(hall.helper))
    assert not attendances.was_present(entry)
    assert not hall.check_in(entry).again
    assert [(row.turn, row.undoes_id) for row in rows()] == [(1, None), (2, first.id), (3, None)]
    assert attendances.present_codes(hall.activity) == {entry.code}


def test_undoing_needs_words_and_is_done_once(hall: Hall) -> None:
    row = hall.check_in(hall.entries[0]).attendance
    with pytest.raises(attendances.NoReason), transaction():
        attendances.undo(row, " ", by=hall.helper, stamp=make.stamp(hall.helper))
    with transaction():
        attendances.undo(row, "认错了人", by=hall.helper, stamp=make.stamp(hall.helper))
    with pytest.raises(attendances.AlreadyUndone), transaction():
        attendances.undo(row, "认错了人", by=hall.helper, stamp=make.stamp(hall.helper))
    assert len(rows()) == 2


@pytest.mark.parametrize(
    "state", [State.SUBMITTED, State.RETURNED, State.WAITLISTED, State.WITHDRAWN, State.EXPIRED]
)
def test_only_an_accepted_entry_is_let_in(hall: Hall, state: State) -> None:
    with transaction():
        hall.entries[0].state = state
    with pytest.raises(attendances.NotAccepted):
        hall.check_in(hall.entries[0])
    assert rows() == []


def test_a_cancelled_or_archived_activity_has_no_door(hall: Hall) -> None:
    for state in (ActivityState.CANCELLED, ActivityState.ARCHIVED):
        with transaction():
            hall.activity.state = state
        with pytest.raises(attendances.NotOpen):
            hall.check_in(hall.entries[0])
    with transaction():
        hall.activity.state = ActivityState.HELD
    assert not hall.check_in(hall.entries[0]).again, "what was forgotten at the door is made up for"


def test_a_sitting_of_another_track_or_activity_is_refused(hall: Hall) -> None:
    with pytest.raises(attendances.WrongSitting) as no:
        hall.check_in(hall.entries[0], hall.second)
    assert "乙组加试" in str(no.value.sentence)
    with transaction():
        other = make.activity(starts_in=HOUR)
    with pytest.raises(attendances.WrongActivity):
        hall.check_in(hall.entries[0], other.sessions[0])


def test_the_door_opens_a_day_ahead(hall: Hall) -> None:
    with pytest.raises(attendances.TooEarly):
        hall.check_in(hall.entries[0], when=hall.whole.starts_at - dt.timedelta(days=1, seconds=1))
    assert hall.check_in(hall.entries[0], when=hall.whole.starts_at - dt.timedelta(days=1))


def test_nobody_checks_themselves_in(hall: Hall) -> None:
    with transaction():
        own = make.account(hall.entries[0].person)
    with pytest.raises(attendances.OwnPass):
        hall.check_in(hall.entries[0], by=own)


def test_an_activity_without_a_timetable_has_one_door(hall: Hall) -> None:
    with transaction():
        bare = make.activity(starts_in=HOUR)
        db.session.delete(bare.sessions[0])
        entry = make.accepted(make.track(bare))
        by = make.stamp(hall.helper)
        for again in (False, True):
            done = attendances.check_in(entry, None, way=Way.CAMERA, by=hall.helper, stamp=by)
            assert done.again is again
    assert attendances.count(bare, None) == attendances.Tally(1, 1)


def test_a_pass_is_admitted_by_its_link_or_code(hall: Hall) -> None:
    entry = hall.entries[0]

    def admit(text: str) -> attendances.CheckIn:
        with transaction():
            return attendances.admit(
                text, hall.activity, hall.whole, way=Way.CAMERA, by=hall.helper, stamp=make.stamp(hall.helper)
            )

    assert not admit(attendances.pass_link(entry, "https://site.example/")).again
    assert admit(f" {attendances.say_pass(entry)} ").again
    with pytest.raises(attendances.UnknownPass):
        admit("https://site.example/activity/0123456789abcdef")
    with transaction():
        stranger = make.accepted(make.track(make.activity(starts_in=HOUR)))
    with pytest.raises(attendances.WrongActivity):
        admit(stranger.pass_code)


def test_a_withdrawal_and_a_check_in_do_not_both_win(hall: Hall) -> None:
    with transaction():
        registrations.withdraw(hall.entries[0], stamp=make.stamp())
    with pytest.raises(attendances.NotAccepted, match="退出"):
        hall.check_in(hall.entries[0])


def test_a_sitting_with_check_ins_is_not_removed(hall: Hall) -> None:
    hall.check_in(hall.entries[1], hall.second)
    with pytest.raises(activities.HasCheckIns), transaction():
        activities.remove_session(hall.second, stamp=make.stamp())
    with transaction():
        activities.remove_session(hall.whole, stamp=make.stamp())


def test_the_database_lets_no_check_in_be_changed_or_taken_out(hall: Hall) -> None:
    hall.check_in(hall.entries[0])
    for spoil in (sa.update(Attendance).values(way=Way.LIST), sa.delete(Attendance)):
        with pytest.raises(sa.exc.DBAPIError), transaction():
            db.session.execute(spoil)
    assert len(rows()) == 1
