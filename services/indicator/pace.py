"""序时进度: how much of an indicator's period has gone by. Pure.

The day itself counts as gone, so that the last day of a period expects the whole. Yearly targets are not
prorated: the plan names whole calendar years, also the first and the last.
"""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from models.indicator import CountRule, Indicator, Period, Plan

UNPACED = {CountRule.STOCK, CountRule.RATIO, CountRule.PER_UNIT_MIN, CountRule.TREND}
"""Totals, shares and conditions are judged at their date; part of the time gone says nothing about them."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The period that holds on a day, and the share of it gone by (0 to 1); None where none is expected."""

    starts_on: dt.date
    ends_on: dt.date
    share: Fraction | None
    is_clipped: bool = False
    """A window that the plan's end cuts short stays open at its end: it is not failed."""

    def expected(self, target: float) -> float | None:
        return None if self.share is None else float(target * self.share)


def expected_pace(indicator: Indicator, plan: Plan, day: dt.date) -> Pace:
    """The pace on a day. Before the plan it is that of the first period, after it that of the last."""
    starts_on, ends_on, is_clipped = _period(
        indicator, plan, min(max(day.year, plan.years[0]), plan.years[-1])
    )
    share = None if indicator.count_rule in UNPACED else gone(starts_on, ends_on, day)
    return Pace(starts_on, ends_on, share, is_clipped)


def gone(starts_on: dt.date, ends_on: dt.date, day: dt.date) -> Fraction:
    """Days from the first to this day, both counted, of all days."""
    days = (ends_on - starts_on).days + 1
    return Fraction(min(max((day - starts_on).days + 1, 0), days), days)


def _period(indicator: Indicator, plan: Plan, year: int) -> tuple[dt.date, dt.date, bool]:
    match indicator.period:
        case Period.CUMULATIVE | Period.RATIO:
            return plan.starts_on, indicator.due, False
        case Period.BIENNIAL:
            return _window(plan, year)
        case Period.ANNUAL | Period.TREND | Period.PER_UNIT:
            return dt.date(year, 1, 1), dt.date(year, 12, 31), False


def _window(plan: Plan, year: int) -> tuple[dt.date, dt.date, bool]:
    """The two years that hold this one, counted from the plan's first; whether the plan ends before them."""
    first = year - (year - plan.years[0]) % 2
    end = dt.date(first + 1, 12, 31)
    last = dt.date(plan.years[-1], 12, 31)
    return dt.date(first, 1, 1), min(end, last), end > last
