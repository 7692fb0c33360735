"""When a school may book, how many teachers a class needs, until when it may change its mind. Pure (domain.md 3.3)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.booking import Grade, Season
from services.stamp import local_day

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closure:
    """Days without visits, both included."""

    first: dt.date
    last: dt.date
    why: str = ""

    def covers(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def closures_of(season: Season) -> list[Closure]:
    return [
        Closure(dt.date.fromisoformat(each["from"]), dt.date.fromisoformat(each["to"]), each.get("why", ""))
        for each in season.closures
    ]


def teachers_needed(season: Season, grade: Grade, heads: int, parts: int = 1) -> int:
    """At least one for every so many pupils, and one with each part of a class that was split."""
    ratio = season.pupils_a_teacher if grade.is_primary else season.pupils_a_teacher_secondary
    return max(parts, -(-heads // ratio))


def opens_on(season: Season, day: dt.date, *, is_first: bool) -> dt.date:
    """From which day on a slot of that day may be booked; those who go first may earlier."""
    ahead = season.days_most if is_first else max(season.days_least, season.days_most - season.first_days)
    return day - ahead * DAY


def closes_on(season: Season, day: dt.date) -> dt.date:
    """The last day on which a slot of that day may be booked."""
    return day - season.days_least * DAY


def may_change_until(season: Season, starts_at: dt.datetime) -> dt.date:
    """The last day on which a visit is changed or cancelled without its being late: so many working days before.

    A working day is one from Monday to Friday on which the centre is not closed.
    """
    closed = closures_of(season)
    day, left = local_day(starts_at), season.notice_days
    while left > 0:
        day -= DAY
        if day.weekday() < 5 and not any(each.covers(day) for each in closed):
            left -= 1
    return day


def is_late(season: Season, starts_at: dt.datetime, moment: dt.datetime) -> bool:
    return local_day(moment) > may_change_until(season, starts_at)


def decided_on(season: Season, starts_at: dt.datetime) -> dt.date:
    """The day on which a slot with too few pupils is cancelled."""
    return local_day(starts_at) - season.decide_days * DAY


def days_of(
    first: dt.date, last: dt.date, weekdays: Iterable[int], closures: Sequence[Closure]
) -> Iterator[dt.date]:
    """The days of a repeat rule: those weekdays (0 is Monday) between two days, both included, but closures."""
    wanted = set(weekdays)
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if day.weekday() in wanted and not any(each.covers(day) for each in closures):
            yield day
