"""催办: reviewers whose oldest entry has waited too long."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from models.account import Role
from models.activity import Activity
from models.activity import State as ActivityState
from models.base import db
from models.registration import Registration, State, Step
from services import activity as activities
from services.reminder.call import Call
from services.stamp import Stamp

OLD: Final = dt.timedelta(days=2)
"""How long an entry may wait before its reviewers are asked for it; applicants are told two working days."""


def old_queues(stamp: Stamp) -> Iterator[Call]:
    """Each day anew, to those who review the activity; where nobody does, to those who run it."""
    rows = db.session.execute(
        sa.select(Activity, sa.func.count(Registration.id))
        .join(Registration, Registration.activity_id == Activity.id)
        .where(
            Activity.state == ActivityState.PUBLISHED,
            Registration.state == State.SUBMITTED,
            _since() <= stamp.when - OLD,
        )
        .group_by(Activity.id)
        .order_by(Activity.id)
    ).all()
    for activity, count in rows:
        told = activities.holders(Role.REVIEWER, activity.scopes, stamp=stamp) or activities.holders(
            Role.ORGANISER, activity.scopes, stamp=stamp
        )
        for account in dict.fromkeys(told):
            if account.is_enabled:
                yield Call(
                    f"reminder.queue:{activity.code}:{account.code}:{stamp.today.isoformat()}",
                    "reminder.queue",
                    account,
                    link=f"/desk/registrations?activity={activity.code}",
                    params={"activity": activity.title, "count": count},
                )


def _since() -> sa.ColumnElement[dt.datetime]:
    """When an entry came to review: its last step."""
    return (
        sa.select(sa.func.max(Step.at))
        .where(Step.registration_id == Registration.id)
        .correlate(Registration)
        .scalar_subquery()
    )
