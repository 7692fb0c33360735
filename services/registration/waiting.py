"""The waiting list: a fixed order, offers with a deadline, and no place idle while somebody waits (R61).

Every change of a queue happens while its track's row is held, so the order of the places on it is the order in which
people joined, and two freed places can never go to the same one.
"""

import datetime as dt

import sqlalchemy as sa

from models.activity import Activity, Track
from models.activity import State as ActivityState
from models.base import db
from models.registration import Registration, State
from services import hold
from services.registration.moves import move, tell
from services.registration.refusals import OfferOver, WrongState
from services.stamp import Stamp

OFFER = dt.timedelta(hours=48)
"""How long an offered place waits for an answer."""


def join(track: Track) -> int:
    """A new place in line; the track's row is held from here on."""
    return db.session.execute(
        sa.update(Track)
        .where(Track.id == track.id)
        .values(waiting=Track.waiting + 1, last_in_line=Track.last_in_line + 1)
        .returning(Track.last_in_line)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def leave(track: Track, people: int = 1) -> None:
    """Take somebody off the count of those who wait."""
    db.session.execute(
        sa.update(Track)
        .where(Track.id == track.id)
        .values(waiting=Track.waiting - people)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(track, ["waiting"])


def fill(track: Track, *, stamp: Stamp) -> list[Registration]:
    """Offer every free place to those who wait, first come first; answers whom.

    Once the activity begins, or where it is cancelled, a free place is of no use to anybody.
    """
    offered: list[Registration] = []
    if track.activity.state is not ActivityState.PUBLISHED or _has_begun(track.activity, stamp):
        return offered
    while hold.take(track, 1, Track.waiting > 0):
        first = db.session.scalars(
            sa.select(Registration)
            .where(Registration.track_id == track.id, Registration.state == State.WAITLISTED)
            .order_by(Registration.queue_position)
            .limit(1)
        ).one()
        leave(track)
        move(first, State.OFFERED, stamp=stamp, due_at=_until(first, stamp))
        db.session.flush()
        offered.append(first)
    return offered


def _until(registration: Registration, stamp: Stamp) -> dt.datetime:
    return min(stamp.when + OFFER, registration.activity.starts_at)


def accept_offer(registration: Registration, *, stamp: Stamp) -> None:
    """The person takes the place that was offered. Raises `OfferOver` after the deadline."""
    hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.state is not State.OFFERED:
        raise WrongState(registration)
    if _is_over(registration, stamp):
        raise OfferOver
    move(registration, after_holding(registration.track), stamp=stamp)


def _is_over(registration: Registration, stamp: Stamp) -> bool:
    return registration.due_at is not None and stamp.when > registration.due_at


def after_holding(track: Track) -> State:
    """The state of an entry that has a place: to be reviewed, or accepted at once."""
    return State.SUBMITTED if track.needs_review else State.ACCEPTED


def place_in_line(registration: Registration) -> int | None:
    """How many stand before and with this entry; None when it does not wait."""
    if registration.state is not State.WAITLISTED:
        return None
    return db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(
            Registration.track_id == registration.track_id,
            Registration.state == State.WAITLISTED,
            Registration.queue_position <= registration.queue_position,
        )
    )


def expire_due(*, stamp: Stamp) -> int:
    """Offers and returned entries whose time is over lose their place; it goes to the next in line. Once the activity
    has begun, nobody waits for it any more. A job's verb; answers how many ended.
    """
    due = db.session.scalars(
        sa.select(Registration)
        .join(Registration.activity)
        .where(
            sa.or_(
                sa.and_(
                    Registration.state.in_([State.OFFERED, State.RETURNED]), Registration.due_at < stamp.when
                ),
                sa.and_(Registration.state == State.WAITLISTED, Activity.starts_at <= stamp.when),
            )
        )
        .order_by(Registration.track_id, Registration.id)
    ).all()
    hold.lock(registration.track for registration in due)
    ended = 0
    for registration in due:
        db.session.refresh(registration)
        if registration.state is State.WAITLISTED and _has_begun(registration.activity, stamp):
            said = "waiting_over"
            leave(registration.track)
        elif registration.state in (State.OFFERED, State.RETURNED) and _is_over(registration, stamp):
            said = "offer_expired" if registration.state is State.OFFERED else State.EXPIRED.value
            hold.free(registration.track)
        else:
            continue
        move(registration, State.EXPIRED, stamp=stamp, quietly=True)
        tell(registration, said, stamp=stamp)
        ended += 1
    for track in sorted({registration.track for registration in due}, key=lambda track: track.id):
        fill(track, stamp=stamp)
    return ended


def _has_begun(activity: Activity, stamp: Stamp) -> bool:
    return stamp.when >= activity.starts_at
