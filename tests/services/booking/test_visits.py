"""A visit from the kept places to the fact, and what may go otherwise."""

import datetime as dt

import pytest
from flask import Flask

from models.base import db
from models.booking import Booking, Grade, Slot, SlotState, State
from models.notification import Channel, Message
from models.participation import Participation
from services import booking as bookings
from services.booking import refusals
from services.booking.refusals import (
    AlreadyBooked,
    DoesNotFit,
    HoldOver,
    MustSayWhy,
    NoParallel,
    NotAgreed,
    NotComplete,
    OwnBooking,
    Settled,
    TooFewTeachers,
    TooLate,
)
from services.participation import stands
from services.transaction import transaction
from tests.support import factories as make
from tests.support import season
from tests.support.season import Centre, Pupils, details

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def taken(*slots: Slot) -> list[int]:
    db.session.expire_all()
    return [slot.taken for slot in slots]


def facts() -> list[tuple[str, int]]:
    rows = db.session.query(Participation).filter(stands()).order_by(Participation.id)
    return [(row.outcome.value, row.heads) for row in rows]


def told(kind: str) -> int:
    return db.session.query(Message).filter_by(kind=kind, channel=Channel.INBOX).count()


@pytest.fixture
def house(context: Flask) -> Centre:
    return season.centre()


@pytest.fixture
def first(house: Centre) -> Pupils:
    return season.school()


def test_places_are_kept_filled_in_sent_and_confirmed(house: Centre, first: Pupils) -> None:
    (slot,) = house.offer("09:00")
    (row,) = house.keep(slot, first, 40)
    assert (row.state, taken(slot)) == (State.HELD, [40])
    with transaction(), pytest.raises(NotComplete):
        bookings.send(
            [row], agreed=True, by=first.teacher, is_manager=False, stamp=house.stamp(first.teacher)
        )
    with transaction(), pytest.raises(TooFewTeachers) as few:
        bookings.fill([row], details(40, teachers=1), stamp=house.stamp())
    assert str(few.value.sentence) == "每 20 名学生至少 1 名，40 人需要 2 名"
    with transaction():
        bookings.fill([row], details(45), stamp=house.stamp())
    assert taken(slot) == [45]
    with pytest.raises(DoesNotFit), transaction():
        bookings.fill([row], details(49), stamp=house.stamp())
    assert taken(slot) == [45]  # nothing was lost
    with transaction(), pytest.raises(NotAgreed):
        bookings.send([row], agreed=False, by=first.teacher, is_manager=False, stamp=house.stamp())
    with transaction():
        bookings.send(
            [row], agreed=True, by=first.teacher, is_manager=False, stamp=house.stamp(first.teacher)
        )
        bookings.confirm([row], by=house.staff, stamp=house.stamp(house.staff))
    assert (row.state, taken(slot)) == (State.CONFIRMED, [45])
    assert told("booking.confirmed")
    with transaction(), pytest.raises(Settled):
        bookings.confirm([row], by=house.staff, stamp=house.stamp(house.staff))


def test_kept_places_come_free_by_themselves_or_by_another_choice(house: Centre, first: Pupils) -> None:
    slot, other = house.offer("09:00", "14:00")
    (row,) = house.keep(slot, first, 40)
    house.keep(other, first, 30)
    assert taken(slot, other) == [0, 30]
    assert row.state is State.LAPSED
    (kept,) = db.session.query(Booking).filter_by(state=State.HELD)
    late = house.stamp(first.teacher, 16 * dt.timedelta(minutes=1))
    with transaction(), pytest.raises(HoldOver):
        bookings.fill([kept], details(30), stamp=late)
    assert bookings.lapse_due(stamp=house.stamp()) == 0
    assert bookings.lapse_due(stamp=late) == 1
    assert taken(slot, other) == [0, 0]


