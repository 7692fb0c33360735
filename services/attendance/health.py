"""What must never be among check-ins."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.activity import Session
from models.attendance import Attendance, Direction, Point
from models.registration import Registration
from services.attendance import standing
from services.health import Counters, rows


def _turns() -> int:
    """Check-ins that do not take turns: odd ones are check-ins, an even one undoes the one before it, none is left
    out."""
    before = aliased(Attendance)
    is_even = Attendance.turn % 2 == 0
    joined = sa.and_(
        before.registration_id == Attendance.registration_id,
        before.place == Attendance.place,
        before.turn == Attendance.turn - 1,
    )
    wrong = sa.or_(
        Attendance.turn < 1,
        sa.and_(Attendance.turn > 1, before.id.is_(None)),
        sa.and_(~is_even, Attendance.undoes_id.is_not(None)),
        sa.and_(is_even, sa.or_(Attendance.undoes_id.is_(None), Attendance.undoes_id != before.id)),
    )
    return rows(sa.select(Attendance.id).outerjoin(before, joined).where(wrong))


def _elsewhere() -> int:
    """Check-ins at a sitting of another activity, or whose place is not the sitting's."""
    wrong = sa.or_(
        Session.activity_id != Registration.activity_id,
        sa.and_(Session.id.is_not(None), Attendance.place != Session.code + _leaving()),
        sa.and_(Session.id.is_(None), Attendance.place != "-"),
        sa.and_(Point.id.is_not(None), Point.activity_id != Registration.activity_id),
    )
    return rows(
        sa.select(Attendance.id)
        .join(Registration, Registration.id == Attendance.registration_id)
        .outerjoin(Session, Session.id == Attendance.session_id)
        .outerjoin(Point, Point.id == Attendance.point_id)
        .where(wrong)
    )


def _leaving() -> sa.ColumnElement[str]:
    return sa.case((Attendance.direction == Direction.OUT, standing.LEAVING), else_="")


def _out_without_in() -> int:
    """Leavings that stand where no entry does."""
    entry = aliased(Attendance)
    undone = aliased(Attendance)
    has_come = sa.exists().where(
        entry.registration_id == Attendance.registration_id,
        entry.session_id == Attendance.session_id,
        entry.direction == Direction.IN,
        entry.undoes_id.is_(None),
        ~sa.exists().where(undone.undoes_id == entry.id),
    )
    left = sa.and_(Attendance.direction == Direction.OUT, standing.stands())
    return rows(sa.select(Attendance.id).where(left, ~has_come))


def _times_differ() -> int:
    """Check-ins that a phone or a paper noted later than they arrived, and keys without a time."""
    wrong = sa.or_(
        Attendance.noted_at > Attendance.at,
        sa.and_(Attendance.device_key.is_not(None), Attendance.noted_at.is_(None)),
        sa.and_(Attendance.device_key.is_not(None), Attendance.undoes_id.is_not(None)),
    )
    return rows(sa.select(Attendance.id).where(wrong))


COUNTERS: Counters = {
    "attendance.turns_differ": _turns,
    "attendance.elsewhere": _elsewhere,
    "attendance.out_without_in": _out_without_in,
    "attendance.times_differ": _times_differ,
}
