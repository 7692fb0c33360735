"""What the centre offers: the terms of a season, its themes, and slots by a repeat rule with closures."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.activity import Activity, Kind
from models.base import db
from models.booking import Booking, Season, Slot, SlotState, Theme
from models.venue import Venue
from services import audit as audits
from services.booking import finding, terms
from services.booking.refusals import (
    BadTerms,
    BadTheme,
    HasBookings,
    NoDays,
    OutsideTerm,
    SameTitle,
    SlotClosed,
    TooManySlots,
)
from services.errors import Missing, Stale
from services.stamp import Stamp, local_moment

MOST_SLOTS = 500


@dataclass(frozen=True)
class TermsEntry:
    """The rules of booking that a centre sets; the defaults are those of domain.md 3.3."""

    days_least: int = 3
    days_most: int = 60
    first_days: int = 14
    visits_most: int = 6
    pupils_a_teacher: int = 20
    pupils_a_teacher_secondary: int = 25
    hold_minutes: int = 15
    offer_hours: int = 48
    notice_days: int = 3
    decide_days: int = 2
    no_shows_most: int = 2
    closures: tuple[terms.Closure, ...] = ()


@dataclass(frozen=True)
class ThemeEntry:
    title: str
    summary: str = ""
    grades: frozenset[str] = frozenset()
    takes_citizens: bool = False
    is_visiting: bool = False
    capacity: int = 30
    least: int = 0
    minutes: int = 60
    stations: str = ""
    staff: str = ""
    risk_note: str = ""
    what_to_bring: str = ""
    room: str = ""


@dataclass(frozen=True)
class Repeat:
    """Slots on these weekdays (0 is Monday) at these times, so many side by side."""

    first: dt.date
    last: dt.date
    weekdays: frozenset[int]
    times: tuple[dt.time, ...]
    parallel: int = 1


def open_season(activity: Activity, *, stamp: Stamp) -> Season:
    """Let schools book within an activity of skill experience; once opened, that one is the answer. Raises Missing."""
    if activity.kind is not Kind.EXPERIENCE:
        raise Missing
    row = finding.find_season(activity)
    if row is None:
        row = Season(activity=activity)
        db.session.add(row)
        db.session.flush()
        audits.record("season.opened", row, stamp=stamp)
    return row


def set_terms(season: Season, entry: TermsEntry, *, version: int | None = None, stamp: Stamp) -> Season:
    """Raises BadTerms, Stale."""
    if version is not None and version != season.version:
        raise Stale
    counts = (entry.pupils_a_teacher, entry.pupils_a_teacher_secondary, entry.visits_most, entry.hold_minutes)
    if (
        entry.days_least < 0
        or entry.days_most <= entry.days_least
        or min(counts) < 1
        or entry.decide_days < 0
    ):
        raise BadTerms
    if any(closure.last < closure.first for closure in entry.closures):
        raise BadTerms
    for name in TermsEntry.__dataclass_fields__:
        if name != "closures":
            setattr(season, name, getattr(entry, name))
    season.closures = [
        {"from": each.first.isoformat(), "to": each.last.isoformat(), "why": each.why[:60]}
        for each in entry.closures
    ]
    db.session.flush()
    audits.record("season.changed", season, stamp=stamp, closures=len(entry.closures))
    return season


def add_theme(season: Season, entry: ThemeEntry, *, venue: Venue | None = None, stamp: Stamp) -> Theme:
    """Raises BadTheme, SameTitle."""
    row = Theme(season=season, capacity=entry.capacity)
    _say_theme(row, entry, venue)
    db.session.add(row)
    _flush_theme()
    audits.record("theme.added", row, stamp=stamp)
    return row


def edit_theme(theme: Theme, entry: ThemeEntry, *, venue: Venue | None = None, stamp: Stamp) -> Theme:
    """Slots that stand keep their capacity. Raises BadTheme, SameTitle."""
    _say_theme(theme, entry, venue)
    _flush_theme()
    audits.record("theme.edited", theme, stamp=stamp)
    return theme


def _say_theme(row: Theme, entry: ThemeEntry, venue: Venue | None) -> None:
    if (
        not 1 <= entry.capacity <= 200
        or not 0 <= entry.least <= entry.capacity
        or not 10 <= entry.minutes <= 480
    ):
        raise BadTheme
    for name in ThemeEntry.__dataclass_fields__:
        setattr(row, name, getattr(entry, name))
    row.venue = venue


def _flush_theme() -> None:
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise SameTitle from twice


def planned(theme: Theme, repeat: Repeat) -> list[tuple[dt.datetime, dt.datetime]]:
    """The times of a repeat rule, for the preview: what stands already is left out. Raises NoDays, TooManySlots,
    OutsideTerm.
    """
    if repeat.last < repeat.first or (repeat.last - repeat.first).days > 400:
        raise NoDays
    closures = terms.closures_of(theme.season)
    span = dt.timedelta(minutes=theme.minutes)
    moments = [
        local_moment(day, time)
        for day in terms.days_of(repeat.first, repeat.last, repeat.weekdays, closures)
        for time in sorted(repeat.times)
    ]
    if not moments or repeat.parallel < 1:
        raise NoDays
    activity = theme.activity
    if moments[0] < activity.starts_at or moments[-1] + span > activity.ends_at:
        raise OutsideTerm
    if len(moments) * repeat.parallel > MOST_SLOTS:
        raise TooManySlots
    standing = _standing(theme, moments[0], moments[-1])
    return [
        (moment, moment + span)
        for moment in moments
        for _number in range(max(0, repeat.parallel - standing.get(moment, 0)))
    ]


def _standing(theme: Theme, first: dt.datetime, last: dt.datetime) -> dict[dt.datetime, int]:
    rows = db.session.execute(
        sa.select(Slot.starts_at, sa.func.count())
        .where(Slot.theme_id == theme.id, Slot.starts_at >= first, Slot.starts_at <= last)
        .where(Slot.state == SlotState.OPEN)
        .group_by(Slot.starts_at)
    )
    return {row[0]: row[1] for row in rows}


def add_slots(theme: Theme, repeat: Repeat, *, stamp: Stamp) -> list[Slot]:
    """Make the slots of a repeat rule; asked twice, nothing is made twice. Raises what `planned` raises, SlotClosed
    where the theme is closed.
    """
    db.session.refresh(theme, with_for_update={"of": Theme})
    if theme.closed_at is not None or theme.is_visiting:
        raise SlotClosed
    rows = [
        Slot(theme=theme, starts_at=start, ends_at=end, capacity=theme.capacity, taken=0)
        for start, end in planned(theme, repeat)
    ]
    db.session.add_all(rows)
    db.session.flush()
    audits.record("slot.offered", theme, stamp=stamp, slots=len(rows))
    return rows


def remove_slot(slot: Slot, *, stamp: Stamp) -> None:
    """Take one away on which nobody ever was. Raises HasBookings."""
    if db.session.scalar(sa.select(sa.exists().where(Booking.slot_id == slot.id))):
        raise HasBookings
    audits.record("slot.removed", slot, stamp=stamp)
    db.session.delete(slot)
    db.session.flush()


def close_theme(theme: Theme, *, stamp: Stamp) -> Theme:
    """No new slots; those that stand are held."""
    theme.closed_at = stamp.when
    db.session.flush()
    audits.record("theme.closed", theme, stamp=stamp)
    return theme


def side_by_side(slots: Sequence[Slot]) -> list[tuple[Slot, ...]]:
    """Slots of one theme at one time together, in the order given."""
    groups: dict[tuple[object, ...], list[Slot]] = {}
    for slot in slots:
        alone = slot.id if slot.host_id is not None or slot.state is not SlotState.OPEN else 0
        groups.setdefault((slot.theme_id, slot.starts_at, alone), []).append(slot)
    return [tuple(group) for group in groups.values()]