def test_a_class_is_in_a_slot_once(house: Centre, first: Pupils) -> None:
    (slot,) = house.offer("09:00", theme=house.theme)
    with transaction():
        slot.capacity = 100
    house.send(slot, first, 30, "2")
    (again,) = house.keep(slot, first, 30)
    with pytest.raises(AlreadyBooked), transaction():
        bookings.fill([again], details(30, "2"), stamp=house.stamp())
    with transaction():
        bookings.fill([again], details(30, "3"), stamp=house.stamp())
    assert taken(slot) == [60]


def test_a_class_is_split_over_parallel_slots_and_shares_its_fate(house: Centre, first: Pupils) -> None:
    pair = house.offer("09:00", parallel=2)
    rows = house.send(pair[0], first, 60)
    assert sorted(row.heads for row in rows) == [30, 30]
    assert taken(*pair) == [30, 30]
    record = bookings.record_of(house.season, first.school)
    assert (record.visits, record.left) == (1, 5)
    with transaction():
        bookings.confirm(bookings.parts_of(rows[0]), by=house.staff, stamp=house.stamp(house.staff))
    assert {row.state for row in rows} == {State.CONFIRMED}
    with transaction():
        bookings.call_off([pair[0]], "设备检修", stamp=house.stamp(house.staff))
    assert {row.state for row in rows} == {State.CALLED_OFF}
    assert taken(*pair) == [0, 0]
    assert told("booking.called_off") == 1


def test_the_schools_own_manager_may_want_to_see_it_first(house: Centre) -> None:
    own = season.school(needs_approval=True)
    (slot,) = house.offer("09:00")
    rows = house.send(slot, own)
    assert rows[0].state is State.APPROVAL
    assert told("booking.approval") == 1
    with transaction(), pytest.raises(Settled):
        bookings.confirm(rows, by=house.staff, stamp=house.stamp(house.staff))
    with transaction():
        bookings.approve(rows, by=own.manager, stamp=house.stamp(own.manager))
    assert rows[0].state is State.REQUESTED


def test_late_is_late_and_three_working_days_before_is_not(house: Centre, first: Pupils) -> None:
    slot, other = house.offer("09:00", "14:00")  # a Monday: the Wednesday before is the last day
    rows, late = house.confirm(slot, first, 40, "1"), house.confirm(other, first, 40, "2")
    with transaction():
        bookings.cancel(rows, stamp=house.stamp(first.teacher, 16 * DAY))
        bookings.cancel(late, stamp=house.stamp(first.teacher, 17 * DAY))
    assert (rows[0].state, late[0].state) == (State.CANCELLED, State.LATE_CANCELLED)
    assert bookings.record_of(house.season, first.school).visits == 1


def test_a_visit_moves_with_all_that_was_said(house: Centre, first: Pupils) -> None:
    slot, other = house.offer("09:00", "14:00")
    rows = house.confirm(slot, first, 40)
    with transaction():
        made = bookings.move(rows, other, stamp=house.stamp(first.teacher))
    assert (rows[0].state, made[0].state) == (State.CANCELLED, State.REQUESTED)
    assert (made[0].classes, made[0].contact, made[0].heads) == ("2", "19900009999", 40)
    assert taken(slot, other) == [0, 40]
    with transaction():
        bookings.confirm(made, by=house.staff, stamp=house.stamp(house.staff))
    with transaction(), pytest.raises(TooLate):
        bookings.move(made, slot, stamp=house.stamp(first.teacher, 17 * DAY))


