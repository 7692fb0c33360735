"""Check-ins: who was there, append-only. A mistake is undone by a row of its own."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Session
from models.base import Coded, UTCDateTime, choice
from models.registration import Registration


class Way(StrEnum):
    """How the pass was read."""

    CAMERA = "camera"
    PHOTO = "photo"
    TYPED = "typed"
    LIST = "list"
    LINK = "link"  # the pass opened by the phone's own scanner


class Attendance(Coded):
    """One check-in, or the undoing of one. An entry and a sitting take turns, like facts: in, undone, in."""

    __tablename__ = "attendance"
    __table_args__ = (sa.UniqueConstraint("registration_id", "place", "turn"),)

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"))
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    """The sitting; none where the activity has no timetable."""
    place: Mapped[str] = mapped_column(sa.String(16))
    """The sitting's code, or - : what the database counts turns by, since it takes no two NULLs for the same."""
    turn: Mapped[int]
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attendance.id"), unique=True)
    way: Mapped[Way] = mapped_column(choice(Way))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    """Why it was undone."""

    registration: Mapped[Registration] = relationship()
    session: Mapped[Session | None] = relationship()
    by: Mapped[Account | None] = relationship()

    @property
    def is_undoing(self) -> bool:
        return self.undoes_id is not None
