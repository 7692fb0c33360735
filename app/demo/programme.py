"""The activities of the demonstration with all their moments, read from `activities/*.toml`. Pure.

Those of the plan's years have fixed dates; those of this year and the coming months stand at a number of days from the
anchor. Nothing that has happened lies on the anchor day or after it, so that the data may be loaded at any hour.
"""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.demo.paths import Path, paths_of
from app.demo.timetable import Sitting, sittings_of
from app.demo.world import World, read
from models.activity import Industry, Kind, Level, Series
from models.person import Category, SkillLevel
from services.stamp import local_moment

FILES = ("competitions", "meetings", "classes", "outings", "rounds", "asking")
FIRST_ANCHOR = dt.date(2026, 1, 1)
"""The plan's years must be over: their activities are told as history."""


class Life(StrEnum):
    """How far an activity has come on the anchor day."""

    DRAFT = "draft"
    SENT_BACK = "sent_back"
    PENDING = "pending"
    APPROVED = "approved"
    SOON = "soon"  # published, registration not yet open
    OPEN = "open"
    FULL = "full"  # open, every place held, people waiting
    CLOSED = "closed"  # registration over, not yet begun
    RUNNING = "running"
    ENDED = "ended"  # over, and nobody has said so yet
    HELD = "held"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self in (Life.ENDED, Life.HELD, Life.ARCHIVED)


BRING: dict[Kind, str] = {
    Kind.COMPETITION: "身份证原件、参赛证；工作服、防护鞋等防护用品。赛场统一提供设备和耗材，不得携带存储介质。",
    Kind.FORUM: "身份证或报名二维码。",
    Kind.LECTURE: "报名二维码，笔和笔记本。",
    Kind.SEMINAR: "报名二维码、单位参会回执。",
    Kind.TRAINING_CLASS: "身份证原件、一寸照片两张；实操课请穿长裤和平底鞋。",
    Kind.EXPERIENCE: "报名二维码；孩子请穿便于活动的衣服，长发扎起。",
    Kind.ASSESSMENT: "身份证原件、准考证；黑色签字笔。",
    Kind.JOB_FAIR: "身份证、个人简历和技能证书原件。",
}

OFFICES = {
    "hrss": "023-0000-0101", "econ": "023-0000-0102", "hightech": "023-0000-0103", "bigdata": "023-0000-0104",
    "commerce": "023-0000-0105", "agri": "023-0000-0106", "sanjiao": "023-0000-0107", "gangqiao": "023-0000-0108",
}  # fmt: skip
"""Public office numbers that nobody has, by lead department."""

WORKDAYS_ONLY = frozenset({Kind.FORUM, Kind.SEMINAR, Kind.TRAINING_CLASS, Kind.ASSESSMENT, Kind.LECTURE})


@dataclass(frozen=True)
class Planned:
    """One activity, from its draft to the archive."""

    key: str
    copy: int
    """Which of the rounds of a larger demonstration; 0 the first."""
    kind: Kind
    title: str
    summary: str
    description: str
    lead: str
    host: str
    organiser: str
    co_organisers: str
    level: Level
    series: Series | None
    industry: Industry
    clause: int
    tags: tuple[str, ...]
    skill_level: SkillLevel | None
    audience: tuple[Category, ...]
    life: Life
    reason: str
    paths: tuple[Path, ...]
    sittings: tuple[Sitting, ...]
    starts_at: dt.datetime
    ends_at: dt.datetime
    opens_at: dt.datetime
    closes_at: dt.datetime
    drafted_at: dt.datetime
    submitted_at: dt.datetime
    decided_at: dt.datetime
    published_at: dt.datetime
    is_round: bool = False
    """One of those that are held each year."""
    merits: int = 0
    """Per cent of those who competed that get a merit award, below the three prizes."""
    returned: bool = False
    """Its sheets are sent back to be mended."""
    by_second: bool = False
    """The second organiser enters its sheets, and the first confirms them."""
    is_amended: bool = False
    """Somebody's award is corrected, if it is the newest such."""

    @property
    def is_contest(self) -> bool:
        """Whether winning in it is a reason to be taken into the reserve."""
        return self.kind is Kind.COMPETITION and self.level is not Level.UNIT

    @property
    def what_to_bring(self) -> str:
        return BRING[self.kind]

    @property
    def contact_phone(self) -> str:
        return OFFICES[self.lead]


def make(world: World, anchor: dt.date, scale: int = 1) -> list[Planned]:
    """All activities; each further copy is a later round of the same, some weeks apart. Raises ValueError for an anchor
    before 2026.
    """
    if anchor < FIRST_ANCHOR:
        raise ValueError(
            "the demonstration tells the plan's years as history: the anchor is 2026-01-01 or later"
        )
    rows = [
        held
        for file in FILES
        for row in read(f"activities/{file}.toml")["activity"]
        for held in rounds(row, anchor)
    ]
    return [plan(row, world, anchor, copy) for copy in range(scale) for row in rows]


