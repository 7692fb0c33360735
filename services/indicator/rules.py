"""Which indicators an activity feeds, by the rules of the plan. Pure: a profile in, feeds out.

An activity's clause is no condition: the plan lets one class count under several clauses, once in each
indicator whose rule it meets. Indicators reported by hand, and those fed by something other than an activity
(a confirmed reserve entry), are never fed here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from models.activity import Activity
from models.indicator import Deliverable, Indicator, Outcome
from models.person import SkillLevel

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Profile:
    """What the rules ask of an activity. Values are the code names of the glossary; None: not said yet."""

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


def profile_of(activity: Activity) -> Profile:
    return Profile(
        kind=activity.kind,
        series=activity.series,
        level=activity.level,
        industry=activity.industry,
        clause=activity.clause,
        tags=frozenset(activity.tags),
        participant_categories=frozenset(activity.audience),
        skill_level=activity.skill_level,
    )


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


class Verdict(StrEnum):
    """How an activity stands to a condition."""

    MET = "met"
    MISSING = "missing"
    LIMIT = "limit"
    """Decided for each record, not for the activity."""
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Feed:
    """An indicator and an activity: what was met, what is missing, and what still narrows the count.

    `met` is why it counts. `missing` is empty when the indicator is fed; otherwise adding these would feed
    it. `limits` hold for each record: only people of these categories count, or only with this decision.
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
    """Indicators that would be fed if what is missing were added: those of the activity's clause first, then
    those that lack least. What is said otherwise (another series, a lower level) is no omission."""
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
    judged = [
        (condition, _judge(condition, profile))
        for condition in (Condition(Aspect.KIND, (profile.kind,)), *conditions(indicator))
    ]
    if any(verdict is Verdict.OTHERWISE for _condition, verdict in judged):
        return None

    def those(wanted: Verdict) -> tuple[Condition, ...]:
        return tuple(condition for condition, verdict in judged if verdict is wanted)

    return Feed(
        indicator, indicator.outcome, those(Verdict.MET), those(Verdict.MISSING), those(Verdict.LIMIT)
    )


def conditions(indicator: Indicator) -> list[Condition]:
    """What the rule asks beside the kind of activity."""
    asked: tuple[tuple[Aspect, Iterable[str | None]], ...] = (
        (Aspect.SERIES, [indicator.series]),
        (Aspect.LEVEL, [indicator.activity_level]),
        (Aspect.SKILL_LEVEL, [indicator.min_skill_level]),
        (Aspect.TAG, indicator.tags_any),
        (Aspect.CATEGORY, indicator.participant_categories),
        (Aspect.NEED, [indicator.needs]),
    )
    found = [(aspect, tuple(value for value in values if value is not None)) for aspect, values in asked]
    return [Condition(aspect, values) for aspect, values in found if values]


def _judge(condition: Condition, profile: Profile) -> Verdict:
    match condition.aspect:
        case Aspect.KIND:
            return Verdict.MET
        case Aspect.SERIES:
            return _said(profile.series, profile.series in condition.values)
        case Aspect.LEVEL:
            return _said(profile.level, profile.level in condition.values)
        case Aspect.SKILL_LEVEL:
            return _said(profile.skill_level, _reaches(profile.skill_level, condition.values[0]))
        case Aspect.TAG:
            return Verdict.MISSING if profile.tags.isdisjoint(condition.values) else Verdict.MET
        case Aspect.CATEGORY:
            return _people(profile.participant_categories, condition.values)
        case Aspect.NEED:
            return Verdict.LIMIT


def _said(value: str | None, is_met: bool) -> Verdict:
    if value is None:
        return Verdict.MISSING
    return Verdict.MET if is_met else Verdict.OTHERWISE


def _reaches(level: str | None, least: str) -> bool:
    return level is not None and SkillLevel(level).order >= SkillLevel(least).order


def _people(invited: frozenset[str], counted: tuple[str, ...]) -> Verdict:
    if invited and invited.isdisjoint(counted):
        return Verdict.MISSING
    return Verdict.MET if invited and invited.issubset(counted) else Verdict.LIMIT
