"""How far each indicator has come: value, target, expected pace, state, forecast. 目标任务完成情况.

The figures of a day are kept in the process for as long as no fact, merge, acceptance or plan changes them.
"""

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from models.base import db
from models.indicator import Direction, Indicator, Period, Plan, Source
from services import page as pages
from services.indicator import counting, owing, reported
from services.indicator.counting import FLOWS, Span
from services.indicator.pace import Pace, expected_pace, gone
from services.indicator.plan import find, find_indicator
from services.indicator.reported import Figures, Value
from services.text import Sentence

NEAR = Decimal("0.8")
"""Of the expected pace: less is far behind."""
EARLY = Decimal(1) / 12
"""Of the period: before that a forecast says nothing."""
KEPT = 64


class State(StrEnum):
    DONE = "done"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    OVERDUE = "overdue"
    UNREPORTED = "unreported"
    OPEN = "open"
    """Judged at its date, or a window cut short by the plan's end, or nothing to be known yet: not done, not late."""
    WATCHED = "watched"
    """The plan gives no number: no score."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Everything that was counted and reported, up to a day."""

    counted: Mapping[str, Mapping[int, int]]
    """Figures from facts, by indicator and year."""
    figures: Figures


@dataclass(frozen=True, slots=True)
class Standing:
    indicator: Indicator
    state: State
    value: Decimal | None
    """None: nothing is known; `why_not` may say why."""
    counted: int
    """Of it, from the platform's facts."""
    reported: Decimal
    """Of it, from accepted reports."""
    target: Decimal
    pace: Pace
    expected: Decimal | None
    forecast: int | None
    """按目前进度预计: at the end of the period, if it goes on like this."""
    evidence: int
    """Files behind the accepted reports of the period."""
    reported_to: dt.date | None
    """The last day that accepted reports of the period speak of."""
    why_not: Sentence | None = None
    detail: Sentence | None = None

    @property
    def rate(self) -> float | None:
        """Value by target; None where a share of the target says nothing."""
        if self.value is None or not self.target or self.indicator.period is Period.TREND:
            return None
        return float(self.value / self.target)

    @property
    def is_late(self) -> bool:
        return self.state in (State.FAR_BEHIND, State.OVERDUE)


@dataclass(frozen=True, slots=True)
class Year:
    """What an indicator reached in a year; for what is built once, since the plan began."""

    year: int
    value: Decimal | None
    counted: int
    reported: Decimal
    is_running: bool


def progress(
    plan: Plan,
    day: dt.date,
    *,
    department: str | None = None,
    clause: int | None = None,
    source: Source | None = None,
    is_whole: bool = False,
    today: dt.date | None = None,
) -> list[Standing]:
    """Every indicator of the plan, in its order; perhaps those that a department leads, of a clause or a source.

    `day` chooses the period and is the last day that counts; `today` judges what is overdue (the day itself where none
    is given). `is_whole`: all years of the plan together.
    """
    tally = tally_of(plan, day)
    return [
        stand(indicator, plan, tally, day, today=today or day, is_whole=is_whole)
        for indicator in plan.indicators
        if (department is None or department in indicator.lead)
        and (clause is None or indicator.clause == clause)
        and (source is None or indicator.feed is source)
    ]


def standing(
    indicator: Indicator, plan: Plan, day: dt.date, *, today: dt.date | None = None, is_whole: bool = False
) -> Standing:
    """One of them."""
    return stand(indicator, plan, tally_of(plan, day), day, today=today or day, is_whole=is_whole)


def history(indicator: Indicator, plan: Plan, day: dt.date) -> list[Year]:
    """Each year of the plan that has begun; before them those of the plan it carries on, where years are compared."""
    tally = tally_of(plan, day)
    found = _earlier(indicator, plan)
    for year in plan.years:
        if year > day.year:
            break
        span = period_of(indicator, plan, dt.date(year, 12, 31)).until(min(day, dt.date(year, 12, 31)))
        if indicator.count_rule in FLOWS and indicator.period is not Period.CUMULATIVE:
            span = Span(dt.date(year, 1, 1), min(day, dt.date(year, 12, 31)))
        value, counted, told = _value(indicator, tally, span)
        is_known = bool(counted) or any(
            span.first <= figure.as_of <= span.last for figure in tally.figures.get(indicator.code, ())
        )
        number = value.number
        if indicator.count_rule in FLOWS and indicator.feed is Source.MANUAL and not is_known:
            number = None
        found.append(Year(year, number, counted, told, is_running=day < dt.date(year, 12, 31)))
    return found


def _earlier(indicator: Indicator, plan: Plan) -> list[Year]:
    base = find(plan.continues) if plan.continues else None
    same = find_indicator(base, indicator.code) if base is not None else None
    if base is None or same is None or same.period is not indicator.period or same.unit is not indicator.unit:
        return []
    if indicator.period is Period.CUMULATIVE and indicator.count_rule in FLOWS:
        return []  # what is built once is counted anew
    return [
        year for year in history(same, base, dt.date(base.years[-1], 12, 31)) if year.year < plan.years[0]
    ]


# --- one indicator -------------------------------------------------------------------------------------


def period_of(indicator: Indicator, plan: Plan, day: dt.date, *, is_whole: bool = False) -> Span:
    """The days of the period that holds on a day."""
    if is_whole and _is_summed(indicator):
        return Span(dt.date(plan.years[0], 1, 1), dt.date(plan.years[-1], 12, 31))
    pace = expected_pace(indicator, plan, day)
    return Span(pace.starts_on, pace.ends_on)


