"""催办: reviewers whose oldest entry has waited too long."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from models.account import Account, Role
from models.activity import Activity
from models.activity import State as ActivityState
from models.base import db
from models.registration import Registration, State, Step
from services import activity as activities
from services import registration as registrations
from services.reminder.call import Call
from services.stamp import Stamp

OLD: Final = dt.timedelta(days=2)
"""How long an entry may wait before its reviewers are asked for it; applicants are told two working days."""


def old_queues(stamp: Stamp) -> Iterator[Call]:
    """Each day anew, to those who review the entries, of the whole activity or of one contest or unit, each told of
    their own; where nobody does, to those who run it.
    """
    shares: dict[Activity, Counter[Account]] = {}
    for activity, first, count in _parts(stamp):
        scopes = registrations.scopes_of(db.session.get_one(Registration, first))
        told = activities.holders(Role.REVIEWER, scopes, stamp=stamp) or activities.holders(
            Role.ORGANISER, activity.scopes, stamp=stamp
        )
        shares.setdefault(activity, Counter()).update(dict.fromkeys(told, count))
    for activity, share in shares.items():
        for account, count in share.items():
            if account.is_enabled:
                yield Call(
                    f"reminder.queue:{activity.code}:{account.code}:{stamp.today.isoformat()}",
                    "reminder.queue",
                    account,
                    link=f"/desk/registrations?activity={activity.code}",
                    params={"activity": activity.title, "count": count},
                )


def _parts(stamp: Stamp) -> Sequence[sa.Row[Activity, int, int]]:
    """What waits too long by track and unit, which the right to review may be limited to: the activity, one entry
    that stands for its part, and how many they are.
    """
    return db.session.execute(
        sa.select(Activity, sa.func.min(Registration.id), sa.func.count())
        .join(Registration, Registration.activity_id == Activity.id)
        .where(
            Activity.state == ActivityState.PUBLISHED,
            Registration.state == State.SUBMITTED,
            _since() <= stamp.when - OLD,
        )
        .group_by(Activity.id, Registration.track_id, Registration.organisation_id)
        .order_by(Activity.id, sa.func.min(Registration.id))
    ).all()


def _since() -> sa.ColumnElement[dt.datetime]:
    """When an entry came to review: its last step."""
    return (
        sa.select(sa.func.max(Step.at))
        .where(Step.registration_id == Registration.id)
        .correlate(Registration)
        .scalar_subquery()
    )
