"""Checking in and out, and undoing it. Two helpers may read one pass at the same moment: one row is made, both are
told yes.
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from models.account import Account
from models.activity import Activity, Session
from models.activity import State as ActivityState
from models.attendance import Attendance, Direction, Point, Way
from models.base import db, new_code, upsert
from models.registration import Registration, State
from services import audit as audits
from services.attendance import passes, points, standing
from services.attendance.refusals import (
    AlreadyUndone,
    HasLeft,
    ImpossibleTime,
    NoReason,
    NotAccepted,
    NotEntered,
    NotOpen,
    OwnPass,
    TakesNoExit,
    TooEarly,
    UnknownPass,
    WrongActivity,
    WrongSitting,
)
from services.errors import Refused
from services.stamp import Stamp

AHEAD = dt.timedelta(days=1)
"""How long before a sitting its door may open."""
OPEN = frozenset({ActivityState.PUBLISHED, ActivityState.HELD})
"""What was forgotten at the door may be made up for until the activity is archived."""
MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class CheckIn:
    attendance: Attendance
    again: bool = False
    """Somebody had done it before: this is the first one."""

    @property
    def when(self) -> dt.datetime:
        return self.attendance.at


@dataclass(frozen=True, slots=True)
class How:
    """Beside whom and where: which door, going which way, and what a helper's phone or a paper noted of it."""

    way: Way
    direction: Direction = Direction.IN
    point: Point | None = None
    device_key: str | None = None
    noted_at: dt.datetime | None = None


def admit(
    text: str,
    activity: Activity,
    session: Session | None,
    *,
    way: Way,
    by: Account,
    stamp: Stamp,
    direction: Direction = Direction.IN,
    point: Point | None = None,
) -> CheckIn:
    """Check in or out who holds a pass, as it was scanned or typed, at a sitting of this activity.

    Raises `UnknownPass`, `WrongActivity`, and what `note` raises.
    """
    registration = passes.find_by_pass(text)
    if registration is None:
        raise UnknownPass
    if registration.activity_id != activity.id:
        raise WrongActivity
    return note(registration, session, how=How(way, direction, point), by=by, stamp=stamp)


def check_in(
    registration: Registration, session: Session | None, *, way: Way, by: Account, stamp: Stamp
) -> CheckIn:
    """Note that somebody is there: the plain case of `note`."""
    return note(registration, session, how=How(way), by=by, stamp=stamp)


def note(
    registration: Registration, session: Session | None, *, how: How, by: Account, stamp: Stamp
) -> CheckIn:
    """Note that somebody came or left; a second time answers the first. `session` None: the activity has no timetable.

    Raises `WrongActivity`, `NotOpen`, `NotAccepted`, `WrongSitting`, `OwnPass`, `TooEarly`, `PointClosed`,
    `OtherDoor`, `ImpossibleTime`, and for leaving `TakesNoExit`, `NotEntered`.
    """
    _hold(registration)
    sent = find_by_key(how.device_key)
    if sent is not None and sent.registration_id == registration.id:
        return CheckIn(sent)
    must_be_welcome(registration, session, by, stamp, by_self=how.way is Way.SELF)
    points.must_serve(how.point, registration.activity, session, how.noted_at or stamp.when)
    if how.noted_at is not None:
        must_be_possible(how.noted_at, registration.activity, session, stamp)
    if how.direction is Direction.OUT:
        _must_have_come(registration, session)
    place = standing.place_of(session, how.direction)
    first = standing.standing_at(registration, place)
    if first is not None:
        return CheckIn(first, again=True)
    code = new_code()
    _add(registration, session, place, code=code, undoes_id=None, how=how, by=by, stamp=stamp, reason="")
    made = standing.standing_at(registration, place)
    assert made is not None
    if made.code == code:
        verb = "attendance.checked_out" if how.direction is Direction.OUT else "attendance.checked_in"
        audits.record(verb, made, stamp=stamp, registration=registration.code, way=how.way.value)
    return CheckIn(made, again=made.code != code)


def find_by_key(device_key: str | None) -> Attendance | None:
    """What a helper's phone has sent before under this key."""
    if device_key is None:
        return None
    return db.session.scalars(sa.select(Attendance).where(Attendance.device_key == device_key)).one_or_none()


