"""What happened, event by event, in the order in which it happened. Pure.

An event names what was done, to what, and when; it knows no row, and leaves to the scenes what only the rows can tell
(who is first in line). The same people, programme and seed give the same story. It ends at midnight before the anchor
day.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.demo import aftermath, entries, gathering
from app.demo.entries import Fate, Handing
from app.demo.event import Event, Joined, Listed, Signed
from app.demo.paths import Path
from app.demo.people import Human
from app.demo.programme import Life, Planned
from models.activity import Kind
from models.registration import Source
from services.stamp import LOCAL, local_moment

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


class Step(StrEnum):
    """What an activity goes through, and what is said about it in public."""

    DRAFT = "draft"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    PUBLISH = "publish"
    ANNOUNCE = "announce"
    LIST_NAMES = "list_names"
    CANCEL = "cancel"
    HOLD = "hold"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Stepped(Event):
    step: Step = Step.DRAFT


@dataclass(frozen=True)
class Handed(Event):
    handing: Handing | None = None


@dataclass(frozen=True)
class Reviewed(Event):
    """The reviewer goes through what waits, each by its fate."""

    is_last: bool = False


@dataclass(frozen=True)
class Mended(Event):
    """Those who will, send in again what was returned."""


@dataclass(frozen=True)
class Withdrew(Event):
    human: Human | None = None
    """None: whoever of a track was meant to."""
    note: str = ""
    path: str = ""


@dataclass(frozen=True)
class Answered(Event):
    """Whoever has an offer takes it."""


@dataclass(frozen=True)
class Swept(Event):
    """The job that lets offers and returned entries expire."""


@dataclass(frozen=True)
class Met(Event):
    """A unit enters somebody who has not registered for anything yet."""

    humans: tuple[Human, ...] = ()


@dataclass(frozen=True)
class ReadAll(Event):
    """People look at their messages; what comes later stays unread."""


def tell(
    programme: Sequence[Planned],
    people: Sequence[Human],
    hero: Human,
    rng: random.Random,
    anchor: dt.date,
    officers: frozenset[str] = frozenset(),
) -> list[Event]:
    """The whole story. `hero` is the contestant whose account the demonstration offers, `officers` are the units with
    somebody who issues certificates.
    """
    horizon = local_moment(anchor)
    told: list[Event] = []
    seen: set[int] = set()
    rounds = max(planned.copy for planned in programme) + 1
    contested: dict[int, set[int]] = {}
    for planned in programme:
        told += life_of(planned, horizon)
        told += aftermath.of_activity(planned, officers, horizon)
        crowd = people[planned.copy :: rounds]
        known = contested.setdefault(planned.ends_at.astimezone(LOCAL).year, set())
        handings = entries.choose(
            planned,
            crowd,
            rng,
            cancelled_at(planned, horizon) or horizon,
            known if planned.is_contest else (),
        )
        if planned.is_contest:
            known |= {line.human.number for handing in handings for line in handing.lines}
        if planned.life is Life.FULL:
            handings += queue(planned, crowd, handings, rng, anchor)
            told += offers(planned, anchor)
        handings += heroic(planned, hero, anchor)
        told += registration_of(planned, handings, rng, horizon)
        seen |= {line.human.number for handing in handings for line in handing.lines}
    unseen = [human for human in people if human.number not in seen]
    for first in range(0, len(unseen), 50):
        at = local_moment(anchor - dt.timedelta(days=2 + first // 10 % 300), dt.time(10, 40))
        told.append(Met(at, humans=tuple(unseen[first : first + 50])))
    told += gathering.tell(programme, people, anchor)
    told += aftermath.of_years(programme, anchor, rounds)
    told.append(ReadAll(horizon - 2 * DAY))
    return sorted((event for event in told if event.at < horizon), key=lambda event: event.at)


# --- the life of an activity ----------------------------------------------------------------------


def cancelled_at(planned: Planned, horizon: dt.datetime) -> dt.datetime | None:
    return horizon - 3 * DAY + 10 * HOUR if planned.life is Life.CANCELLED else None


def life_of(planned: Planned, horizon: dt.datetime) -> Iterator[Event]:
    key, life = planned.key, planned.life
    yield Stepped(planned.drafted_at, key, Step.DRAFT)
    if life is Life.DRAFT:
        return
    yield Stepped(planned.submitted_at, key, Step.SUBMIT)
    if life is Life.PENDING:
        return
    if life is Life.SENT_BACK:
        yield Stepped(planned.decided_at, key, Step.SEND_BACK)
        return
    yield Stepped(planned.decided_at, key, Step.APPROVE)
    if life is Life.APPROVED:
        return
    yield Stepped(planned.published_at, key, Step.PUBLISH)
    if planned.kind in (Kind.COMPETITION, Kind.ASSESSMENT) or planned.life is Life.OPEN:
        yield Stepped(planned.published_at + 20 * MINUTE, key, Step.ANNOUNCE)
    if (called_off := cancelled_at(planned, horizon)) is not None:
        yield Stepped(called_off, key, Step.CANCEL)
        return
    if planned.kind is Kind.COMPETITION and life.is_over:
        yield Stepped(planned.closes_at + 4 * DAY - HOUR, key, Step.LIST_NAMES)
    if life in (Life.HELD, Life.ARCHIVED):
        yield Stepped(planned.ends_at + 17 * HOUR, key, Step.HOLD)
    if life is Life.ARCHIVED:
        yield Stepped(planned.ends_at + 40 * DAY, key, Step.ARCHIVE)


# --- registration ---------------------------------------------------------------------------------


def registration_of(
    planned: Planned, handings: Sequence[Handing], rng: random.Random, horizon: dt.datetime
) -> Iterator[Event]:
    end = min(cancelled_at(planned, horizon) or horizon, planned.starts_at)
    for handing in handings:
        yield Handed(handing.at, planned.key, handing)
        for line in handing.lines:
            if line.fate is Fate.WITHDRAWN and planned.life is not Life.FULL:
                at = entries.moment_between(rng, handing.at + 3 * HOUR, end - 2 * HOUR)
                yield Withdrew(at, planned.key, line.human, line.note)
    if handings:
        yield from reviews(planned, end)


def reviews(planned: Planned, end: dt.datetime) -> Iterator[Event]:
    """Every second day, then twice after the closing. Where registration is open the last entries still wait."""
    last_day = (planned.closes_at + 3 * DAY).astimezone(LOCAL).date()
    day = planned.opens_at.astimezone(LOCAL).date() + 2 * DAY
    lag = DAY if planned.life in (Life.OPEN, Life.FULL) else dt.timedelta()
    pause = 9 * DAY if planned.is_round else 2 * DAY
    moments = []
    while day <= last_day:
        moments.append(local_moment(day, dt.time(16, 40)))
        day += DAY if day >= last_day - 2 * DAY else pause
    moments = [at for at in moments if at < end - lag]
    for at in moments:
        yield Reviewed(at, planned.key, is_last=at == moments[-1])
        yield Mended(at + 4 * HOUR, planned.key)
        if not planned.is_round:
            yield Swept(at + DAY + 5 * MINUTE)
        yield Swept(at + 3 * DAY + 5 * MINUTE)


# --- the full one ---------------------------------------------------------------------------------

WAITING = (7, 7)
"""How many wait on the anchor day, by division."""


def queue(
    planned: Planned,
    people: Sequence[Human],
    handings: Sequence[Handing],
    rng: random.Random,
    anchor: dt.date,
) -> list[Handing]:
    """Who comes when all places are taken: in the second division two more, since two offers are made there."""
    used = {line.human.number for handing in handings for line in handing.lines}
    made = []
    for path, extra, count in zip(planned.paths, (0, 2), WAITING, strict=True):
        free = [h for h in people if h.number not in used and entries.fits(h, path, planned)]
        for human in rng.sample(free, min(len(free), count + extra)):
            used.add(human.number)
            line = entries.line(human, path, Fate.WAITING, planned, rng)
            at = local_moment(
                anchor - dt.timedelta(days=rng.randrange(9, 14)), dt.time(rng.randrange(9, 21), 12)
            )
            source = Source.SELF if human.has_account else Source.UNIT if line.workplace else Source.ON_BEHALF
            made.append(
                Handing(at, source, line.workplace or None if source is Source.UNIT else None, (line,))
            )
    return made


def offers(planned: Planned, anchor: dt.date) -> Iterator[Event]:
    """An offer that nobody answered, one that was taken, and one that was made yesterday."""
    first = local_moment(anchor - 8 * DAY, dt.time(10, 30))
    yield Withdrew(first, planned.key, path=planned.paths[1].name)
    yield Swept(first + 2 * DAY + 5 * MINUTE)
    yield Answered(first + 2 * DAY + 9 * HOUR, planned.key)
    yield Reviewed(first + 3 * DAY + 6 * HOUR, planned.key)
    yield Withdrew(local_moment(anchor - DAY, dt.time(15, 20)), planned.key, path=planned.paths[0].name)


# --- the contestant of the demonstration ----------------------------------------------------------

HEROIC: dict[str, tuple[str, Fate, int | None]] = {
    "third": ("数控车 · 职工组", Fate.ACCEPTED, 12),
    "robot_class": ("学员", Fate.RETURNED, 6),
    "invitational": ("工业机器人系统操作 · 职工组", Fate.WAITING, 14),
    "welding_lecture": ("听众", Fate.ACCEPTED, 50),
    "hero_contest": ("数控车 · 职工组", Fate.ACCEPTED, None),
    "hero_class": ("学员", Fate.ACCEPTED, None),
}
"""Activity -> track, what becomes of the entry, how many days ago it was made; None: on the day after it opened."""


def heroic(planned: Planned, hero: Human, anchor: dt.date) -> list[Handing]:
    if planned.key not in HEROIC:
        return []
    name, fate, ago = HEROIC[planned.key]
    path: Path = next(path for path in planned.paths if path.name == name)
    line = entries.line(hero, path, fate, planned, random.Random(ago or 0))  # noqa: S311  a made-up person
    opened = planned.opens_at.astimezone(LOCAL).date()
    at = local_moment(opened + DAY if ago is None else anchor - ago * DAY, dt.time(20, 8))
    return [Handing(at, Source.SELF, None, (replace(line, note=entries.RETURN_NOTES[0]),))]


def humans_of(events: Sequence[Event]) -> Iterator[Human]:
    """Everybody who appears in some events, perhaps more than once."""
    for event in events:
        if isinstance(event, Handed) and event.handing is not None:
            yield from (line.human for line in event.handing.lines)
        elif isinstance(event, Met | Joined):
            yield from event.humans


def chapters(events: Sequence[Event], size: int) -> Iterator[Sequence[Event]]:
    """The story in parts, each done in one transaction. What makes its own stands alone: signing, and a list."""
    part: list[Event] = []
    for event in events:
        if isinstance(event, Signed | Listed):
            yield from (chapter for chapter in (part, [event]) if chapter)
            part = []
            continue
        part.append(event)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