def test_whoever_waits_gets_what_comes_free_in_order(house: Centre, first: Pupils) -> None:
    (slot,) = house.offer("09:00")
    rows = house.confirm(slot, first, 40)
    schools = [season.school(), season.school(), season.school()]
    waits = []
    for own, heads in zip(schools, (48, 20, 28), strict=True):
        with transaction():
            waits.append(
                bookings.wait(
                    slot, Grade.P5, heads, school=own.school, by=own.teacher, stamp=house.stamp(own.teacher)
                )
            )
    assert [bookings.place_of(row) for row in waits] == [1, 2, 3]
    with transaction():
        bookings.cancel(rows, stamp=house.stamp(first.teacher))
    assert [row.state for row in waits] == [State.HELD, State.WAITING, State.WAITING]
    assert taken(slot) == [48]
    assert told("booking.offered") == 1
    assert bookings.lapse_due(stamp=house.stamp(later=49 * HOUR)) == 1
    assert [row.state for row in waits] == [State.LAPSED, State.HELD, State.HELD]
    assert taken(slot) == [48]


def test_those_who_go_first_stand_first_in_line(house: Centre, first: Pupils) -> None:
    slot, other = house.offer("09:00", "14:00")
    rows = house.confirm(slot, first, 40)
    old, rural = season.school(), season.school(is_rural=True)
    house.send(other, old, 20)
    for own in (old, rural):
        with transaction():
            bookings.wait(
                slot, Grade.P5, 40, school=own.school, by=own.teacher, stamp=house.stamp(own.teacher)
            )
    with transaction():
        bookings.cancel(rows, stamp=house.stamp(first.teacher))
    (got,) = db.session.query(Booking).filter_by(state=State.HELD)
    assert got.organisation_id == rural.unit.id


def test_weather_calls_all_off_at_once_and_other_times_are_shown(house: Centre, first: Pupils) -> None:
    morning, afternoon = house.offer("09:00", "14:00")
    (later,) = house.offer("09:00", days=1)
    second = season.school()
    rows = house.confirm(morning, first, 40), house.confirm(afternoon, second, 48)
    with transaction():
        bookings.call_off([morning, afternoon], "暴雨红色预警", stamp=house.stamp(house.staff))
    assert {row.state for parts in rows for row in parts} == {State.CALLED_OFF}
    assert told("booking.called_off") == 2
    shown = bookings.alternatives(rows[0][0], house.when)
    assert [group[0].id for group in shown] == [later.id]
    with transaction():
        made = bookings.move(rows[0], later, stamp=house.stamp(first.teacher))
    assert made[0].state is State.REQUESTED
    assert bookings.alternatives(rows[1][0], house.when) == []
    assert bookings.record_of(house.season, second.school).visits == 0


def test_too_few_are_put_together_or_called_off(context: Flask) -> None:
    house = season.centre(capacity=40, least=20)
    pair = house.offer("09:00", parallel=2)
    (alone,) = house.offer("14:00")
    one, two, three = season.school(), season.school(), season.school()
    house.confirm(pair[0], one, 10)
    house.confirm(pair[1], two, 21)  # the first is not empty, so this went beside it
    row = house.confirm(alone, three, 10)[0]
    assert sum(taken(*pair)) == 31
    small = bookings.small(pair)
    assert len(small) in (0, 1)
    with transaction(), pytest.raises(NoParallel):
        bookings.merge(alone, stamp=house.stamp(house.staff))
    assert bookings.decide_small(stamp=house.stamp(later=18 * DAY)) == 0
    assert bookings.decide_small(stamp=house.stamp(later=19 * DAY)) == len(small) + 1
    db.session.expire_all()
    assert (alone.state, row.state) == (SlotState.CALLED_OFF, State.CALLED_OFF)
    assert sum(slot.taken for slot in pair if slot.state is SlotState.OPEN) == 31


