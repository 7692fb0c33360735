"""The audit trail: one row a verb, chained by hash, never changed (R58). Triggers refuse what this room promises."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime

GENESIS = "0" * 64


class Trace(Base):
    __tablename__ = "trace"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    actor: Mapped[str] = mapped_column(sa.String(40), default="")
    """Public code of the account, or the name of the job or command."""
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    subject: Mapped[str] = mapped_column(sa.String(60), default="", index=True)
    """table:code of what it was done to."""
    outcome: Mapped[str] = mapped_column(sa.String(16), default="done")
    detail: Mapped[str] = mapped_column(sa.Text, default="{}")
    """Canonical JSON without personal data."""
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class Head(Base):
    """The chain's last link, locked while a link is added; and the version of what the public sees."""

    __tablename__ = "trace_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
