"""序时进度: how much of an indicator's period has gone by. Pure.

The day itself counts as gone, so that the last day of a period expects the whole. Yearly targets are not prorated:
the plan names whole calendar years, also the first and the last.
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from models.indicator import CountRule, Indicator, Period, Plan

UNPACED = {CountRule.STOCK, CountRule.RATIO, CountRule.PER_UNIT_MIN, CountRule.TREND}
"""Totals, shares and conditions are judged at their date; part of the time gone says nothing about them."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The period that holds on a day, and the share of it gone by (0 to 1), or None where none is to be expected."""

    starts_on: dt.date
    ends_on: dt.date
    share: Fraction | None
    is_clipped: bool = False
    """A window that the plan's end cuts short stays open at its end: it is not failed."""

    def expected(self, target: float) -> float | None:
        return None if self.share is None else float(target * self.share)


def expected_pace(indicator: Indicator, plan: Plan, day: dt.date) -> Pace:
    """The pace on a day. Before the plan it is that of the first period, after it that of the last."""
    match indicator.period:
        case Period.CUMULATIVE:
            starts_on, ends_on, is_clipped = plan.starts_on, indicator.due, False
        case Period.RATIO:
            starts_on, ends_on, is_clipped = plan.starts_on, indicator.due, False
        case Period.BIENNIAL:
            starts_on, ends_on, is_clipped = _window(plan, _year(plan, day))
        case Period.ANNUAL | Period.TREND | Period.PER_UNIT:
            year = _year(plan, day)
            starts_on, ends_on, is_clipped = dt.date(year, 1, 1), dt.date(year, 12, 31), False
    share = None if indicator.count_rule in UNPACED else gone(starts_on, ends_on, day)
    return Pace(starts_on, ends_on, share, is_clipped)


def gone(starts_on: dt.date, ends_on: dt.date, day: dt.date) -> Fraction:
    """Days from the first to this day, both counted, of all days."""
    days = (ends_on - starts_on).days + 1
    return Fraction(min(max((day - starts_on).days + 1, 0), days), days)


def _year(plan: Plan, day: dt.date) -> int:
    return min(max(day.year, plan.years[0]), plan.years[-1])


def _window(plan: Plan, year: int) -> tuple[dt.date, dt.date, bool]:
    """The two years that hold this one, counted from the plan's first, and whether the plan ends within them."""
    first = year - (year - plan.years[0]) % 2
    end = dt.date(first + 1, 12, 31)
    last = dt.date(plan.years[-1], 12, 31)
    return dt.date(first, 1, 1), min(end, last), end > last
