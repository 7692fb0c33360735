"""People who enter together: a team, a class, the people a unit nominates. Before they are entered, and what binds them
afterwards."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity, Track
from models.base import Coded, UTCDateTime, choice
from models.organisation import Organisation
from models.person import Person
from models.vault import Sealed


class Kind(StrEnum):
    TEAM = "team"  # 团队: waits and is promoted whole
    CLASS = "class"  # a class or group that a unit enters to be together: the same
    DELEGATION = "delegation"  # 代表队: a unit's ranked people for one track; each has a place of their own


class State(StrEnum):
    GATHERING = "gathering"
    SENT = "sent"  # its people are entered (a delegation: locked)
    DISSOLVED = "dissolved"


class Role(StrEnum):
    CAPTAIN = "captain"
    MEMBER = "member"
    SUBSTITUTE = "substitute"


class Party(Coded):
    __tablename__ = "party"
    __table_args__ = (sa.Index("ix_party_track_state", "track_id", "state"),)

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    track_id: Mapped[int] = mapped_column(sa.ForeignKey("track.id"))
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    state: Mapped[State] = mapped_column(choice(State), default=State.GATHERING)
    name: Mapped[str] = mapped_column(sa.String(60))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    """Who made it and speaks for it: the captain, the unit's manager."""
    coach: Mapped[str] = mapped_column(sa.String(64), default="")
    leader: Mapped[str] = mapped_column(sa.String(64), default="")
    """领队"""
    leader_phone_sealed: Mapped[str | None] = mapped_column(sa.Text)
    takes_part: Mapped[bool] = mapped_column(default=False)
    """Whether fewer places than its people are of use to it."""
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """Of the link by which people join a team."""
    token_sealed: Mapped[str | None] = mapped_column(sa.Text)
    asked: Mapped[int | None]
    """DELEGATION: how many seats the unit asked for."""
    allotted: Mapped[int | None]
    """DELEGATION: how many the organiser gave; None: not decided yet."""
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    """The unit's words with what it asked for."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    """The organiser's words to the unit."""
    opinion: Mapped[str] = mapped_column(sa.String(300), default="")
    """单位推荐意见, written when it is sent."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    sent_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    claim: Mapped[str | None] = mapped_column(sa.String(48), unique=True)
    """DELEGATION: track:organisation while it is not dissolved: one a unit and track. Otherwise empty."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    leader_phone = Sealed("leader_phone_sealed")
    token = Sealed("token_sealed")
    """The same link again, so that the captain can copy it on another day."""

    activity: Mapped[Activity] = relationship()
    track: Mapped[Track] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    owner: Mapped[Account] = relationship(foreign_keys=[owner_id])
    members: Mapped[list["PartyMember"]] = relationship(
        back_populates="party", order_by="PartyMember.rank, PartyMember.id"
    )


class PartyMember(Coded):
    """Somebody in a party that is gathering, with what they answered. Once it is sent, their entry says the rest; who
    comes later stands here until the captain or the unit lets them take another's place.
    """

    __tablename__ = "party_member"

    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role), default=Role.MEMBER)
    rank: Mapped[int] = mapped_column(default=0)
    """Order of a delegation: the first as many as it has seats are entered, the rest stand by."""
    entry_sealed: Mapped[str] = mapped_column(sa.Text)
    """What they answered, as JSON; sealed, since it may hold anything a form asks."""
    joined_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    claim: Mapped[str | None] = mapped_column(sa.String(48), unique=True)
    """activity:person while they belong to it and are not entered: one team a person. Where an activity lets people
    enter several tracks, activity:person:track."""

    entry = Sealed("entry_sealed", required=True)

    party: Mapped[Party] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()
