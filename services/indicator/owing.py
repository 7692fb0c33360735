"""What is to be reported, by which department, for which period, until when."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.base import db
from models.indicator import WHOLE_YEAR, CountRule, Indicator, Period, Plan, Report, ReportState, Source
from models.organisation import Organisation
from services.indicator.counting import FLOWS

GRACE = dt.timedelta(days=10)
"""After the end of a period."""

MISSING = frozenset({ReportState.DRAFT, ReportState.RETURNED})
"""A report was begun and is not handed in."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A period to be reported of. `quarter` 0: the whole year, or a date."""

    year: int
    quarter: int
    starts_on: dt.date
    ends_on: dt.date

    @property
    def due_on(self) -> dt.date:
        return self.ends_on + GRACE

    def days_late(self, day: dt.date) -> int:
        return max((day - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is wanted of a department, and what is there of it."""

    indicator: Indicator
    department: str
    """Code of the department in the plan."""
    slot: Slot
    report: Report | None
    """Begun, or sent back; None: nothing yet."""
    days_late: int


def is_reported(indicator: Indicator) -> bool:
    """Whether units enter figures for it. A share that follows from other totals alone is worked out."""
    if indicator.feed is Source.AUTO:
        return False
    return indicator.count_rule is not CountRule.RATIO or bool(indicator.inputs) or not indicator.formula


def reporter_of(indicator: Indicator, plan: Plan) -> str:
    """The department that reports it: the first that leads and is not a name for many; else who gathers."""
    for code in indicator.lead:
        department = plan.department(code)
        if department is not None and not department.is_collective:
            return code
    return plan.aggregator


def is_quarterly(indicator: Indicator) -> bool:
    """Flows that are judged by the year, and what is done outside the platform; the rest once a year."""
    if indicator.count_rule not in FLOWS:
        return False
    return indicator.feed is Source.MIXED or indicator.period is not Period.CUMULATIVE


def slots(indicator: Indicator, plan: Plan) -> list[Slot]:
    """Every period of the plan that is reported of, the first first; the last ends on the due date."""
    last = indicator.due if indicator.period is Period.CUMULATIVE else dt.date(plan.years[-1], 12, 31)
    return [slot for slot in _all_slots(is_quarterly(indicator), plan, last) if slot.starts_on <= last]


def _all_slots(quarterly: bool, plan: Plan, last: dt.date) -> Iterator[Slot]:
    for year in plan.years:
        if quarterly:
            for quarter in (1, 2, 3, 4):
                first = dt.date(year, quarter * 3 - 2, 1)
                yield Slot(year, quarter, first, min(_month_end(year, quarter * 3), last))
        else:
            yield Slot(year, WHOLE_YEAR, dt.date(year, 1, 1), min(dt.date(year, 12, 31), last))


def find_slot(indicator: Indicator, plan: Plan, year: int, quarter: int) -> Slot | None:
    return next(
        (slot for slot in slots(indicator, plan) if (slot.year, slot.quarter) == (year, quarter)), None
    )


def due(plan: Plan, day: dt.date, department: str | None = None) -> list[Due]:
    """Periods that are over and have no report handed in, the longest late first; of one department or of all."""
    found = []
    handed = _reports(plan)
    for indicator in plan.indicators:
        if not is_reported(indicator):
            continue
        code = reporter_of(indicator, plan)
        if department is not None and code != department:
            continue
        for slot in slots(indicator, plan):
            if slot.ends_on >= day:
                break
            report = handed.get((indicator.id, code, slot.year, slot.quarter))
            if report is None or report.state in MISSING:
                found.append(Due(indicator, code, slot, report, slot.days_late(day)))
    return sorted(found, key=lambda row: (row.slot.due_on, row.indicator.position))


def next_due(plan: Plan, day: dt.date, department: str) -> Slot | None:
    """The next period of a department that will be over."""
    coming = [
        slot
        for indicator in plan.indicators
        if is_reported(indicator) and reporter_of(indicator, plan) == department
        for slot in slots(indicator, plan)
        if slot.ends_on >= day
    ]
    return min(coming, key=lambda slot: slot.due_on, default=None)


def has_ended_slot(indicator: Indicator, plan: Plan, first: dt.date, day: dt.date) -> bool:
    """Whether something is to be reported of the days since `first`."""
    return is_reported(indicator) and any(first <= slot.ends_on < day for slot in slots(indicator, plan))


def _reports(plan: Plan) -> dict[tuple[int, str, int, int], Report]:
    """The one report of each indicator, department and period."""
    rows = db.session.execute(
        sa.select(Report, Organisation.department_code)
        .join(Report.indicator)
        .join(Report.organisation)
        .where(
            Indicator.plan_id == plan.id, Report.claim.is_not(None), ~Report.claim.startswith("correction:")
        )
        .options(joinedload(Report.indicator))
    )
    found = {}
    for report, department in rows:
        found[report.indicator_id, department or "", report.year, report.quarter] = report
    return found


def _month_end(year: int, month: int) -> dt.date:
    return (dt.date(year, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
