"""Who registers for an activity, by whom, when, and what becomes of it. Pure.

Each entry has a fate: what the reviewer, and then the person, will do with it. The story turns fates into moments, the
stage into verbs.
"""

import datetime as dt
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.demo.paths import Path
from app.demo.people import Human
from app.demo.programme import Life, Planned
from models.person import Category
from models.registration import Source
from services.stamp import LOCAL, local_moment


class Fate(StrEnum):
    ACCEPTED = "accepted"
    MENDED = "mended"  # returned, corrected, accepted
    RETURNED = "returned"  # returned a short while ago
    LAPSED = "lapsed"  # returned, never corrected
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"  # on the waiting list, whatever comes of it


@dataclass(frozen=True)
class Entering:
    """One line of one batch."""

    human: Human
    path: Path
    fate: Fate
    category: Category
    workplace: str
    post: str
    years: int
    note: str = ""


@dataclass(frozen=True)
class Handing:
    """A batch: who hands it in, and when."""

    at: dt.datetime
    source: Source
    unit: str | None
    """Name of the unit that enters its people; None for oneself, or the organiser on somebody's behalf."""
    lines: tuple[Entering, ...]


RETURN_NOTES = (
    "技能等级证书编号与证书不一致，请核对后更正",
    "工作单位名称与证明不一致，请核对后更正",
    "请补填从事本职业年限",
    "证书编号位数不对，请对照证书更正",
)
REJECT_NOTES = (
    "经核对不属于本组别参赛对象，可改报其他组别",
    "从业年限未达到本赛项要求",
    "同一单位本赛项报名已超过限额",
)
WITHDRAW_NOTES = ("工作安排冲突，无法参加", "与学校考试时间冲突", "个人原因")


def choose(
    planned: Planned,
    people: Sequence[Human],
    rng: random.Random,
    horizon: dt.datetime,
    known: Collection[int] = (),
) -> list[Handing]:
    """All batches of an activity, in no particular order. `horizon`: the moment up to which things have happened.
    `known` are those who come last, having entered something like it in the same year.
    """
    last = min(planned.closes_at, horizon) - dt.timedelta(hours=6)
    if planned.life is Life.FULL:
        last = planned.opens_at + dt.timedelta(days=6)
    if planned.life in BEFORE_OPENING or last <= planned.opens_at:
        return []
    used: set[int] = set()
    lines: list[Entering] = []
    for path in planned.paths:
        fitting = [h for h in people if fits(h, path, planned)]
        rng.shuffle(fitting)
        fitting.sort(key=lambda human: human.number in known)
        free = (h for h in fitting if h.number not in used)
        for fate in fates(planned, path, rng):
            human = next(free, None)
            if human is None:
                break
            used.add(human.number)
            lines.append(line(human, path, fate, planned, rng))
    return batches(planned, lines, rng, last)


BEFORE_OPENING = frozenset({Life.DRAFT, Life.SENT_BACK, Life.PENDING, Life.APPROVED, Life.SOON})


def fits(human: Human, path: Path, planned: Planned) -> bool:
    """By the rules of the track, on the day it opened: no minors, and students were students then."""
    age = human.age_on(planned.opens_at.astimezone(LOCAL).date())
    if age < 18 or (path.born_from is not None and human.birth_date < path.born_from):
        return False
    return not path.categories or category_then(human, age) in path.categories


def category_then(human: Human, age: int) -> Category:
    """Who is at work today was perhaps at school when it took place."""
    if human.category is Category.ENTERPRISE_EMPLOYEE and age < 21:
        return Category.VOCATIONAL_STUDENT
    return human.category


