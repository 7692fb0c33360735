"""What must never be of certificates, counted for `flask check invariants`: each is 0 in health."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.base import db
from models.certificate import LIVE, Certificate, State
from services.certificate.signing import is_genuine
from services.health import SAMPLE, Counters, rows
from services.stamp import clock

GRACE = timedelta(minutes=1)


def claims() -> int:
    """A live one holds the claim of its subject, and an ended one no claim."""
    is_live = Certificate.state.in_(LIVE)
    wrong = sa.or_(
        sa.and_(is_live, sa.or_(Certificate.claim.is_(None), Certificate.claim != Certificate.subject)),
        sa.and_(is_live, Certificate.ended_at.is_not(None)),
        sa.and_(~is_live, sa.or_(Certificate.claim.is_not(None), Certificate.ended_at.is_(None))),
    )
    return rows(sa.select(Certificate.id).where(wrong))


def unproven() -> int:
    """Issued ones whose signature does not stand, among the newest."""
    newest = db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.state == State.ISSUED)
        .order_by(Certificate.id.desc())
        .limit(SAMPLE)
    )
    return sum(not is_genuine(row) for row in newest)


def shared_numbers() -> int:
    """Numbers that speak of more than one thing."""
    return rows(
        sa.select(Certificate.number)
        .group_by(Certificate.number)
        .having(sa.func.count(sa.distinct(Certificate.subject)) > 1)
    )


def chains() -> int:
    """Versions that do not follow the one before them, and replaced ones that nothing follows."""
    before = aliased(Certificate)
    later = sa.exists().where(before.replaces_id == Certificate.id).correlate(Certificate)
    first = sa.and_(Certificate.version_no == 1, Certificate.replaces_id.is_not(None))
    gone = sa.and_(Certificate.state == State.REISSUED, ~later)
    broken = (
        sa.select(Certificate.id)
        .outerjoin(before, before.id == Certificate.replaces_id)
        .where(
            Certificate.version_no > 1,
            sa.or_(
                before.id.is_(None),
                before.subject != Certificate.subject,
                before.version_no != Certificate.version_no - 1,
                before.state.in_(LIVE),
            ),
        )
    )
    return rows(sa.select(Certificate.id).where(sa.or_(first, gone))) + rows(broken)


def late() -> int:
    """Issued some time ago and still not signed: the job does not run, or cannot."""
    late = Certificate.queued_at < clock.now() - GRACE
    return rows(sa.select(Certificate.id).where(Certificate.state == State.QUEUED, late))


COUNTERS: Counters = {
    "certificates.claim_differs": claims,
    "certificates.unproven": unproven,
    "certificates.number_shared": shared_numbers,
    "certificates.versions_broken": chains,
    "certificates.unsigned": late,
}
