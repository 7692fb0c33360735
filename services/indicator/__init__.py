"""The plan as data: loading it, what holds on a day, which activities feed which indicator, the pace.

from services import indicator as indicators
indicators.load(indicators.read(file), stamp=stamp)
indicators.feeds(Profile(kind="training_class", tags=frozenset({"rural"})), plan.indicators)
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
from services.indicator.owing import Due, Slot, due
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
    "Section",
    "Slot",
    "Standing",
    "State",
    "Year",
    "count_states",
    "current_plan",
    "due",
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
    "standing",
    "waiting",
]
