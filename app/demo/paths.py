"""What one registers for in each activity of the demonstration, and how many do. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from app.demo.world import World
from models.activity import Division, EntryMode, Kind
from models.person import Category

DIVISIONS: dict[Division, tuple[str, tuple[Category, ...]]] = {
    Division.EMPLOYEE: ("职工组", (Category.ENTERPRISE_EMPLOYEE, Category.FLEXIBLE_WORKER)),
    Division.STUDENT: ("学生组", (Category.VOCATIONAL_STUDENT,)),
    Division.TEACHER: ("教师组", (Category.VOCATIONAL_TEACHER,)),
    Division.YOUTH: ("青年组", (Category.ENTERPRISE_EMPLOYEE, Category.VOCATIONAL_STUDENT)),
}
YOUTH_AGE = 22


@dataclass(frozen=True)
class Path:
    """What one registers for."""

    name: str
    places: int
    held: int
    """How many hold a place on the anchor day, or held it when the activity began."""
    categories: tuple[Category, ...]
    division: Division | None = None
    born_from: dt.date | None = None
    place: str | None = None
    needs_review: bool = True
    needs_document: bool = True
    has_waiting_list: bool = True
    mode: EntryMode = EntryMode.SINGLE
    team: tuple[int, int] = (1, 0)
    """Members of a team, and substitutes beside them."""
    unit_limit: int | None = None
    rules: tuple[dict[str, Any], ...] = ()


def paths_of(row: dict[str, Any], kind: Kind, day: dt.date, world: World) -> Iterator[Path]:
    if kind is Kind.COMPETITION:
        yield from contest_paths(row, day, world)
        return
    who = tuple(Category(value) for value in row.get("who", ()))
    open_to_all = kind in (Kind.FORUM, Kind.LECTURE, Kind.EXPERIENCE, Kind.JOB_FAIR, Kind.SEMINAR)
    for path, held in zip(
        row["tracks"], shares(row["entered"], [t["places"] for t in row["tracks"]]), strict=True
    ):
        yield Path(
            name=path["name"],
            places=path["places"],
            held=held,
            categories=who,
            needs_review=path.get("review", not open_to_all),
            needs_document=not open_to_all,
            unit_limit=path.get("unit_limit"),
        )


def contest_paths(row: dict[str, Any], day: dt.date, world: World) -> Iterator[Path]:
    pairs = list(product(row["contests"], [Division(name) for name in row["divisions"]]))
    waiting_aside = row["places"] * len(pairs) if row["life"] == "full" else row["entered"]
    held = shares(waiting_aside, [row["places"]] * len(pairs))
    for (contest, division), number in zip(pairs, held, strict=True):
        word, categories = DIVISIONS[division]
        if "who" in row:
            categories = tuple(Category(value) for value in row["who"])
        born_from = dt.date(day.year - YOUTH_AGE, 1, 1) if division is Division.YOUTH else None
        name = (
            contest if len(row["divisions"]) == 1 and division is Division.EMPLOYEE else f"{contest} · {word}"
        )
        yield Path(
            name=name,
            places=row["places"],
            held=number,
            categories=categories,
            division=division,
            born_from=born_from,
            place=world.contests[contest],
            mode=EntryMode(row.get("mode", "single")),
            team=tuple(row.get("team", (1, 0))),
            unit_limit=row.get("unit_limit"),
            rules=tuple(row.get("rules", ())),
        )


def shares(total: int, places: list[int]) -> list[int]:
    """A total spread over tracks in proportion to their places; unevenly, as it happens, but never beyond them."""
    even = [min(p, total * p // sum(places)) for p in places]
    uneven = [
        max(0, min(p, n + (3, -2, 1, 4, -3, 0, -1, 2, -4, 0)[i % 10]))
        for i, (n, p) in enumerate(zip(even, places, strict=True))
    ]
    if len(places) < 3 or total == sum(places) or total == 0:
        uneven = even
    index = 0
    while sum(uneven) != total:
        step = 1 if sum(uneven) < total else -1
        at = index % len(places)
        if 0 <= uneven[at] + step <= places[at]:
            uneven[at] += step
        index += 1
    return uneven
