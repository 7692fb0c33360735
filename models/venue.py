"""Places where things happen, and the workstations in them."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import ScopeKind
from models.base import Coded, UTCDateTime
from models.organisation import Organisation


class Venue(Coded):
    __tablename__ = "venue"
    __table_args__ = (sa.UniqueConstraint("name"),)

    name: Mapped[str] = mapped_column(sa.String(60))
    address: Mapped[str] = mapped_column(sa.String(120), default="")
    town: Mapped[str] = mapped_column(sa.String(20), default="")
    seats: Mapped[int | None]
    getting_there: Mapped[str] = mapped_column(sa.String(300), default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped[Organisation | None] = relationship()
    stations: Mapped[list["Station"]] = relationship(back_populates="venue", order_by="Station.number")

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def scopes(self) -> tuple[tuple[ScopeKind, str | None], ...]:
        """Where a right to look after this place may come from."""
        own = ((ScopeKind.ORGANISATION, self.organisation.code),) if self.organisation else ()
        return (*own, (ScopeKind.DISTRICT, None))

    @property
    def usable(self) -> int:
        """Stations that can be worked at."""
        return sum(not station.out_of_use for station in self.stations)


class Station(Coded):
    """赛位(工位): one place at work or one machine."""

    __tablename__ = "station"
    __table_args__ = (sa.UniqueConstraint("venue_id", "number"),)

    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venue.id"), index=True)
    number: Mapped[int]
    equipment: Mapped[str] = mapped_column(sa.String(60), default="")
    out_of_use: Mapped[bool] = mapped_column(default=False)

    venue: Mapped[Venue] = relationship(back_populates="stations")
