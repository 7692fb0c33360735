"""The list of a sitting: who is expected, who is there; found by name or last digits; and what waits today."""

import datetime as dt

from models.account import Role, ScopeKind
from services import attendance as attendances
from services import registration as registrations
from services.stamp import local_day, local_moment
from services.transaction import transaction
from tests.services.attendance.conftest import HOUR, Hall
from tests.support import factories as make
from tests.support.staff import principal_of


def codes(found: attendances.Roster) -> list[str]:
    return [line.registration.code for line in found.lines]


def test_the_newest_arrivals_stand_first(hall: Hall) -> None:
    a, b, c, d = hall.entries
    hall.check_in(c)
    hall.check_in(b, when=make.now() + HOUR)
    found = attendances.roster(hall.activity, hall.whole)
    assert codes(found) == [entry.code for entry in (b, c, a, d)]
    assert [line.attendance is not None for line in found.lines] == [True, True, False, False]
    assert attendances.count(hall.activity, hall.whole) == attendances.Tally(2, 4)
    assert codes(attendances.roster(hall.activity, hall.whole, here=True)) == [b.code, c.code]
    assert codes(attendances.roster(hall.activity, hall.whole, here=False)) == [a.code, d.code]
    assert codes(attendances.roster(hall.activity, hall.whole, size=3, page=2)) == [d.code]


def test_a_sitting_of_one_track_expects_that_track(hall: Hall) -> None:
    assert codes(attendances.roster(hall.activity, hall.second)) == [e.code for e in hall.entries[1::2]]
    assert attendances.count(hall.activity, hall.second) == attendances.Tally(0, 2)
    assert attendances.sittings(hall.activity, hall.tracks[0]) == [hall.whole]


def test_who_withdrew_is_expected_no_more(hall: Hall) -> None:
    with transaction():
        registrations.withdraw(hall.entries[0], stamp=make.stamp())
    assert attendances.count(hall.activity, hall.whole) == attendances.Tally(0, 3)


def test_people_are_found_by_name_and_by_last_digits(hall: Hall) -> None:
    entry = hall.entries[2]
    document = entry.person.document
    assert document is not None
    for text in (entry.person.name, document.number[-6:].lower(), (entry.person.phone or "")[-4:]):
        assert entry.code in codes(attendances.roster(hall.activity, hall.whole, text=text))
    assert codes(attendances.roster(hall.activity, hall.whole, text="%")) == []
    assert codes(attendances.roster(hall.activity, hall.whole, text=document.number[:6])) == []


def test_the_sitting_of_now_is_chosen(hall: Hall) -> None:
    sessions, start = hall.activity.sessions, hall.whole.starts_at
    assert attendances.usual_sitting(sessions, start - HOUR) is hall.whole
    assert attendances.usual_sitting(sessions, start - dt.timedelta(days=40)) is hall.whole
    assert attendances.usual_sitting(sessions, start + dt.timedelta(days=40)) is hall.second
    assert attendances.usual_sitting([], start) is None


def test_what_waits_are_todays_sittings_of_ones_own_activities(hall: Hall) -> None:
    today = hall.whole.starts_at
    own = principal_of(hall.helper)
    first = attendances.waiting(own, now=today)[0]
    assert (first.count, first.values["session"], first.is_urgent) == (4, hall.whole.code, True)
    assert "已到 0/4" in str(first.detail)
    for entry in hall.entries:
        hall.check_in(entry)
    later = hall.second.starts_at  # another day, where the hall opens late in the evening
    assert [row.values["session"] for row in attendances.waiting(own, now=later)] == [hall.second.code]
    assert attendances.waiting(own, now=today - dt.timedelta(days=3)) == []
    with transaction():
        stranger, reviewer = make.account(make.person()), make.account(make.person())
        make.grant(stranger, Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, make.activity(starts_in=HOUR).code)
        make.grant(reviewer, Role.REVIEWER, ScopeKind.ACTIVITY, hall.activity.code)
    assert attendances.waiting(principal_of(stranger), now=today) == []
    assert attendances.waiting(principal_of(reviewer), now=today) == []


def test_a_sitting_right_after_midnight_is_on_the_desk_before_it(hall: Hall) -> None:
    midnight = local_moment(local_day(hall.whole.starts_at) + dt.timedelta(days=1))
    with transaction():
        hall.whole.starts_at, hall.whole.ends_at = midnight + HOUR / 2, midnight + 2 * HOUR
        hall.second.starts_at, hall.second.ends_at = midnight + 9 * HOUR, midnight + 10 * HOUR
    own = principal_of(hall.helper)
    assert [row.values["session"] for row in attendances.waiting(own, now=midnight - HOUR / 2)] == [
        hall.whole.code
    ]
    assert attendances.waiting(own, now=midnight - 4 * HOUR) == []
