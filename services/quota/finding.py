"""What is set, what is taken and what is left."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.activity import Activity, Track
from models.base import db
from models.quota import Kind, Quota
from services import hold
from services.quota import setting
from services.quota.book import Book
from services.stamp import Stamp


def of_activity(activity: Activity) -> Sequence[Quota]:
    """All its quotas: of the whole first, then track by track."""
    return db.session.scalars(
        sa.select(Quota)
        .where(Quota.activity_id == activity.id)
        .options(joinedload(Quota.organisation), joinedload(Quota.track))
        .order_by(Quota.track_id.is_not(None), Quota.track_id, Quota.kind, Quota.id)
    ).all()


def left(quota: Quota) -> int:
    """How many places are left on a quota."""
    return quota.left


def release_due(*, stamp: Stamp) -> int:
    """What is left of groups whose time has come is open to all, and offered to those who wait. A job's verb; answers
    how many groups gave something.
    """
    due = _due(stamp.when)
    tracks = db.session.scalars(sa.select(Track).where(Track.id.in_({quota.track_id for quota in due}))).all()
    held = hold.lock(tracks)
    book = Book(held, stamp.when)
    given = sum(quota.kind is Kind.GROUP for quota in book.grown)
    book.write()
    if given:
        setting.fill(held, stamp)
    return given


def _due(moment: dt.datetime) -> Sequence[Quota]:
    return db.session.scalars(
        sa.select(Quota).where(
            Quota.kind == Kind.GROUP, Quota.released_at <= moment, Quota.capacity > Quota.taken
        )
    ).all()
