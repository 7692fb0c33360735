"""Dividing a class over places, and what a class finds at a slot."""

import datetime as dt

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from models.booking import Grade, Season
from services import booking as bookings
from services.booking import Class, Closure, Fit, terms
from services.stamp import local_moment
from tests.support import season

DAY = dt.timedelta(days=1)


@given(st.integers(1, 300), st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_a_class_is_divided_whole_or_not_at_all(heads: int, places: list[int]) -> None:
    parts = bookings.split(heads, places)
    if parts is None:
        assert sum(places) < heads
        return
    assert sum(parts) == heads
    assert all(0 <= part <= place for part, place in zip(parts, places, strict=True))
    used = sum(part > 0 for part in parts)
    largest = sorted(places, reverse=True)
    assert sum(largest[: used - 1]) < heads  # fewer places would not have done


def test_parts_are_of_equal_size_where_they_can_be() -> None:
    assert bookings.split(45, [48, 24]) == [45, 0]
    assert sorted(bookings.split(45, [24, 24]) or []) == [22, 23]
    assert bookings.split(50, [24, 24]) is None
    assert bookings.split(30, [10, 40]) == [0, 30]


def test_teachers_go_by_pupils_and_by_parts() -> None:
    rules = Season(pupils_a_teacher=20, pupils_a_teacher_secondary=25)
    asked = [
        (Grade.P5, 45, 1, 3),
        (Grade.P5, 40, 1, 2),
        (Grade.J1, 50, 1, 2),
        (Grade.V, 51, 1, 3),
        (Grade.P1, 20, 2, 2),
    ]
    for grade, heads, parts, needed in asked:
        assert terms.teachers_needed(rules, grade, heads, parts) == needed


def test_notice_is_counted_in_working_days_without_closures() -> None:
    rules = Season(notice_days=3, closures=[{"from": "2026-10-01", "to": "2026-10-07", "why": "国庆"}])
    until = terms.may_change_until(rules, local_moment(dt.date(2026, 10, 9), dt.time(9)))  # a Friday
    assert until == dt.date(2026, 9, 29)
    assert not terms.is_late(rules, local_moment(dt.date(2026, 10, 9)), local_moment(until, dt.time(23, 59)))
    assert terms.is_late(rules, local_moment(dt.date(2026, 10, 9)), local_moment(until + DAY))


def test_a_repeat_rule_leaves_out_closures_and_other_weekdays() -> None:
    closed = [Closure(dt.date(2026, 10, 1), dt.date(2026, 10, 7))]
    days = list(terms.days_of(dt.date(2026, 9, 28), dt.date(2026, 10, 12), {0, 3}, closed))
    assert days == [dt.date(2026, 9, 28), dt.date(2026, 10, 8), dt.date(2026, 10, 12)]


def test_what_a_class_finds(context: Flask) -> None:
    house = season.centre(capacity=24)
    (alone,) = house.offer("09:00")
    pair = house.offer("14:00", parallel=2)
    rules = house.season

    def see(slots: list, wanted: Class, when: dt.datetime = house.when) -> tuple[Fit, str]:  # type: ignore[type-arg]
        found = bookings.judge(rules, slots, wanted, when)
        return found.fit, str(found.reason)

    assert see([alone], Class(Grade.P5, 24))[0] is Fit.FITS
    assert see([alone], Class(Grade.P5, 25)) == (Fit.NOT, "剩 24，不够 25 人")
    assert see(pair, Class(Grade.P5, 45))[0] is Fit.SPLITS
    assert see([alone], Class(Grade.P5, 20, visits_left=0)) == (Fit.NOT, "本学期次数已用完")
    assert see([alone], Class(Grade.P5, 20), house.when + 19 * DAY) == (Fit.NOT, "须提前 3 天预约")
    house.theme.grades = frozenset({"P4", "P5", "P6"})
    assert see([alone], Class(Grade.J2, 20)) == (Fit.NOT, "仅限小学 4–6")
    early = house.when - 30 * DAY
    assert (
        see([alone], Class(Grade.P5, 20), early)[0] is Fit.NOT
    )  # 51 days ahead: only for those who go first
    assert see([alone], Class(Grade.P5, 20, is_first=True), early)[0] is Fit.FITS


def test_grades_are_said_as_people_say_them() -> None:
    assert bookings.say_grades(frozenset()) == "不限"
    assert bookings.say_grades(frozenset({"P1", "P2", "P3", "P4", "P5", "P6"})) == "小学"
    assert bookings.say_grades(frozenset({"P4", "P5", "P6", "J1", "J2", "J3"})) == "小学 4–6、初中"
    assert bookings.say_grades(frozenset({"P1", "P3"})) == "小学 1、3"
