"""Who leads the jobs, and which slots were done (R63)."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime


class Lease(Base):
    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(sa.String(80), default="")
    token: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class JobRun(Base):
    """One slot of one job, claimed in the transaction of its effect."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    slot: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(sa.String(80), default="")
    done_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
