"""Who was there, as far as anybody was checked in."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.activity import Activity
from models.attendance import Attendance
from models.base import db
from models.registration import Registration


def present_codes(activity: Activity) -> set[str]:
    """The codes of entries that were checked in at any sitting."""
    undoing = aliased(Attendance)
    return set(
        db.session.scalars(
            sa.select(Registration.code)
            .join(Attendance, Attendance.registration_id == Registration.id)
            .where(
                Registration.activity_id == activity.id,
                Attendance.undoes_id.is_(None),
                ~sa.exists().where(undoing.undoes_id == Attendance.id),
            )
        )
    )
