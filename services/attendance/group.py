"""A whole unit or class at once: its people with ticks, and how many heads were counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account
from models.activity import Activity, Session, Track
from models.attendance import Attendance, Point, Way
from models.base import db
from models.organisation import Organisation
from models.registration import Registration, State
from services.attendance.batch import check_in_all
from services.attendance.listing import Line
from services.attendance.refusals import HeadCountDiffers, NobodyTicked
from services.attendance.standing import place_of, stands
from services.stamp import Stamp
from services.text import clean_line

MOST_NOTE: Final = 200
EVERYBODY: Final = "*"


@dataclass(frozen=True, slots=True)
class Group:
    """What people come as: a unit, or a track (a class)."""

    key: str
    name: str
    size: int


def groups(activity: Activity, session: Session | None) -> list[Group]:
    """The units and tracks of those expected at a sitting, the larger first."""
    wanted = _expected(activity, session).subquery()
    units = db.session.execute(
        sa.select(Organisation.code, Organisation.name, sa.func.count())
        .join(wanted, wanted.c.organisation_id == Organisation.id)
        .group_by(Organisation.id, Organisation.code, Organisation.name)
        .order_by(sa.func.count().desc(), Organisation.id)
    )
    tracks = db.session.execute(
        sa.select(Track.code, Track.name, sa.func.count())
        .join(wanted, wanted.c.track_id == Track.id)
        .group_by(Track.id, Track.code, Track.name, Track.position)
        .order_by(Track.position, Track.id)
    )
    return [
        *(Group(f"u-{code}", name, size) for code, name, size in units),
        *(Group(f"t-{code}", name, size) for code, name, size in tracks),
    ]


def people(activity: Activity, session: Session | None, key: str) -> list[Line]:
    """Those of a group who are expected, with their check-in; none for a group that is not among them."""
    kind, _dash, code = key.partition("-")
    wanted = _expected(activity, session)
    if kind == "u":
        wanted = wanted.join(Registration.organisation).where(Organisation.code == code)
    elif kind == "t":
        wanted = wanted.where(Track.code == code)
    elif key != EVERYBODY:
        return []
    here = sa.and_(
        Attendance.registration_id == Registration.id, Attendance.place == place_of(session), stands()
    )
    rows = db.session.execute(
        wanted.outerjoin(Attendance, here)
        .add_columns(Attendance)
        .options(
            joinedload(Registration.person),
            joinedload(Registration.track),
            joinedload(Registration.organisation),
            joinedload(Registration.answer),
        )
        .order_by(Track.position, Track.id, Registration.id)
    ).all()
    return [Line(registration, attendance) for registration, attendance in rows]


def _expected(activity: Activity, session: Session | None) -> sa.Select[Registration]:
    wanted = (
        sa.select(Registration)
        .join(Registration.track)
        .where(Registration.activity_id == activity.id, Registration.state == State.ACCEPTED)
    )
    if session is not None and session.track_id is not None:
        wanted = wanted.where(Registration.track_id == session.track_id)
    return wanted


def check_in_group(
    lines: Sequence[Line],
    ticked: Sequence[str],
    session: Session | None,
    *,
    counted: int,
    note: str = "",
    point: Point | None = None,
    by: Account,
    stamp: Stamp,
) -> int:
    """Check in the ticked (codes of entries) of a group. `counted`: the heads, those who were there before included.

    Answers how many are new. Raises `NobodyTicked`, `HeadCountDiffers` where the two numbers differ and no `note`
    says why, `BadText`, and what `check_in_all` raises.
    """
    wanted = set(ticked)
    chosen = [line for line in lines if line.attendance is not None or line.registration.code in wanted]
    new = [line.registration for line in chosen if line.attendance is None]
    if not chosen:
        raise NobodyTicked
    note = clean_line(note, MOST_NOTE) if note.strip() else ""
    if len(chosen) != counted and not note:
        raise HeadCountDiffers(len(chosen), counted)
    why = f"{len(chosen)}/{counted} {note}"[:MOST_NOTE] if len(chosen) != counted else ""
    return check_in_all(new, session, way=Way.GROUP, by=by, stamp=stamp, point=point, note=why) if new else 0
