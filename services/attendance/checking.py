"""Checking in, and undoing it. Two helpers may read one pass at the same moment: one row is made, both are told yes."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from models.account import Account
from models.activity import Activity, Session
from models.activity import State as ActivityState
from models.attendance import Attendance, Way
from models.base import db, new_code, upsert
from models.registration import Registration, State
from services import audit as audits
from services.attendance import passes, standing
from services.attendance.refusals import (
    AlreadyUndone,
    NoReason,
    NotAccepted,
    NotOpen,
    OwnPass,
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


def admit(
    text: str, activity: Activity, session: Session | None, *, way: Way, by: Account, stamp: Stamp
) -> CheckIn:
    """Check in who holds a pass, as it was scanned or typed, at a sitting of this activity.

    Raises `UnknownPass`, `WrongActivity`, and what `check_in` raises.
    """
    registration = passes.find_by_pass(text)
    if registration is None:
        raise UnknownPass
    if registration.activity_id != activity.id:
        raise WrongActivity
    return check_in(registration, session, way=way, by=by, stamp=stamp)


def check_in(
    registration: Registration, session: Session | None, *, way: Way, by: Account, stamp: Stamp
) -> CheckIn:
    """Note that somebody is there; a second time answers the first. `session` None: the activity has no timetable.

    Raises `WrongActivity`, `NotOpen`, `NotAccepted`, `WrongSitting`, `OwnPass`, `TooEarly`.
    """
    _hold(registration)
    must_be_welcome(registration, session, by, stamp)
    place = standing.place_of(session)
    first = standing.standing_at(registration, place)
    if first is not None:
        return CheckIn(first, again=True)
    code = new_code()
    _add(registration, session, place, code=code, undoes_id=None, way=way, by=by, stamp=stamp, reason="")
    made = standing.standing_at(registration, place)
    assert made is not None
    if made.code == code:
        audits.record(
            "attendance.checked_in", made, stamp=stamp, registration=registration.code, way=way.value
        )
    return CheckIn(made, again=made.code != code)


def undo(attendance: Attendance, reason: str, *, by: Account, stamp: Stamp) -> Attendance:
    """Take a check-in back by a row of its own. Raises `NoReason`, `NotOpen`, `AlreadyUndone`."""
    if attendance.is_undoing:
        raise ValueError("an undoing is not undone: check in anew")
    if not reason.strip():
        raise NoReason
    registration = attendance.registration
    _hold(registration)
    if registration.activity.state not in OPEN:
        raise NotOpen(registration.activity)
    done = _add(
        registration,
        attendance.session,
        attendance.place,
        code=new_code(),
        undoes_id=attendance.id,
        way=attendance.way,
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


def must_be_welcome(registration: Registration, session: Session | None, by: Account, stamp: Stamp) -> None:
    activity = registration.activity
    if session is not None and session.activity_id != activity.id:
        raise WrongActivity
    if (no := why_closed(registration)) is not None:
        raise no
    if session is not None and session.track_id not in (None, registration.track_id):
        raise WrongSitting(registration.track, session)
    if by.person_id is not None and by.person_id == registration.person_id:
        raise OwnPass
    starts_at = session.starts_at if session is not None else activity.starts_at
    if stamp.when < starts_at - AHEAD:
        raise TooEarly(starts_at)


def _add(
    registration: Registration,
    session: Session | None,
    place: str,
    *,
    code: str,
    undoes_id: int | None,
    way: Way,
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
        "turn": (last or 0) + 1,
        "undoes_id": undoes_id,
        "way": way,
        "at": stamp.when,
        "by_id": by.id,
        "reason": reason,
    }
    made = db.session.execute(
        upsert(Attendance).values(row).on_conflict_do_nothing().returning(Attendance.id)
    ).one_or_none()
    return made is not None
