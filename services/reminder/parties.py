"""Teams and delegations that are still gathering while registration is about to close."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.activity import Activity, Track
from models.activity import State as ActivityState
from models.base import db
from models.party import Party, State
from services.reminder.call import Call
from services.stamp import Stamp

AHEAD: Final = dt.timedelta(hours=24)


def gathering(stamp: Stamp) -> Iterator[Call]:
    rows = db.session.scalars(
        sa.select(Party)
        .join(Party.track)
        .join(Track.activity)
        .options(joinedload(Party.owner), joinedload(Party.track).joinedload(Track.activity))
        .where(
            Party.state == State.GATHERING,
            Track.closes_at > stamp.when,
            Track.closes_at <= stamp.when + AHEAD,
            Activity.state == ActivityState.PUBLISHED,
        )
        .order_by(Party.id)
    ).all()
    for row in rows:
        if row.owner.is_enabled:
            yield Call(
                f"reminder.party:{row.code}:{row.track.closes_at.isoformat()}",
                "reminder.party",
                row.owner,
                link=f"/party/{row.code}",
                params={"name": row.name, "activity": row.track.full_name, "due": row.track.closes_at},
            )
