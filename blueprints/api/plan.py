"""The plan's targets for programs: what is asked, of whom, how it is counted, and how far it has come."""

from typing import Any

from flask import g
from marshmallow import fields

from blueprints import policy
from blueprints.api.room import door
from blueprints.api.shape import AskSchema, Line, NamedSchema, Said, ShownSchema, language, word
from models.activity import Kind
from models.indicator import (
    Comparator,
    CountRule,
    Direction,
    Indicator,
    Period,
    Plan,
    Source,
    TargetBasis,
    Unit,
)
from services import indicator as indicators
from services.errors import Missing
from services.indicator import Standing, State, words
from services.stamp import clock
from services.text import _


class PlanSchema(ShownSchema):
    code = fields.String(required=True)
    title = fields.String(required=True)
    document_no = fields.String(required=True, allow_none=True)
    issued_on = fields.Date(required=True, allow_none=True)
    years = fields.List(fields.Integer(), required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    is_demo = fields.Boolean(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if attr == "title":
            return obj.title_in(language())
        return super().get_attribute(obj, attr, default)


class PlanListSchema(ShownSchema):
    items = fields.List(fields.Nested(PlanSchema), required=True)


class IndicatorQuerySchema(AskSchema):
    clause = fields.Integer(metadata={"description": "Number of a task; 0 for the aims."})
    department = Line(64, metadata={"description": "Code of a department that leads or shares it."})
    source = word(Source)


class PaceSchema(ShownSchema):
    """序时进度 of today: the period that holds, and the share of it gone by."""

    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    share = fields.Float(required=True, allow_none=True)


class ClauseSchema(ShownSchema):
    number = fields.Integer(required=True)
    name = fields.String(required=True, allow_none=True)


class ProgressSchema(ShownSchema):
    """How far it has come today. `value` null: nothing is known yet."""

    value = fields.Float(required=True, allow_none=True)
    counted = fields.Integer(required=True, metadata={"description": "Of it, from records of the platform."})
    reported = fields.Float(required=True, metadata={"description": "Of it, from accepted reports."})
    expected = fields.Float(
        required=True, allow_none=True, metadata={"description": "By the time gone; null where none holds."}
    )
    rate = fields.Float(required=True, allow_none=True)
    state = word(State, required=True)
    state_label = fields.Method("said", required=True)
    forecast = fields.Integer(
        required=True, allow_none=True, metadata={"description": "At the period's end, in a straight line."}
    )

    def said(self, row: Standing) -> str:
        return str(words.STATES[row.state])


class IndicatorSchema(ShownSchema):
    code = fields.String(required=True)
    name = fields.String(required=True)
    clause = fields.Nested(ClauseSchema, required=True)
    comparator = word(Comparator, required=True)
    target = fields.Float(required=True)
    unit = word(Unit, required=True)
    target_label = Said(required=True)
    direction = word(Direction, required=True)
    period = word(Period, required=True)
    period_label = Said(required=True)
    count_rule = word(CountRule, required=True)
    count_rule_label = Said(required=True)
    target_basis = word(TargetBasis, required=True)
    is_scored = fields.Boolean(required=True)
    source = word(Source, attribute="feed", required=True)
    source_label = Said(required=True)
    due = fields.Date(required=True)
    lead = fields.List(fields.Nested(NamedSchema), required=True)
    responsible = fields.List(fields.Nested(NamedSchema), required=True)
    activity_kinds = fields.List(word(Kind), required=True)
    plan_quote = fields.String(required=True)
    pace = fields.Nested(PaceSchema, required=True)
    progress = fields.Nested(ProgressSchema, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        made = _DERIVED.get(attr)
        return made(obj) if made else super().get_attribute(obj, attr, default)


class IndicatorListSchema(ShownSchema):
    plan = fields.Nested(PlanSchema, required=True)
    items = fields.List(fields.Nested(IndicatorSchema), required=True)


def _departments(plan: Plan, codes: list[str]) -> list[dict[str, str]]:
    names = {row.code: row.name_in(language()) for row in plan.departments}
    return [{"code": code, "name": names.get(code, code)} for code in codes]


def _clause(row: Indicator) -> dict[str, Any]:
    clause = row.plan.clause(row.clause)
    return {"number": row.clause, "name": clause.name_in(language()) if clause else None}


_DERIVED: dict[str, Any] = {
    "name": lambda row: row.name_in(language()),
    "clause": _clause,
    "target_label": lambda row: words.target(row, language()),
    "period_label": lambda row: words.PERIODS[row.period],
    "count_rule_label": lambda row: words.COUNT_NAMES[row.count_rule],
    "source_label": lambda row: words.SOURCES[row.feed],
    "lead": lambda row: _departments(row.plan, row.lead),
    "responsible": lambda row: _departments(row.plan, row.responsible),
    "activity_kinds": lambda row: [Kind(value) for value in row.activity_kinds],
    "pace": lambda row: indicators.expected_pace(row, row.plan, clock.today()),
    "progress": lambda row: g.standings[row.id],
}


@door.get("/plans", policy=policy.everyone, answers=PlanListSchema, tags=["indicator"])
def list_plans(_asked: dict[str, Any]) -> Any:
    """All plans, the earliest first."""
    return {"items": indicators.list_plans()}


@door.get(
    "/plans/<code>/indicators",
    policy=policy.everyone,
    asks=IndicatorQuerySchema,
    answers=IndicatorListSchema,
    tags=["indicator"],
)
def list_indicators(asked: dict[str, Any], code: str) -> Any:
    """The indicators of a plan in its order and how far each has come, perhaps of one task, department or source."""
    plan = indicators.get(code)
    clause, department = asked.get("clause"), asked.get("department")
    if clause is not None and clause != 0 and plan.clause(clause) is None:
        raise Missing(_("方案中没有这一项任务。"))
    if department is not None and plan.department(department) is None:
        raise Missing(_("方案中没有这个部门。"))
    g.standings = {row.indicator.id: row for row in indicators.progress(plan, clock.today())}
    found = indicators.sections(plan, clause=clause, department=department, source=asked.get("source"))
    return {"plan": plan, "items": [row for section in found for row in section.indicators]}
