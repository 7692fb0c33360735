"""Check-ins: who was there, append-only. A mistake is undone by a row of its own."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity, Session
from models.base import Coded, UTCDateTime, choice
from models.registration import Registration


class Way(StrEnum):
    """How the pass was read."""

    CAMERA = "camera"
    PHOTO = "photo"
    TYPED = "typed"
    LIST = "list"
    LINK = "link"  # the pass opened by the phone's own scanner
    GROUP = "group"  # ticked for a unit or class
    SELF = "self"  # by the rotating code in the room
    PAPER = "paper"  # matched from a signed list


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Point(Coded):
    """签到点: a named door of an activity; none where an activity has only one."""

    __tablename__ = "checkin_point"
    __table_args__ = (sa.UniqueConstraint("activity_id", "name"),)

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    """The one sitting it is for; None: all of them."""
    name: Mapped[str] = mapped_column(sa.String(40))
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    activity: Mapped[Activity] = relationship()
    session: Mapped[Session | None] = relationship()


class Attendance(Coded):
    """One check-in, or the undoing of one. An entry and a sitting take turns, like facts: in, undone, in."""

    __tablename__ = "attendance"
    __table_args__ = (sa.UniqueConstraint("registration_id", "place", "turn"),)

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"))
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    """The sitting; none where the activity has no timetable."""
    place: Mapped[str] = mapped_column(sa.String(24))
    """The sitting's code, or - : what the database counts turns by, since it takes no two NULLs for the same. With
    `:out` behind it, leaving."""
    direction: Mapped[Direction] = mapped_column(choice(Direction), default=Direction.IN)
    point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("checkin_point.id"), index=True)
    device_key: Mapped[str | None] = mapped_column(sa.String(40), index=True, unique=True)
    """What a helper's phone called it while it had no network: sent twice, it is stored once."""
    noted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When it happened by the clock of that phone; `at` is when it arrived."""
    turn: Mapped[int]
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attendance.id"), unique=True)
    way: Mapped[Way] = mapped_column(choice(Way))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    """Why it was undone; of a group, why its head count is another than the names ticked."""

    registration: Mapped[Registration] = relationship()
    session: Mapped[Session | None] = relationship()
    point: Mapped[Point | None] = relationship()
    by: Mapped[Account | None] = relationship()

    @property
    def is_undoing(self) -> bool:
        return self.undoes_id is not None

    @property
    def happened_at(self) -> dt.datetime:
        """When it happened, as far as anybody noted it; else when it was written down."""
        return self.noted_at or self.at
