"""What must never be, counted: every counter is 0 in health (`flask check invariants`).

It looks at rows only, and over all rooms at once, so it stands above them and nothing calls it but commands.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models import vault
from models.account import ADMINISTRATORS, Account, Grant
from models.activity import Activity, Session, Track
from models.activity import State as ActivityState
from models.attendance import Attendance
from models.audit import Head, Trace
from models.base import db
from models.indicator import Evidence, Report, ReportState
from models.job import Lease
from models.notification import Message
from models.notification import State as MessageState
from models.organisation import Member
from models.person import Document
from models.registration import HOLDING, LIVE, Answer, Registration, State, Step
from services.certificate import health
from models.upload import Upload
from services.job import LEASE
from services.outcome import checking
from services.pipeline import checking as facts
from services.stamp import clock

SAMPLE = 500
GRACE = timedelta(minutes=1)
"""What is due now may be done within the next poll."""


def count() -> dict[str, int]:
    """Every counter by its name."""
    return {name: found() for name, found in COUNTERS.items()}


def _rows(query: sa.Select[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def _text(value: InstrumentedAttribute[int]) -> sa.ColumnElement[str]:
    return sa.cast(value, sa.String)


def _places(counted: frozenset[State], said: InstrumentedAttribute[int]) -> int:
    """Tracks whose counter differs from the entries it counts."""
    entries = (
        sa.select(sa.func.count())
        .where(Registration.track_id == Track.id, Registration.state.in_(counted))
        .scalar_subquery()
    )
    return _rows(sa.select(Track.id).where(said != entries))


def _oversold() -> int:
    return _rows(sa.select(Track.id).where(sa.or_(Track.taken > Track.capacity, Track.taken < 0)))


def _two_live() -> int:
    return _rows(
        sa.select(Registration.activity_id)
        .where(Registration.state.in_(LIVE))
        .group_by(Registration.activity_id, Registration.person_id)
        .having(sa.func.count() > 1)
    )


def _registration_claims() -> int:
    live = Registration.state.in_(LIVE)
    wanted = _text(Registration.activity_id) + ":" + _text(Registration.person_id)
    wrong = sa.or_(
        sa.and_(live, sa.or_(Registration.claim.is_(None), Registration.claim != wanted)),
        sa.and_(~live, Registration.claim.is_not(None)),
    )
    return _rows(sa.select(Registration.id).where(wrong))


def _other_activity() -> int:
    return _rows(
        sa.select(Registration.id)
        .join(Track, Track.id == Registration.track_id)
        .where(Registration.activity_id != Track.activity_id)
    )


def _live_on_cancelled() -> int:
    return _rows(
        sa.select(Registration.id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(Registration.state.in_(LIVE), Activity.state == ActivityState.CANCELLED)
    )


def _last_steps() -> int:
    """Entries whose history ends in another state than theirs."""
    later = aliased(Step)
    last = sa.select(sa.func.max(later.id)).where(later.registration_id == Registration.id).scalar_subquery()
    return _rows(
        sa.select(Registration.id)
        .outerjoin(Step, Step.id == last)
        .where(sa.or_(Step.id.is_(None), Step.state != Registration.state))
    )


def _orphan_answers() -> int:
    return _rows(
        sa.select(Answer.id)
        .outerjoin(Registration, Registration.id == Answer.registration_id)
        .where(Registration.id.is_(None))
    )


def _attendance_turns() -> int:
    """Check-ins that do not take turns: odd ones are check-ins, an even one undoes the one before it, none is left
    out."""
    before = aliased(Attendance)
    is_even = Attendance.turn % 2 == 0
    joined = sa.and_(
        before.registration_id == Attendance.registration_id,
        before.place == Attendance.place,
        before.turn == Attendance.turn - 1,
    )
    wrong = sa.or_(
        Attendance.turn < 1,
        sa.and_(Attendance.turn > 1, before.id.is_(None)),
        sa.and_(~is_even, Attendance.undoes_id.is_not(None)),
        sa.and_(is_even, sa.or_(Attendance.undoes_id.is_(None), Attendance.undoes_id != before.id)),
    )
    return _rows(sa.select(Attendance.id).outerjoin(before, joined).where(wrong))


def _attendance_elsewhere() -> int:
    """Check-ins at a sitting of another activity, or whose place is not the sitting's."""
    wrong = sa.or_(
        Session.activity_id != Registration.activity_id,
        sa.and_(Session.id.is_not(None), Attendance.place != Session.code),
        sa.and_(Session.id.is_(None), Attendance.place != "-"),
    )
    return _rows(
        sa.select(Attendance.id)
        .join(Registration, Registration.id == Attendance.registration_id)
        .outerjoin(Session, Session.id == Attendance.session_id)
        .where(wrong)
    )


