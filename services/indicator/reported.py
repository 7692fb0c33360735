"""From accepted reports to figures: what adds up, what is a total at a date, a share, a least value, a change. Pure
but for one statement that reads the accepted reports of a plan.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa

from models.base import db
from models.indicator import CountRule, Evidence, Indicator, Plan, Report, ReportState
from services.indicator import formula as formulas
from services.indicator.counting import Span
from services.text import Sentence, _

PREVIOUS, REACHING, OF = "previous", "reaching", "of"
"""Further numbers of a report: the year before (trend); how many reach the least value, and of how many."""

PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Figure:
    """One accepted report."""

    organisation_id: int
    year: int
    quarter: int
    as_of: dt.date
    value: Decimal
    inputs: Mapping[str, str] = field(default_factory=dict)
    evidence: int = 0
    """How many files stand behind it."""

    def further(self, name: str) -> Decimal | None:
        text = self.inputs.get(name)
        return Decimal(text) if text else None


Figures = Mapping[str, tuple[Figure, ...]]
"""By code of the indicator, in the order of their dates."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure, or why there is none. `detail` says more of it: 12 of 14 reach it."""

    number: Decimal | None = None
    why_not: Sentence | None = None
    detail: Sentence | None = None
    as_of: dt.date | None = None


def accepted(plan: Plan) -> Figures:
    """Every accepted report of a plan, one statement."""
    files = (
        sa.select(sa.func.count()).where(Evidence.report_id == Report.id).correlate(Report).scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            Indicator.code, Report.organisation_id, Report.year, Report.quarter, Report.as_of, Report.figure,
            Report.inputs, files,
        )
        .join(Report.indicator)
        .where(Indicator.plan_id == plan.id, Report.state == ReportState.ACCEPTED)
        .order_by(Report.as_of, Report.id)
    )  # fmt: skip
    found: dict[str, list[Figure]] = {}
    for code, *values in rows:
        found.setdefault(code, []).append(Figure(*values))
    return {code: tuple(figures) for code, figures in found.items()}


def mark() -> tuple[object, ...]:
    """Changes with every acceptance; nothing else changes what was reported."""
    counted = (ReportState.ACCEPTED, ReportState.REPLACED)
    found = db.session.execute(
        sa.select(sa.func.count(), sa.func.sum(Report.id * Report.version)).where(Report.state.in_(counted))
    ).one()
    return int(found[0]), int(found[1] or 0)


def flow(figures: Iterable[Figure], span: Span) -> Decimal:
    """What was added in these days: the sum over the periods that end within them."""
    return sum((figure.value for figure in figures if span.first <= figure.as_of <= span.last), Decimal(0))


def by_year(figures: Iterable[Figure], span: Span) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for figure in figures:
        if span.first <= figure.as_of <= span.last:
            found[figure.year] = found.get(figure.year, Decimal(0)) + figure.value
    return found


def latest(figures: Iterable[Figure], day: dt.date) -> Figure | None:
    """The newest that speaks of a date not after the day."""
    known = [figure for figure in figures if figure.as_of <= day]
    return max(known, key=lambda figure: figure.as_of, default=None)


def at(indicator: Indicator, everything: Figures, span: Span) -> Value:
    """What reports say of an indicator whose figures do not add up, for a period up to its last day."""
    own = everything.get(indicator.code, ())
    match indicator.count_rule:
        case CountRule.STOCK:
            found = latest(own, span.last)
            return Value(found.value, as_of=found.as_of) if found else Value()
        case CountRule.RATIO:
            return _ratio(indicator, everything, span.last)
        case CountRule.PER_UNIT_MIN:
            return _least([figure for figure in own if span.first <= figure.as_of <= span.last])
        case CountRule.TREND:
            return _change(own, span)
        case _:
            return Value(flow(own, span))


def _ratio(indicator: Indicator, everything: Figures, day: dt.date) -> Value:
    if indicator.formula is None:
        found = latest(everything.get(indicator.code, ()), day)
        return Value(found.value, as_of=found.as_of) if found else Value()
    values: dict[str, Decimal | None] = {}
    dates = []
    for name in formulas.names(indicator.formula):
        is_input = name in indicator.inputs
        found = latest(everything.get(indicator.code if is_input else name, ()), day)
        if found is not None:
            values[name] = found.further(name) if is_input else found.value
            dates.append(found.as_of)
    try:
        number = formulas.evaluate(indicator.formula, values)
    except formulas.Lacking as lacking:
        return Value(why_not=_missing(indicator, lacking.name))
    return Value(number.quantize(PLACES, ROUND_HALF_UP), as_of=min(dates, default=None))


def _missing(indicator: Indicator, name: str) -> Sentence:
    if not name:
        return _("分母为零，比例无法计算。")
    if name in indicator.inputs:
        return _("还缺分母，由部门填报后计算。")
    return _("还缺计算所需的总量，填报后自动计算。")


def _least(figures: list[Figure]) -> Value:
    if not figures:
        return Value()
    reaching = sum((figure.further(REACHING) or Decimal(0) for figure in figures), Decimal(0))
    of = sum((figure.further(OF) or Decimal(0) for figure in figures), Decimal(0))
    detail = _("%(of)s 个中 %(n)s 个达到", of=int(of), n=int(reaching)) if of else None
    newest = max(figure.as_of for figure in figures)
    return Value(min(figure.value for figure in figures), detail=detail, as_of=newest)


def _change(figures: Iterable[Figure], span: Span) -> Value:
    rows = list(figures)
    now = latest((figure for figure in rows if figure.as_of >= span.first), span.last)
    if now is None:
        return Value()
    before = latest((figure for figure in rows if figure.year == now.year - 1), span.first)
    was = before.value if before is not None else now.further(PREVIOUS)
    if was is None:
        return Value(why_not=_("缺少上一年的数字，无法比较。"), as_of=now.as_of)
    detail = _("%(now)s%% 比上一年的 %(was)s%%", now=now.value, was=was)
    return Value(now.value - was, detail=detail, as_of=now.as_of)
