"""Activities of every kind, the tracks one registers for, their sittings and their notices."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account, ScopeKind
from models.base import Coded, Scarce, UTCDateTime, choice, scarce_checks
from models.organisation import Organisation
from models.upload import Upload
from models.venue import Venue


class Kind(StrEnum):
    COMPETITION = "competition"
    FORUM = "forum"
    LECTURE = "lecture"
    SEMINAR = "seminar"
    TRAINING_CLASS = "training_class"
    EXPERIENCE = "experience"
    ASSESSMENT = "assessment"
    JOB_FAIR = "job_fair"


class Level(StrEnum):
    UNIT = "unit"
    DISTRICT = "district"
    MUNICIPAL = "municipal"
    NATIONAL = "national"
    INTERNATIONAL = "international"


class Series(StrEnum):
    DISTRICT = "district"
    INDUSTRY = "industry"
    POST_DRILL = "post_drill"
    INVITATIONAL = "invitational"
    SELECTION = "selection"


class Industry(StrEnum):
    VEHICLES = "vehicles"
    ELECTRONICS = "electronics"
    HIGH_END_EQUIPMENT = "high_end_equipment"
    SMART_HOME = "smart_home"
    CONSUMER_GOODS = "consumer_goods"
    NEW_ENERGY = "new_energy"
    BIOMEDICINE = "biomedicine"
    DIGITAL = "digital"
    MODERN_SERVICES = "modern_services"
    AGRICULTURE = "agriculture"
    CONSTRUCTION = "construction"


class Division(StrEnum):
    """组别 within a contest."""

    EMPLOYEE = "employee"
    STUDENT = "student"
    TEACHER = "teacher"
    YOUTH = "youth"


class EntryMode(StrEnum):
    """How people enter a track: the presets of its form."""

    SINGLE = "single"
    UNIT = "unit"  # 单位推荐: by a unit, or recommended by one
    TEAM = "team"


class State(StrEnum):
    """Decisions people took. Registration open, in progress, ended follow from the clock: asked, not stored."""

    DRAFT = "draft"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    PUBLISHED = "published"
    HELD = "held"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PENDING_APPROVAL, State.CANCELLED}),
    State.PENDING_APPROVAL: frozenset({State.DRAFT, State.APPROVED, State.CANCELLED}),
    State.APPROVED: frozenset({State.PUBLISHED, State.CANCELLED}),
    State.PUBLISHED: frozenset({State.HELD, State.CANCELLED}),
    State.HELD: frozenset({State.ARCHIVED}),
    State.ARCHIVED: frozenset(),
    State.CANCELLED: frozenset(),
}

PUBLIC_STATES = frozenset({State.PUBLISHED, State.HELD, State.ARCHIVED, State.CANCELLED})
"""A cancelled activity is public only if it was published before (`published_at`)."""


class Activity(Coded):
    __tablename__ = "activity"

    kind: Mapped[Kind] = mapped_column(choice(Kind), index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[str] = mapped_column(sa.String(300), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    what_to_bring: Mapped[str] = mapped_column(sa.String(500), default="")
    audience: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    """Participant categories it is meant for; empty means everybody."""
    level: Mapped[Level] = mapped_column(choice(Level), default=Level.DISTRICT)
    series: Mapped[Series | None] = mapped_column(choice(Series))
    industry: Mapped[Industry | None] = mapped_column(choice(Industry), index=True)
    clause: Mapped[int | None]
    tags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    skill_level: Mapped[str | None] = mapped_column(sa.String(24))
    """Skill level a class or assessment leads to."""
    host_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    lead_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """牵头部门: approves it."""
    co_organisers: Mapped[str] = mapped_column(sa.String(200), default="")
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    contact_name: Mapped[str] = mapped_column(sa.String(40), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(30), default="")
    """The public office number of the organiser, not a private one."""
    state: Mapped[State] = mapped_column(choice(State), default=State.DRAFT, index=True)
    takes_several: Mapped[bool] = mapped_column(default=False)
    """Whether one person may enter several of its tracks; by default one (domain.md 2.7)."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    approved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decision_note: Mapped[str] = mapped_column(sa.String(300), default="")
    """Why it was sent back or called off."""

    __mapper_args__ = {"version_id_col": version}

    host: Mapped[Organisation] = relationship(foreign_keys=[host_id])
    organiser: Mapped[Organisation] = relationship(foreign_keys=[organiser_id])
    lead: Mapped[Organisation] = relationship(foreign_keys=[lead_id])
    created_by: Mapped[Account | None] = relationship(foreign_keys=[created_by_id])
    submitted_by: Mapped[Account | None] = relationship(foreign_keys=[submitted_by_id])
    tracks: Mapped[list["Track"]] = relationship(back_populates="activity", order_by="Track.position")
    sessions: Mapped[list["Session"]] = relationship(back_populates="activity", order_by="Session.starts_at")
    notices: Mapped[list["Notice"]] = relationship(
        back_populates="activity", order_by="Notice.published_at.desc()"
    )

    @property
    def scopes(self) -> tuple[tuple[ScopeKind, str | None], ...]:
        """Where a right to run this activity may come from."""
        return (
            (ScopeKind.ACTIVITY, self.code),
            (ScopeKind.ORGANISATION, self.organiser.code),
            (ScopeKind.DISTRICT, None),
        )

    @property
    def lead_scopes(self) -> tuple[tuple[ScopeKind, str | None], ...]:
        """Where a right to approve this activity may come from."""
        return ((ScopeKind.ORGANISATION, self.lead.code), (ScopeKind.DISTRICT, None))

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES and self.published_at is not None

    @property
    def is_editable(self) -> bool:
        return self.state in (State.DRAFT, State.APPROVED, State.PUBLISHED)

    def may_become(self, state: State) -> bool:
        return state in NEXT[self.state]

    def is_in_progress(self, moment: dt.datetime) -> bool:
        return self.state == State.PUBLISHED and self.starts_at <= moment <= self.ends_at

    def has_ended(self, moment: dt.datetime) -> bool:
        return self.state in (State.HELD, State.ARCHIVED) or moment > self.ends_at

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether any track takes registrations now."""
        return any(track.is_open(moment) for track in self.tracks)

    @property
    def capacity(self) -> int:
        return sum(track.capacity for track in self.tracks)

    @property
    def taken(self) -> int:
        return sum(track.taken for track in self.tracks)

    @property
    def waiting(self) -> int:
        return sum(track.waiting for track in self.tracks)

    @property
    def opens_at(self) -> dt.datetime | None:
        """The first moment at which any track takes registrations."""
        return min((track.opens_at for track in self.tracks), default=None)

    @property
    def contests(self) -> list[str]:
        """Names of the contests: what stands before the dot in the names of its tracks, each once."""
        return list(dict.fromkeys(track.contest for track in self.tracks))

    @property
    def venues(self) -> list[Venue]:
        """Where its sessions take place, each venue once, in the order of the timetable."""
        return list(dict.fromkeys(session.venue for session in self.sessions if session.venue is not None))

    @property
    def closes_at(self) -> dt.datetime | None:
        """The last moment at which any track still takes registrations."""
        return max((track.closes_at for track in self.tracks), default=None)


class Track(Coded, Scarce):
    """What one registers for: a contest and division, a class, an audience."""

    __tablename__ = "track"
    __table_args__ = (sa.UniqueConstraint("activity_id", "name"), *scarce_checks())

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    """The whole name, as 数控铣 · 职工组."""
    division: Mapped[Division | None] = mapped_column(choice(Division))
    """组别, for finding one among many."""
    position: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    """The last second at which a registration is taken (inclusive, R72)."""
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    waiting: Mapped[int] = mapped_column(default=0)
    """How many wait. Changed only while the row is held, by `services.registration.waiting`."""
    last_in_line: Mapped[int] = mapped_column(default=0)
    """The highest place ever given on the waiting list."""
    needs_review: Mapped[bool] = mapped_column(default=True)
    needs_document: Mapped[bool] = mapped_column(default=True)
    """Whether a document number is asked: contests and classes need one, a lecture does not."""
    born_from: Mapped[dt.date | None]
    born_until: Mapped[dt.date | None]
    categories: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    """Participant categories that may enter; empty means all."""
    rules: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    """Further rules of eligibility; the shape of each is in `services.registration.eligibility`."""
    mode: Mapped[EntryMode] = mapped_column(choice(EntryMode), default=EntryMode.SINGLE)
    team_least: Mapped[int] = mapped_column(default=1)
    team_most: Mapped[int] = mapped_column(default=1)
    substitutes_most: Mapped[int] = mapped_column(default=0)
    unit_limit: Mapped[int | None]
    """How many of one unit may have a place, where no seats were allotted to it; None: as many as there are."""
    frozen_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """From when on the people of a team stay as they are, but for substitution; None: from closing on."""
    final_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When the list of names is final: nobody is substituted after it; None: when the activity begins."""

    activity: Mapped[Activity] = relationship(back_populates="tracks")

    def is_open(self, moment: dt.datetime) -> bool:
        return self.activity.state == State.PUBLISHED and self.opens_at <= moment <= self.closes_at

    @property
    def contest(self) -> str:
        """数控铣 of 数控铣 · 职工组."""
        return self.name.partition(" · ")[0]

    @property
    def full_name(self) -> str:
        """Activity and track, or the activity alone where it has only this one."""
        return (
            f"{self.activity.title} · {self.name}" if len(self.activity.tracks) > 1 else self.activity.title
        )


