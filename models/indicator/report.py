"""What units report: a figure for a period, with what was done and the evidence behind it."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Coded, Hundredths, UTCDateTime, choice
from models.indicator.target import Indicator
from models.organisation import Organisation
from models.upload import Upload


class ReportState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REPLACED = "replaced"  # by an accepted correction


REPORT_NEXT: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFT: frozenset({ReportState.SUBMITTED}),
    ReportState.SUBMITTED: frozenset({ReportState.ACCEPTED, ReportState.RETURNED}),
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED}),
    ReportState.ACCEPTED: frozenset({ReportState.REPLACED}),
    ReportState.REPLACED: frozenset(),
}

WHOLE_YEAR = 0


class Report(Coded):
    """A unit's figure for a quarter or a year. One that was accepted is never edited: a correction replaces it."""

    __tablename__ = "indicator_report"

    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    year: Mapped[int]
    quarter: Mapped[int] = mapped_column(default=WHOLE_YEAR)
    """1 to 4; 0 for a figure of the whole year or at a date."""
    as_of: Mapped[dt.date]
    """The last day the figure speaks of; for a stock, its date."""
    figure: Mapped[Decimal] = mapped_column(Hundredths)
    """In the indicator's unit. For a flow, what was added in the period; for a stock or share, the value then."""
    inputs: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
    """Further numbers the formula asks for, each as decimal text."""
    work: Mapped[str] = mapped_column(sa.Text, default="")
    """What was done."""
    state: Mapped[ReportState] = mapped_column(choice(ReportState), default=ReportState.DRAFT, index=True)
    claim: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """indicator:unit:year:quarter of the report that stands for a period: one a period. A correction holds
    correction:<code of what it corrects> until it is accepted and takes that claim over; a replaced one holds none.
    """
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicator_report.id"), index=True)
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    """The reviewer's words."""
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    indicator: Mapped[Indicator] = relationship()
    organisation: Mapped[Organisation] = relationship()
    entered_by: Mapped[Account] = relationship(foreign_keys=[entered_by_id])
    submitted_by: Mapped[Account | None] = relationship(foreign_keys=[submitted_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    corrects: Mapped["Report | None"] = relationship(remote_side="Report.id")
    evidence: Mapped[list["Evidence"]] = relationship(back_populates="report", order_by="Evidence.id")

    def may_become(self, state: ReportState) -> bool:
        return state in REPORT_NEXT[self.state]


class Evidence(Coded):
    """佐证材料: a file behind a figure."""

    __tablename__ = "indicator_evidence"

    report_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator_report.id"), index=True)
    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"))
    title: Mapped[str] = mapped_column(sa.String(100))

    report: Mapped[Report] = relationship(back_populates="evidence")
    upload: Mapped[Upload] = relationship()
