"""What must never be among places and entries."""

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.activity import Activity, Track
from models.activity import State as ActivityState
from models.registration import HOLDING, LIVE, Answer, Registration, State, Step
from services.health import Counters, rows, text
from services.registration import seats


def _places(counted: frozenset[State], said: InstrumentedAttribute[int]) -> int:
    """Tracks whose counter differs from the entries it counts."""
    entries = (
        sa.select(sa.func.count())
        .where(Registration.track_id == Track.id, Registration.state.in_(counted))
        .scalar_subquery()
    )
    return rows(sa.select(Track.id).where(said != entries))


def _oversold() -> int:
    return rows(sa.select(Track.id).where(sa.or_(Track.taken > Track.capacity, Track.taken < 0)))


def _two_live() -> int:
    several = sa.case((Activity.takes_several, Registration.track_id), else_=0)
    return rows(
        sa.select(Registration.activity_id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(Registration.state.in_(LIVE))
        .group_by(Registration.activity_id, Registration.person_id, several)
        .having(sa.func.count() > 1)
    )


def _claims() -> int:
    live = Registration.state.in_(LIVE)
    whole = text(Registration.activity_id) + ":" + text(Registration.person_id)
    wanted = sa.case((Activity.takes_several, whole + ":" + text(Registration.track_id)), else_=whole)
    wrong = sa.or_(
        sa.and_(live, sa.or_(Registration.claim.is_(None), Registration.claim != wanted)),
        sa.and_(~live, Registration.claim.is_not(None)),
    )
    return rows(
        sa.select(Registration.id).join(Activity, Activity.id == Registration.activity_id).where(wrong)
    )


def _other_activity() -> int:
    return rows(
        sa.select(Registration.id)
        .join(Track, Track.id == Registration.track_id)
        .where(Registration.activity_id != Track.activity_id)
    )


def _live_on_cancelled() -> int:
    return rows(
        sa.select(Registration.id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(Registration.state.in_(LIVE), Activity.state == ActivityState.CANCELLED)
    )


def _last_steps() -> int:
    """Entries whose history ends in another state than theirs."""
    later = aliased(Step)
    last = sa.select(sa.func.max(later.id)).where(later.registration_id == Registration.id).scalar_subquery()
    return rows(
        sa.select(Registration.id)
        .outerjoin(Step, Step.id == last)
        .where(sa.or_(Step.id.is_(None), Step.state != Registration.state))
    )


def _orphan_answers() -> int:
    return rows(
        sa.select(Answer.id)
        .outerjoin(Registration, Registration.id == Answer.registration_id)
        .where(Registration.id.is_(None))
    )


COUNTERS: Counters = {
    **seats.COUNTERS,
    "tracks.taken_differs": lambda: _places(HOLDING, Track.taken),
    "tracks.waiting_differs": lambda: _places(frozenset({State.WAITLISTED}), Track.waiting),
    "tracks.oversold": _oversold,
    "registrations.two_live": _two_live,
    "registrations.claim_differs": _claims,
    "registrations.other_activity": _other_activity,
    "registrations.live_on_cancelled": _live_on_cancelled,
    "registrations.history_differs": _last_steps,
    "answers.orphaned": _orphan_answers,
}
