"""The waiting list: a fixed order, offers with a deadline, and no place idle while somebody waits (R61).

Every change of a queue happens while its track's row is held, so the order of the places on it is the order in which
people joined, and two freed places can never go to the same one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from models.activity import Activity, Track
from models.base import db
from models.registration import HOLDING, Registration, State
from services import hold
from services.quota import Book
from services.registration import shortage
from services.registration.line import OFFER, Line, leave, together
from services.registration.moves import move, tell, tell_all
from services.registration.refusals import OfferOver, WrongState
from services.stamp import Stamp


def fill(track: Track, *, stamp: Stamp) -> list[Registration]:
    """Offer every free place to those who wait, first come first; answers whom. The track is held, and with it those
    that share places with it.
    """
    return fill_all([track], stamp=stamp)


def fill_all(tracks: Sequence[Track], *, stamp: Stamp) -> list[Registration]:
    """The same for several tracks, and those that share places with them."""
    db.session.flush()
    keys = {track.id for track in tracks} | {track.id for track in hold.sharing(tracks)}
    fresh = db.session.scalars(
        sa.select(Track)
        .where(Track.id.in_(keys))
        .order_by(Track.id)
        .execution_options(populate_existing=True)
    ).all()
    if not any(track.waiting for track in fresh):
        return []
    line = Line(Book(fresh, stamp.when), stamp)
    line.walk()
    return line.write()


def accept_offer(registration: Registration, *, stamp: Stamp) -> None:
    """The person takes the place that was offered; of a team or class, all that were offered one. Raises `OfferOver`
    after the deadline.
    """
    hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.state is not State.OFFERED:
        raise WrongState(registration)
    if _is_over(registration, stamp):
        raise OfferOver
    settle(offered_with(registration), stamp=stamp)


def settle(rows: Sequence[Registration], *, stamp: Stamp) -> None:
    """Offers that are taken become entries, and their people are told."""
    for row in rows:
        move(row, after_holding(row.track), stamp=stamp, quietly=True)
    tell_all(rows, stamp=stamp)


def offered_with(registration: Registration) -> list[Registration]:
    """Those who answer an offer as one: the entry, or all of its team or class that were offered a place."""
    if not together(registration.party):
        return [registration]
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(
                Registration.party_id == registration.party_id,
                Registration.track_id == registration.track_id,
                Registration.state == State.OFFERED,
            )
            .order_by(Registration.rank, Registration.id)
            .execution_options(populate_existing=True)
        )
    )


def _is_over(registration: Registration, stamp: Stamp) -> bool:
    return registration.due_at is not None and stamp.when > registration.due_at


def after_holding(track: Track) -> State:
    """The state of an entry that has a place: to be reviewed, or accepted at once."""
    return State.SUBMITTED if track.needs_review else State.ACCEPTED


def place_in_line(registration: Registration) -> int | None:
    """How many stand before and with this entry, a team or class as one; None when it does not wait."""
    if registration.state is not State.WAITLISTED:
        return None
    return db.session.scalar(
        sa.select(sa.func.count(sa.distinct(Registration.queue_position))).where(
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
    ended: list[tuple[Registration, State]] = []
    for registration in due:
        db.session.refresh(registration)
        if registration.state is State.WAITLISTED and _has_begun(registration.activity, stamp):
            said = "waiting_over"
        elif registration.state in (State.OFFERED, State.RETURNED) and _is_over(registration, stamp):
            said = "offer_expired" if registration.state is State.OFFERED else State.EXPIRED.value
        else:
            continue
        ended.append((registration, registration.state))
        move(registration, State.EXPIRED, stamp=stamp, quietly=True)
        tell(registration, said, stamp=stamp)
    if due:
        give_back(ended)
        fill_all(list({registration.track for registration in due}), stamp=stamp)
    shortage.tell([row for row, _state in ended], stamp=stamp)
    return len(ended)


def give_back(occupied: Iterable[tuple[Registration, State]]) -> None:
    """Free what entries that no longer stand had in the states given: places, or places in line."""
    held: Counter[Track] = Counter()
    waited: Counter[Track] = Counter()
    for row, state in occupied:
        if state in HOLDING:
            held[row.track] += 1
        elif state is State.WAITLISTED:
            waited[row.track] += 1
    for track in sorted(held, key=hold.order):
        hold.free(track, held[track])
    for track in sorted(waited, key=hold.order):
        leave(track, waited[track])


def release(occupied: Sequence[tuple[Registration, State]], *, stamp: Stamp) -> None:
    """The same, and what came free goes to those next in line."""
    if not occupied:
        return
    give_back(occupied)
    fill_all(list({row.track for row, _state in occupied}), stamp=stamp)


__all__ = [
    "OFFER",
    "accept_offer",
    "after_holding",
    "expire_due",
    "fill",
    "fill_all",
    "give_back",
    "leave",
    "place_in_line",
    "release",
]


def _has_begun(activity: Activity, stamp: Stamp) -> bool:
    return stamp.when >= activity.starts_at
