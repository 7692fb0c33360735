"""Who is expected at a sitting, who is there, and which sittings wait for their helpers."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import ScopeKind
from models.activity import Activity, Session, State, Track
from models.attendance import Attendance, Direction, Point
from models.base import db
from models.person import Person
from models.registration import Registration
from models.registration import State as Entry
from services.access import Principal
from services.activity import find as finding
from services.attendance.hours import attended
from services.attendance.points import AT_ONE_DOOR, CHECKERS
from services.attendance.standing import place_of, stands
from services.stamp import clock, local_day, local_moment
from services.text import _, escape_like
from services.waiting import Waiting
from services.words import say_time

PAGE: Final = 20
_DIGITS = re.compile("[0-9]{2,17}[0-9xX]")

SOON = dt.timedelta(hours=2)
"""How long before a sitting its door is worth a place on the desk, whatever the day."""


def sittings(activity: Activity, track: Track | None = None) -> list[Session]:
    """The sittings of an activity, or those that a track takes part in."""
    return [
        session
        for session in activity.sessions
        if track is None or session.track_id is None or session.track_id == track.id
    ]


def usual_sitting(sessions: Sequence[Session], moment: dt.datetime) -> Session | None:
    """The one that is on or comes next today; else the last of today; else the next at all; else the last."""
    ordered = sorted(sessions, key=lambda session: (session.starts_at, session.id))
    today = [session for session in ordered if local_day(session.starts_at) == local_day(moment)]
    going_on = [session for session in ordered if session.starts_at <= moment <= session.ends_at]
    wanted = (
        [session for session in today if session.ends_at >= moment]
        or going_on
        or today[-1:]
        or [session for session in ordered if session.starts_at > moment]
        or ordered[-1:]
    )
    return wanted[0] if wanted else None


@dataclass(frozen=True, slots=True)
class Tally:
    present: int
    expected: int

    @property
    def missing(self) -> int:
        return self.expected - self.present


def _expected(activity: Activity, session: Session | None) -> sa.ColumnElement[bool]:
    """The condition on Registration: those who may come to a sitting."""
    wanted = sa.and_(Registration.activity_id == activity.id, Registration.state == Entry.ACCEPTED)
    if session is not None and session.track_id is not None:
        wanted = sa.and_(wanted, Registration.track_id == session.track_id)
    return wanted


def _here(session: Session | None) -> sa.ColumnElement[bool]:
    """The condition on a check-in outer-joined to its entry."""
    return sa.and_(
        Attendance.registration_id == Registration.id,
        Attendance.place == place_of(session),
        stands(),
    )


def _gone(rows: Sequence[sa.Row[Registration, Attendance]], session: Session | None) -> dict[int, Attendance]:
    """Leavings of these rows, by the key of the entry."""
    if session is None or not session.takes_exit or not rows:
        return {}
    found = db.session.scalars(
        sa.select(Attendance).where(
            Attendance.registration_id.in_([row[0].id for row in rows]),
            Attendance.place == place_of(session, Direction.OUT),
            stands(),
        )
    )
    return {row.registration_id: row for row in found}


def count(activity: Activity, session: Session | None) -> Tally:
    """How many of those expected at a sitting are there."""
    present, expected = db.session.execute(
        sa.select(sa.func.count(Attendance.id), sa.func.count(Registration.id))
        .select_from(Registration)
        .outerjoin(Attendance, _here(session))
        .where(_expected(activity, session))
    ).one()
    return Tally(present, expected)


@dataclass(frozen=True, slots=True)
class Line:
    """One who is expected, and their check-in if they are there."""

    registration: Registration
    attendance: Attendance | None
    left: Attendance | None = None
    """Their leaving, where the sitting notes it."""
    hours: Decimal | None = None
    """Class hours they were there, once their leaving is noted."""


@dataclass(frozen=True)
class Roster:
    lines: Sequence[Line]
    total: int
    page: int
    pages: int


def roster(
    activity: Activity,
    session: Session | None,
    *,
    text: str = "",
    here: bool | None = None,
    page: int = 1,
    size: int = PAGE,
) -> Roster:
    """Who is expected: the newest arrivals first, then those still to come, track by track.

    `text`: part of a name, or the last digits (three or more) of the document or phone. `here`: only those who are
    there, or only those who are not.
    """
    wanted = (
        sa.select(Registration, Attendance)
        .join(Registration.person)
        .join(Registration.track)
        .outerjoin(Attendance, _here(session))
        .where(_expected(activity, session))
    )
    if _DIGITS.fullmatch(text):
        wanted = wanted.where(Registration.id.in_(_ending_with(text.upper(), activity, session)))
    elif text:
        wanted = wanted.where(Person.name.like(f"%{escape_like(text)}%", escape="\\"))
    if here is not None:
        wanted = wanted.where(Attendance.id.is_not(None) if here else Attendance.id.is_(None))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        wanted.options(
            joinedload(Registration.person).selectinload(Person.documents),
            joinedload(Registration.track).selectinload(Track.activity).selectinload(Activity.tracks),
            joinedload(Registration.organisation),
            joinedload(Registration.answer),
        )
        .order_by(
            sa.case((Attendance.id.is_(None), 1), else_=0),
            Attendance.at.desc(),
            Attendance.id.desc(),
            Track.position,
            Track.id,
            Registration.id,
        )
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    gone = _gone(rows, session)
    lines = [_line(registration, came, gone.get(registration.id), session) for registration, came in rows]
    return Roster(lines, total, page, pages)


def _line(
    row: Registration, came: Attendance | None, left: Attendance | None, session: Session | None
) -> Line:
    if came is None or left is None or session is None:
        return Line(row, came, left)
    got = attended(session.starts_at, session.ends_at, came.happened_at, left.happened_at, takes_exit=True)
    return Line(row, came, left, got)


def inside(activity: Activity, session: Session | None) -> int:
    """How many came and have not left."""
    left = sa.select(sa.func.count(Attendance.id)).where(
        Attendance.place == place_of(session, Direction.OUT),
        Attendance.session_id == (session.id if session is not None else None),
        stands(),
    )
    return count(activity, session).present - (db.session.scalar(left) or 0)


def _ending_with(digits: str, activity: Activity, session: Session | None) -> list[int]:
    """Entries whose document or phone ends so. The numbers are sealed: they are opened here one by one."""
    rows = db.session.scalars(
        sa.select(Registration)
        .where(_expected(activity, session))
        .options(joinedload(Registration.person).selectinload(Person.documents))
    )
    return [
        row.id
        for row in rows
        if (row.person.phone or "").endswith(digits)
        or any((document.number or "").endswith(digits) for document in row.person.documents)
    ]


# --- the desk --------------------------------------------------------------------------------------


def waiting(principal: Principal, *, now: dt.datetime | None = None) -> list[Waiting]:
    """Sittings of today at whose doors they may stand, and where somebody is still to come; before midnight also one
    that begins right after it.
    """
    now = now or clock.now()
    if not principal.may(CHECKERS):
        return []
    start = local_moment(local_day(now))
    sessions = db.session.scalars(
        sa.select(Session)
        .join(Session.activity)
        .where(
            sa.or_(finding.within(principal, CHECKERS), _at_doors_of(principal)),
            Activity.state == State.PUBLISHED,
            Session.starts_at < max(start + dt.timedelta(days=1), now + SOON),
            Session.ends_at >= now,
        )
        .options(joinedload(Session.activity))
        .order_by(Session.starts_at, Session.id)
        .limit(20)
    ).all()
    tallies = [(session, count(session.activity, session)) for session in sessions]
    return [_to_open(session, tally, now) for session, tally in tallies if tally.missing]


def _at_doors_of(principal: Principal) -> sa.ColumnElement[bool]:
    """SQL: a sitting at whose one door they stand."""
    codes = principal.scope_codes(AT_ONE_DOOR, ScopeKind.DOOR)
    if not codes:
        return sa.false()
    return sa.exists().where(
        Point.code.in_(codes),
        Point.closed_at.is_(None),
        sa.or_(
            Point.session_id == Session.id,
            sa.and_(Point.session_id.is_(None), Point.activity_id == Session.activity_id),
        ),
    )


def _to_open(session: Session, tally: Tally, now: dt.datetime) -> Waiting:
    return Waiting(
        count=tally.missing,
        what=_("今天的场次待签到"),
        detail=_(
            "%(activity)s · %(session)s %(time)s · 已到 %(n)s/%(m)s",
            activity=session.activity.title,
            session=session.title,
            time=say_time(session.starts_at),
            n=tally.present,
            m=tally.expected,
        ),
        endpoint="attendance.desk",
        action=_("签到"),
        values={"code": session.activity.code, "session": session.code},
        is_urgent=now >= session.starts_at - dt.timedelta(hours=1),
    )
