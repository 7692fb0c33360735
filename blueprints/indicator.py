"""The plan's targets, open to everybody: what is asked, of whom, how it is counted, the pace expected today.

It shows no figure of completion: those come with facts.
"""

from collections.abc import Iterable

from flask import Response, request

from blueprints import policy, web
from models.activity import Activity
from models.indicator import Plan, Source
from services import indicator as indicators
from services.errors import Missing
from services.indicator import words
from services.stamp import clock
from services.text import _

door = web.Door("indicator", __name__)


@door.get("/indicator", policy=policy.everyone, cached=True)
def index() -> Response:
    plan = _chosen_plan()
    if plan is None:
        return web.page("indicator/none.html")
    clause = _chosen_clause(plan)
    department, source = request.args.get("department") or None, _chosen_source()
    if department is not None and plan.department(department) is None:
        raise Missing(_("方案中没有这个部门。"))
    return web.page(
        "indicator/index.html",
        plan=plan,
        plans=indicators.list_plans(),
        clause=clause,
        department=department,
        source=source,
        sections=indicators.sections(plan, clause=clause, department=department, source=source),
        pace=lambda indicator: indicators.expected_pace(indicator, plan, clock.today()),
        words=words,
        today=clock.today(),
    )


@door.get("/indicator/<code>", policy=policy.everyone, cached=True)
def show(code: str) -> Response:
    plan = _chosen_plan()
    if plan is None:
        raise Missing
    indicator = indicators.get_indicator(plan, code)
    return web.page(
        "indicator/show.html",
        plan=plan,
        indicator=indicator,
        clause=plan.clause(indicator.clause),
        pace=indicators.expected_pace(indicator, plan, clock.today()),
        activities=indicators.fed_by(
            indicator, ((indicators.profile_of(activity), activity) for activity in published())
        ),
        words=words,
        today=clock.today(),
    )


def published() -> Iterable[Activity]:
    """Activities on show whose results the indicators may count."""
    return ()


def _chosen_plan() -> Plan | None:
    code = request.args.get("plan")
    return indicators.get(code) if code else indicators.current_plan(clock.today())


def _chosen_clause(plan: Plan) -> int | None:
    text = request.args.get("clause", "")
    if not text:
        return None
    if text.isascii() and text.isdecimal() and (text == "0" or plan.clause(int(text[:4])) is not None):
        return int(text[:4])
    raise Missing(_("方案中没有这一项任务。"))


def _chosen_source() -> Source | None:
    text = request.args.get("source", "")
    if text and text not in list(Source):
        raise Missing
    return Source(text) if text else None