def _document_indexes() -> int:
    """Among the newest documents, those that looking up by their number would not find."""
    newest = db.session.scalars(sa.select(Document).order_by(Document.id.desc()).limit(SAMPLE))
    return sum(
        row.number_index not in vault.blind_indexes(f"document.{row.type.value}", row.number or "")
        for row in newest
    )


def _people_with_two_accounts() -> int:
    return _rows(
        sa.select(Account.person_id)
        .where(Account.person_id.is_not(None))
        .group_by(Account.person_id)
        .having(sa.func.count() > 1)
    )


def _exclusive_administrators() -> int:
    now = clock.now()
    return _rows(
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
    wanted = _text(Member.organisation_id) + ":" + _text(Member.account_id)
    belongs = Member.left_at.is_(None)
    wrong = sa.or_(
        sa.and_(belongs, sa.or_(Member.claim.is_(None), Member.claim != wanted)),
        sa.and_(~belongs, Member.claim.is_not(None)),
    )
    return _rows(sa.select(Member.id).where(wrong))


def _stuck_messages() -> int:
    late = Message.due_at < clock.now() - GRACE
    return _rows(sa.select(Message.id).where(Message.state == MessageState.SENDING, late))


def _empty_messages() -> int:
    return _rows(sa.select(Message.id).where(sa.or_(Message.body_sealed == "", Message.title == "")))


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
    return _rows(sa.select(Lease.token).where(Lease.expires_at > clock.now() + LEASE + GRACE))


def _report_claims() -> int:
    """Reports whose claim is not what their state says: one a period, one correction of each."""
    corrected = aliased(Report)
    period = (
        _text(Report.indicator_id)
        + ":"
        + _text(Report.organisation_id)
        + ":"
        + _text(Report.year)
        + ":"
        + _text(Report.quarter)
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
    return _rows(sa.select(Report.id).where(wrong))


def _report_persons() -> int:
    """Accepted reports that one person both handed in and accepted."""
    enterer, decider = aliased(Account), aliased(Account)
    return _rows(
        sa.select(Report.id)
        .join(enterer, enterer.id == Report.submitted_by_id)
        .join(decider, decider.id == Report.decided_by_id)
        .where(
            Report.state.in_([ReportState.ACCEPTED, ReportState.REPLACED]),
            enterer.person_id == decider.person_id,
        )
    )


def _evidence() -> int:
    """Files behind figures that are not there."""
    return _rows(
        sa.select(Evidence.id).outerjoin(Upload, Upload.id == Evidence.upload_id).where(Upload.id.is_(None))
    )


COUNTERS: dict[str, Callable[[], int]] = {
    "tracks.taken_differs": lambda: _places(HOLDING, Track.taken),
    "tracks.waiting_differs": lambda: _places(frozenset({State.WAITLISTED}), Track.waiting),
    "tracks.oversold": _oversold,
    "registrations.two_live": _two_live,
    "registrations.claim_differs": _registration_claims,
    "registrations.other_activity": _other_activity,
    "registrations.live_on_cancelled": _live_on_cancelled,
    "registrations.history_differs": _last_steps,
    "answers.orphaned": _orphan_answers,
    "attendance.turns_differ": _attendance_turns,
    "attendance.elsewhere": _attendance_elsewhere,
    "outcomes.facts_differ": lambda: _rows(checking.differing_from_facts()),
    "outcomes.confirmed_by_one": lambda: _rows(checking.confirmed_by_one()),
    "facts.turns_differ": lambda: _rows(facts.turns_out_of_order()),
    "facts.resting_on_nothing": lambda: _rows(facts.resting_on_nothing()),
    "reserve.twice_in_a_year": lambda: _rows(facts.twice_in_a_year()),
    "people.merged_further": lambda: _rows(facts.merged_further()),
    "documents.index_differs": _document_indexes,
    "people.two_accounts": _people_with_two_accounts,
    "grants.exclusive_roles": _exclusive_administrators,
    "members.claim_differs": _member_claims,
    "messages.stuck": _stuck_messages,
    "messages.empty": _empty_messages,
    "certificates.claim_differs": health.claims,
    "certificates.unproven": health.unproven,
    "certificates.number_shared": health.shared_numbers,
    "certificates.versions_broken": health.chains,
    "certificates.unsigned": health.late,
    "reports.claim_differs": _report_claims,
    "reports.one_person": _report_persons,
    "evidence.missing": _evidence,
    "audit.chain_broken": _chain,
    "jobs.lease_too_long": _leases,
}
