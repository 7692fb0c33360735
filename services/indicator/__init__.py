"""The plan: loading it, which activities feed which indicator, how far each has come, what units report.

from services import indicator as indicators
indicators.load(indicators.read(file), stamp=stamp)
indicators.feeds(Profile(kind="training_class", tags=frozenset({"rural"})), plan.indicators)
indicators.progress(plan, day)
indicators.enter(indicator, slot, ReportEntry(Decimal(120), "办班两期"), by=principal, stamp=stamp)
"""

from services.indicator.catalogue import Section, sections
from services.indicator.document import BadPlan
from services.indicator.judging import (
    Standing,
    State,
    Year,
    count_states,
    forget,
    history,
    period_of,
    progress,
    standing,
)
from services.indicator.owing import Due, Slot, due, slots
from services.indicator.pace import Pace, expected_pace
from services.indicator.plan import (
    Loaded,
    Removed,
    current_plan,
    find,
    find_indicator,
    get,
    get_indicator,
    list_plans,
    load,
    read,
)
from services.indicator.reporting import Entry as ReportEntry
from services.indicator.reporting import accept, attach, correct, detach, edit, enter, send_back, submit
from services.indicator.rules import (
    Aspect,
    Condition,
    Feed,
    Profile,
    fed_by,
    feeds,
    nearly,
    noted,
    profile_of,
)
from services.indicator.waiting import waiting

__all__ = [
    "Aspect",
    "BadPlan",
    "Condition",
    "Due",
    "Feed",
    "Loaded",
    "Pace",
    "Profile",
    "Removed",
    "ReportEntry",
    "Section",
    "Slot",
    "Standing",
    "State",
    "Year",
    "accept",
    "attach",
    "correct",
    "count_states",
    "current_plan",
    "detach",
    "due",
    "edit",
    "enter",
    "expected_pace",
    "fed_by",
    "feeds",
    "find",
    "find_indicator",
    "forget",
    "get",
    "get_indicator",
    "history",
    "list_plans",
    "load",
    "nearly",
    "noted",
    "period_of",
    "profile_of",
    "progress",
    "read",
    "sections",
    "send_back",
    "slots",
    "standing",
    "submit",
    "waiting",
]
