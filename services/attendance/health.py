"""What must never be among check-ins."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.activity import Session
from models.attendance import Attendance
from models.registration import Registration
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
        sa.and_(Session.id.is_not(None), Attendance.place != Session.code),
        sa.and_(Session.id.is_(None), Attendance.place != "-"),
    )
    return rows(
        sa.select(Attendance.id)
        .join(Registration, Registration.id == Attendance.registration_id)
        .outerjoin(Session, Session.id == Attendance.session_id)
        .where(wrong)
    )


COUNTERS: Counters = {"attendance.turns_differ": _turns, "attendance.elsewhere": _elsewhere}
