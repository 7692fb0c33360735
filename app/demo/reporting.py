"""What a side's department reports: begun, handed in, accepted, each with a file behind it.

Of a plan of its own with one target, long over, so that it is never the plan of the day and no other unit leads it.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from app.demo import papers
from app.demo.sides import Side
from app.demo.stage import principal, stamp_by
from models.account import Role
from models.base import db
from models.indicator import Indicator
from services import indicator as indicators
from services import organisation as organisations
from services import upload as uploads
from services.indicator import owing, reporting
from services.indicator.reporting import Entry
from services.stamp import Stamp

YEARS = {"draft_report": 2001, "handed_report": 2002, "accepted_report": 2003}
TARGET = "T01.stations"


def build(side: Side, seed: int, stamp: Stamp) -> None:
    """Needs the side's unit, its accounts and their rights."""
    unit = organisations.get(side.keys["organisation"])
    unit.department_code = f"security-{seed}-{side.name}"
    db.session.flush()
    plan = indicators.load(_document(unit.department_code), stamp=stamp).plan
    indicator = indicators.get_indicator(plan, TARGET)
    for kind, year in YEARS.items():
        _report(side, indicator, kind, year, stamp)


def _report(side: Side, indicator: Indicator, kind: str, year: int, stamp: Stamp) -> None:
    reporter, reviewer = side.accounts[Role.REPORTER], side.accounts[Role.LEAD_REVIEWER]
    by, own = principal(reporter, stamp.when), stamp_by(reporter, stamp.when)
    slot = owing.find_slot(indicator, indicator.plan, year, 0)
    assert slot is not None
    report = reporting.enter(
        indicator, slot, Entry(Decimal(3), f"示例权限填报{side.name}{kind}"), by=by, stamp=own
    )
    paper = papers.evidence(report.organisation.name, year, 0)
    kept = uploads.receive(paper, "佐证材料.pdf", "evidence", reporter, stamp=own)
    reporting.attach(report, [kept], by=by, stamp=own)
    side.keep(kind, report.code, Role.REPORTER, report.work)
    if kind != "handed_report":
        side.keep(kind.replace("report", "evidence"), report.evidence[0].code, Role.REPORTER)
    if kind != "draft_report":
        reporting.submit(report, by=by, stamp=own)
    if kind == "accepted_report":
        other = principal(reviewer, stamp.when)
        reporting.accept(report, by=other, stamp=stamp_by(reviewer, stamp.when))


def _document(department: str) -> dict[str, Any]:
    """The smallest plan there is."""
    names = {"name_zh": "示例", "name_en": "Example"}
    first, last = min(YEARS.values()), max(YEARS.values())
    start, end = dt.date(first, 1, 1), dt.date(last, 12, 31)
    return {
        "plan": {
            "code": department, "title_zh": "用于权限检查的示例方案", "title_en": "Example plan for tests of rights",
            "years": sorted(YEARS.values()), "starts_on": start, "ends_on": end, "aggregator": department,
            "is_demo": True,
        },
        "phase": [{"code": "whole", "from": start, "to": end, **names}],
        "checkpoint": [{"code": "yearly", "when": "each year", "products": [], **names}],
        "department": [{"code": department, "kind": "government", **names}],
        "programme": [{"code": "A", **names}],
        "clause": [{"number": 1, "programme": "A", "lead": [department], "responsible": [], **names}],
        "indicator": [{
            "code": TARGET, "clause": 1, "unit": "item", "unit_zh": "个", "target": 1, "comparator": ">=",
            "direction": "up", "period": "cumulative", "count_rule": "thing_count", "target_basis": "stated",
            "feed": "manual", "due": end, "lead": [department], "responsible": [], "activity_kinds": [],
            "evidence": "清单", "plan_quote": "示例", **names,
        }],
    }  # fmt: skip
