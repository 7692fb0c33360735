"""What the people of a track reached, in the simple mode: one sheet a track, one line a person.

A sheet is entered by one person and confirmed by another; then its lines are facts. A confirmed line changes only by
a correction, which again takes two.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity, Track
from models.base import Coded, Hundredths, UTCDateTime, choice
from models.registration import Registration


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"


NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.DRAFT, State.CONFIRMED}),
    State.CONFIRMED: frozenset(),
}


class Verdict(StrEnum):
    """What became of an entry. A class knows the first two and the third, a contest the last three."""

    COMPLETED = "completed"  # 结业；an assessment: passed
    FAILED = "failed"
    ABSENT = "absent"
    COMPETED = "competed"
    DISQUALIFIED = "disqualified"


class Award(StrEnum):
    FIRST_PRIZE = "first_prize"
    SECOND_PRIZE = "second_prize"
    THIRD_PRIZE = "third_prize"
    MERIT_AWARD = "merit_award"


class Reached:
    """What a line says, and what a correction would have it say."""

    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    score: Mapped[Decimal | None] = mapped_column(Hundredths)
    """Total, of 100 unless the contest says otherwise."""
    rank: Mapped[int | None]
    award: Mapped[Award | None] = mapped_column(choice(Award))
    title_proposed: Mapped[bool] = mapped_column(default=False)
    """The result proposes the person for an honour; an authority decides (T07)."""
    hours: Mapped[Decimal | None] = mapped_column(Hundredths)
    """Class hours of 45 minutes."""


class Sheet(Coded):
    __tablename__ = "outcome_sheet"

    track_id: Mapped[int] = mapped_column(sa.ForeignKey("track.id"), unique=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    state: Mapped[State] = mapped_column(choice(State), default=State.DRAFT, index=True)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    """Why it was sent back."""
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    track: Mapped[Track] = relationship()
    activity: Mapped[Activity] = relationship()
    entered_by: Mapped[Account | None] = relationship(foreign_keys=[entered_by_id])
    submitted_by: Mapped[Account | None] = relationship(foreign_keys=[submitted_by_id])
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=[confirmed_by_id])
    lines: Mapped[list["Line"]] = relationship(back_populates="sheet", order_by="Line.id")

    @property
    def is_final(self) -> bool:
        return self.state is State.CONFIRMED

    def may_become(self, state: State) -> bool:
        return state in NEXT[self.state]


class Line(Reached, Coded):
    __tablename__ = "outcome_line"

    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("outcome_sheet.id"), index=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), unique=True)
    remark: Mapped[str] = mapped_column(sa.String(200), default="")

    sheet: Mapped[Sheet] = relationship(back_populates="lines")
    registration: Mapped[Registration] = relationship()


class Correction(Reached, Coded):
    """A confirmed line as it should be. Asked for by one person with a reason, decided by another."""

    __tablename__ = "outcome_correction"

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("outcome_line.id"), index=True)
    claim: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    """The line's code while it waits: one open correction a line."""
    reason: Mapped[str] = mapped_column(sa.String(300))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    is_accepted: Mapped[bool | None]
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    line: Mapped[Line] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def is_open(self) -> bool:
        return self.decided_at is None
