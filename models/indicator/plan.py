"""A plan and its frame. Everything hangs on one plan, so that the next plan may rename a department or a tag.

Other rooms keep codes, never keys, of what stands here: an organisation its `department_code`, an activity
its clause number and its tag codes. A plan is data and may be loaded anew.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.base import Base, UTCDateTime

if TYPE_CHECKING:
    from models.indicator.target import Deliverable, Indicator

AIM = 0
"""The clause number of what section two of a plan asks: totals, under no clause of its tasks."""


class Named(Base):
    """A name in both languages of the site."""

    __abstract__ = True

    name_zh: Mapped[str] = mapped_column(sa.Text)
    name_en: Mapped[str] = mapped_column(sa.Text)

    def name_in(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_zh


class Part(Named):
    """A piece of a plan, known within it by the code that the file gives. Never deleted once loaded."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-3)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), sort_order=-2)
    code: Mapped[str] = mapped_column(sa.String(64), sort_order=-1)
    position: Mapped[int]
    """Place in the file; pages keep that order."""

    @declared_attr.directive
    def __table_args__(cls) -> tuple[sa.UniqueConstraint, ...]:  # noqa: N805  SQLAlchemy calls it with the class
        return (sa.UniqueConstraint("plan_id", "code"),)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code}>"


class Plan(Base):
    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    title_zh: Mapped[str] = mapped_column(sa.Text)
    title_en: Mapped[str] = mapped_column(sa.Text)
    document_no: Mapped[str | None] = mapped_column(sa.String(64))
    issued_on: Mapped[dt.date | None]
    years: Mapped[list[int]] = mapped_column(sa.JSON)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    aggregator: Mapped[str] = mapped_column(sa.String(64))
    """Code of the department that gathers every unit's report."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    continues: Mapped[str | None] = mapped_column(sa.String(64))
    """Code of the plan whose rules this one carries on."""
    document: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)
    """The file as it was loaded; a plan that continues this one is made from it."""
    loaded_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)

    phases: Mapped[list["Phase"]] = relationship(order_by="Phase.position")
    checkpoints: Mapped[list["Checkpoint"]] = relationship(order_by="Checkpoint.position")
    departments: Mapped[list["Department"]] = relationship(order_by="Department.position")
    tags: Mapped[list["Tag"]] = relationship(order_by="Tag.position")
    programmes: Mapped[list["Programme"]] = relationship(order_by="Programme.position")
    clauses: Mapped[list["Clause"]] = relationship(order_by="Clause.number")
    indicators: Mapped[list["Indicator"]] = relationship(order_by="Indicator.position", back_populates="plan")
    deliverables: Mapped[list["Deliverable"]] = relationship(
        order_by="Deliverable.position", back_populates="plan"
    )

    def title_in(self, language: str) -> str:
        return self.title_en if language.startswith("en") else self.title_zh

    def covers(self, day: dt.date) -> bool:
        """Whether the day lies in a year of the plan: yearly targets hold for whole calendar years."""
        return day.year in self.years

    def clause(self, number: int) -> "Clause | None":
        return next((clause for clause in self.clauses if clause.number == number), None)

    def department(self, code: str) -> "Department | None":
        return next((department for department in self.departments if department.code == code), None)

    def __repr__(self) -> str:
        return f"<Plan {self.code}>"


class Phase(Part):
    __tablename__ = "phase"

    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]


class Checkpoint(Part):
    __tablename__ = "checkpoint"

    moment: Mapped[str] = mapped_column(sa.Text)
    """When it is due, in words."""
    products: Mapped[list[str]] = mapped_column(sa.JSON)


class Department(Part):
    __tablename__ = "department"

    kind: Mapped[str] = mapped_column(sa.String(24))

    @property
    def is_collective(self) -> bool:
        """A name for many units, such as all towns. It never signs in; the aggregator names the real ones."""
        return self.kind == "collective"


class Tag(Part):
    """What an activity may be marked with so that a counting rule finds it."""

    __tablename__ = "tag"


class Programme(Part):
    __tablename__ = "programme"


class Clause(Part):
    """A task of the plan, 重点任务第 n 项. Its code is the number as text."""

    __tablename__ = "clause"

    number: Mapped[int]
    programme: Mapped[str] = mapped_column(sa.String(64))
    lead: Mapped[list[str]] = mapped_column(sa.JSON)
    responsible: Mapped[list[str]] = mapped_column(sa.JSON)
