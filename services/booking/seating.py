"""Places and parts: a visit is one class in one slot, or in several parallel ones, and all its parts share its fate."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.account import Account
from models.base import db
from models.booking import Booking, Slot, State
from services import hold
from services import notification as notifications
from services.booking import finding
from services.booking.refusals import AlreadyBooked, DoesNotFit, Settled
from services.stamp import Stamp
from services.text import _


def lock(slots: Iterable[Slot]) -> list[Slot]:
    """Lock these slots and all beside them, in the order of their keys: what comes free in one may go to a class that
    waits for another, so they are always held together. Whoever needs several groups locks them in one call.
    """
    return hold.lock(finding.beside(slots))


def open_beside(slot: Slot) -> list[Slot]:
    """The open ones among the locked slots of one time; the slot itself, where it is not open any more."""
    return finding.parallel(slot) or [slot]


def take(parts: Sequence[Booking], *states: State) -> list[Booking]:
    """Lock a visit, its slots before it. Raises Settled where it is not in one of these states any more."""
    lock({part.slot for part in parts})
    for part in parts:
        db.session.refresh(part, with_for_update={"of": Booking})
        if part.state not in states:
            raise Settled
    return list(parts)


def seat(model: Booking, slots: Sequence[Slot], plan: Sequence[int], *, stamp: Stamp) -> list[Booking]:
    """Hold places by a plan, and make of one booking one for each part. The slots are locked."""
    parts = [(slot, heads) for slot, heads in zip(slots, plan, strict=True) if heads]
    teachers = shares(model.teachers or 0, len(parts))
    rows = []
    for number, (slot, heads) in enumerate(parts):
        if not hold.take(slot, heads):
            raise DoesNotFit(_("名额刚刚被约走"))
        row = model if number == 0 else _copy(model)
        row.slot_id, row.slot, row.heads, row.teachers = slot.id, slot, heads, teachers[number]
        row.claim = claim_of(row)
        rows.append(row)
    db.session.add_all(rows)
    flush()
    return rows


def claim_of(row: Booking) -> str | None:
    """A class is in a slot once; a citizen too. None before it is known which class it is."""
    if row.organisation_id is None:
        return f"{row.slot_id}:account:{row.account_id}"
    if not row.classes or row.grade is None:
        return None
    return f"{row.slot_id}:{row.organisation_id}:{row.grade.value}:{row.classes}"


def flush() -> None:
    """Raises AlreadyBooked."""
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise AlreadyBooked from twice


def again(model: Booking, visit: str, state: State, *, stamp: Stamp) -> Booking:
    """A new booking with all that was said of an old one."""
    made = _copy(model)
    made.visit, made.state, made.made_at, made.sent_at = visit, state, stamp.when, stamp.when
    made.decided_at = made.decided_by_id = made.ended_at = made.held_until = None
    made.arrived_at = made.arrived_by_id = made.arrived_heads = made.arrived_teachers = None
    made.note, made.is_offered = "", False
    return made


def shares(number: int, parts: int) -> list[int]:
    return [number // parts + (index < number % parts) for index in range(parts)]


_OWN = frozenset({"id", "code", "slot_id", "heads", "teachers", "claim", "contact_sealed", "version"})


def _copy(model: Booking) -> Booking:
    names = [column.key for column in sa.inspect(Booking).column_attrs if column.key not in _OWN]
    values = {name: getattr(model, name) for name in names}
    made = Booking(**{name: value for name, value in values.items() if value is not None})
    made.contact = model.contact
    return made


def end(rows: Sequence[Booking], state: State, note: str = "", *, stamp: Stamp) -> None:
    """Give the places back and end the visit. The rows are locked."""
    for row in rows:
        if row.state is not State.WAITING:
            hold.free(row.slot, row.heads)
        row.state, row.ended_at, row.note = state, stamp.when, note[:200]
        row.claim = row.held_until = None
    db.session.flush()


def say(row: Booking, kind: str, account: Account | None, *, stamp: Stamp, **more: Any) -> None:
    """Tell somebody of a booking."""
    if account is not None:
        notifications.notify(
            account,
            kind,
            stamp=stamp,
            link=f"/booking/{row.code}",
            theme=row.theme.title,
            when=row.slot.starts_at,
            **more,
        )