class Session(Coded):
    """场次: one sitting with its own time and place."""

    __tablename__ = "session"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    track_id: Mapped[int | None] = mapped_column(sa.ForeignKey("track.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    venue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("venue.id"), index=True)
    room: Mapped[str] = mapped_column(sa.String(40), default="")
    takes_exit: Mapped[bool] = mapped_column(default=False)
    """Whether leaving is noted too: hours run from entry to exit, else through the whole sitting."""
    is_self_service: Mapped[bool] = mapped_column(default=False)
    """Whether people may check in themselves, by the rotating code in the room."""

    activity: Mapped[Activity] = relationship(back_populates="sessions")
    track: Mapped[Track | None] = relationship()
    venue: Mapped[Venue | None] = relationship()


class NoticeKind(StrEnum):
    NOTICE = "notice"
    NAME_LIST = "name_list"
    RESULT = "result"


class Notice(Coded):
    """通知公告、名单公示: published text with annexes, readable by link without an account."""

    __tablename__ = "notice"

    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind), default=NoticeKind.NOTICE)
    title: Mapped[str] = mapped_column(sa.String(120))
    body: Mapped[str] = mapped_column(sa.Text)
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    activity: Mapped[Activity | None] = relationship(back_populates="notices")
    organisation: Mapped[Organisation] = relationship()
    annexes: Mapped[list["Annex"]] = relationship(back_populates="notice", order_by="Annex.id")

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None


class Annex(Coded):
    """A file that a public notice carries."""

    __tablename__ = "annex"

    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"), index=True)
    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"))
    title: Mapped[str] = mapped_column(sa.String(100))

    notice: Mapped[Notice] = relationship(back_populates="annexes")
    upload: Mapped[Upload] = relationship()
