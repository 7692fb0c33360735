"""The plan as rows: what it asks, of whom, by when, how each figure is counted; and what units report of it."""

from models.indicator.plan import Checkpoint, Clause, Department, Phase, Plan, Programme, Tag
from models.indicator.report import WHOLE_YEAR, Evidence, Report, ReportState
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
    "WHOLE_YEAR",
    "Checkpoint",
    "Clause",
    "Comparator",
    "CountRule",
    "Deliverable",
    "Department",
    "Direction",
    "Evidence",
    "Indicator",
    "LeadBasis",
    "Outcome",
    "Period",
    "Phase",
    "Plan",
    "Programme",
    "Report",
    "ReportState",
    "Source",
    "Tag",
    "TargetBasis",
    "Unit",
]
