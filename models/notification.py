"""The outbox and the inbox. A message is written in the transaction that caused it, and sent after (R64)."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Coded, UTCDateTime, choice
from models.vault import Sealed


class Channel(StrEnum):
    INBOX = "inbox"
    SMS = "sms"
    MAIL = "mail"


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # will be tried again at due_at
    DEAD = "dead"  # given up, shown to the system administrator


class Message(Coded):
    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_due", "state", "due_at"),
        sa.Index("ix_message_inbox", "account_id", "channel", "read_at"),
    )

    channel: Mapped[Channel] = mapped_column(choice(Channel))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(sa.String(48))
    address_sealed: Mapped[str | None] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    body_sealed: Mapped[str] = mapped_column(sa.Text)
    link: Mapped[str] = mapped_column(sa.String(200), default="")
    """Path on this site that the message leads to."""
    state: Mapped[State] = mapped_column(choice(State), default=State.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    """When to try next; while it is being sent, when whoever is sending it counts as gone."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(sa.String(200), default="")

    address = Sealed("address_sealed")
    body = Sealed("body_sealed", required=True)

    @property
    def is_unread(self) -> bool:
        return self.read_at is None


class Reminded(Base):
    """That somebody was reminded of something: the key says of what, so that nothing is said twice."""

    __tablename__ = "reminded"

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
