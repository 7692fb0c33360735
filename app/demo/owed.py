"""What a side reports: a plan in which its unit is a department, with one report handed in and one still open."""

import tomllib
from decimal import Decimal
from pathlib import Path

from app.demo import papers
from app.demo.sides import Side
from app.demo.stage import principal, stamp_by
from models.account import Role
from services import indicator as indicators
from services import upload as uploads
from services.indicator import reporting
from services.stamp import Stamp

PLAN = "yongchuan-2023"
DEPARTMENT = "hightech"
INDICATOR = "T03.flexible"


def build(side: Side, department: str, folder: Path, stamp: Stamp) -> None:
    """Needs the side's unit to be that department, and its accounts with their rights."""
    text = (folder / f"{PLAN}.toml").read_text(encoding="utf-8")
    text = text.replace(f'"{DEPARTMENT}"', f'"{department}"').replace(f'"{PLAN}"', f'"{PLAN}-{department}"')
    indicators.load(tomllib.loads(text), stamp=stamp)
    plan = indicators.get(f"{PLAN}-{department}")
    wanted = [row for row in indicators.due(plan, stamp.today, department) if row.indicator.code == INDICATOR]
    reporter = side.accounts[Role.REPORTER]
    who, own = principal(reporter, stamp.when), stamp_by(reporter, stamp.when)
    for name, row in zip(("handed_report", "report"), wanted, strict=False):
        work = f"示例权限填报{side.name}{name}{reporter.code}"
        said = reporting.Entry(Decimal(3), work)
        made = reporting.enter(row.indicator, row.slot, said, by=who, stamp=own)
        paper = papers.evidence(department, row.slot.year, row.slot.quarter)
        file = uploads.receive(paper, "佐证材料.pdf", "evidence", reporter, stamp=own)
        reporting.attach(made, [file], by=who, stamp=own)
        if name == "handed_report":
            reporting.submit(made, by=who, stamp=own)
        else:
            side.keep("evidence", made.evidence[0].code, Role.REPORTER)
        side.keep(name, made.code, Role.REPORTER, work)
