"""A team or class that takes a part of the places it would need."""

from collections.abc import Sequence

import sqlalchemy as sa

from models.base import db
from models.party import Party
from models.registration import Registration, State
from services import audit as audits
from services import hold
from services import quota as quotas
from services.quota import Book, Lack
from services.registration import entering, waiting
from services.registration.line import Line, join
from services.registration.moves import move
from services.registration.refusals import NotOfParty, OfferOver, TooMany
from services.stamp import Stamp

ASKED = (State.OFFERED, State.WAITLISTED)


def part(
    party: Party, keep: Sequence[Registration], *, others_wait: bool = True, stamp: Stamp
) -> list[Registration]:
    """Those of a party who take what is offered to it, or what is free; answers them. Who is not kept goes on waiting
    at the same place, or withdraws. Raises `TooMany` with what there is, `NotOfParty` or `OfferOver`.

    Those who wait before them do not fit, else they would have been asked; that is noted.
    """
    tracks = hold.lock([party.track])
    rows = _asked(party)
    wanted = {row.id for row in keep}
    kept = [row for row in rows if row.id in wanted]
    others = [row for row in rows if row.id not in wanted]
    if not kept or len(kept) != len(wanted):
        raise NotOfParty
    if any(row.due_at is not None and stamp.when > row.due_at for row in rows):
        raise OfferOver
    new = [row for row in kept if row.state is State.WAITLISTED]
    back = [row for row in others if row.state is State.OFFERED]
    book = Book(tracks, stamp.when)
    line = Line(book, stamp)
    if new:
        line.walk_before(new[0])
    held = quotas.held_by(row.id for row in (*kept, *back) if row.state is State.OFFERED)
    for row in back:
        book.leave(row.track_id, held.get(row.id, []))
    seats = book.seat([line.wish(row) for row in new])
    if isinstance(seats, Lack):
        raise TooMany(len(kept) - len(new) + min(len(new), max(0, seats.left)))
    line.write()
    quotas.drop_holds(row.id for row in back)
    quotas.keep_holds((row.id, quota) for row, seat in zip(new, seats, strict=True) for quota in seat)
    _take(kept, back, stamp)
    waiting.leave(party.track, len(new))
    if back:
        join(party.track, len(back), 0)
    audits.record("registration.parted", party, stamp=stamp, kept=len(kept), others=len(others))
    if others and not others_wait:
        entering.withdraw_all(others, stamp=stamp)
    else:
        db.session.flush()
        waiting.fill_all(tracks, stamp=stamp)
    return kept


def _asked(party: Party) -> list[Registration]:
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(Registration.party_id == party.id, Registration.state.in_(ASKED))
            .order_by(Registration.rank, Registration.id)
            .execution_options(populate_existing=True)
        )
    )


def _take(kept: Sequence[Registration], back: Sequence[Registration], stamp: Stamp) -> None:
    for row in kept:
        if row.state is State.WAITLISTED:
            move(row, State.OFFERED, stamp=stamp, quietly=True)
    waiting.settle(kept, stamp=stamp)
    for row in back:
        move(row, State.WAITLISTED, stamp=stamp, quietly=True)
