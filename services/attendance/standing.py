"""What stands: check-ins that nothing undid, and where somebody was."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.activity import Activity, Session
from models.attendance import Attendance, Direction
from models.base import db, is_code
from models.registration import Registration

NO_SITTING: Final = "-"
LEAVING: Final = ":out"
"""What a place ends with where leaving is noted."""

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


def came() -> sa.ColumnElement[bool]:
    """SQL: the row is an entry that stands, and no leaving."""
    return sa.and_(Attendance.direction == Direction.IN, stands())


def place_of(session: Session | None, direction: Direction = Direction.IN) -> str:
    """What turns are counted by: the sitting, and apart from it the leaving of it."""
    place = session.code if session is not None else NO_SITTING
    return place + LEAVING if direction is Direction.OUT else place


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
            .where(Registration.activity_id == activity.id, came())
        )
    )


def was_present(registration: Registration) -> bool:
    return bool(arrivals([registration]))


def arrivals(registrations: Iterable[Registration]) -> dict[int, list[Attendance]]:
    """The entries that stand, by registration (its key), in the order of time."""
    return _standing(registrations, came())


def departures(registrations: Iterable[Registration]) -> dict[int, list[Attendance]]:
    """The leavings that stand, by registration (its key), in the order of time."""
    return _standing(registrations, sa.and_(Attendance.direction == Direction.OUT, stands()))


def _standing(
    registrations: Iterable[Registration], condition: sa.ColumnElement[bool]
) -> dict[int, list[Attendance]]:
    found: dict[int, list[Attendance]] = defaultdict(list)
    keys = [registration.id for registration in registrations]
    if keys:
        rows = db.session.scalars(
            sa.select(Attendance)
            .where(Attendance.registration_id.in_(keys), condition)
            .order_by(Attendance.at, Attendance.id)
        )
        for row in rows:
            found[row.registration_id].append(row)
    return dict(found)
