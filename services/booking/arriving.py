"""On the day the teacher signs the true head count; then the centre closes the slot, and the counts are facts."""

import datetime as dt
from collections.abc import Sequence

from models.account import Account
from models.base import db
from models.booking import ALIVE, Booking, Slot, SlotState, State
from models.indicator import Outcome
from models.person import Category
from services import audit as audits
from services import participation as participations
from services.booking import finding, seating
from services.booking.fitting import say_class
from services.booking.refusals import NoReason, NotOver, NotYet, Settled, SlotClosed
from services.participation import Fact
from services.stamp import Stamp, local_day

EARLY = dt.timedelta(hours=1)
MOST_HEADS = 500


def arrive(booking: Booking, heads: int, teachers: int, *, by: Account, stamp: Stamp) -> Booking:
    """Say how many came; said again before the slot is closed, the last word counts. Raises NotYet, Settled."""
    (row,) = seating.take([booking], State.CONFIRMED, State.ARRIVED)
    if stamp.when < row.slot.starts_at - EARLY:
        raise NotYet
    if row.slot.state is not SlotState.OPEN:
        raise Settled
    row.state = State.ARRIVED
    row.arrived_heads, row.arrived_teachers = (
        max(0, min(heads, MOST_HEADS)),
        max(0, min(teachers, MOST_HEADS)),
    )
    row.arrived_at, row.arrived_by_id = stamp.when, by.id
    db.session.flush()
    audits.record("booking.arrived", row, stamp=stamp, heads=row.arrived_heads, booked=row.heads)
    return row


def close(slot: Slot, *, stamp: Stamp) -> list[Booking]:
    """The slot is over: who came is counted, who was confirmed and did not come stayed away, the rest lapses.

    Raises NotOver, SlotClosed.
    """
    seating.lock([slot])
    if slot.state is not SlotState.OPEN:
        raise SlotClosed
    if stamp.when < slot.ends_at:
        raise NotOver
    rows = list(finding.of_slot(slot))
    for row in rows:
        db.session.refresh(row, with_for_update={"of": Booking})
        if row.state not in ALIVE:
            continue
        if row.state is State.ARRIVED and row.arrived_heads:
            row.state = State.COMPLETED
        elif row.state in (State.ARRIVED, State.CONFIRMED):
            row.state = State.NO_SHOW
        else:
            row.state = State.LAPSED
        row.claim, row.held_until, row.ended_at = None, None, stamp.when
        if row.state is State.NO_SHOW:
            seating.say(row, "booking.no_show", row.account, stamp=stamp)
    slot.state, slot.closed_at = SlotState.CLOSED, stamp.when
    db.session.flush()
    came = [row for row in rows if row.state is State.COMPLETED]
    facts = [visit_fact(row) for row in came]
    if came:
        facts.append(slot_fact(slot, came))
    participations.record_all(facts, stamp=stamp)
    audits.record("slot.closed", slot, stamp=stamp, came=len(came), heads=sum(map(heads_of, came)))
    return came


def correct(booking: Booking, heads: int, reason: str, *, stamp: Stamp) -> Booking:
    """Afterwards it turns out how many truly came, none perhaps: the fact is reversed and written anew.

    Raises NoReason, Settled.
    """
    if not reason.strip():
        raise NoReason
    (row,) = seating.take([booking], State.COMPLETED, State.NO_SHOW)
    before = row.arrived_heads or 0
    row.arrived_heads = max(0, min(heads, MOST_HEADS))
    row.state = State.COMPLETED if row.arrived_heads else State.NO_SHOW
    row.note = reason.strip()[:200]
    db.session.flush()
    slot = row.slot
    came = finding.of_slot(slot, [State.COMPLETED])
    for source in (_source(row), _slot_source(slot)):
        standing = participations.find_standing(source)
        if standing is not None:
            participations.reverse(standing, reason.strip(), stamp=stamp)
    facts = [visit_fact(row)] if row.state is State.COMPLETED else []
    if came:
        facts.append(slot_fact(slot, came))
    participations.record_all(facts, stamp=stamp)
    audits.record("booking.corrected", row, stamp=stamp, before=before, after=row.arrived_heads)
    return row


def heads_of(row: Booking) -> int:
    return row.arrived_heads or 0


def visit_fact(row: Booking) -> Fact:
    """Person-times of pupils, or a citizen's: counts by grade, nobody named (clause 16)."""
    return Fact(
        _source(row),
        Outcome.COMPLETED,
        local_day(row.slot.starts_at),
        activity=row.slot.theme.activity,
        heads=heads_of(row),
        category=Category.CITIZEN if row.is_citizen else Category.PUPIL,
        skill=row.slot.theme.title,
        detail=say_class(row.grade, row.classes),
    )


def slot_fact(slot: Slot, came: Sequence[Booking]) -> Fact:
    """The sitting itself was held."""
    return Fact(
        _slot_source(slot),
        Outcome.ACTIVITY_HELD,
        local_day(slot.starts_at),
        activity=slot.theme.activity,
        heads=sum(map(heads_of, came)),
        skill=slot.theme.title,
    )


def _source(row: Booking) -> str:
    return f"booking:{row.code}:completed"


def _slot_source(slot: Slot) -> str:
    return f"slot:{slot.code}:activity_held"
