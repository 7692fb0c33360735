"""A plan file, checked whole and turned into the values of rows. Pure: knows no session.

The form of the file is explained at its own head (`app/plans/yongchuan-2023.toml`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.errors import Refused
from services.indicator import tables
from services.indicator.entry import Entry, Problems, entries
from services.indicator.tables import Values
from services.text import _

PLAN_CODE = r"[a-z][a-z0-9-]{1,62}"
TABLES = frozenset(
    ["plan", "phase", "checkpoint", "department", "tag", "programme", "clause", "indicator", "deliverable"]
)


class BadPlan(Refused):
    """The file is not a plan. `problems` holds one sentence a mistake, each naming its place."""

    def __init__(self, problems: Problems) -> None:
        self.problems = tuple(problems)
        super().__init__(_("计划文件有 %(count)s 处不对。%(first)s", count=len(problems), first=problems[0]))


@dataclass(frozen=True, slots=True)
class Definition:
    """A checked plan: the values of its own row, and of its parts by the relationship that holds them."""

    plan: Values
    parts: Mapping[str, tuple[Values, ...]]


def define(document: Mapping[str, Any]) -> Definition:
    """The whole plan, or BadPlan with everything that is wrong in it."""
    problems = Problems()
    problems.extend(_("不认识 [%(name)s]。", name=name) for name in sorted(set(document) - TABLES))
    known = tables.Known(
        departments=_codes(document, "department"),
        tags=_codes(document, "tag"),
        programmes=_codes(document, "programme"),
        clauses=frozenset(
            number
            for number in (t.get("number") for t in _tables(document, "clause"))
            if isinstance(number, int)
        ),
        indicators=_codes(document, "indicator"),
    )
    plan = _plan(document, known, problems)
    parts = {
        "phases": _rows(document, "phase", tables.phase, known, problems),
        "checkpoints": _rows(document, "checkpoint", tables.checkpoint, known, problems),
        "departments": _rows(document, "department", tables.department, known, problems),
        "tags": _rows(document, "tag", tables.tag, known, problems),
        "programmes": _rows(document, "programme", tables.tag, known, problems),
        "clauses": _rows(document, "clause", tables.clause, known, problems, key="number"),
        "indicators": _rows(document, "indicator", tables.indicator, known, problems),
        "deliverables": _rows(document, "deliverable", tables.deliverable, known, problems),
    }
    if not problems:
        _check_days(plan, parts, problems)
    if problems:
        raise BadPlan(problems)
    return Definition(plan, parts)


def _tables(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = document.get(name, [])
    return [table for table in found if isinstance(table, Mapping)] if isinstance(found, list) else []


def _codes(document: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(
        code for code in (table.get("code") for table in _tables(document, name)) if isinstance(code, str)
    )


def _rows(
    document: Mapping[str, Any],
    name: str,
    reader: Any,
    known: tables.Known,
    problems: Problems,
    key: str = "code",
) -> tuple[Values, ...]:
    found = []
    for number, entry in entries(document, name, problems, key):
        values = reader(entry, known)
        entry.close()
        found.append(values | {"position": number})
    if not found and name not in ("tag", "deliverable"):
        problems.append(_("至少要有一个 [[%(name)s]]。", name=name))
    return tuple(found)


def _plan(document: Mapping[str, Any], known: tables.Known, problems: Problems) -> Values:
    table = document.get("plan")
    if not isinstance(table, Mapping):
        problems.append(_("缺少 [plan]。"))
        return {}
    entry = Entry("[plan]", table, problems)
    values: Values = {
        "code": entry.text("code", PLAN_CODE),
        "title_zh": entry.text("title_zh"),
        "title_en": entry.text("title_en"),
        "document_no": entry.maybe_text("document_no", limit=64),
        "issued_on": entry.day("issued_on") if entry.has("issued_on") else None,
        "starts_on": entry.day("starts_on"),
        "ends_on": entry.day("ends_on"),
        "aggregator": entry.text("aggregator", tables.CODE),
        "is_demo": entry.flag("is_demo"),
        "continues": entry.maybe_text("continues"),
        "years": table.get("years"),
    }
    entry.asked |= {"years", "issued_on"}
    years = values["years"]
    if (
        not isinstance(years, list)
        or not years
        or not all(isinstance(year, int) and 2000 <= year <= 2200 for year in years)
        or years != list(range(years[0], years[0] + len(years)))
    ):
        entry.tell("years", _("应是连续的年份，从早到晚。"))
        values["years"] = []
    if values["aggregator"]:
        entry.know("aggregator", values["aggregator"], known.departments, _("部门"))
    entry.close()
    return values


def _check_days(plan: Values, parts: Mapping[str, tuple[Values, ...]], problems: Problems) -> None:
    """Days within the plan, and the plan within its years."""
    if plan["starts_on"] > plan["ends_on"]:
        problems.tell("[plan]", "ends_on", _("早于开始日期。"))
    for key in ("starts_on", "ends_on"):
        if plan[key].year not in plan["years"]:
            problems.tell("[plan]", key, _("不在 years 所列的年份内。"))
    for phase in parts["phases"]:
        if phase["starts_on"] < plan["starts_on"] or phase["ends_on"] > plan["ends_on"]:
            problems.tell(f"[[phase]] {phase['position']} {phase['code']}", "from", _("超出方案的起止日期。"))
    for row in parts["indicators"]:
        if not plan["starts_on"] <= row["due"] <= plan["ends_on"]:
            problems.tell(f"[[indicator]] {row['position']} {row['code']}", "due", _("超出方案的起止日期。"))
