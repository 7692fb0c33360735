"""Skill experience: themes, slots, and the bookings of schools and citizens. Pupils are head counts: none is named.

A season, one term of visits, is an activity of kind experience: approved, published and called off as any other. Slots
offer places counted in pupils (domain.md 3.3).
"""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity
from models.base import Coded, Scarce, UTCDateTime, Words, choice, scarce_checks
from models.organisation import Organisation
from models.upload import Upload
from models.vault import Sealed
from models.venue import Venue


class Grade(StrEnum):
    """年级, in the order of school years; V is any year of a vocational school."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"
    P6 = "P6"
    J1 = "J1"
    J2 = "J2"
    J3 = "J3"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    V = "V"

    @property
    def is_primary(self) -> bool:
        return self.value.startswith("P")


class School(Coded):
    """What the education commission's list says of a school, beside its unit."""

    __tablename__ = "school"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), unique=True)
    grades: Mapped[frozenset[str]] = mapped_column(Words(60), default=frozenset)
    is_rural: Mapped[bool] = mapped_column(default=False)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    """Whether its manager approves a booking before the centre gets it."""
    listed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()


class Season(Coded):
    """The terms of booking in one term: every rule of domain.md 3.3 that a centre may set otherwise."""

    __tablename__ = "season"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), unique=True)
    days_least: Mapped[int] = mapped_column(default=3)
    days_most: Mapped[int] = mapped_column(default=60)
    """How many days ahead one may book, at least and at most."""
    first_days: Mapped[int] = mapped_column(default=14)
    """So many days earlier schools that have not been yet, and rural ones, may book."""
    visits_most: Mapped[int] = mapped_column(default=6)
    """Visits of one school in the term."""
    pupils_a_teacher: Mapped[int] = mapped_column(default=20)
    """At primary schools; secondary ones have their own."""
    pupils_a_teacher_secondary: Mapped[int] = mapped_column(default=25)
    hold_minutes: Mapped[int] = mapped_column(default=15)
    offer_hours: Mapped[int] = mapped_column(default=48)
    notice_days: Mapped[int] = mapped_column(default=3)
    """Working days before the visit until which one may change or cancel without its being late."""
    decide_days: Mapped[int] = mapped_column(default=2)
    """Days before a slot on which one with too few pupils is cancelled."""
    no_shows_most: Mapped[int] = mapped_column(default=2)
    """From so many in the term on, the centre says why it still confirms."""
    closures: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    """Days without visits: `{"from": day, "to": day, "why": …}`."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    activity: Mapped[Activity] = relationship()
    themes: Mapped[list["Theme"]] = relationship(back_populates="season", order_by="Theme.id")


class Theme(Coded):
    """体验主题: what is done, by whom, for which grades."""

    __tablename__ = "theme"
    __table_args__ = (sa.UniqueConstraint("season_id", "title"),)

    season_id: Mapped[int] = mapped_column(sa.ForeignKey("season.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(40))
    summary: Mapped[str] = mapped_column(sa.String(300), default="")
    grades: Mapped[frozenset[str]] = mapped_column(Words(60), default=frozenset)
    """Empty: every grade."""
    takes_citizens: Mapped[bool] = mapped_column(default=False)
    is_visiting: Mapped[bool] = mapped_column(default=False)
    """A master comes to the school's own room; the school proposes the time."""
    capacity: Mapped[int]
    """Pupils a slot."""
    least: Mapped[int] = mapped_column(default=0)
    """Pupils without whom a slot is not held; 0: it is always held."""
    minutes: Mapped[int] = mapped_column(default=60)
    stations: Mapped[str] = mapped_column(sa.String(120), default="")
    staff: Mapped[str] = mapped_column(sa.String(120), default="")
    risk_note: Mapped[str] = mapped_column(sa.String(300), default="")
    what_to_bring: Mapped[str] = mapped_column(sa.String(200), default="")
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venue.id"), index=True)
    room: Mapped[str] = mapped_column(sa.String(40), default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    season: Mapped[Season] = relationship(back_populates="themes")
    venue: Mapped[Venue | None] = relationship()

    @property
    def activity(self) -> Activity:
        return self.season.activity

    def suits(self, grade: str) -> bool:
        return not self.grades or grade in self.grades


class SlotState(StrEnum):
    PROPOSED = "proposed"  # a school asked a visiting master to come then
    OPEN = "open"
    CLOSED = "closed"  # it took place, and its counts are final
    CALLED_OFF = "called_off"


class Slot(Coded, Scarce):
    """场次: one theme at one time. Capacity counts pupils."""

    __tablename__ = "slot"
    __table_args__ = scarce_checks()

    theme_id: Mapped[int] = mapped_column(sa.ForeignKey("theme.id"), index=True)
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    state: Mapped[SlotState] = mapped_column(choice(SlotState), default=SlotState.OPEN, index=True)
    host_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """The school in whose room it takes place."""
    room: Mapped[str] = mapped_column(sa.String(40), default="")
    staff: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    """Why it was called off."""
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    theme: Mapped[Theme] = relationship()
    host: Mapped[Organisation | None] = relationship()


class State(StrEnum):
    HELD = "held"  # places kept for a while, until it is sent
    APPROVAL = "approval"  # with the school's own manager
    REQUESTED = "requested"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"  # the teacher signed the head count
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    REFUSED = "refused"
    LAPSED = "lapsed"  # kept places were not taken up in time
    CALLED_OFF = "called_off"  # by the centre


TAKING = frozenset({State.HELD, State.APPROVAL, State.REQUESTED, State.CONFIRMED, State.ARRIVED})
"""These hold places of a slot that is still to come."""

USED = TAKING | {State.COMPLETED, State.NO_SHOW, State.LATE_CANCELLED}
"""These count as visits of the school in the term."""

ALIVE = TAKING | {State.WAITING}


class Transport(StrEnum):
    OWN_BUS = "own_bus"
    HIRED_BUS = "hired_bus"
    PUBLIC = "public"
    ON_FOOT = "on_foot"
    WANTED = "wanted"


NEEDS = ("wheelchair", "hearing", "sight", "allergy", "other")
"""Special needs, of which only counts are kept."""


class Booking(Coded):
    """One class, or one part of it, in one slot; or one citizen. Counts only."""

    __tablename__ = "booking"
    __table_args__ = (
        sa.CheckConstraint("heads > 0", name="heads_positive"),
        sa.Index("ix_booking_state_held_until", "state", "held_until"),
    )

    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slot.id"), index=True)
    visit: Mapped[str] = mapped_column(sa.String(16), index=True)
    """The same for all parts of a class that was split over parallel slots."""
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """The school; none for a citizen."""
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    """Who booked."""
    claim: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    """slot:school:class, or slot:account, while it is alive: a class is in a slot once."""
    grade: Mapped[Grade | None] = mapped_column(choice(Grade))
    classes: Mapped[str] = mapped_column(sa.String(20), default="")
    """班号: 2, or 1-3."""
    heads: Mapped[int]
    teachers: Mapped[int] = mapped_column(default=0)
    contact_name: Mapped[str] = mapped_column(sa.String(40), default="")
    contact_sealed: Mapped[str | None] = mapped_column(sa.Text)
    transport: Mapped[Transport | None] = mapped_column(choice(Transport))
    plates: Mapped[str] = mapped_column(sa.String(60), default="")
    insurance: Mapped[str] = mapped_column(sa.String(60), default="")
    needs: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """A count by kind of need."""
    agreed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When the safety agreement was accepted on the page."""
    agreement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("upload.id"))
    """The agreement, stamped and sent back."""
    state: Mapped[State] = mapped_column(choice(State), default=State.HELD, index=True)
    held_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    is_offered: Mapped[bool] = mapped_column(default=False)
    """Whether the places came to it from the waiting list, or from a slot called off."""
    is_first: Mapped[bool] = mapped_column(default=False)
    """Whether it goes first: a rural school, or one that has not been yet this term."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    approved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    """What was said with the last decision."""
    arrived_heads: Mapped[int | None]
    arrived_teachers: Mapped[int | None]
    arrived_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    arrived_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    contact = Sealed("contact_sealed")

    slot: Mapped[Slot] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    agreement: Mapped[Upload | None] = relationship()

    @property
    def theme(self) -> Theme:
        return self.slot.theme

    @property
    def season(self) -> Season:
        return self.slot.theme.season

    @property
    def is_citizen(self) -> bool:
        return self.organisation_id is None
