"""Finding activities: what the public list and the organiser's list ask, with few statements a page."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from models.activity import Activity, Industry, Kind, Session, State, Track
from models.base import db
from models.organisation import Organisation
from models.person import Category
from models.venue import Venue
from services.access import Principal
from services.activity import find
from services.stamp import local_moment
from services.text import escape_like

PAGE = 20
WORDS = 5
MONTH = re.compile("(20[0-9]{2})-(0[1-9]|1[0-2])")

When = Literal["upcoming", "past", "all"]


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is looked for. Nothing said means everything that is still to come."""

    kind: Kind | None = None
    industry: Industry | None = None
    audience: Category | None = None
    town: str = ""
    venue: str = ""
    """Code of a venue."""
    month: str = ""
    """2026-12: whatever takes place in it, in part."""
    text: str = ""
    when: When = "upcoming"
    page: int = 1
    size: int = PAGE


@dataclass(frozen=True)
class Page:
    items: Sequence[Activity]
    page: int
    pages: int
    total: int


def search(query: Query, *, now: dt.datetime) -> Page:
    """Public activities by their start: the next first, of past ones the last."""
    wanted = sa.select(Activity).where(find.public(), *_conditions(query, now))
    order = Activity.starts_at.desc() if query.when == "past" else Activity.starts_at
    return _page(wanted.order_by(order, Activity.id), query.page, query.size)


def listing(query: Query, *, now: dt.datetime, most: int = 500) -> Sequence[Activity]:
    """As `search`, without pages: what a calendar carries."""
    wanted = sa.select(Activity).where(find.public(), *_conditions(query, now))
    return db.session.scalars(
        wanted.options(*find.whole()).order_by(Activity.starts_at, Activity.id).limit(most)
    ).all()


def of_desk(principal: Principal, state: State | None = None, text: str = "", page: int = 1) -> Page:
    """Activities somebody may look at from the desk: those they work for, and those handed in to them."""
    handed_in = sa.and_(find.to_approve(principal), Activity.state != State.DRAFT)
    wanted = sa.select(Activity).where(sa.or_(find.within(principal, find.READ), handed_in), *_texts(text))
    if state is not None:
        wanted = wanted.where(Activity.state == state)
    return _page(wanted.order_by(Activity.starts_at.desc(), Activity.id), page)


def venues() -> Sequence[Venue]:
    """Places where public activities are held: what the place filter offers."""
    used = sa.select(Session.venue_id).join(Session.activity).where(find.public())
    return db.session.scalars(
        sa.select(Venue).where(Venue.id.in_(used)).order_by(Venue.town, Venue.name)
    ).all()


def _page(wanted: sa.Select[Activity], page: int, size: int = PAGE) -> Page:
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = db.session.scalars(wanted.options(*find.whole()).limit(size).offset((page - 1) * size)).all()
    return Page(rows, page, pages, total)


def _conditions(query: Query, now: dt.datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [*_times(query, now), *_texts(query.text)]
    if query.kind is not None:
        found.append(Activity.kind == query.kind)
    if query.industry is not None:
        found.append(Activity.industry == query.industry)
    if query.audience is not None:
        said = sa.cast(Activity.audience, sa.Text)
        found.append(sa.or_(said == "[]", _has(said, f'"{query.audience.value}"')))
    if query.town or query.venue:
        place = sa.select(Session.activity_id).join(Session.venue)
        if query.town:
            place = place.where(Venue.town == query.town)
        if query.venue:
            place = place.where(Venue.code == query.venue)
        found.append(Activity.id.in_(place))
    return found


def _times(query: Query, now: dt.datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    month = MONTH.fullmatch(query.month)
    if month:
        year, number = int(month[1]), int(month[2])
        first = local_moment(dt.date(year, number, 1))
        after = local_moment(dt.date(year + number // 12, number % 12 + 1, 1))
        found += [Activity.starts_at < after, Activity.ends_at >= first]
    over = sa.or_(Activity.ends_at < now, Activity.state.in_((State.HELD, State.ARCHIVED)))
    if query.when == "upcoming":
        found.append(sa.not_(over))
    elif query.when == "past":
        found.append(over)
    return found


def _texts(text: str) -> list[sa.ColumnElement[bool]]:
    """Each word must stand in the title, the summary, a track or the organiser's name."""
    found: list[sa.ColumnElement[bool]] = []
    for word in text.replace("\0", " ").split()[:WORDS]:
        unit = sa.or_(_has(Organisation.name, word), _has(Organisation.short_name, word))
        found.append(
            sa.or_(
                _has(Activity.title, word),
                _has(Activity.summary, word),
                Activity.id.in_(sa.select(Track.activity_id).where(_has(Track.name, word))),
                Activity.organiser_id.in_(sa.select(Organisation.id).where(unit)),
            )
        )
    return found


def _has(
    column: sa.ColumnElement[str] | sa.orm.InstrumentedAttribute[str], word: str
) -> sa.ColumnElement[bool]:
    return column.ilike(f"%{escape_like(word)}%", escape="\\")
