"""A person's entry for a track, and what they answered."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity, Track
from models.base import Base, Coded, UTCDateTime, choice, new_code
from models.organisation import Organisation
from models.party import Party
from models.party import Role as PartyRole
from models.person import Person
from models.questionnaire import Questionnaire
from models.quota import Quota
from models.upload import Upload
from models.vault import Sealed

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
    STANDBY = "standby"  # 替补: of a team or delegation; has no place until they take another's
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CALLED_OFF = "called_off"  # the activity was cancelled


HOLDING = frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.OFFERED})
"""States that hold a place."""

LIVE = HOLDING | {State.WAITLISTED, State.STANDBY}
"""States in which the entry stands; a person has one of these an activity."""

_NEXT: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.ACCEPTED, State.RETURNED, State.REJECTED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN, State.EXPIRED, State.REJECTED}),
    State.ACCEPTED: frozenset({State.WITHDRAWN, State.RETURNED, State.REJECTED, State.SUBMITTED}),
    State.WAITLISTED: frozenset({State.OFFERED, State.WITHDRAWN, State.EXPIRED}),
    State.OFFERED: frozenset(  # back in line: whom their team does not keep when it takes a part
        {State.SUBMITTED, State.ACCEPTED, State.WITHDRAWN, State.EXPIRED, State.WAITLISTED}
    ),
    State.STANDBY: frozenset(
        {State.SUBMITTED, State.ACCEPTED, State.WITHDRAWN, State.REJECTED, State.EXPIRED}
    ),
    State.REJECTED: frozenset({State.SUBMITTED}),  # a decision on many that was taken back at once
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


class Consent(StrEnum):
    """Whether the person stands behind an entry that somebody else made (R56)."""

    OWN = "own"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    OBJECTED = "objected"


class Batch(Coded):
    """Entries made together. A single entry is a batch of one."""

    __tablename__ = "batch"

    source: Mapped[Source] = mapped_column(choice(Source))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    size: Mapped[int]
    true_source: Mapped[str] = mapped_column(sa.String(100), default="")
    """代填: the unit or town whose paper it was, where the bureau entered it."""
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
    """activity:person while the entry is live, empty afterwards: one live entry a person and activity (R56). Where an
    activity lets people enter several tracks, activity:person:track."""
    queue_position: Mapped[int | None]
    """Order on the waiting list; given once, never changed."""
    due_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    """Until when an offer is open or a returned entry may be mended."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    """The last reviewer's words to the applicant."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    pass_code: Mapped[str] = mapped_column(sa.String(PASS_LENGTH), unique=True, default=new_pass)
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"), index=True)
    party_role: Mapped[PartyRole | None] = mapped_column(choice(PartyRole))
    rank: Mapped[int] = mapped_column(default=0)
    """Order within a delegation."""
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"), index=True)
    """更换: the entry whose place it took."""
    consent: Mapped[Consent] = mapped_column(choice(Consent), default=Consent.OWN)
    consent_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    consent_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """Of the link by which somebody without an account confirms or objects."""
    opinion: Mapped[str] = mapped_column(sa.String(300), default="")
    """单位推荐意见"""
    recommended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    recommended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    track: Mapped[Track] = relationship()
    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()
    batch: Mapped[Batch] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    party: Mapped[Party | None] = relationship()
    replaces: Mapped["Registration | None"] = relationship(remote_side="Registration.id")
    recommended_by: Mapped[Account | None] = relationship()
    answer: Mapped["Answer | None"] = relationship(back_populates="registration", uselist=False)
    steps: Mapped[list["Step"]] = relationship(back_populates="registration", order_by="Step.id")

    @property
    def is_unconfirmed(self) -> bool:
        """Entered by others, and the person has not said yes."""
        return self.consent is Consent.ASKED

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
    questionnaire_id: Mapped[int | None] = mapped_column(sa.ForeignKey("questionnaire.id"), index=True)
    """The version of the form that was answered; None: what the kind always asks."""
    values: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """Other fields, by key: those that are not sensitive."""
    private_sealed: Mapped[str | None] = mapped_column(sa.Text)

    private = Sealed("private_sealed")
    """The sensitive ones, as JSON."""

    registration: Mapped[Registration] = relationship(back_populates="answer")
    questionnaire: Mapped[Questionnaire | None] = relationship()


class Step(Coded):
    """One step of an entry's history, as the applicant may read it."""

    __tablename__ = "registration_step"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), index=True)
    state: Mapped[State] = mapped_column(choice(State))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    changed: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    """Fields the applicant changed with this step."""
    before_sealed: Mapped[str | None] = mapped_column(sa.Text)

    before = Sealed("before_sealed")
    """What these fields said before, as JSON."""

    registration: Mapped[Registration] = relationship(back_populates="steps")
    by: Mapped[Account | None] = relationship()


class QuotaHold(Base):
    """A place on a quota that an entry holds beside that on its track. Gone when the entry frees it."""

    __tablename__ = "quota_hold"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), primary_key=True)
    quota_id: Mapped[int] = mapped_column(sa.ForeignKey("quota.id"), primary_key=True, index=True)

    quota: Mapped[Quota] = relationship()


class Comment(Coded):
    """What a reviewer asks to be mended, field by field. Settled when the field was changed or the entry accepted."""

    __tablename__ = "registration_comment"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), index=True)
    field: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.String(200))
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    settled_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class Waiver(Coded):
    """A rule that is waived for one person on one track, with who and why."""

    __tablename__ = "waiver"
    __table_args__ = (sa.UniqueConstraint("track_id", "person_id", "rule"),)

    track_id: Mapped[int] = mapped_column(sa.ForeignKey("track.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    rule: Mapped[str] = mapped_column(sa.String(24))
    reason: Mapped[str] = mapped_column(sa.String(300))
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("upload.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))

    track: Mapped[Track] = relationship()
    person: Mapped[Person] = relationship()
    evidence: Mapped[Upload | None] = relationship()
    made_by: Mapped[Account] = relationship()


class Bulk(Coded):
    """One decision on many entries, so that it can be taken back whole."""

    __tablename__ = "registration_bulk"

    state: Mapped[State] = mapped_column(choice(State))
    """What they became."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    rows: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    """Version of each entry after the decision, by code: one that changed since is not taken back."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
