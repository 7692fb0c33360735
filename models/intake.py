"""Batch import: a list of people as it was sent, what was found in it, and what became of it."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.activity import Activity, Track
from models.base import Coded, UTCDateTime, choice
from models.organisation import Organisation
from models.party import Party
from models.registration import Batch
from models.vault import Sealed


class State(StrEnum):
    MAPPING = "mapping"  # its columns are not all understood
    CHECKING = "checking"
    CHECKED = "checked"
    ENTERING = "entering"
    ENTERED = "entered"
    UNDONE = "undone"
    DROPPED = "dropped"


class Intake(Coded):
    __tablename__ = "intake"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    track_id: Mapped[int | None] = mapped_column(sa.ForeignKey("track.id"), index=True)
    """The track of every row; None: a column names it."""
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"), index=True)
    """The delegation it fills; its people are entered when that is sent."""
    true_source: Mapped[str] = mapped_column(sa.String(100), default="")
    """代填: whose list it is, where the bureau enters it for a unit."""
    file_name: Mapped[str] = mapped_column(sa.String(120))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    headings: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    mapping: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    """Field by heading; a heading that is left out is not read."""
    state: Mapped[State] = mapped_column(choice(State), index=True)
    rows: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    """How many rows the running step has behind it: what the bar shows."""
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    """Rows whose person stands in the activity already."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    entered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    """Why a step stopped."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    activity: Mapped[Activity] = relationship()
    track: Mapped[Track | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    party: Mapped[Party | None] = relationship()
    batch: Mapped[Batch | None] = relationship()
    made_by: Mapped[Account] = relationship()


class Verdict(StrEnum):
    GOOD = "good"
    BAD = "bad"
    TWICE = "twice"  # another row of the list is the same person
    KNOWN = "known"  # they stand in the activity already


class IntakeLine(Coded):
    """One row of the list; `number` is its row in the sheet."""

    __tablename__ = "intake_line"
    __table_args__ = (sa.UniqueConstraint("intake_id", "number"),)

    intake_id: Mapped[int] = mapped_column(sa.ForeignKey("intake.id"))
    number: Mapped[int]
    cells_sealed: Mapped[str] = mapped_column(sa.Text)
    """The cells as JSON, in the order of the headings."""
    index: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    """Blind index of the document, where it could be read."""
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    """What is wrong: the field, the cell's address, which sentence and its values; never the value of the cell."""
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"), index=True)

    cells = Sealed("cells_sealed", required=True)

    intake: Mapped[Intake] = relationship()