def _must_have_come(registration: Registration, session: Session | None) -> None:
    if session is None or not session.takes_exit:
        raise TakesNoExit
    if standing.standing_at(registration, standing.place_of(session)) is None:
        raise NotEntered


def undo(attendance: Attendance, reason: str, *, by: Account, stamp: Stamp) -> Attendance:
    """Take a check-in or a leaving back by a row of its own. Raises `NoReason`, `NotOpen`, `AlreadyUndone`, and
    `HasLeft` for the entry of somebody whose leaving stands.
    """
    if attendance.is_undoing:
        raise ValueError("an undoing is not undone: check in anew")
    if not reason.strip():
        raise NoReason
    registration = attendance.registration
    _hold(registration)
    if registration.activity.state not in OPEN:
        raise NotOpen(registration.activity)
    if attendance.direction is Direction.IN:
        left = standing.place_of(attendance.session, Direction.OUT)
        if standing.standing_at(registration, left) is not None:
            raise HasLeft
    done = _add(
        registration,
        attendance.session,
        attendance.place,
        code=new_code(),
        undoes_id=attendance.id,
        how=How(attendance.way, attendance.direction),
        by=by,
        stamp=stamp,
        reason=reason.strip()[:MOST_REASON],
    )
    if not done:
        raise AlreadyUndone
    made = db.session.scalars(sa.select(Attendance).where(Attendance.undoes_id == attendance.id)).one()
    audits.record("attendance.undone", attendance, stamp=stamp, registration=registration.code)
    return made


def why_closed(registration: Registration) -> Refused | None:
    """What stands against a check-in at any sitting, whenever: the state of the activity or of the entry."""
    if registration.activity.state not in OPEN:
        return NotOpen(registration.activity)
    return None if registration.state is State.ACCEPTED else NotAccepted(registration)


def _hold(registration: Registration) -> None:
    """The entry's row, so that it is not withdrawn meanwhile and two check-ins follow one another."""
    db.session.flush()
    db.session.refresh(registration, with_for_update={"of": Registration})


def must_be_welcome(
    registration: Registration,
    session: Session | None,
    by: Account,
    stamp: Stamp,
    *,
    by_self: bool = False,
) -> None:
    """`by_self`: in the way that is meant for one's own pass, by the code in the room."""
    activity = registration.activity
    if session is not None and session.activity_id != activity.id:
        raise WrongActivity
    if (no := why_closed(registration)) is not None:
        raise no
    if session is not None and session.track_id not in (None, registration.track_id):
        raise WrongSitting(registration.track, session)
    if not by_self and by.person_id is not None and by.person_id == registration.person_id:
        raise OwnPass
    starts_at = session.starts_at if session is not None else activity.starts_at
    if stamp.when < starts_at - AHEAD:
        raise TooEarly(starts_at)


def must_be_possible(
    noted_at: dt.datetime, activity: Activity, session: Session | None, stamp: Stamp
) -> None:
    """A time that a paper or another clock gave. Raises `ImpossibleTime`."""
    starts_at = session.starts_at if session is not None else activity.starts_at
    if noted_at > stamp.when or noted_at < starts_at - AHEAD:
        raise ImpossibleTime


def _add(
    registration: Registration,
    session: Session | None,
    place: str,
    *,
    code: str,
    undoes_id: int | None,
    how: How,
    by: Account,
    stamp: Stamp,
    reason: str,
) -> bool:
    """Write the next turn; False where another took it."""
    last = db.session.scalar(
        sa.select(sa.func.max(Attendance.turn)).where(
            Attendance.registration_id == registration.id, Attendance.place == place
        )
    )
    row = {
        "code": code,
        "registration_id": registration.id,
        "session_id": session.id if session is not None else None,
        "place": place,
        "direction": how.direction,
        "point_id": how.point.id if how.point is not None else None,
        "device_key": how.device_key,
        "noted_at": how.noted_at,
        "turn": (last or 0) + 1,
        "undoes_id": undoes_id,
        "way": how.way,
        "at": stamp.when,
        "by_id": by.id,
        "reason": reason,
    }
    made = db.session.execute(
        upsert(Attendance).values(row).on_conflict_do_nothing().returning(Attendance.id)
    ).one_or_none()
    return made is not None
