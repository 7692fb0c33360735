"""选手储备库: who is proposed, who is in, and how far the year has come. 方案 clause 7, 培养选拔储备.

from services import pipeline as pipelines
pipelines.confirm(pipelines.candidates(2026)[:20], by=account, stamp=stamp)

A candidate is nobody's row: it follows from a standing award of a contest of the district or above. A decision on one
is a row, and being in reserve is a fact that rests on the award: when the award falls, so does the reserve entry.
This room knows awards as facts; it does not know how they were marked.
"""

from services.pipeline.candidates import BASES, Candidate, candidates, count_candidates
from services.pipeline.counting import Change, by_skill_and_tier, funnel, history, in_reserve, recent
from services.pipeline.deciding import (
    AlreadyDecided,
    NoReason,
    SamePerson,
    Unidentified,
    confirm,
    decline,
    leave,
)
from services.pipeline.listing import CONFIRMERS, PAGE, READERS, get, may_confirm, members, target, waiting
from services.pipeline.taking_over import swap, take_over

__all__ = [
    "BASES",
    "CONFIRMERS",
    "PAGE",
    "READERS",
    "AlreadyDecided",
    "Candidate",
    "Change",
    "NoReason",
    "SamePerson",
    "Unidentified",
    "by_skill_and_tier",
    "candidates",
    "confirm",
    "count_candidates",
    "decline",
    "funnel",
    "get",
    "history",
    "in_reserve",
    "leave",
    "may_confirm",
    "members",
    "recent",
    "swap",
    "take_over",
    "target",
    "waiting",
]
