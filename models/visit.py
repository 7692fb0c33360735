"""What the doors keep: first answers to one-time keys, rate limits, and the version of what the public sees."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime


class Once(Base):
    """The first answer to a one-time key; a repeat gets it again (R62)."""

    __tablename__ = "once"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)


class Tally(Base):
    """How often something was tried within a window (R04). Shared by all processes."""

    __tablename__ = "tally"

    key: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)


class PageVersion(Base):
    """Raised by every commit that touches what the public sees; cached pages carry it."""

    __tablename__ = "page_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