def fates(planned: Planned, path: Path, rng: random.Random) -> Iterator[Fate]:
    """As many as hold a place in the end, and some whose place was freed, where there was room for them."""
    if planned.life is Life.FULL:
        yield from [Fate.ACCEPTED] * (path.places - 1) + [Fate.WITHDRAWN]
        return
    aside = (
        0 if planned.is_round else min(path.places - path.held, max(1, path.held // 16) if path.held else 0)
    )
    freed = (Fate.LAPSED, Fate.REJECTED, Fate.WITHDRAWN) if path.needs_review else (Fate.WITHDRAWN,)
    for _number in range(path.held):
        chance = rng.random()
        if path.needs_review and chance < (0.02 if planned.is_round else 0.06):
            yield Fate.MENDED
        elif chance < 0.1 and path.needs_review and planned.life is Life.OPEN:
            yield Fate.RETURNED
        else:
            yield Fate.ACCEPTED
    for _number in range(aside):
        yield rng.choice(freed)


def line(human: Human, path: Path, fate: Fate, planned: Planned, rng: random.Random) -> Entering:
    day = planned.opens_at.astimezone(LOCAL).date()
    age = human.age_on(day)
    category = category_then(human, age)
    studies = category is Category.VOCATIONAL_STUDENT
    notes = {Fate.REJECTED: REJECT_NOTES, Fate.WITHDRAWN: WITHDRAW_NOTES}.get(fate, RETURN_NOTES)
    return Entering(
        human=human,
        path=path,
        fate=fate,
        category=category,
        workplace=human.school if studies and human.category is not category else human.workplace,
        post="" if studies and human.category is not category else human.post,
        years=0 if studies else max(0, min(30, age - 20 - rng.randrange(4))),
        note=rng.choice(notes),
    )


class When(StrEnum):
    """When somebody registers, of the time in which they may."""

    EARLY = "early"  # who will not stay: before the anchor day their place is free again
    ANY = "any"
    LATE = "late"  # on the last day told: these still wait for the reviewer


FREED = frozenset({Fate.LAPSED, Fate.REJECTED, Fate.WITHDRAWN})
SETTLING = dt.timedelta(days=8)
"""After so long whoever does not stay has been returned and expired, rejected or withdrawn."""


def batches(
    planned: Planned, lines: Sequence[Entering], rng: random.Random, last: dt.datetime
) -> list[Handing]:
    """Units hand in their people together, once or twice; who has an account does it alone; for the rest the organiser
    does it, a few times.
    """
    groups: dict[tuple[str, When, int], list[Entering]] = {}
    made = []
    spans = {
        When.EARLY: (planned.opens_at, max(last - SETTLING, planned.opens_at + dt.timedelta(days=1))),
        When.ANY: (planned.opens_at, last),
        When.LATE: (last - dt.timedelta(hours=20), last),
    }
    for entering in lines:
        when = when_of(planned, entering, rng)
        if entering.human.has_account:
            made.append(Handing(moment_between(rng, *spans[when]), Source.SELF, None, (entering,)))
            continue
        turns = 1 if planned.is_round else 2 if entering.workplace else 4
        groups.setdefault((entering.workplace, when, rng.randrange(turns)), []).append(entering)
    for (unit, when, _turn), group in groups.items():
        source = Source.UNIT if unit else Source.ON_BEHALF
        made.append(Handing(moment_between(rng, *spans[when]), source, unit or None, tuple(group)))
    return made


def when_of(planned: Planned, entering: Entering, rng: random.Random) -> When:
    if entering.fate in FREED:
        return When.EARLY
    if planned.life is Life.OPEN and entering.path.needs_review and entering.fate is Fate.ACCEPTED:
        return When.LATE if rng.random() < 0.07 else When.ANY
    return When.ANY


def moment_between(rng: random.Random, first: dt.datetime, last: dt.datetime) -> dt.datetime:
    """A minute of a day between two moments, while people are awake."""
    begins, days = first.astimezone(LOCAL).date(), (last - first).days + 1
    for _try in range(50):
        day = begins + dt.timedelta(days=rng.randrange(days + 1))
        hour = rng.choice((9, 9, 10, 10, 11, 14, 14, 15, 16, 17, 19, 20))
        at = local_moment(day, dt.time(hour, rng.randrange(60)))
        if first <= at <= last:
            return at
    return first + (last - first) / 2
