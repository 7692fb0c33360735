"""学时: how long somebody was there. A class hour is 45 minutes.

From entry to exit, clipped to the sitting; where a sitting takes no exit, whoever came has the whole of it. Somebody
who came and whose leaving is not noted yet has none of it: the list says so, and the leaving can be noted later.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.activity import Activity, Session
from models.attendance import Attendance, Direction
from models.base import db
from models.registration import Registration, State
from services.attendance.standing import stands

CLASS_HOUR: Final = dt.timedelta(minutes=45)
TENTH: Final = Decimal("0.1")
NONE: Final = Decimal("0.0")


def class_hours(length: dt.timedelta) -> Decimal:
    """A length in class hours, to a tenth, halves up; nothing is less than none."""
    seconds = max(0, round(length.total_seconds()))
    return (Decimal(seconds) / Decimal(int(CLASS_HOUR.total_seconds()))).quantize(TENTH, ROUND_HALF_UP)


def attended(
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    came_at: dt.datetime | None,
    left_at: dt.datetime | None,
    *,
    takes_exit: bool,
) -> Decimal | None:
    """Class hours of one person at one sitting; None where they came and have not left yet."""
    if came_at is None:
        return NONE
    if not takes_exit:
        return class_hours(ends_at - starts_at)
    if left_at is None:
        return None
    return class_hours(min(left_at, ends_at) - max(came_at, starts_at))


@dataclass(frozen=True, slots=True)
class Cell:
    hours: Decimal
    came: bool = False
    is_open: bool = False
    """They came, and their leaving is not noted."""


@dataclass(frozen=True)
class HourLine:
    registration: Registration
    cells: Mapping[int, Cell]
    """By the key of the sitting; a sitting of another track is not among them."""
    total: Decimal
    possible: Decimal

    @property
    def share(self) -> Decimal:
        """0 to 1 of what their sittings last."""
        return self.total / self.possible if self.possible else Decimal(0)


def hours(registrations: Iterable[Registration]) -> dict[str, Decimal]:
    """Class hours attended, by the code of the entry, over all its sittings."""
    return {line.registration.code: line.total for line in lines(list(registrations))}


def of_activity(activity: Activity) -> list[HourLine]:
    """Everybody who has a place, track by track."""
    rows = db.session.scalars(
        sa.select(Registration)
        .where(Registration.activity_id == activity.id, Registration.state == State.ACCEPTED)
        .join(Registration.track)
        .options(
            joinedload(Registration.person),
            joinedload(Registration.organisation),
            joinedload(Registration.track),
            joinedload(Registration.answer),
        )
        .order_by(sa.text("track.position"), Registration.track_id, Registration.id)
    ).all()
    return lines(rows)


def lines(registrations: Sequence[Registration]) -> list[HourLine]:
    """Each entry with its sittings, in a few statements whatever their number."""
    came, left = _times(registrations)
    sittings: dict[int, list[Session]] = {}
    found = []
    for row in registrations:
        if row.activity_id not in sittings:
            sittings[row.activity_id] = list(row.activity.sessions)
        mine = [s for s in sittings[row.activity_id] if s.track_id in (None, row.track_id)]
        cells = {s.id: _cell(s, came.get((row.id, s.id)), left.get((row.id, s.id))) for s in mine}
        possible = sum((class_hours(s.ends_at - s.starts_at) for s in mine), NONE)
        found.append(HourLine(row, cells, sum((c.hours for c in cells.values()), NONE), possible))
    return found


def _cell(session: Session, came_at: dt.datetime | None, left_at: dt.datetime | None) -> Cell:
    got = attended(session.starts_at, session.ends_at, came_at, left_at, takes_exit=session.takes_exit)
    return Cell(got if got is not None else NONE, came_at is not None, got is None)


Times = dict[tuple[int, int], dt.datetime]


def _times(registrations: Sequence[Registration]) -> tuple[Times, Times]:
    """When each came to and left each sitting."""
    activities = {row.activity_id for row in registrations}
    keys = {row.id for row in registrations}
    found: dict[Direction, Times] = defaultdict(dict)
    rows = db.session.execute(
        sa.select(
            Attendance.registration_id,
            Attendance.session_id,
            Attendance.direction,
            Attendance.noted_at,
            Attendance.at,
        )
        .join(Session, Session.id == Attendance.session_id)
        .where(Session.activity_id.in_(activities), stands())
    )
    for registration_id, session_id, direction, noted_at, at in rows:
        if session_id is not None and registration_id in keys:
            found[direction][registration_id, session_id] = noted_at or at
    return found[Direction.IN], found[Direction.OUT]
