"""Certificates: what was certified, frozen and signed; and the books that give their numbers."""

import datetime as dt
import secrets
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity
from models.base import Base, Coded, UTCDateTime, choice
from models.organisation import Organisation
from models.person import Person
from models.registration import Registration


class Kind(StrEnum):
    AWARD = "award"
    PARTICIPATION = "participation"
    ORGANISATION = "organisation"
    COACH = "coach"
    COMPLETION = "completion"
    APPOINTMENT = "appointment"
    OTHER = "other"


class State(StrEnum):
    QUEUED = "queued"  # numbered and frozen, not yet signed
    ISSUED = "issued"
    REVOKED = "revoked"
    REISSUED = "reissued"  # replaced by a later version


LIVE = frozenset({State.QUEUED, State.ISSUED})

NEXT: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.ISSUED, State.REVOKED, State.REISSUED}),
    State.ISSUED: frozenset({State.REVOKED, State.REISSUED}),
    State.REVOKED: frozenset(),
    State.REISSUED: frozenset(),
}


def new_token() -> str:
    """What the QR code carries: 128 random bits, 22 characters of base64url."""
    return secrets.token_urlsafe(16)


class Certificate(Coded):
    __tablename__ = "certificate"
    __table_args__ = (sa.UniqueConstraint("subject", "version_no"),)

    number: Mapped[str] = mapped_column(sa.String(40), index=True)
    """For people and files. A reissue keeps it and counts its version up."""
    version_no: Mapped[int] = mapped_column(default=1)
    token: Mapped[str] = mapped_column(sa.String(22), unique=True, default=new_token)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    subject: Mapped[str] = mapped_column(sa.String(64))
    """What is certified, as `line:<code>`: with the version it is unique, so it is issued once (R46)."""
    claim: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """The subject while the certificate is live: one live certificate a subject."""
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """The holder."""
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    facts: Mapped[str] = mapped_column(sa.Text)
    """All that the paper says, frozen at issue, as JSON (`certificates.facts`)."""
    statement: Mapped[str | None] = mapped_column(sa.Text)
    """The public part that is signed, as canonical JSON."""
    signature: Mapped[str | None] = mapped_column(sa.String(128))
    """`<key id>.<signature>`"""
    state: Mapped[State] = mapped_column(choice(State), default=State.QUEUED, index=True)
    queued_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    queued_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    signed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    """When it was revoked or replaced."""
    end_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    """For the issuer; the public page says only that it ended."""
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person | None] = relationship()
    registration: Mapped[Registration | None] = relationship()
    activity: Mapped[Activity | None] = relationship()
    issuer: Mapped[Organisation] = relationship()
    queued_by: Mapped[Account | None] = relationship()
    replaces: Mapped["Certificate | None"] = relationship(remote_side="Certificate.id")

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_valid(self) -> bool:
        return self.state is State.ISSUED

    def may_become(self, state: State) -> bool:
        return state in NEXT[self.state]


class Wish(StrEnum):
    """What is to become of a certificate."""

    REVOKE = "revoke"
    REISSUE = "reissue"


class ChangeRequest(Coded):
    """To revoke or reissue a certificate: asked for by one person with a reason, decided by another (R16)."""

    __tablename__ = "certificate_change"

    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    claim: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    """The certificate's code while it waits: one open request a certificate."""
    wish: Mapped[Wish] = mapped_column(choice(Wish))
    reason: Mapped[str] = mapped_column(sa.String(300))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    is_accepted: Mapped[bool | None]
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    certificate: Mapped[Certificate] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def is_open(self) -> bool:
        return self.decided_at is None


class Book(Base):
    """Gives numbers: `year:2026` counts activities that issued in a year, `<activity code>:2026` the serials of one.

    `last` only ever rises, by one conditional update in the transaction that uses the number.
    """

    __tablename__ = "certificate_book"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    """The number of the activity within its year."""
    last: Mapped[int] = mapped_column(default=0)