def stand(
    indicator: Indicator,
    plan: Plan,
    tally: Tally,
    day: dt.date,
    *,
    today: dt.date,
    is_whole: bool = False,
) -> Standing:
    """Judge one from what was counted. Pure but for the plan's rows."""
    pace, target = expected_pace(indicator, plan, day), Decimal(str(indicator.target))
    if is_whole and _is_summed(indicator):
        span = period_of(indicator, plan, day, is_whole=True)
        pace = Pace(span.first, span.last, gone(span.first, span.last, day))
        years = len(plan.years)
        target *= max(years // 2, 1) if indicator.period is Period.BIENNIAL else years
    span = Span(pace.starts_on, pace.ends_on).until(day)
    value, counted, told = _value(indicator, tally, span)
    figures = [row for row in tally.figures.get(indicator.code, ()) if span.first <= row.as_of <= span.last]
    is_due = owing.has_ended_slot(indicator, plan, pace.starts_on, min(today, day + dt.timedelta(days=1)))
    number = value.number
    if number is not None and not figures and not counted and indicator.count_rule in FLOWS:
        number = None if indicator.feed is Source.MANUAL else number
    expected = None if pace.share is None else target * Decimal(pace.share.numerator) / pace.share.denominator
    found = Standing(
        indicator=indicator,
        state=State.OPEN,
        value=number,
        counted=counted,
        reported=told,
        target=target,
        pace=pace,
        expected=expected,
        forecast=None,
        evidence=sum(row.evidence for row in figures),
        reported_to=max((row.as_of for row in figures), default=value.as_of),
        why_not=value.why_not,
        detail=value.detail,
    )
    found = replace(found, state=_state(found, today=today, is_due=is_due, is_reported=bool(figures)))
    return replace(found, forecast=_forecast(found, span, day))


def _value(indicator: Indicator, tally: Tally, span: Span) -> tuple[Value, int, Decimal]:
    """The figure of some days; of it counted, of it reported."""
    if indicator.count_rule not in FLOWS:
        value = reported.at(indicator, tally.figures, span)
        return value, 0, value.number or Decimal(0)
    if span.is_empty:
        return Value(Decimal(0)), 0, Decimal(0)
    by_year = tally.counted.get(indicator.code, {})
    counted = sum(by_year.get(year, 0) for year in span.years())
    told = (
        Decimal(0)
        if indicator.feed is Source.AUTO
        else reported.flow(tally.figures.get(indicator.code, ()), span)
    )
    return Value(told + counted), counted, told


def _state(found: Standing, *, today: dt.date, is_due: bool, is_reported: bool) -> State:
    indicator, value = found.indicator, found.value
    target, is_over = float(found.target), today > found.pace.ends_on
    if not indicator.is_scored:
        return State.WATCHED
    is_met = value is not None and indicator.comparator.is_met(float(value), target)
    if indicator.direction is Direction.DOWN:
        if not is_met:
            return State.OVERDUE if is_over else State.FAR_BEHIND
        return State.DONE if is_over else State.ON_PACE
    if is_met:
        return State.DONE
    if is_due and not is_reported and not found.counted and not value:
        return State.UNREPORTED
    if found.pace.is_clipped:
        return State.OPEN
    if is_over:
        return State.OVERDUE
    if found.expected is None or value is None:
        return State.OPEN
    if value >= found.expected:
        return State.ON_PACE
    return State.BEHIND if value >= NEAR * found.expected else State.FAR_BEHIND


def _forecast(found: Standing, span: Span, day: dt.date) -> int | None:
    """In a straight line: the platform's part from the day, the reported part from the last day reported of."""
    pace = found.pace
    if pace.share is None or pace.is_clipped or found.value is None or day >= pace.ends_on:
        return None
    if not found.indicator.is_scored or found.state in (State.DONE, State.UNREPORTED):
        return None
    if pace.share < EARLY:
        return None
    total = Decimal(found.counted) * pace.share.denominator / pace.share.numerator
    if found.reported and found.reported_to is not None:
        share = gone(pace.starts_on, pace.ends_on, max(found.reported_to, span.first))
        total += found.reported * share.denominator / share.numerator
    return int(total)


def _is_summed(indicator: Indicator) -> bool:
    """Whether its years may be added up."""
    return indicator.count_rule in FLOWS and indicator.period in (Period.ANNUAL, Period.BIENNIAL)


# --- what is kept --------------------------------------------------------------------------------------

_kept: dict[tuple[object, ...], Tally] = {}
_lock = threading.Lock()


def tally_of(plan: Plan, day: dt.date) -> Tally:
    """Everything counted up to a day; from memory while nothing changed."""
    # Of two who write facts at once the one with the lower keys may be done later, and no newest fact tells of it;
    # the version of the pages rises with each.
    marks = (pages.version(), counting.mark(), reported.mark())
    key = (str(db.engine.url), plan.id, plan.loaded_at, day, *marks)
    with _lock:
        known = _kept.get(key)
    if known is not None:
        return known
    counted = {
        indicator.code: counting.by_year(indicator, counting.whole(indicator, plan).until(day))
        for indicator in plan.indicators
        if counting.is_counted(indicator)
    }
    made = Tally(counted, reported.accepted(plan))
    with _lock:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = made
    return made


def forget() -> None:
    with _lock:
        _kept.clear()


def count_states(rows: list[Standing]) -> dict[State, int]:
    """How many stand where, every state named."""
    found = dict.fromkeys(State, 0)
    for row in rows:
        found[row.state] += 1
    return found
