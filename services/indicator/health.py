"""What must never be among reports."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.account import Account
from models.indicator import Evidence, Report, ReportState
from models.upload import Upload
from services.health import Counters, rows, text


def _claims() -> int:
    """Reports whose claim is not what their state says: one a period, one correction of each."""
    corrected = aliased(Report)
    period = (
        text(Report.indicator_id)
        + ":"
        + text(Report.organisation_id)
        + ":"
        + text(Report.year)
        + ":"
        + text(Report.quarter)
    )
    of_correction = sa.literal("correction:") + (
        sa.select(corrected.code).where(corrected.id == Report.corrects_id).scalar_subquery()
    )
    wanted = sa.case(
        (sa.or_(Report.corrects_id.is_(None), Report.state == ReportState.ACCEPTED), period),
        else_=of_correction,
    )
    is_gone = Report.state == ReportState.REPLACED
    wrong = sa.or_(
        sa.and_(is_gone, Report.claim.is_not(None)),
        sa.and_(~is_gone, sa.or_(Report.claim.is_(None), Report.claim != wanted)),
    )
    return rows(sa.select(Report.id).where(wrong))


def _one_person() -> int:
    """Accepted reports that one person both handed in and accepted."""
    enterer, decider = aliased(Account), aliased(Account)
    return rows(
        sa.select(Report.id)
        .join(enterer, enterer.id == Report.submitted_by_id)
        .join(decider, decider.id == Report.decided_by_id)
        .where(
            Report.state.in_([ReportState.ACCEPTED, ReportState.REPLACED]),
            enterer.person_id == decider.person_id,
        )
    )


def _without_file() -> int:
    """Files behind figures that are not there."""
    return rows(
        sa.select(Evidence.id).outerjoin(Upload, Upload.id == Evidence.upload_id).where(Upload.id.is_(None))
    )


COUNTERS: Counters = {
    "reports.claim_differs": _claims,
    "reports.one_person": _one_person,
    "evidence.missing": _without_file,
}
