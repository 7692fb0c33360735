"""The plan as rows: what it asks, of whom, by when, and how each figure is counted. No figure reached."""

from models.indicator.plan import Checkpoint, Clause, Department, Phase, Plan, Programme, Tag
from models.indicator.rule import (
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
from models.indicator.target import Deliverable, Indicator

__all__ = [
    "Checkpoint",
    "Clause",
    "Comparator",
    "CountRule",
    "Deliverable",
    "Department",
    "Direction",
    "Indicator",
    "LeadBasis",
    "Outcome",
    "Period",
    "Phase",
    "Plan",
    "Programme",
    "Source",
    "Tag",
    "TargetBasis",
    "Unit",
]
