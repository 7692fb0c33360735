"""What stands: check-ins that nothing undid, and where somebody was."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.activity import Activity, Session
from models.attendance import Attendance
from models.base import db, is_code
from models.registration import Registration

NO_SITTING: Final = "-"

_undoing = aliased(Attendance)


def find(activity: Activity, code: str) -> Attendance | None:
    """A check-in of this activity, undone or not; no undoing."""
    if not is_code(code):
        return None
    return db.session.scalars(
        sa.select(Attendance)
        .join(Attendance.registration)
        .where(
            Attendance.code == code,
            Attendance.undoes_id.is_(None),
            Registration.activity_id == activity.id,
        )
    ).one_or_none()


def stands() -> sa.ColumnElement[bool]:
    """SQL: the row is a check-in, and nothing undid it."""
    return sa.and_(Attendance.undoes_id.is_(None), ~sa.exists().where(_undoing.undoes_id == Attendance.id))


def place_of(session: Session | None) -> str:
    return session.code if session is not None else NO_SITTING


def standing_at(registration: Registration, place: str) -> Attendance | None:
    return db.session.scalars(
        sa.select(Attendance).where(
            Attendance.registration_id == registration.id, Attendance.place == place, stands()
        )
    ).one_or_none()


def present_codes(activity: Activity) -> set[str]:
    """Codes of the entries that were there, at whichever sitting."""
    return set(
        db.session.scalars(
            sa.select(Registration.code)
            .join(Attendance, Attendance.registration_id == Registration.id)
            .where(Registration.activity_id == activity.id, stands())
        )
    )


def was_present(registration: Registration) -> bool:
    return bool(arrivals([registration]))


def arrivals(registrations: Iterable[Registration]) -> dict[int, list[Attendance]]:
    """The check-ins that stand, by entry (its key), in the order of time."""
    found: dict[int, list[Attendance]] = defaultdict(list)
    keys = [registration.id for registration in registrations]
    if keys:
        rows = db.session.scalars(
            sa.select(Attendance)
            .where(Attendance.registration_id.in_(keys), stands())
            .order_by(Attendance.at, Attendance.id)
        )
        for row in rows:
            found[row.registration_id].append(row)
    return dict(found)
