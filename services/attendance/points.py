"""签到点: the named doors of an activity, and who stands at which."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Role, ScopeKind
from models.activity import Activity, Session
from models.attendance import Attendance, Point
from models.base import db, is_code
from services import access
from services import activity as activities
from services import audit as audits
from services.access import Principal
from services.activity import find as finding
from services.attendance.refusals import OtherDoor, PointClosed, PointNameTaken, WrongActivity
from services.errors import Missing
from services.stamp import Stamp
from services.text import clean_line

CHECKERS = frozenset({Role.CHECKIN_HELPER, Role.ORGANISER})
"""Who may check in, in the scopes of the activity."""
AT_ONE_DOOR = frozenset({Role.CHECKIN_HELPER})
"""Who may be sent to one point only."""
MOST_NAME = 40


@dataclass(frozen=True)
class Gate:
    """An activity at whose doors somebody may stand: at all of them, or at these points only."""

    activity: Activity
    points: tuple[Point, ...] | None = None

    @property
    def is_whole(self) -> bool:
        return self.points is None

    @property
    def point(self) -> Point | None:
        """The one they stand at, where it is only one."""
        return self.points[0] if self.points is not None and len(self.points) == 1 else None

    @property
    def sittings(self) -> list[Session]:
        sessions = list(self.activity.sessions)
        if self.points is None or any(point.session_id is None for point in self.points):
            return sessions
        wanted = {point.session_id for point in self.points}
        return [session for session in sessions if session.id in wanted]

    def get_sitting(self, code: str) -> Session:
        """Raises `Missing` for one of another activity, or of another door."""
        session = activities.get_session(self.activity, code)
        if session not in self.sittings:
            raise Missing
        return session

    def point_for(self, session: Session | None, code: str = "") -> Point | None:
        """The point that was chosen, or the only one they may stand at. Raises `Missing`."""
        if code:
            point = get(self.activity, code)
            if self.points is not None and point not in self.points:
                raise Missing
            return point
        if self.points is None:
            return None
        serving = [each for each in self.points if each.session_id in (None, session.id if session else None)]
        if not serving:
            raise Missing
        return serving[0]

    def may_undo(self, attendance: Attendance, by_id: int | None) -> bool:
        """At one door people undo what they did themselves."""
        return self.is_whole or (by_id is not None and attendance.by_id == by_id)


def get_gate(principal: Principal, code: str) -> Gate:
    """An activity at whose door they may stand, and at which. Raises `Missing`."""
    activity = _find_activity(code)
    gate = find_gate(principal, activity) if activity is not None else None
    if gate is None:
        raise Missing
    return gate


def find_gate(principal: Principal, activity: Activity) -> Gate | None:
    if not activity.is_public:
        return None
    if principal.may(CHECKERS, activity.scopes):
        return Gate(activity)
    codes = principal.scope_codes(AT_ONE_DOOR, ScopeKind.DOOR)
    mine = tuple(p for p in of(activity) if p.code in codes and p.closed_at is None) if codes else ()
    return Gate(activity, mine) if mine else None


def _find_activity(code: str) -> Activity | None:
    if not is_code(code):
        return None
    return db.session.scalar(sa.select(Activity).where(Activity.code == code).options(*finding.whole()))


def of(activity: Activity) -> Sequence[Point]:
    """All of an activity, the open ones first."""
    return db.session.scalars(
        sa.select(Point)
        .where(Point.activity_id == activity.id)
        .options(joinedload(Point.session))
        .order_by(Point.closed_at.is_not(None), Point.id)
    ).all()


def find(code: str) -> Point | None:
    return db.session.scalar(sa.select(Point).where(Point.code == code)) if is_code(code) else None


def get(activity: Activity, code: str) -> Point:
    """A point of this activity and no other. Raises `Missing`."""
    point = find(code)
    if point is None or point.activity_id != activity.id:
        raise Missing
    return point


def get_run(principal: Principal, activity_code: str) -> Activity:
    """An activity whose points they may arrange. Raises `Missing`."""
    activity = activities.get_run(principal, activity_code)
    access.require(principal, {Role.ORGANISER}, activity.scopes)
    return activity


def add(activity: Activity, name: str, session: Session | None = None, *, stamp: Stamp) -> Point:
    """Raises `BadText`, `PointNameTaken`, `WrongActivity`."""
    if session is not None and session.activity_id != activity.id:
        raise WrongActivity
    name = clean_line(name, MOST_NAME)
    _must_be_free(activity, name)
    point = Point(activity_id=activity.id, name=name, session_id=session.id if session else None)
    db.session.add(point)
    _flush()
    audits.record("checkin_point.added", point, stamp=stamp, activity=activity.code)
    return point


def change(point: Point, name: str, session: Session | None, *, stamp: Stamp) -> Point:
    """Give a point another name or sitting. What was checked in there stays as it is."""
    if session is not None and session.activity_id != point.activity_id:
        raise WrongActivity
    name = clean_line(name, MOST_NAME)
    if name != point.name:
        _must_be_free(point.activity, name)
    point.name, point.session_id = name, session.id if session else None
    _flush()
    db.session.expire(point, ["session"])
    audits.record("checkin_point.changed", point, stamp=stamp, activity=point.activity.code)
    return point


def close(point: Point, *, stamp: Stamp) -> Point:
    """Nobody is checked in there any more, and its badges open nothing."""
    if point.closed_at is None:
        point.closed_at = stamp.when
        audits.record("checkin_point.closed", point, stamp=stamp, activity=point.activity.code)
    return point


def open_again(point: Point, *, stamp: Stamp) -> Point:
    if point.closed_at is not None:
        point.closed_at = None
        audits.record("checkin_point.opened", point, stamp=stamp, activity=point.activity.code)
    return point


def must_serve(point: Point | None, activity: Activity, session: Session | None, moment: dt.datetime) -> None:
    """Whether somebody may have been checked in there at a moment. Raises `WrongActivity`, `OtherDoor`,
    `PointClosed`.
    """
    if point is None:
        return
    if point.activity_id != activity.id:
        raise WrongActivity
    if point.session_id is not None and (session is None or session.id != point.session_id):
        raise OtherDoor
    if point.closed_at is not None and moment >= point.closed_at:
        raise PointClosed(point.name)


def _must_be_free(activity: Activity, name: str) -> None:
    there = sa.exists().where(Point.activity_id == activity.id, Point.name == name)
    if db.session.scalar(sa.select(there)):
        raise PointNameTaken


def _flush() -> None:
    """Two organisers may have chosen one name at the same moment: the database refuses the second."""
    try:
        db.session.flush()
    except sa.exc.IntegrityError as twice:
        raise PointNameTaken from twice
