"""Teams, delegations and imported lists that are still not sent while registration is about to close."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.activity import Activity, Track
from models.activity import State as ActivityState
from models.base import db
from models.intake import Intake
from models.intake import State as IntakeState
from models.party import Party, State
from services import party as parties
from services.reminder.call import Call
from services.stamp import Stamp

AHEAD: Final = dt.timedelta(hours=24)


def gathering(stamp: Stamp) -> Iterator[Call]:
    rows = db.session.scalars(
        sa.select(Party)
        .join(Party.track)
        .join(Track.activity)
        .options(
            joinedload(Party.owner),
            joinedload(Party.organisation),
            joinedload(Party.track).joinedload(Track.activity),
        )
        .where(
            Party.state == State.GATHERING,
            Track.closes_at > stamp.when,
            Track.closes_at <= stamp.when + AHEAD,
            Activity.state == ActivityState.PUBLISHED,
        )
        .order_by(Party.id)
    ).all()
    for row in rows:
        for account in parties.speakers(row, stamp):
            yield Call(
                f"reminder.party:{row.code}:{row.track.closes_at.isoformat()}:{account.code}",
                "reminder.party",
                account,
                link=parties.path_of(row),
                params={"name": row.name, "activity": row.track.full_name, "due": row.track.closes_at},
            )


def not_entered(stamp: Stamp) -> Iterator[Call]:
    """Lists that were checked and then left lying: nobody on them is entered."""
    rows = db.session.scalars(
        sa.select(Intake)
        .join(Intake.activity)
        .options(joinedload(Intake.made_by), joinedload(Intake.activity).selectinload(Activity.tracks))
        .where(
            Intake.state == IntakeState.CHECKED,
            Intake.good > 0,
            Activity.state == ActivityState.PUBLISHED,
            Activity.id.in_(
                sa.select(Track.activity_id).where(
                    Track.closes_at > stamp.when, Track.closes_at <= stamp.when + AHEAD
                )
            ),
        )
        .order_by(Intake.id)
    ).all()
    for row in rows:
        tracks = [row.track] if row.track is not None else row.activity.tracks
        due = min((each.closes_at for each in tracks if each.closes_at > stamp.when), default=None)
        if due is not None and due <= stamp.when + AHEAD and row.made_by.is_enabled:
            yield Call(
                f"reminder.list:{row.code}:{due.isoformat()}",
                "reminder.party",
                row.made_by,
                link=f"/intake/{row.code}",
                params={"name": row.file_name, "activity": row.activity.title, "due": due},
            )
