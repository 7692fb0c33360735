"""Checking in many at once, as from a list that was kept at the door."""

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from models.account import Account
from models.activity import Session
from models.attendance import Attendance, Direction, Point, Way
from models.base import db, new_code, upsert
from models.registration import Registration
from services import audit as audits
from services.attendance import checking, points, standing
from services.stamp import Stamp


def check_in_all(
    registrations: Sequence[Registration],
    session: Session | None,
    *,
    way: Way,
    by: Account,
    stamp: Stamp,
    point: Point | None = None,
    noted: Mapping[int, dt.datetime] | None = None,
    note: str = "",
) -> int:
    """Check in entries of one activity at a sitting, all or none, in a few statements; whoever was checked in before
    stays as they are. Answers how many are new. Raises what `checking.note` raises.

    `noted`: when each came, by the key of the entry, where a paper says so. `note`: what explains them all.
    """
    noted = noted or {}
    db.session.flush()
    keys = sorted({registration.id for registration in registrations})
    db.session.execute(
        sa.select(Registration.id)
        .where(Registration.id.in_(keys))
        .order_by(Registration.id)
        .with_for_update()
    )
    for registration in registrations:
        checking.must_be_welcome(registration, session, by, stamp)
        points.must_serve(point, registration.activity, session, noted.get(registration.id, stamp.when))
        if registration.id in noted:
            checking.must_be_possible(noted[registration.id], registration.activity, session, stamp)
    place = standing.place_of(session)
    last = db.session.execute(
        sa.select(Attendance.registration_id, sa.func.max(Attendance.turn))
        .where(Attendance.registration_id.in_(keys), Attendance.place == place)
        .group_by(Attendance.registration_id)
    )
    turns = {row[0]: row[1] for row in last}
    rows = [
        {
            "code": new_code(),
            "registration_id": registration.id,
            "session_id": session.id if session is not None else None,
            "place": place,
            "direction": Direction.IN,
            "point_id": point.id if point is not None else None,
            "noted_at": noted.get(registration.id),
            "turn": turns.get(registration.id, 0) + 1,
            "undoes_id": None,
            "way": way,
            "at": stamp.when,
            "by_id": by.id,
            "reason": note,
        }
        for registration in registrations
        if turns.get(registration.id, 0) % 2 == 0
    ]
    if not rows:
        return 0
    made = db.session.execute(
        upsert(Attendance)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(Attendance.code, Attendance.registration_id)
    ).all()
    codes = {registration.id: registration.code for registration in registrations}
    for code, key in sorted(made, key=lambda row: row[1]):
        audits.record(
            "attendance.checked_in",
            f"attendance:{code}",
            stamp=stamp,
            registration=codes[key],
            way=way.value,
        )
    return len(made)
