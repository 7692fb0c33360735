"""What somebody fills in: the facts of an activity, a track, a session, a notice, before they are rows.

Units, venues and tracks are named by their public codes. Text is cleaned here, so that a form, an import and
the demo data are held to the same rules (R26, R36).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.activity import Division, EntryMode, Industry, Kind, Level, NoticeKind, Series
from models.person import Category, SkillLevel
from services.text import clean_line, clean_paragraph


@dataclass(frozen=True, kw_only=True)
class ActivityEntry:
    kind: Kind
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    host: str
    organiser: str
    lead: str
    summary: str = ""
    description: str = ""
    what_to_bring: str = ""
    audience: tuple[Category, ...] = ()
    level: Level = Level.DISTRICT
    series: Series | None = None
    industry: Industry | None = None
    clause: int | None = None
    tags: tuple[str, ...] = ()
    skill_level: SkillLevel | None = None
    co_organisers: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    takes_several: bool = False
    is_demo: bool = False

    def __post_init__(self) -> None:
        _set(self, "title", clean_line(self.title, 120))
        for name, limit in (
            ("summary", 300),
            ("co_organisers", 200),
            ("contact_name", 40),
            ("contact_phone", 30),
        ):
            _set(self, name, line(getattr(self, name), limit))
        _set(self, "what_to_bring", paragraph(self.what_to_bring, 500))
        _set(self, "description", paragraph(self.description))
        _set(self, "audience", tuple(dict.fromkeys(self.audience)))
        _set(self, "tags", tuple(dict.fromkeys(self.tags)))
        if self.kind is not Kind.COMPETITION:
            _set(self, "series", None)


@dataclass(frozen=True, kw_only=True)
class TrackEntry:
    name: str
    capacity: int
    opens_at: dt.datetime
    closes_at: dt.datetime
    """The last second at which a registration is taken (inclusive)."""
    division: Division | None = None
    has_waiting_list: bool = True
    needs_review: bool = True
    needs_document: bool = True
    born_from: dt.date | None = None
    born_until: dt.date | None = None
    categories: tuple[Category, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    """Further rules of eligibility, as `services.activity.rules` settles them."""
    mode: EntryMode = EntryMode.SINGLE
    team_least: int = 1
    team_most: int = 1
    substitutes_most: int = 0
    unit_limit: int | None = None
    frozen_at: dt.datetime | None = None
    final_at: dt.datetime | None = None

    def __post_init__(self) -> None:
        _set(self, "name", clean_line(self.name, 80))
        if self.mode is not EntryMode.TEAM:
            _set(self, "team_least", 1)
            _set(self, "team_most", 1)
            _set(self, "frozen_at", None)
        if self.mode is EntryMode.SINGLE:
            _set(self, "substitutes_most", 0)
        if self.mode is EntryMode.UNIT:  # else somebody would stand accepted whom no unit recommends
            _set(self, "needs_review", True)
        _set(self, "categories", tuple(dict.fromkeys(self.categories)))


@dataclass(frozen=True, kw_only=True)
class SessionEntry:
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    venue: str | None = None
    room: str = ""
    track: str | None = None
    """Code of the track it belongs to; None: it is for everybody."""
    takes_exit: bool = False
    is_self_service: bool = False

    def __post_init__(self) -> None:
        _set(self, "title", clean_line(self.title, 80))
        _set(self, "room", line(self.room, 40))


@dataclass(frozen=True, kw_only=True)
class NoticeEntry:
    kind: NoticeKind
    title: str
    body: str
    organisation: str
    activity: str | None = None

    def __post_init__(self) -> None:
        _set(self, "title", clean_line(self.title, 120))
        _set(self, "body", clean_paragraph(self.body, 20_000))


def line(text: str, limit: int) -> str:
    """A cleaned line that may be empty."""
    return clean_line(text, limit) if text.strip() else ""


def paragraph(text: str, limit: int = 5000) -> str:
    """Cleaned text of several lines that may be empty."""
    return clean_paragraph(text, limit) if text.strip() else ""


def _set(entry: object, name: str, value: object) -> None:
    object.__setattr__(entry, name, value)
