"""选手储备库: a person's place in the reserve, one a year."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Coded, UTCDateTime, choice
from models.participation import Participation
from models.person import Person


class State(StrEnum):
    """What was decided on a candidate. Whether the entry still counts is asked of its fact."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXITED = "exited"


class Tier(StrEnum):
    """梯队层级"""

    SEED = "seed"
    DISTRICT_SQUAD = "district_squad"
    MUNICIPAL_SQUAD = "municipal_squad"
    NATIONAL_SQUAD = "national_squad"
    COMPETITOR = "competitor"


class ReserveEntry(Coded):
    """A decision of somebody on a candidate whom a basis proposes. Without a decision there is no row: candidates
    follow from facts.
    """

    __tablename__ = "reserve_entry"
    __table_args__ = (sa.UniqueConstraint("person_id", "year"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    year: Mapped[int] = mapped_column(index=True)
    """The year in which the basis became final."""
    skill: Mapped[str] = mapped_column(sa.String(80))
    tier: Mapped[Tier] = mapped_column(choice(Tier), default=Tier.SEED)
    state: Mapped[State] = mapped_column(choice(State), index=True)
    basis_id: Mapped[int] = mapped_column(sa.ForeignKey("participation.id"))
    """The fact that proposed them: 入库依据."""
    fact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participation.id"))
    """The fact that they are in reserve, while and after they were. It rests on the basis."""
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person] = relationship()
    basis: Mapped[Participation] = relationship(foreign_keys=[basis_id])
    fact: Mapped[Participation | None] = relationship(foreign_keys=[fact_id])
    decided_by: Mapped[Account | None] = relationship()
