"""Which indicators an activity feeds, by the rules of the plan. Pure: a profile in, feeds out.

An activity's clause is no condition: the plan lets one class count under several clauses, once in each indicator
whose rule it meets (plan reading 5). Indicators reported by hand, and those fed by something other than an activity
(a confirmed reserve entry), are never fed here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from models.indicator import Deliverable, Indicator, Outcome
from models.person import SkillLevel

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Profile:
    """What the rules ask of an activity. Values are the code names of the glossary; None means not said yet."""

    kind: str
    series: str | None = None
    level: str | None = None
    industry: str | None = None
    clause: int | None = None
    tags: frozenset[str] = field(default_factory=frozenset)
    participant_categories: frozenset[str] = field(default_factory=frozenset)
    """Whom it is for; empty means everybody."""
    skill_level: str | None = None
    """The level that a class or an assessment leads to."""


class Aspect(StrEnum):
    """What a condition is about."""

    KIND = "kind"
    SERIES = "series"
    LEVEL = "level"
    TAG = "tag"
    CATEGORY = "category"
    SKILL_LEVEL = "skill_level"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing the rule asks; any one of `values` will do."""

    aspect: Aspect
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """An indicator and an activity: what was met, what is missing, and what still narrows the count.

    `met` is why it counts. `missing` is empty when the indicator is fed; otherwise adding these would feed it.
    `limits` hold for each record: only participants of these categories count, or only with this further decision.
    """

    indicator: Indicator
    outcome: Outcome
    met: tuple[Condition, ...]
    missing: tuple[Condition, ...] = ()
    limits: tuple[Condition, ...] = ()

    @property
    def is_fed(self) -> bool:
        return not self.missing


def feeds(profile: Profile, indicators: Iterable[Indicator]) -> list[Feed]:
    """The indicators that the activity will feed, in the plan's order."""
    return [feed for feed in _compare_all(profile, indicators) if feed.is_fed]


def nearly(profile: Profile, indicators: Iterable[Indicator]) -> list[Feed]:
    """Indicators that would be fed if what is missing were added: those of the activity's clause first, then those
    that lack least. Something said otherwise (another series, a lower level) is an answer, not an omission."""
    close = [feed for feed in _compare_all(profile, indicators) if not feed.is_fed]
    return sorted(close, key=lambda feed: (feed.indicator.clause != profile.clause, len(feed.missing)))


def fed_by(indicator: Indicator, candidates: Iterable[tuple[Profile, Thing]]) -> list[Thing]:
    """Of things with their profiles, those that would feed the indicator, in the order given."""
    return [thing for profile, thing in candidates if feeds(profile, [indicator])]


def noted(profile: Profile, deliverables: Iterable[Deliverable]) -> list[Deliverable]:
    """Tasks without a number whose record the activity joins: same clause, and a kind that the task names."""
    return [
        task for task in deliverables if task.clause == profile.clause and profile.kind in task.activity_kinds
    ]


def _compare_all(profile: Profile, indicators: Iterable[Indicator]) -> list[Feed]:
    compared = (_compare(profile, indicator) for indicator in indicators if indicator.is_fed_by_activities)
    return [feed for feed in compared if feed is not None]


def _compare(profile: Profile, indicator: Indicator) -> Feed | None:
    """None where the activity is plainly something else."""
    if profile.kind not in indicator.activity_kinds or indicator.outcome is None:
        return None
    met = [Condition(Aspect.KIND, (profile.kind,))]
    missing: list[Condition] = []
    limits: list[Condition] = []
    for aspect, wanted, said in (
        (Aspect.SERIES, indicator.series, profile.series),
        (Aspect.LEVEL, indicator.activity_level, profile.level),
    ):
        if wanted is None:
            continue
        if said is not None and said != wanted:
            return None
        (missing if said is None else met).append(Condition(aspect, (wanted,)))
    if indicator.min_skill_level is not None:
        asked = Condition(Aspect.SKILL_LEVEL, (indicator.min_skill_level,))
        if profile.skill_level is None:
            missing.append(asked)
        elif SkillLevel(profile.skill_level).order < SkillLevel(indicator.min_skill_level).order:
            return None
        else:
            met.append(asked)
    if indicator.tags_any:
        found = tuple(tag for tag in indicator.tags_any if tag in profile.tags)
        (met if found else missing).append(Condition(Aspect.TAG, found or tuple(indicator.tags_any)))
    if indicator.participant_categories:
        wanted_people = tuple(indicator.participant_categories)
        people = Condition(Aspect.CATEGORY, wanted_people)
        if profile.participant_categories and not profile.participant_categories.intersection(wanted_people):
            missing.append(people)
        elif not profile.participant_categories or not profile.participant_categories <= set(wanted_people):
            limits.append(people)
        else:
            met.append(people)
    if indicator.needs is not None:
        limits.append(Condition(Aspect.NEED, (indicator.needs,)))
    return Feed(indicator, indicator.outcome, tuple(met), tuple(missing), tuple(limits))
