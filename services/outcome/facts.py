"""Which facts a confirmed line stands for: what the plan counts of a class, an assessment and a contest."""

import datetime as dt

from models.activity import Activity
from models.indicator import Outcome
from models.organisation import Type
from models.outcome import Line, Verdict
from models.person import Category, SkillLevel
from models.registration import Registration
from services import words
from services.outcome.shape import Shape, shape_of
from services.participation import Fact
from services.stamp import local_day
from services.text import _

OUTCOMES = (Outcome.COMPLETED, Outcome.LEVEL_ASSESSED, Outcome.LEVEL_CERTIFIED, Outcome.AWARD_WON)
"""All that a line can come to."""

TITLE_PROPOSAL = "title_proposal"


def source(line: Line, outcome: Outcome) -> str:
    return f"line:{line.code}:{outcome.value}"


def expected(line: Line, *, won_on: dt.date) -> list[Fact]:
    """The facts of a line as it stands. A class and an assessment are final on the day they ended, an award on the
    day it was confirmed.
    """
    activity = line.registration.activity
    shape = shape_of(activity)
    ended = local_day(activity.ends_at)
    if shape is Shape.CONTEST:
        return [] if line.award is None else [_fact(line, Outcome.AWARD_WON, won_on)]
    if shape is Shape.CLASS:
        return [_fact(line, Outcome.COMPLETED, ended)] if line.verdict is Verdict.COMPLETED else []
    if line.verdict is Verdict.COMPLETED:
        return [
            _fact(line, Outcome.LEVEL_ASSESSED, ended),
            _fact(line, Outcome.LEVEL_CERTIFIED, ended),
        ]
    return [_fact(line, Outcome.LEVEL_ASSESSED, ended)] if line.verdict is Verdict.FAILED else []


def _fact(line: Line, outcome: Outcome, day: dt.date) -> Fact:
    registration = line.registration
    activity = registration.activity
    unit = registration.organisation
    return Fact(
        source(line, outcome),
        outcome,
        day=day,
        activity=activity,
        person=registration.person,
        registration=registration,
        category=_category(registration),
        skill_level=_skill_level(registration, activity),
        skill=registration.track.contest if activity.kind.value == "competition" else activity.title[:80],
        detail=_detail(line, outcome),
        needs=frozenset({TITLE_PROPOSAL}) if line.title_proposed else frozenset(),
        is_outside=unit is not None and unit.type is Type.OUTSIDE,
    )


def _category(registration: Registration) -> Category:
    answer = registration.answer
    return Category(answer.category) if answer is not None else registration.person.category


def _skill_level(registration: Registration, activity: Activity) -> SkillLevel:
    if activity.skill_level:
        return SkillLevel(activity.skill_level)
    answer = registration.answer
    return SkillLevel(answer.skill_level) if answer is not None else registration.person.skill_level


def _detail(line: Line, outcome: Outcome) -> str:
    """In Chinese, whatever the language of who confirms: it is kept."""
    if line.award is not None:
        return words.label(line.award).message
    if outcome is Outcome.COMPLETED and line.hours is not None:
        return _("%(hours)s 学时").message % {"hours": plain(line.hours)}
    return ""


def plain(value: object) -> str:
    """32 for 32.00, 87.5 for 87.50."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_of(registration: Registration) -> str:
    """The unit they entered for, else where they say they work."""
    if registration.organisation is not None:
        return registration.organisation.name
    return registration.answer.workplace if registration.answer is not None else ""
