"""Facts: one row for each thing that became final, append-only. Every total of the plan is a count of these.

A fact is never edited. What turns out wrong is reversed by a row of its own, and what is right is recorded anew, so
the facts of one source take turns: recorded, reversed, recorded. Database triggers refuse any other change.
"""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity, Industry, Kind, Level, Series
from models.base import Coded, UTCDateTime, Words, choice
from models.indicator import Outcome
from models.organisation import Organisation
from models.person import Category, Person, SkillLevel
from models.registration import Registration


class Participation(Coded):
    __tablename__ = "participation"
    __table_args__ = (
        sa.UniqueConstraint("source", "turn"),
        sa.Index("ix_participation_outcome_day", "outcome", "day"),
        sa.CheckConstraint("heads >= 0", name="heads_not_negative"),
    )

    source: Mapped[str] = mapped_column(sa.String(64))
    """What became final, as `line:<code>:award_won`: a source has at most one standing fact."""
    turn: Mapped[int]
    """1, 3, 5 … record; 2, 4, 6 … reverse the one before."""
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participation.id"), unique=True)
    rests_on_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participation.id"), index=True)
    """The fact without which this one falls: a reserve entry rests on an award."""
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    """Why it was reversed."""

    day: Mapped[dt.date]
    """The local day on which it became final; its year is the year it counts in."""
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    heads: Mapped[int] = mapped_column(default=1)
    """How many people it speaks of; more than one only where none is named."""
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """The unit that did it."""

    kind: Mapped[Kind | None] = mapped_column(choice(Kind))
    level: Mapped[Level | None] = mapped_column(choice(Level))
    series: Mapped[Series | None] = mapped_column(choice(Series))
    industry: Mapped[Industry | None] = mapped_column(choice(Industry))
    tags: Mapped[frozenset[str]] = mapped_column(Words(500), default=frozenset)
    needs: Mapped[frozenset[str]] = mapped_column(Words(100), default=frozenset)
    """Decisions beside the outcome that some rules ask for, as `title_proposal`."""
    category: Mapped[Category | None] = mapped_column(choice(Category))
    skill_level: Mapped[SkillLevel | None] = mapped_column(choice(SkillLevel))
    skill: Mapped[str] = mapped_column(sa.String(80), default="")
    """What it was in: the contest, the class."""
    detail: Mapped[str] = mapped_column(sa.String(120), default="")
    """What a reader wants to know of it: 一等奖, 32 学时."""
    is_outside: Mapped[bool] = mapped_column(default=False)
    """The person entered for a unit from outside the district: kept, and never counted."""

    recorded_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    person: Mapped[Person | None] = relationship()
    registration: Mapped[Registration | None] = relationship()
    activity: Mapped[Activity | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    recorded_by: Mapped[Account | None] = relationship()
    rests_on: Mapped["Participation | None"] = relationship(
        foreign_keys=[rests_on_id], remote_side="Participation.id"
    )

    @property
    def is_reversal(self) -> bool:
        return self.reverses_id is not None
