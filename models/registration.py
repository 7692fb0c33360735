"""A person's entry for a track, and what they answered."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity, Track
from models.base import Coded, UTCDateTime, choice, new_code
from models.organisation import Organisation
from models.person import Person

PASS_LENGTH = 8


def new_pass() -> str:
    """The code on a pass: short enough to be typed at a door. It opens nothing; who checks in needs a right."""
    return new_code()[:PASS_LENGTH]


class State(StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CALLED_OFF = "called_off"  # the activity was cancelled


HOLDING = frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.OFFERED})
"""States that hold a place."""

LIVE = HOLDING | {State.WAITLISTED}
"""States in which the entry stands; a person has one of these an activity."""

_NEXT: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.ACCEPTED, State.RETURNED, State.REJECTED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN, State.EXPIRED, State.REJECTED}),
    State.ACCEPTED: frozenset({State.WITHDRAWN, State.RETURNED, State.REJECTED}),
    State.WAITLISTED: frozenset({State.OFFERED, State.WITHDRAWN, State.EXPIRED}),
    State.OFFERED: frozenset({State.SUBMITTED, State.ACCEPTED, State.WITHDRAWN, State.EXPIRED}),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.EXPIRED: frozenset(),
    State.CALLED_OFF: frozenset(),
}
NEXT = {state: after | {State.CALLED_OFF} if state in LIVE else after for state, after in _NEXT.items()}
"""What may follow. A cancelled activity ends every entry that stands."""


class Source(StrEnum):
    SELF = "self"
    UNIT = "unit"
    ON_BEHALF = "on_behalf"
    IMPORT = "import"


class Batch(Coded):
    """Entries made together. A single entry is a batch of one."""

    __tablename__ = "batch"

    source: Mapped[Source] = mapped_column(choice(Source))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    size: Mapped[int]
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class Registration(Coded):
    __tablename__ = "registration"
    __table_args__ = (sa.Index("ix_registration_track_state", "track_id", "state", "queue_position"),)

    track_id: Mapped[int] = mapped_column(sa.ForeignKey("track.id"))
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    state: Mapped[State] = mapped_column(choice(State))
    claim: Mapped[str | None] = mapped_column(sa.String(48), unique=True)
    """activity:person while the entry is live, empty afterwards: one live entry a person and activity (R56)."""
    queue_position: Mapped[int | None]
    """Order on the waiting list; given once, never changed."""
    due_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    """Until when an offer is open or a returned entry may be mended."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    """The last reviewer's words to the applicant."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    pass_code: Mapped[str] = mapped_column(sa.String(PASS_LENGTH), unique=True, default=new_pass)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    track: Mapped[Track] = relationship()
    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()
    batch: Mapped[Batch] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    answer: Mapped["Answer | None"] = relationship(back_populates="registration", uselist=False)
    steps: Mapped[list["Step"]] = relationship(back_populates="registration", order_by="Step.id")

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def holds_place(self) -> bool:
        return self.state in HOLDING

    def may_become(self, state: State) -> bool:
        return state in NEXT[self.state]


class Answer(Coded):
    """What the form asked beside the person, frozen as it was when it was sent."""

    __tablename__ = "answer"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), unique=True)
    category: Mapped[str] = mapped_column(sa.String(24))
    workplace: Mapped[str] = mapped_column(sa.String(100), default="")
    post: Mapped[str] = mapped_column(sa.String(60), default="")
    years_at_work: Mapped[int | None]
    skill_level: Mapped[str] = mapped_column(sa.String(24), default="none")
    level_certificate: Mapped[str] = mapped_column(sa.String(22), default="")
    coach: Mapped[str] = mapped_column(sa.String(64), default="")
    remark: Mapped[str] = mapped_column(sa.String(300), default="")

    registration: Mapped[Registration] = relationship(back_populates="answer")


class Step(Coded):
    """One step of an entry's history, as the applicant may read it."""

    __tablename__ = "registration_step"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), index=True)
    state: Mapped[State] = mapped_column(choice(State))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    registration: Mapped[Registration] = relationship(back_populates="steps")
    by: Mapped[Account | None] = relationship()
