"""The plan as data: loading it, what holds on a day, which activities feed which indicator, the pace.

from services import indicator as indicators
indicators.load(indicators.read(file), stamp=stamp)
indicators.feeds(Profile(kind="training_class", tags=frozenset({"rural"})), plan.indicators)
"""

from services.indicator.catalogue import Section, sections
from services.indicator.document import BadPlan
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

__all__ = [
    "Aspect",
    "BadPlan",
    "Condition",
    "Feed",
    "Loaded",
    "Pace",
    "Profile",
    "Removed",
    "Section",
    "current_plan",
    "expected_pace",
    "fed_by",
    "feeds",
    "find",
    "find_indicator",
    "get",
    "get_indicator",
    "list_plans",
    "load",
    "nearly",
    "noted",
    "profile_of",
    "read",
    "sections",
]
