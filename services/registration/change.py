"""An organiser's changes that reach the entries: the activity is called off, a track gets more places."""

import sqlalchemy as sa

from models.activity import Activity, Track
from models.base import db
from models.registration import HOLDING, LIVE, Registration, State
from services import activity as activities
from services import hold
from services import quota as quotas
from services.activity import TrackEntry
from services.registration import waiting
from services.registration.moves import move
from services.stamp import Stamp


def call_off(activity: Activity, reason: str, *, stamp: Stamp) -> int:
    """Cancel the activity, tell everybody concerned, and end every entry that stands; how many.

    Raises what `activities.cancel` raises.
    """
    activities.cancel(activity, reason, stamp=stamp)
    hold.lock(activity.tracks)
    rows = db.session.scalars(
        sa.select(Registration)
        .where(Registration.activity_id == activity.id, Registration.state.in_(LIVE))
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    ).all()
    occupied = [(row, row.state) for row in rows]
    quotas.free(row.id for row in rows if row.state in HOLDING)
    for row in rows:
        move(
            row,
            State.CALLED_OFF,
            stamp=stamp,
            note=activity.decision_note,
            quietly=True,
            is_freed=True,
        )
    waiting.give_back(occupied)
    return len(rows)


def edit_track(track: Track, entry: TrackEntry, *, stamp: Stamp) -> Track:
    """Change a track and the quotas that hang on it, and offer the places that come free by it to those who wait.
    Raises what `activities.edit_track` raises, or `quotas.BelowHeld`.
    """
    tracks = hold.lock([track])
    activities.edit_track(track, entry, stamp=stamp)
    db.session.flush()
    quotas.follow(track)
    waiting.fill_all(tracks, stamp=stamp)
    return track
