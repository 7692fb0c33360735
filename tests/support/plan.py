"""Plan files as documents that a test may change, and the rows they would become, without a database."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from models.indicator import Indicator, Plan, Tag
from services.indicator.continuation import expand, stored
from services.indicator.document import define

PLANS = Path(__file__).resolve().parents[2] / "app" / "plans"

Document = dict[str, Any]


def document(code: str = "yongchuan-2023") -> Document:
    """The file as read: a new copy each time."""
    return tomllib.loads((PLANS / f"{code}.toml").read_text(encoding="utf-8"))


def entry(plan: Document, name: str, code: str | int) -> Document:
    """The table of a document with this code (or clause number)."""
    found: Document = next(table for table in plan[name] if code in (table.get("code"), table.get("number")))
    return found


@cache
def plan(code: str = "yongchuan-2023") -> Plan:
    """The plan as rows that no session knows."""
    whole = stored(document(code))
    if "continues" in whole["plan"]:
        whole = expand(whole, stored(document(whole["plan"]["continues"])))
    definition = define(whole)
    made = Plan(**definition.plan)
    made.indicators = [Indicator(**values) for values in definition.parts["indicators"]]
    made.tags = [Tag(**values) for values in definition.parts["tags"]]
    return made


def indicator(code: str, of: str = "yongchuan-2023") -> Indicator:
    return next(row for row in plan(of).indicators if row.code == code)
