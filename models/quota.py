"""Places beside those of a track: of the whole activity, of a unit, kept for a group, of one choice in the form."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.activity import Activity, Track
from models.base import Coded, Scarce, UTCDateTime, choice, scarce_checks
from models.organisation import Organisation

EVERYWHERE = "-"
"""The `place` of a quota of the whole activity."""


class Kind(StrEnum):
    TOTAL = "total"  # of the whole activity
    UNIT = "unit"  # of one unit on a track; made when its first entry comes, or when its seats are allotted
    GROUP = "group"  # kept for some participant categories
    OPEN = "open"  # what a track has left beside what it keeps for groups
    CHOICE = "choice"  # one option of a field of the form, on the whole activity


class Quota(Coded, Scarce):
    """A counter of its own. Whoever changes it holds the row of its track first (of all tracks, for `EVERYWHERE`)."""

    __tablename__ = "quota"
    __table_args__ = (sa.UniqueConstraint("activity_id", "place", "kind", "key"), *scarce_checks())

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    track_id: Mapped[int | None] = mapped_column(sa.ForeignKey("track.id"), index=True)
    place: Mapped[str] = mapped_column(sa.String(16), default=EVERYWHERE)
    """The track's code, or `-`: no database takes two NULLs for the same."""
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    key: Mapped[str] = mapped_column(sa.String(80), default=EVERYWHERE)
    """UNIT: the unit's code. GROUP: its name. CHOICE: `field:option`."""
    name: Mapped[str] = mapped_column(sa.String(80), default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    categories: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    """GROUP: the participant categories it is kept for."""
    released_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """GROUP: from when on what is left of it is open to all."""

    activity: Mapped[Activity] = relationship()
    track: Mapped[Track | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
