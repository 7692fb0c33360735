"""Scenes of reporting: departments enter the figures of a quarter with evidence, and other people accept them.

Some of the newest quarter wait, some were sent back, some are late: `figures.toml` says which.
"""

import datetime as dt
import zlib
from decimal import Decimal

import sqlalchemy as sa

from app.demo import papers
from app.demo.event import Judged, Reported
from app.demo.stage import Stage, principal, stamp_by
from app.demo.world import Unit, read
from models.account import Account, Role
from models.base import db
from models.indicator import CountRule, Indicator, Period, Plan, Report, ReportState
from models.upload import Upload
from services import indicator as indicators
from services import upload as uploads
from services.indicator import reported, reporting
from services.indicator.owing import Due, Slot
from services.stamp import local_day

FIRST_YEAR = 2023
"""Of the lists in the file."""
EARLIER = Decimal("0.85")
"""Of the running year's figure, what the quarters before the newest came to."""
QUARTERS = 4
SPAN = dt.timedelta(days=100)


def report(stage: Stage, event: Reported) -> None:
    """Every department's figures of a quarter, and of the year where it is the last."""
    plan = _plan(event.year)
    day = local_day(event.at)
    files: dict[str, Upload] = {}
    for row in indicators.due(plan, day):
        unit = next((u for u in stage.world.units if u.department == row.department), None)
        if (
            unit is None
            or row.report is not None
            or row.slot.ends_on < day - SPAN
            or row.slot.year != event.year
        ):
            continue
        if row.indicator.code in _left_out(event):
            continue
        by = stage.actor(unit.key, Role.REPORTER)
        file = None if row.indicator.code in _fates(event)["returned"] else files.get(unit.key)
        file = file or _paper(unit, by, row.slot, event)
        files.setdefault(unit.key, file)
        _hand_in(plan, row, by, file, event)


def judge(stage: Stage, event: Judged) -> None:
    """Accept what was handed in; of the newest some wait and some go back."""
    fates = _fates(event)
    rows = db.session.scalars(
        sa.select(Report).where(Report.state == ReportState.SUBMITTED).order_by(Report.id)
    ).all()
    for row in rows:
        code = row.indicator.code
        if code in fates["waiting"]:
            continue
        role = Role.LEAD_REVIEWER if "hrss" in row.indicator.lead else Role.AGGREGATOR
        by = stage.actor("hrss", role)
        who, stamp = principal(by, event.at), stamp_by(by, event.at)
        if code in fates["returned"]:
            reporting.send_back(row, read("figures.toml")["fate"]["note"], by=who, stamp=stamp)
        else:
            reporting.accept(row, by=who, stamp=stamp)


def _plan(year: int) -> Plan:
    return next(plan for plan in indicators.list_plans() if year in plan.years)


def _fates(event: Reported | Judged) -> dict[str, list[str]]:
    said: dict[str, list[str]] = read("figures.toml")["fate"]
    return said if event.is_last else {name: [] for name in said}


def _left_out(event: Reported) -> list[str]:
    said = read("figures.toml")["fate"]
    never = said["never"] if event.is_running else []
    return [*never, *_fates(event)["late"]]


def _hand_in(plan: Plan, row: Due, by: Account, file: Upload, event: Reported) -> None:
    who, stamp = principal(by, event.at), stamp_by(by, event.at)
    entry = reporting.Entry(
        figure(row.indicator, plan, row.slot, event) if reporting.asks_figure(row.indicator) else None,
        f"按季度归集，{row.indicator.name_zh}：见佐证材料。（演示数据）",
        _inputs(row.indicator, row.slot),
    )
    made = reporting.enter(row.indicator, row.slot, entry, by=who, stamp=stamp)
    reporting.attach(made, [file], by=who, stamp=stamp)
    reporting.submit(made, by=who, stamp=stamp)


def _paper(unit: Unit, by: Account, slot: Slot, event: Reported) -> Upload:
    return uploads.receive(
        papers.evidence(unit.short or unit.name, slot.year, slot.quarter),
        f"{slot.year} 年佐证材料.xlsx",
        "evidence",
        by,
        stamp=stamp_by(by, event.at),
        kinds=frozenset({"xlsx"}),
        most_files=10_000,
    )


# --- figures --------------------------------------------------------------------------------------


def figure(indicator: Indicator, plan: Plan, slot: Slot, event: Reported) -> Decimal:
    """What a department reports of a period, so that the year comes to what the file says."""
    said = read("figures.toml")
    if indicator.code in said["years"]:
        return Decimal(str(said["years"][indicator.code][slot.year - FIRST_YEAR]))
    target = Decimal(str(indicator.target))
    if indicator.period is Period.CUMULATIVE:
        place, years = plan.years.index(slot.year), len(plan.years)
        return _part(target, place + 1, years) - _part(target, place, years)
    if not event.is_running:
        total = (
            target * (97 + zlib.crc32(f"{indicator.code} {slot.year}".encode()) % 16) / 100
        ).to_integral()
        before = slot.quarter - 1 if event.quarters == QUARTERS else 0
        return _part(total, slot.quarter, QUARTERS) - _part(total, before, QUARTERS)
    wanted = (target * Decimal(str(said["share"].get(indicator.code, 0.9)))).to_integral()
    if not event.is_last:
        earlier = (wanted * EARLIER).to_integral()
        return _part(earlier, slot.quarter, event.quarters - 1) - _part(
            earlier, slot.quarter - 1, event.quarters - 1
        )
    standing = indicators.standing(indicator, plan, local_day(event.at))
    return max(wanted - (standing.value or 0), Decimal(0)).to_integral()


def _part(total: Decimal, number: int, of: int) -> Decimal:
    return Decimal(int(total * number / of))


def _inputs(indicator: Indicator, slot: Slot) -> dict[str, Decimal]:
    said = read("figures.toml")["inputs"].get(indicator.code)
    if said:
        return {name: Decimal(said[slot.year - FIRST_YEAR]) for name in indicator.inputs}
    if indicator.count_rule is CountRule.PER_UNIT_MIN:
        return {reported.OF: Decimal(5), reported.REACHING: Decimal(5)}
    if indicator.count_rule is CountRule.TREND and slot.year == FIRST_YEAR:
        return {reported.PREVIOUS: Decimal("39.8")}
    return {}
