"""A plan file, checked whole and turned into the values of rows. Pure: knows no session.

The form of the file is explained at its own head (`app/plans/yongchuan-2023.toml`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.activity import Kind, Level, Series
from models.indicator import (
    Comparator,
    CountRule,
    Direction,
    LeadBasis,
    Outcome,
    Period,
    Source,
    TargetBasis,
    Unit,
)
from models.organisation import Type
from models.person import Category, SkillLevel
from services.errors import Refused
from services.indicator.entry import Entry, Problems, entries
from services.text import _

Values = dict[str, Any]

CODE = r"[a-z][a-z0-9_-]{0,23}"
PLAN_CODE = r"[a-z][a-z0-9-]{1,62}"
TASK_CODE = r"[GTD]\d\d\.[a-z0-9_]{1,58}"
AIM_LETTER, INDICATOR_LETTER, DELIVERABLE_LETTER = "G", "T", "D"

DEPARTMENT_KINDS = {kind.value for kind in Type} | {"collective"}

BOUND = {
    Period.RATIO: CountRule.RATIO,
    Period.PER_UNIT: CountRule.PER_UNIT_MIN,
    Period.TREND: CountRule.TREND,
}
"""Periods that go with one counting rule only, and it with them."""


TABLES = frozenset(
    ["plan", "phase", "checkpoint", "department", "tag", "programme", "clause", "indicator", "deliverable"]
)


class Need(StrEnum):
    """A decision beside the outcome."""

    TITLE_PROPOSAL = "title_proposal"


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


@dataclass(frozen=True, slots=True)
class Known:
    """Codes that other entries may name."""

    departments: frozenset[str]
    tags: frozenset[str]
    programmes: frozenset[str]
    clauses: frozenset[int]
    indicators: frozenset[str]


def read(document: Mapping[str, Any]) -> Definition:
    """The whole plan, or BadPlan with everything that is wrong in it."""
    problems = Problems()
    problems.extend(_("不认识 [%(name)s]。", name=name) for name in sorted(set(document) - TABLES))
    known = Known(
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
        "phases": _rows(document, "phase", _phase, known, problems),
        "checkpoints": _rows(document, "checkpoint", _checkpoint, known, problems),
        "departments": _rows(document, "department", _department, known, problems),
        "tags": _rows(document, "tag", _tag, known, problems),
        "programmes": _rows(document, "programme", _tag, known, problems),
        "clauses": _rows(document, "clause", _clause, known, problems, key="number"),
        "indicators": _rows(document, "indicator", _indicator, known, problems),
        "deliverables": _rows(document, "deliverable", _deliverable, known, problems),
    }
    if not problems:
        _check_days(plan, parts, problems)
    if problems:
        raise BadPlan(problems)
    return Definition(plan, parts)


def _tables(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    tables = document.get(name, [])
    return [t for t in tables if isinstance(t, Mapping)] if isinstance(tables, list) else []


def _codes(document: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(
        code for code in (table.get("code") for table in _tables(document, name)) if isinstance(code, str)
    )


def _rows(
    document: Mapping[str, Any], name: str, reader: Any, known: Known, problems: Problems, key: str = "code"
) -> tuple[Values, ...]:
    found = []
    for number, entry in entries(document, name, problems, key):
        values = reader(entry, known)
        entry.close()
        found.append(values | {"position": number})
    if not found and name not in ("tag", "deliverable"):
        problems.append(_("至少要有一个 [[%(name)s]]。", name=name))
    return tuple(found)


def _plan(document: Mapping[str, Any], known: Known, problems: Problems) -> Values:
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
        "aggregator": entry.text("aggregator", CODE),
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


def _names(entry: Entry) -> Values:
    return {"name_zh": entry.text("name_zh"), "name_en": entry.text("name_en")}


def _phase(entry: Entry, known: Known) -> Values:
    values: Values = {
        "code": entry.text("code", CODE),
        "starts_on": entry.day("from"),
        "ends_on": entry.day("to"),
    }
    if values["starts_on"] > values["ends_on"]:
        entry.tell("to", _("早于开始日期。"))
    return values | _names(entry)


def _checkpoint(entry: Entry, known: Known) -> Values:
    return {
        "code": entry.text("code", CODE),
        "moment": entry.text("when"),
        "products": entry.texts("products"),
    } | _names(entry)


def _department(entry: Entry, known: Known) -> Values:
    kind = entry.text("kind")
    if kind:
        entry.know("kind", kind, DEPARTMENT_KINDS, _("单位类型"))
    return {"code": entry.text("code", CODE), "kind": kind} | _names(entry)


def _tag(entry: Entry, known: Known) -> Values:
    return {"code": entry.text("code", r"[A-Za-z][a-z0-9_]{0,31}")} | _names(entry)


def _clause(entry: Entry, known: Known) -> Values:
    number = entry.whole("number")
    if number == 0:
        entry.tell("number", _("任务从 1 编号，0 留给总目标。"))
    programme = entry.text("programme")
    if programme:
        entry.know("programme", programme, known.programmes, _("工程"))
    return (
        {"code": str(number), "number": number, "programme": programme}
        | _shares(entry, known)
        | _names(entry)
    )


def _shares(entry: Entry, known: Known) -> Values:
    lead = entry.codes("lead", known.departments, _("部门"))
    if entry.has("lead") and not lead:
        entry.tell("lead", _("至少要有一个牵头部门。"))
    return {"lead": lead, "responsible": entry.codes("responsible", known.departments, _("部门"))}


def _task(entry: Entry, known: Known, letter: str) -> Values:
    clause = entry.whole("clause")
    if clause > 0 and clause not in known.clauses:
        entry.tell("clause", _("没有第 %(clause)s 项任务。", clause=clause))
    code = entry.text("code", TASK_CODE)
    if code and code[:3] != f"{letter if clause or letter == DELIVERABLE_LETTER else AIM_LETTER}{clause:02}":
        entry.tell("code", _("与所属的第 %(clause)s 项任务不一致。", clause=clause))
    return (
        {
            "code": code,
            "clause": clause,
            "feed": entry.choice("feed", Source),
            "activity_kinds": entry.codes("activity_kinds", list(Kind), _("活动类型")),
        }
        | _shares(entry, known)
        | _names(entry)
    )


def _deliverable(entry: Entry, known: Known) -> Values:
    return _task(entry, known, DELIVERABLE_LETTER) | {"monitor": entry.maybe_text("monitor")}


def _indicator(entry: Entry, known: Known) -> Values:
    values = _task(entry, known, INDICATOR_LETTER) | {
        "unit": entry.choice("unit", Unit),
        "unit_zh": entry.text("unit_zh", limit=16),
        "target": entry.number("target"),
        "comparator": entry.choice("comparator", Comparator),
        "direction": entry.choice("direction", Direction),
        "period": entry.choice("period", Period),
        "count_rule": entry.choice("count_rule", CountRule),
        "target_basis": entry.choice("target_basis", TargetBasis),
        "lead_basis": entry.choice("lead_basis", LeadBasis, LeadBasis.STATED),
        "due": entry.day("due"),
        "evidence": entry.text("evidence"),
        "plan_quote": entry.text("plan_quote"),
        "note": entry.maybe_text("note"),
        "outcome": entry.maybe_choice("outcome", Outcome),
        "tags_any": entry.codes("tags_any", known.tags, _("标签"), optional=True),
        "participant_categories": entry.codes(
            "participant_categories", list(Category), _("参与者类别"), optional=True
        ),
        "min_skill_level": entry.maybe_choice("min_skill_level", SkillLevel),
        "activity_level": entry.maybe_choice("activity_level", Level),
        "series": entry.maybe_choice("series", Series),
        "needs": entry.maybe_choice("needs", Need),
        "formula": entry.maybe_text("formula"),
        "inputs": entry.texts("inputs", optional=True),
    }
    _check_rule(entry, values, known)
    return values


def _check_rule(entry: Entry, values: Values, known: Known) -> None:
    """What must agree within one indicator."""
    bound = BOUND.get(values["period"])
    if bound is not None and values["count_rule"] is not bound:
        entry.tell("count_rule", _("与考核周期 %(period)s 不相配。", period=values["period"].value))
    if bound is None and values["count_rule"] in BOUND.values():
        entry.tell("period", _("与统计口径 %(rule)s 不相配。", rule=values["count_rule"].value))
    if (values["unit"] is Unit.PERSON_TIME) is not (values["count_rule"] is CountRule.PERSON_TIMES):
        entry.tell("count_rule", _("人次与人分开统计，单位与统计口径应一致。"))
    if values["feed"] is not Source.MANUAL and values["outcome"] is None:
        entry.tell("outcome", _("系统归集的指标要写明何种结果才计入。"))
    terms = set(re.findall(r"[A-Za-z_][\w.]*", values["formula"] or ""))
    for term in sorted(terms - known.indicators - set(values["inputs"])):
        entry.tell("formula", _("“%(term)s”既不是指标，也不在 inputs 中。", term=term))


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