def rounds(row: dict[str, Any], anchor: dt.date) -> Iterator[dict[str, Any]]:
    """What is held each year, as rows of their own; any other row as it is.

    back: years before the anchor's; part: how much of that year, or of what has gone of the anchor's, was over; share:
    of the places and entries, where it was smaller.
    """
    if "rounds" not in row:
        yield row
        return
    for held in row["rounds"]:
        year = anchor.year - held["back"]
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 20) if held["back"] else anchor
        days = row.get("days", 1)
        day = min(first + (last - first) * held["part"], last - dt.timedelta(days=days))
        share = held.get("share", 1)
        said = {name: value for name, value in row.items() if name != "rounds"} | held.get("as", {})
        number = held.get("title", "")
        yield (
            said
            | {
                "on": day,
                "key": held.get("key", f"{row['title']}{number} {year}"),
                "title": f"{year} 年{row['title']}{number}",
                "life": "archived" if day + dt.timedelta(days=days + 42) < anchor else "held",
                "entered": round(row["entered"] * share),
                "is_round": True,
            }
            | ({"places": math.ceil(row["places"] * share)} if "places" in row else {})
        )


def plan(row: dict[str, Any], world: World, anchor: dt.date, copy: int) -> Planned:
    """One row of the file, with its moments."""
    kind = Kind(row.get("kind", "competition"))
    life = Life(row["life"])
    day = first_day(row, kind, anchor)
    days = [day + dt.timedelta(days=n) for n in range(row.get("days", 1))]
    hours = [dt.time.fromisoformat(text) for text in row.get("hours", ["09:00", "17:30"])]
    starts_at, ends_at = local_moment(days[0], hours[0]), local_moment(days[-1], hours[1])
    opens, closes = span(row, day, anchor)
    drafted, submitted, decided, published = milestones(life, opens, anchor)
    title = row["title"] if not copy else f"{row['title']}（第 {copy + 1} 场）"
    paths = tuple(paths_of(row, kind, day, world))
    return Planned(
        key=row.get("key", row["title"]) + (f"#{copy}" if copy else ""),
        copy=copy,
        kind=kind,
        title=title,
        summary=row["summary"],
        description=row["description"].strip(),
        lead=row["lead"],
        host=row["host"],
        organiser=row["organiser"],
        co_organisers=row.get("co_organisers", ""),
        level=Level(row.get("level", "district")),
        series=Series(row["series"]) if "series" in row else None,
        industry=Industry(row["industry"]),
        clause=row["clause"],
        tags=tuple(row.get("tags", ())),
        skill_level=SkillLevel(row["skill_level"]) if "skill_level" in row else None,
        audience=tuple(dict.fromkeys(category for path in paths for category in path.categories)),
        life=life,
        reason=row.get("reason", ""),
        paths=paths,
        sittings=tuple(sittings_of(row, kind, days, hours, paths)),
        starts_at=starts_at,
        ends_at=ends_at,
        opens_at=local_moment(opens, dt.time(9)),
        closes_at=local_moment(closes, dt.time(18)),
        drafted_at=local_moment(drafted, dt.time(10, 20)),
        submitted_at=local_moment(submitted, dt.time(15, 5)),
        decided_at=local_moment(decided, dt.time(11, 30)),
        published_at=local_moment(published, dt.time(16)),
        is_round=row.get("is_round", False),
        merits=row.get("merits", 0),
        returned=row.get("returned", False),
        by_second=row.get("by_second", False),
        is_amended=row.get("amended", False),
    )


def first_day(row: dict[str, Any], kind: Kind, anchor: dt.date) -> dt.date:
    on = row["on"]
    if isinstance(on, dt.date):
        if row.get("is_round") and kind in WORKDAYS_ONLY and on.weekday() >= 5:
            return on - dt.timedelta(days=on.weekday() - 4)
        return on
    day = anchor + dt.timedelta(days=on)
    runs = on <= 0 < on + row.get("days", 1)
    if kind in WORKDAYS_ONLY and day.weekday() >= 5 and not runs:
        day += dt.timedelta(days=(7 - day.weekday()) if on > 0 else 4 - day.weekday())
    return day


def span(row: dict[str, Any], day: dt.date, anchor: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of registration: as said, or from five weeks to one week before."""
    opens = anchor + dt.timedelta(days=row["opens"]) if "opens" in row else day - dt.timedelta(days=35)
    closes = anchor + dt.timedelta(days=row["closes"]) if "closes" in row else day - dt.timedelta(days=7)
    return opens, closes


def milestones(life: Life, opens: dt.date, anchor: dt.date) -> tuple[dt.date, dt.date, dt.date, dt.date]:
    """Days of draft, submission, decision and publication: two weeks before opening, but all before the anchor."""
    published = min(opens, anchor) - dt.timedelta(days=2)
    ago = {
        Life.DRAFT: (4, 3, 2),
        Life.SENT_BACK: (10, 6, 3),
        Life.PENDING: (9, 2, 1),
        Life.APPROVED: (11, 7, 3),
    }.get(life)
    if ago is not None:
        first, second, third = (anchor - dt.timedelta(days=n) for n in ago)
        return first, second, third, published
    return (
        published - dt.timedelta(days=14),
        published - dt.timedelta(days=9),
        published - dt.timedelta(days=5),
        published,
    )
