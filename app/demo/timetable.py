"""When and where the sittings of each activity of the demonstration are. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.demo.paths import Path
from models.activity import Kind
from services.stamp import local_moment

ELSEWHERE = ("college", "workshop", "smart")
"""Where a contest goes when its own place is taken all the time."""


@dataclass(frozen=True)
class Sitting:
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    path: str | None = None


def sittings_of(
    row: dict[str, Any], kind: Kind, days: list[dt.date], hours: list[dt.time], paths: tuple[Path, ...]
) -> Iterator[Sitting]:
    if kind is Kind.COMPETITION:
        yield from contest_sittings(row, days, paths)
        return
    venues, noon, afternoon = row["venues"], dt.time(12), dt.time(14)
    if kind is Kind.TRAINING_CLASS:
        for number, day in enumerate(days):
            place = venues[number % len(venues)]
            yield Sitting(
                f"第 {2 * number + 1} 次课", local_moment(day, dt.time(9)), local_moment(day, noon), place
            )
            yield Sitting(
                f"第 {2 * number + 2} 次课",
                local_moment(day, afternoon),
                local_moment(day, dt.time(17)),
                place,
            )
        return
    slots = slots_of(hours, len(row["agenda"]))
    for number, (title, (begins, ends)) in enumerate(zip(row["agenda"], slots, strict=True)):
        own = paths[number].name if len(paths) == len(row["agenda"]) > 1 else None
        yield Sitting(
            title,
            local_moment(days[0], begins),
            local_moment(days[0], ends),
            venues[number % len(venues)],
            own,
        )


def slots_of(hours: list[dt.time], count: int) -> list[tuple[dt.time, dt.time]]:
    """One slot for the whole time; two with noon between them; three with two in the afternoon."""
    begins, ends = hours
    if count == 1:
        return [(begins, ends)]
    if count == 2:
        return [(begins, dt.time(12)), (dt.time(14), ends)]
    return [(begins, dt.time(12)), (dt.time(14), dt.time(15, 40)), (dt.time(15, 50), ends)]


def contest_sittings(row: dict[str, Any], days: list[dt.date], paths: tuple[Path, ...]) -> Iterator[Sitting]:
    """The opening first, then contest after contest; no place has two at a time."""
    first = paths[0].place or "arena"
    opening = "arena" if len(paths) > 8 else first
    yield Sitting(
        "开幕、领队会与抽签", local_moment(days[0], dt.time(9)), local_moment(days[0], dt.time(10)), opening
    )
    halves = ((dt.time(10, 30), dt.time(12, 30)), (dt.time(13, 30), dt.time(17)))
    slots = [(local_moment(day, a), local_moment(day, b)) for day in days for a, b in halves]
    taken: set[tuple[str, int]] = set()
    for path in paths:
        own = path.place or first
        free = (
            (place, n) for place in (own, *ELSEWHERE) for n in range(len(slots)) if (place, n) not in taken
        )
        place, number = next(free, (own, len(taken) % len(slots)))
        taken.add((place, number))
        begins, ends = slots[number]
        yield Sitting("实操", begins, ends, place, path.name)