def test_the_true_head_count_becomes_the_fact(house: Centre, first: Pupils) -> None:
    (slot,) = house.offer("09:00")
    second = season.school()
    came, absent = house.confirm(slot, first, 20)[0], house.confirm(slot, second, 20)[0]
    day = house.stamp(later=21 * DAY)
    with transaction(), pytest.raises(refusals.NotYet):
        bookings.arrive(came, 18, 2, by=first.teacher, stamp=house.stamp())
    with transaction():
        bookings.arrive(came, 18, 2, by=first.teacher, stamp=day)
    with transaction(), pytest.raises(refusals.NotOver):
        bookings.close(slot, stamp=day)
    with transaction():
        bookings.close(slot, stamp=house.stamp(later=21 * DAY + 2 * HOUR))
    assert (came.state, absent.state, slot.state) == (State.COMPLETED, State.NO_SHOW, SlotState.CLOSED)
    assert facts() == [("completed", 18), ("activity_held", 18)]
    with transaction():
        bookings.correct(absent, 20, "老师忘了签", stamp=house.stamp(later=22 * DAY))
    assert sorted(facts()) == [("activity_held", 38), ("completed", 18), ("completed", 20)]
    with transaction():
        bookings.correct(came, 0, "登记错了学校", stamp=house.stamp(later=22 * DAY))
    assert sorted(facts()) == [("activity_held", 20), ("completed", 20)]


def test_who_stayed_away_twice_is_confirmed_with_a_reason_only(house: Centre, first: Pupils) -> None:
    for number, slot in enumerate(house.offer("09:00", "10:30")):
        house.confirm(slot, first, 20, str(number))
        with transaction():
            bookings.close(slot, stamp=house.stamp(later=22 * DAY))
    (slot,) = house.offer("14:00")
    rows = house.send(slot, first, 20)
    assert bookings.is_watched(rows[0])
    with transaction(), pytest.raises(MustSayWhy):
        bookings.confirm(rows, by=house.staff, stamp=house.stamp(house.staff))
    with transaction():
        bookings.confirm(rows, "已与校长通话", by=house.staff, stamp=house.stamp(house.staff))
    assert rows[0].note == "已与校长通话"


def test_nobody_confirms_their_own(house: Centre, first: Pupils) -> None:
    (slot,) = house.offer("09:00")
    rows = house.send(slot, first)
    with transaction(), pytest.raises(OwnBooking):
        bookings.confirm(rows, by=first.teacher, stamp=house.stamp(first.teacher))


def test_a_citizen_comes_alone_and_once(house: Centre, first: Pupils) -> None:
    with transaction():
        house.theme.takes_citizens = True
    (slot,) = house.offer("09:00")

    def book() -> Booking:
        with transaction():
            return bookings.book_single(
                slot, contact_name="李四", contact="19900001234", by=first.teacher, stamp=house.stamp()
            )

    assert book().state is State.CONFIRMED
    with pytest.raises(AlreadyBooked):
        book()
    assert taken(slot) == [1]


def test_thirty_days_later_nothing_of_the_contact_is_left(house: Centre, first: Pupils) -> None:
    (slot,) = house.offer("09:00")
    (row,) = house.confirm(slot, first, 40)
    with transaction():
        assert bookings.forget(stamp=house.stamp(later=51 * DAY)) == 0
        assert bookings.forget(stamp=house.stamp(later=51 * DAY + 2 * HOUR)) == 1
        assert bookings.forget(stamp=house.stamp(later=52 * DAY)) == 0
    db.session.expire_all()
    assert (row.contact_name, row.contact, row.heads, row.classes) == ("", None, 40, "2")


def test_an_activity_that_is_called_off_ends_what_is_booked_in_it(house: Centre, first: Pupils) -> None:
    (slot,), (later,) = house.offer("09:00"), house.offer("09:00", days=1)
    (row,) = house.confirm(slot, first)
    (asked,) = house.send(later, first, classes="3")
    with transaction():
        ended = bookings.end_season(house.activity, "场馆维修", stamp=house.stamp(house.staff))
    assert {each.code for each in ended} == {row.code, asked.code}
    db.session.expire_all()
    assert {row.state, asked.state} == {State.CALLED_OFF}
    assert (slot.state, later.state) == (SlotState.CALLED_OFF, SlotState.CALLED_OFF)
    assert told("booking.called_off") == 2
    with transaction():
        assert bookings.end_season(make.activity(), "没有预约", stamp=house.stamp(house.staff)) == []
