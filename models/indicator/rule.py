"""The choices a plan file may make. The values are those written in the file."""

from enum import StrEnum


class Unit(StrEnum):
    PERSON = "person"
    PERSON_TIME = "person_time"
    ITEM = "item"
    SESSION = "session"
    PERCENT = "percent"
    PERCENTAGE_POINT = "percentage_point"


class Period(StrEnum):
    ANNUAL = "annual"
    """For each calendar year of the plan."""
    BIENNIAL = "biennial"
    """For each window of two years, counted from the plan's first."""
    CUMULATIVE = "cumulative"
    """Once, by the due date, counted from the plan's start."""
    RATIO = "ratio"
    """A share at the due date."""
    PER_UNIT = "per_unit"
    """A least value that every counted thing must meet."""
    TREND = "trend"
    """The change on the year before."""


class CountRule(StrEnum):
    DISTINCT_PERSON_YEAR = "distinct_person_year"
    PERSON_TIMES = "person_times"
    THING_COUNT = "thing_count"
    STOCK = "stock"
    """A total at a date, reported by hand: never the sum of yearly figures."""
    RATIO = "ratio"
    PER_UNIT_MIN = "per_unit_min"
    TREND = "trend"


class Source(StrEnum):
    """Where a figure comes from: 系统归集, 两者结合, 部门填报."""

    AUTO = "auto"
    MIXED = "mixed"
    MANUAL = "manual"


class Outcome(StrEnum):
    """What a record must have reached before it counts."""

    ACTIVITY_HELD = "activity_held"
    COMPLETED = "completed"
    LEVEL_ASSESSED = "level_assessed"
    LEVEL_CERTIFIED = "level_certified"
    AWARD_WON = "award_won"
    RESERVE_CONFIRMED = "reserve_confirmed"
    HIRED = "hired"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class TargetBasis(StrEnum):
    STATED = "stated"
    IMPLIED = "implied"
    """The plan says "each year" or "a batch", no number: one is the least, watched and not scored."""


class LeadBasis(StrEnum):
    STATED = "stated"
    INFERRED = "inferred"


class Comparator(StrEnum):
    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"

    def is_met(self, value: float, target: float) -> bool:
        match self:
            case Comparator.AT_LEAST:
                return value >= target
            case Comparator.ABOVE:
                return value > target
            case Comparator.AT_MOST:
                return value <= target
            case Comparator.BELOW:
                return value < target
