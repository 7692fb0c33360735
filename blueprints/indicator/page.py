"""The plan's targets, open to everybody: how far each has come, and what stands behind the figure.

Everybody sees figures, units and activities; the facts with masked people open to those who answer for the indicator.
"""

import datetime as dt

from flask import Response, request

from blueprints import policy, web
from blueprints.indicator.room import door
from models.indicator import Plan, Source
from services import indicator as indicators
from services.errors import Missing
from services.indicator import Standing, State, backing, owing, words
from services.stamp import clock
from services.text import _

CARDS = (State.DONE, State.ON_PACE, State.BEHIND, State.FAR_BEHIND, State.UNREPORTED)
LATE = frozenset({State.FAR_BEHIND, State.OVERDUE})


@door.get("/indicator", policy=policy.everyone, cached=True)
def index() -> Response:
    plan = _chosen_plan()
    if plan is None:
        return web.page("indicator/none.html")
    clause, source, state = _chosen_clause(plan), _chosen_source(), _chosen_state()
    department = request.args.get("department") or None
    if department is not None and plan.department(department) is None:
        raise Missing(_("方案中没有这个部门。"))
    today, year = clock.today(), _chosen_year(plan)
    is_whole = request.args.get("span") == "whole"
    rows = indicators.progress(
        plan,
        _last_day(plan, year, today),
        department=department,
        clause=clause,
        source=source,
        is_whole=is_whole,
        today=today,
    )
    shown = {row.indicator.code: row for row in rows if _is_in(row, state)}
    sections = indicators.sections(plan, clause=clause, source=source)
    return web.page(
        "indicator/index.html",
        plan=plan,
        plans=indicators.list_plans(),
        clause=clause,
        department=department,
        source=source,
        state=state,
        year=year,
        years=_years(plan),
        is_whole=is_whole,
        is_narrowed=bool(department or source or state or clause is not None),
        sections=[
            (section, [shown[each.code] for each in section.indicators if each.code in shown], tasks)
            for section in sections
            for tasks in [
                []
                if state
                else [task for task in section.deliverables if not department or department in task.lead]
            ]
            if tasks or any(each.code in shown for each in section.indicators)
        ],
        counts=indicators.count_states(rows),
        unreporting=len(
            {owing.reporter_of(row.indicator, plan) for row in rows if row.state is State.UNREPORTED}
        ),
        leads=[each for each in plan.departments if any(each.code in row.lead for row in plan.indicators)],
        cards=CARDS,
        words=words,
    )


@door.get("/indicator/<code>", policy=policy.everyone, cached=True)
def show(code: str) -> Response:
    plan = _chosen_plan()
    if plan is None:
        raise Missing
    indicator = indicators.get_indicator(plan, code)
    today, year = clock.today(), _chosen_year(plan)
    day = _last_day(plan, year, today)
    span = indicators.period_of(indicator, plan, day).until(day)
    may_open = backing.may_open(web.principal(), indicator, plan)
    return web.page(
        "indicator/show.html",
        plan=plan,
        indicator=indicator,
        clause=plan.clause(indicator.clause),
        standing=indicators.standing(indicator, plan, day, today=today),
        history=indicators.history(indicator, plan, _last_day(plan, plan.years[-1], today)),
        year=year,
        years=_years(plan),
        units=backing.by_unit(indicator, span),
        activities=backing.by_activity(indicator, span),
        reports=backing.reports(indicator, span),
        facts=backing.facts(indicator, span, web.page_number()) if may_open else None,
        is_by_person=backing.is_by_person(indicator),
        is_reported=owing.is_reported(indicator),
        is_quarterly=owing.is_quarterly(indicator),
        reporter=plan.department(owing.reporter_of(indicator, plan)),
        may_open=may_open,
        words=words,
    )


def _years(plan: Plan) -> list[int]:
    """Years of the plan that have begun; its first where none has."""
    return [year for year in plan.years if year <= clock.today().year] or plan.years[:1]


def _chosen_year(plan: Plan) -> int:
    text = request.args.get("year", "")
    if not text:
        return _years(plan)[-1]
    if text not in [str(year) for year in _years(plan)]:
        raise Missing(_("方案不包括这一年。"))
    return int(text)


def _last_day(plan: Plan, year: int, today: dt.date) -> dt.date:
    """The last day that counts: today in the running year."""
    return min(today, dt.date(year, 12, 31)) if today.year >= year else today


def _is_in(row: Standing, state: State | None) -> bool:
    """The card of what is far behind also holds what is overdue."""
    return state is None or row.state is state or (state is State.FAR_BEHIND and row.state in LATE)


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


def _chosen_state() -> State | None:
    text = request.args.get("state", "")
    if text and text not in list(State):
        raise Missing
    return State(text) if text else None
