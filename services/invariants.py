"""What must never be, counted: every counter is 0 in health (`flask check invariants`).

It looks at rows only, and over all rooms at once, so it stands above them and nothing calls it but commands.
"""

from datetime import timedelta

import sqlalchemy as sa

from models import vault
from models.account import ADMINISTRATORS, Account, Grant
from models.audit import Head, Trace
from models.base import db
from models.job import Lease
from models.notification import Message
from models.notification import State as MessageState
from models.organisation import Member
from models.person import Document
from services.attendance import health as attendance
from services.certificate import health as certificate
from services.health import SAMPLE, Counters, rows, text
from services.indicator import health as indicator
from services.job import LEASE
from services.outcome import health as outcome
from services.party import health as party
from services.pipeline import health as pipeline
from services.registration import health as registration
from services.stamp import clock

GRACE = timedelta(minutes=1)
"""What is due now may be done within the next poll."""


def count() -> dict[str, int]:
    """Every counter by its name."""
    return {name: found() for name, found in COUNTERS.items()}


def _document_indexes() -> int:
    """Among the newest documents, those that looking up by their number would not find."""
    newest = db.session.scalars(sa.select(Document).order_by(Document.id.desc()).limit(SAMPLE))
    return sum(
        row.number_index not in vault.blind_indexes(f"document.{row.type.value}", row.number or "")
        for row in newest
    )


def _people_with_two_accounts() -> int:
    return rows(
        sa.select(Account.person_id)
        .where(Account.person_id.is_not(None))
        .group_by(Account.person_id)
        .having(sa.func.count() > 1)
    )


def _exclusive_administrators() -> int:
    now = clock.now()
    return rows(
        sa.select(Grant.account_id)
        .where(
            Grant.role.in_(ADMINISTRATORS),
            Grant.revoked_at.is_(None),
            Grant.starts_at <= now,
            sa.or_(Grant.ends_at.is_(None), Grant.ends_at > now),
        )
        .group_by(Grant.account_id)
        .having(sa.func.count(sa.distinct(Grant.role)) > 1)
    )


def _member_claims() -> int:
    wanted = text(Member.organisation_id) + ":" + text(Member.account_id)
    belongs = Member.left_at.is_(None)
    wrong = sa.or_(
        sa.and_(belongs, sa.or_(Member.claim.is_(None), Member.claim != wanted)),
        sa.and_(~belongs, Member.claim.is_not(None)),
    )
    return rows(sa.select(Member.id).where(wrong))


def _stuck_messages() -> int:
    late = Message.due_at < clock.now() - GRACE
    return rows(sa.select(Message.id).where(Message.state == MessageState.SENDING, late))


def _empty_messages() -> int:
    return rows(sa.select(Message.id).where(sa.or_(Message.body_sealed == "", Message.title == "")))


def _chain() -> int:
    """A quick look at the audit chain's end; `flask audit verify` walks all of it."""
    head = db.session.execute(sa.select(Head.number, Head.hash)).one_or_none()
    if head is None:
        return 1
    rows = db.session.scalar(sa.select(sa.func.count()).select_from(Trace)) or 0
    last = db.session.scalar(sa.select(Trace.hash).where(Trace.number == head.number))
    return int(rows != head.number) + int(head.number > 0 and last != head.hash)


def _leases() -> int:
    """Leases that reach further than a lease can: a clock that is wrong."""
    return rows(sa.select(Lease.token).where(Lease.expires_at > clock.now() + LEASE + GRACE))


COUNTERS: Counters = {
    **registration.COUNTERS,
    **party.COUNTERS,
    **attendance.COUNTERS,
    **outcome.COUNTERS,
    **certificate.COUNTERS,
    **pipeline.COUNTERS,
    **indicator.COUNTERS,
    "documents.index_differs": _document_indexes,
    "people.two_accounts": _people_with_two_accounts,
    "grants.exclusive_roles": _exclusive_administrators,
    "members.claim_differs": _member_claims,
    "messages.stuck": _stuck_messages,
    "messages.empty": _empty_messages,
    "audit.chain_broken": _chain,
    "jobs.lease_too_long": _leases,
}
