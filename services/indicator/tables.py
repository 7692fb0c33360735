"""The tables of a plan file below [plan], each read into the values of a row. Pure."""

import re
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
from services.indicator.entry import Entry
from services.text import _

Values = dict[str, Any]

CODE = r"[a-z][a-z0-9_-]{0,23}"
TASK_CODE = r"[GTD][0-9][0-9]\.[a-z0-9_]{1,58}"
AIM_LETTER, INDICATOR_LETTER, DELIVERABLE_LETTER = "G", "T", "D"

DEPARTMENT_KINDS = {kind.value for kind in Type} | {"collective"}

BOUND = {
    Period.RATIO: CountRule.RATIO,
    Period.PER_UNIT: CountRule.PER_UNIT_MIN,
    Period.TREND: CountRule.TREND,
}
"""Periods that go with one counting rule only, and it with them."""


class Need(StrEnum):
    """A decision beside the outcome."""

    TITLE_PROPOSAL = "title_proposal"


@dataclass(frozen=True, slots=True)
class Known:
    """Codes that other entries may name."""

    departments: frozenset[str]
    tags: frozenset[str]
    programmes: frozenset[str]
    clauses: frozenset[int]
    indicators: frozenset[str]


def _names(entry: Entry) -> Values:
    return {"name_zh": entry.text("name_zh"), "name_en": entry.text("name_en")}


def phase(entry: Entry, known: Known) -> Values:
    values: Values = {
        "code": entry.text("code", CODE),
        "starts_on": entry.day("from"),
        "ends_on": entry.day("to"),
    }
    if values["starts_on"] > values["ends_on"]:
        entry.tell("to", _("早于开始日期。"))
    return values | _names(entry)


def checkpoint(entry: Entry, known: Known) -> Values:
    return {
        "code": entry.text("code", CODE),
        "moment": entry.text("when"),
        "products": entry.texts("products"),
    } | _names(entry)


def department(entry: Entry, known: Known) -> Values:
    kind = entry.text("kind")
    if kind:
        entry.know("kind", kind, DEPARTMENT_KINDS, _("单位类型"))
    return {"code": entry.text("code", CODE), "kind": kind} | _names(entry)


def tag(entry: Entry, known: Known) -> Values:
    return {"code": entry.text("code", r"[A-Za-z][a-z0-9_]{0,31}")} | _names(entry)


def clause(entry: Entry, known: Known) -> Values:
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


def deliverable(entry: Entry, known: Known) -> Values:
    return _task(entry, known, DELIVERABLE_LETTER) | {"monitor": entry.maybe_text("monitor")}


def indicator(entry: Entry, known: Known) -> Values:
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
