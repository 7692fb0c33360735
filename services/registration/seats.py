"""What must never be among quotas, those who hold them, and those who wait together."""

import sqlalchemy as sa

from models.activity import Track
from models.base import db
from models.party import Kind as PartyKind
from models.party import Party
from models.quota import Kind, Quota
from models.registration import HOLDING, Answer, QuotaHold, Registration, State
from services.health import Counters, rows
from services.quota import chose

POOL = (Kind.GROUP, Kind.OPEN)


def _taken() -> int:
    """Quotas whose counter differs from the entries that hold them."""
    held = (
        sa.select(sa.func.count())
        .select_from(QuotaHold)
        .where(QuotaHold.quota_id == Quota.id)
        .scalar_subquery()
    )
    wrong = sa.or_(Quota.taken != held, Quota.taken > Quota.capacity)
    return rows(sa.select(Quota.id).where(wrong))


def _without_place() -> int:
    """Held by an entry that has no place, or by one of another track or activity."""
    return rows(
        sa.select(QuotaHold.registration_id)
        .join(Registration, Registration.id == QuotaHold.registration_id)
        .join(Quota, Quota.id == QuotaHold.quota_id)
        .where(
            sa.or_(
                Registration.state.not_in(HOLDING),
                Registration.activity_id != Quota.activity_id,
                sa.and_(Quota.track_id.is_not(None), Quota.track_id != Registration.track_id),
            )
        )
    )


def _lacking() -> int:
    """Entries with a place that do not hold a quota they need: of all, of their unit, one of group and pool."""
    holds = sa.exists().where(QuotaHold.registration_id == Registration.id, QuotaHold.quota_id == Quota.id)
    needed = sa.or_(
        sa.and_(Quota.kind == Kind.TOTAL, Quota.activity_id == Registration.activity_id),
        sa.and_(
            Quota.kind == Kind.UNIT,
            Quota.track_id == Registration.track_id,
            Quota.organisation_id == Registration.organisation_id,
        ),
    )
    own = rows(
        sa.select(Registration.id)
        .join(Quota, needed)
        .where(Registration.state.in_(HOLDING), ~holds)
    )
    pools = (
        sa.select(sa.func.count())
        .select_from(QuotaHold)
        .join(Quota, Quota.id == QuotaHold.quota_id)
        .where(QuotaHold.registration_id == Registration.id, Quota.kind.in_(POOL))
        .scalar_subquery()
    )
    kept = sa.select(Quota.track_id).where(Quota.kind == Kind.OPEN)
    return own + rows(
        sa.select(Registration.id).where(
            Registration.state.in_(HOLDING), Registration.track_id.in_(kept), pools != 1
        )
    )


def _unlimited_units() -> int:
    """Entries of a unit on a track that limits units, where the unit has no quota."""
    quota = sa.exists().where(
        Quota.kind == Kind.UNIT,
        Quota.track_id == Registration.track_id,
        Quota.organisation_id == Registration.organisation_id,
    )
    return rows(
        sa.select(Registration.id)
        .join(Track, Track.id == Registration.track_id)
        .where(
            Track.unit_limit.is_not(None),
            Registration.organisation_id.is_not(None),
            Registration.state.in_(HOLDING),
            ~quota,
        )
    )


def _choices() -> int:
    """Entries whose answers say another option than the one they hold."""
    wrong = 0
    for quota in db.session.scalars(sa.select(Quota).where(Quota.kind == Kind.CHOICE)):
        held = set(
            db.session.scalars(sa.select(QuotaHold.registration_id).where(QuotaHold.quota_id == quota.id))
        )
        said = db.session.execute(
            sa.select(Registration.id, Answer.category, Answer.skill_level, Answer.values)
            .join(Answer, Answer.registration_id == Registration.id)
            .where(Registration.activity_id == quota.activity_id, Registration.state.in_(HOLDING))
        )
        chosen = {
            key
            for key, category, level, values in said
            if chose({**values, "category": category, "skill_level": level}, quota.key)
        }
        wrong += len(held ^ chosen)
    return wrong


def _capacities() -> int:
    """Tracks whose groups and open pool are not together the places of the track."""
    together = (
        sa.select(sa.func.sum(Quota.capacity))
        .where(Quota.track_id == Track.id, Quota.kind.in_(POOL))
        .scalar_subquery()
    )
    return rows(sa.select(Track.id).where(together.is_not(None), together != Track.capacity))


def _parted() -> int:
    """Teams and classes that wait at several places at once."""
    return rows(
        sa.select(Registration.party_id)
        .join(Party, Party.id == Registration.party_id)
        .where(Party.kind != PartyKind.DELEGATION, Registration.state == State.WAITLISTED)
        .group_by(Registration.party_id)
        .having(sa.func.count(sa.distinct(Registration.queue_position)) > 1)
    )


def _shared_places() -> int:
    """Places in line that several have who do not wait together."""
    return rows(
        sa.select(Registration.track_id)
        .where(Registration.state == State.WAITLISTED)
        .group_by(Registration.track_id, Registration.queue_position)
        .having(
            sa.func.count() > 1,
            sa.or_(
                sa.func.count(sa.distinct(Registration.party_id)) != 1,
                sa.func.count(Registration.party_id) != sa.func.count(),
            ),
        )
    )


COUNTERS: Counters = {
    "quotas.taken_differs": _taken,
    "quotas.held_without_place": _without_place,
    "quotas.not_held": _lacking,
    "quotas.unit_without": _unlimited_units,
    "quotas.choice_differs": _choices,
    "quotas.capacities_differ": _capacities,
    "parties.parted": _parted,
    "queues.shared_place": _shared_places,
}
