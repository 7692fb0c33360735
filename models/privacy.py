"""Two records found to be one person: what moved, so that it can be moved back."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Coded, UTCDateTime
from models.person import Person


class Merge(Coded):
    __tablename__ = "merge"

    old_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    new_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    moved: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """Keys of the rows that changed hands, by table, and what was filled in."""
    reason: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    undone_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    old: Mapped[Person] = relationship(foreign_keys=[old_id])
    new: Mapped[Person] = relationship(foreign_keys=[new_id])
    by: Mapped[Account | None] = relationship(foreign_keys=[by_id])


class NoTwins(Coded):
    """Two records that look alike and were found to be two people: not shown as likely twins again."""

    __tablename__ = "no_twins"
    __table_args__ = (sa.UniqueConstraint("one_id", "other_id"),)

    one_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    """The record with the smaller key."""
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
