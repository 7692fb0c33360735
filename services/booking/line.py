"""Classes that wait: places that come free go to the first in line that they hold whole. Nobody is passed over
without its being written down (R61).
"""

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.base import db
from models.booking import Booking, Slot, SlotState, State
from services import audit as audits
from services.booking import finding, seating
from services.booking.fitting import split
from services.stamp import Stamp

LEAST_NOTICE = dt.timedelta(hours=12)
"""Nobody is offered a place so shortly before that a class cannot come."""


def waiting_for(slots: Iterable[Slot]) -> Sequence[Booking]:
    """In the order in which they are asked: those that go first, then by their place."""
    return db.session.scalars(
        sa.select(Booking)
        .where(Booking.slot_id.in_([slot.id for slot in slots]), Booking.state == State.WAITING)
        .options(joinedload(Booking.slot))
        .order_by(Booking.is_first.desc(), Booking.made_at, Booking.id)
    ).all()


def place_of(booking: Booking) -> int:
    """Its place in line now, from 1."""
    ahead = [row.id for row in waiting_for(finding.parallel(booking.slot) or [booking.slot])]
    return ahead.index(booking.id) + 1 if booking.id in ahead else 0


def promote(slots: Iterable[Slot], *, stamp: Stamp) -> list[Booking]:
    """Offer what came free in these slots. Answers the bookings that got places."""
    got: list[Booking] = []
    groups: dict[tuple[int, dt.datetime], list[Slot]] = {}
    for slot in seating.lock(set(slots)):
        if slot.state is SlotState.OPEN and slot.host_id is None:
            groups.setdefault((slot.theme_id, slot.starts_at), []).append(slot)
    for _time, together in sorted(groups.items()):
        got += _promote(together, stamp)
    return got


def _promote(slots: list[Slot], stamp: Stamp) -> list[Booking]:
    season = slots[0].theme.season
    until = min(stamp.when + dt.timedelta(hours=season.offer_hours), slots[0].starts_at - LEAST_NOTICE)
    if until <= stamp.when:
        return []
    got: list[Booking] = []
    passed: list[Booking] = []
    for row in waiting_for(slots):
        plan = split(row.heads, [slot.left for slot in slots])
        if plan is None:
            passed.append(row)
            continue
        db.session.refresh(row, with_for_update={"of": Booking})
        if row.state is not State.WAITING:
            continue
        for other in passed:
            left = sum(slot.left for slot in slots)
            audits.record(
                "booking.passed_over", other, stamp=stamp, heads=other.heads, left=left, by=row.code
            )
        row.state, row.held_until, row.is_offered = State.HELD, until, True
        parts = seating.seat(row, slots, plan, stamp=stamp)
        audits.record("booking.offered", row, stamp=stamp, parts=len(parts))
        seating.say(row, "booking.offered", row.account, stamp=stamp, until=until)
        got += parts
    return got
