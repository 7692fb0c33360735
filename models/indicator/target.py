"""What a plan counts (indicators) and what it asks for without a number (deliverables)."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import choice
from models.indicator.plan import AIM, Part, Plan
from models.indicator.rule import (
    Comparator,
    CountRule,
    Direction,
    LeadBasis,
    Outcome,
    Period,
    Source,
    TargetBasis,
    Unit,
)


class Task(Part):
    """What both have: a clause, those who answer for it, and where the record comes from."""

    __abstract__ = True

    clause: Mapped[int]
    feed: Mapped[Source] = mapped_column(choice(Source))
    lead: Mapped[list[str]] = mapped_column(sa.JSON)
    """Codes of the departments that answer for it 牵头部门."""
    responsible: Mapped[list[str]] = mapped_column(sa.JSON)
    """Codes of those that share it 责任单位."""
    activity_kinds: Mapped[list[str]] = mapped_column(sa.JSON)

    @property
    def is_aim(self) -> bool:
        return self.clause == AIM

    def concerns(self, department: str) -> bool:
        return department in self.lead or department in self.responsible


class Indicator(Task):
    __tablename__ = "indicator"

    unit: Mapped[Unit] = mapped_column(choice(Unit))
    unit_zh: Mapped[str] = mapped_column(sa.String(16))
    target: Mapped[float]
    comparator: Mapped[Comparator] = mapped_column(choice(Comparator))
    direction: Mapped[Direction] = mapped_column(choice(Direction))
    period: Mapped[Period] = mapped_column(choice(Period))
    count_rule: Mapped[CountRule] = mapped_column(choice(CountRule))
    target_basis: Mapped[TargetBasis] = mapped_column(choice(TargetBasis))
    lead_basis: Mapped[LeadBasis] = mapped_column(choice(LeadBasis))
    due: Mapped[dt.date]
    evidence: Mapped[str] = mapped_column(sa.Text)
    plan_quote: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str | None] = mapped_column(sa.Text)

    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome))
    tags_any: Mapped[list[str]] = mapped_column(sa.JSON)
    participant_categories: Mapped[list[str]] = mapped_column(sa.JSON)
    min_skill_level: Mapped[str | None] = mapped_column(sa.String(32))
    activity_level: Mapped[str | None] = mapped_column(sa.String(32))
    series: Mapped[str | None] = mapped_column(sa.String(32))
    needs: Mapped[str | None] = mapped_column(sa.String(32))
    """A decision beside the outcome without which a record does not count."""

    formula: Mapped[str | None] = mapped_column(sa.Text)
    inputs: Mapped[list[str]] = mapped_column(sa.JSON)
    """Names in the formula that are entered by hand with their source."""

    plan: Mapped[Plan] = relationship(back_populates="indicators")

    @property
    def is_scored(self) -> bool:
        """A target the plan gives no number for is watched, not scored."""
        return self.target_basis is TargetBasis.STATED

    @property
    def is_fed_by_activities(self) -> bool:
        return self.feed is not Source.MANUAL and bool(self.activity_kinds)


class Deliverable(Task):
    """A task without a number: recorded, with what is worth watching about it."""

    __tablename__ = "deliverable"

    monitor: Mapped[str | None] = mapped_column(sa.Text)

    plan: Mapped[Plan] = relationship(back_populates="deliverables")
