"""The centre confirms or refuses; afterwards a visit is moved, supplemented or cancelled by notice."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from models.account import Account
from models.activity import Activity
from models.base import db, new_code
from models.booking import ALIVE, Booking, Slot, SlotState, State, Theme, Transport
from services import audit as audits
from services import hold
from services import upload as uploads
from services.booking import finding, line, seating, terms
from services.booking.fitting import Class, Fit, judge
from services.booking.refusals import (
    DoesNotFit,
    MustSayWhy,
    NoParallel,
    NoReason,
    OwnBooking,
    SlotClosed,
    Started,
    TooLate,
)
from services.stamp import Stamp, local_day
from services.upload import Sound

CHANGEABLE = frozenset({State.APPROVAL, State.REQUESTED, State.CONFIRMED})
REBOOKABLE = CHANGEABLE | {State.CALLED_OFF}


def confirm(parts: Sequence[Booking], note: str = "", *, by: Account, stamp: Stamp) -> list[Booking]:
    """The centre takes them. Raises Settled, OwnBooking, MustSayWhy."""
    rows = seating.take(parts, State.REQUESTED)
    lead = rows[0]
    if lead.account_id == by.id:
        raise OwnBooking
    if is_watched(lead) and not note.strip():
        raise MustSayWhy
    for row in rows:
        row.state, row.decided_at, row.decided_by_id = State.CONFIRMED, stamp.when, by.id
        row.note = note.strip()[:200]
        if row.slot.state is SlotState.PROPOSED:
            row.slot.state = SlotState.OPEN
    db.session.flush()
    audits.record("booking.confirmed", lead, stamp=stamp, parts=len(rows))
    seating.say(lead, "booking.confirmed", lead.account, stamp=stamp, note=note.strip())
    return rows


def refuse(parts: Sequence[Booking], note: str, *, by: Account, stamp: Stamp) -> list[Booking]:
    """The centre, or the school's own manager, does not. Raises NoReason, Settled."""
    if not note.strip():
        raise NoReason
    rows = seating.take(parts, State.REQUESTED, State.APPROVAL)
    lead = rows[0]
    seating.end(rows, State.REFUSED, note.strip(), stamp=stamp)
    for row in rows:
        row.decided_at, row.decided_by_id = stamp.when, by.id
        if row.slot.state is SlotState.PROPOSED:
            row.slot.state, row.slot.reason = SlotState.CALLED_OFF, note.strip()[:200]
    db.session.flush()
    audits.record("booking.refused", lead, stamp=stamp, parts=len(rows))
    seating.say(lead, "booking.refused", lead.account, stamp=stamp, note=note.strip())
    line.promote([row.slot for row in rows], stamp=stamp)
    return rows


def is_watched(booking: Booking) -> bool:
    """Whether its school stayed away so often this term that the centre has to say why it still confirms."""
    school = finding.find_school(booking.organisation)
    if school is None:
        return False
    season = booking.season
    return finding.record_of(season, school).no_shows >= season.no_shows_most


# --- by notice ------------------------------------------------------------------------------------


def cancel(parts: Sequence[Booking], note: str = "", *, stamp: Stamp) -> list[Booking]:
    """They do not come. After the day of notice it is late, and remembered. Raises Settled, Started."""
    rows = seating.take(parts, *ALIVE)
    lead = rows[0]
    if lead.slot.starts_at <= stamp.when:
        raise Started
    late = lead.state is State.CONFIRMED and terms.is_late(lead.season, lead.slot.starts_at, stamp.when)
    slots = [row.slot for row in rows]
    seating.end(rows, State.LATE_CANCELLED if late else State.CANCELLED, note, stamp=stamp)
    audits.record("booking.cancelled", lead, stamp=stamp, late=late, parts=len(rows))
    for slot in slots:
        if slot.state is SlotState.PROPOSED:
            slot.state = SlotState.CALLED_OFF
    line.promote(slots, stamp=stamp)
    return rows


def move(parts: Sequence[Booking], slot: Slot, *, stamp: Stamp) -> list[Booking]:
    """Come another time instead, with all that was said already; the centre confirms anew. A visit that the centre
    called off is booked again the same way. Raises TooLate, Settled, DoesNotFit, AlreadyBooked.
    """
    seating.lock([slot, *(part.slot for part in parts)])
    rows = seating.take(parts, *REBOOKABLE)
    targets = seating.open_beside(slot)
    lead = rows[0]
    was_off = lead.state is State.CALLED_OFF
    if lead.slot.starts_at <= stamp.when and not was_off:
        raise Started
    if lead.state is State.CONFIRMED and terms.is_late(lead.season, lead.slot.starts_at, stamp.when):
        raise TooLate
    heads = sum(row.heads for row in rows)
    teachers = sum(row.teachers for row in rows)
    old = [row.slot for row in rows]
    if not was_off:
        seating.end(rows, State.CANCELLED, stamp=stamp)
    offer = judge(targets[0].theme.season, targets, Class(lead.grade, heads, is_first=True), stamp.when)
    if offer.fit is Fit.NOT or targets[0].theme.season_id != lead.slot.theme.season_id:
        raise DoesNotFit(offer.reason)
    fresh = seating.again(lead, new_code(), State.REQUESTED, stamp=stamp)
    fresh.teachers = max(teachers, sum(part > 0 for part in offer.plan))
    made = seating.seat(fresh, targets, offer.plan, stamp=stamp)
    audits.record("booking.moved", made[0], stamp=stamp, before=lead.code, parts=len(made))
    line.promote(old, stamp=stamp)
    return made


def supplement(
    parts: Sequence[Booking],
    *,
    transport: Transport | None,
    plates: str,
    insurance: str,
    scan: Sound | None = None,
    by: Account,
    stamp: Stamp,
) -> list[Booking]:
    """Insurance, bus and the stamped agreement, which may follow until the day before. Raises TooLate, Settled."""
    rows = seating.take(parts, State.HELD, State.APPROVAL, State.REQUESTED, State.CONFIRMED)
    if stamp.when >= rows[0].slot.starts_at:
        raise Started
    kept = uploads.receive(scan, scan.name, "safety_agreement", by, stamp=stamp) if scan is not None else None
    for row in rows:
        row.transport, row.plates, row.insurance = transport, plates, insurance
        if kept is not None:
            row.agreement_id = kept.id
    db.session.flush()
    audits.record("booking.supplemented", rows[0], stamp=stamp, scan=scan is not None)
    return rows


# --- on the centre's side -------------------------------------------------------------------------


def call_off(slots: Sequence[Slot], reason: str, *, stamp: Stamp) -> list[Booking]:
    """Weather, illness, a machine: all slots at once, and everybody on them is offered others. Raises NoReason,
    SlotClosed.
    """
    if not reason.strip():
        raise NoReason
    seating.lock(slots)
    held = sorted(set(slots), key=lambda slot: slot.id)
    if any(slot.state not in (SlotState.OPEN, SlotState.PROPOSED) for slot in held):
        raise SlotClosed
    for slot in held:
        slot.state, slot.reason, slot.closed_at = SlotState.CALLED_OFF, reason.strip()[:200], stamp.when
    db.session.flush()
    told: list[Booking] = []
    for slot in held:
        audits.record("slot.called_off", slot, stamp=stamp, taken=slot.taken)
        for row in finding.of_slot(slot):
            db.session.refresh(row, with_for_update={"of": Booking})
            if row.state not in ALIVE:
                continue
            seating.end([row], State.CALLED_OFF, reason.strip(), stamp=stamp)
            if row.visit not in {each.visit for each in told}:
                seating.say(row, "booking.called_off", row.account, stamp=stamp, reason=reason.strip())
            told.append(row)
    _end_other_parts(told, reason, stamp)
    return told


def end_season(activity: Activity, reason: str, *, stamp: Stamp) -> list[Booking]:
    """The activity is called off: so is every slot that is still to come, and everybody on one is told."""
    season = finding.find_season(activity)
    if season is None:
        return []
    slots = db.session.scalars(
        sa.select(Slot)
        .join(Slot.theme)
        .where(
            Theme.season_id == season.id,
            Slot.state.in_((SlotState.OPEN, SlotState.PROPOSED)),
            Slot.ends_at > stamp.when,
        )
    ).all()
    return call_off(slots, reason, stamp=stamp) if slots else []


def _end_other_parts(told: Sequence[Booking], reason: str, stamp: Stamp) -> None:
    """A class whose one half cannot come does not come in halves."""
    for visit in {row.visit for row in told}:
        for row in finding.whole_visit(visit):
            if row.state in ALIVE:
                seating.end([row], State.CALLED_OFF, reason.strip(), stamp=stamp)
                line.promote([row.slot], stamp=stamp)


def merge(slot: Slot, *, stamp: Stamp) -> Slot:
    """Put a slot with too few into a parallel one, which has places for all. Answers that one. Raises
    `NoParallel`, SlotClosed.
    """
    seating.lock([slot])
    together = finding.parallel(slot)
    if slot.state is not SlotState.OPEN:
        raise SlotClosed
    rows = finding.of_slot(slot)
    heads = sum(row.heads for row in rows if row.state is not State.WAITING)
    into = next((each for each in together if each.id != slot.id and each.left >= heads), None)
    if into is None:
        raise NoParallel
    for row in rows:
        db.session.refresh(row, with_for_update={"of": Booking})
        if row.state is not State.WAITING:
            hold.free(slot, row.heads)
            hold.take(into, row.heads)
        row.slot_id, row.slot = into.id, into
        row.claim = seating.claim_of(row) if row.state is not State.WAITING else row.claim
        seating.flush()
        seating.say(row, "booking.merged", row.account, stamp=stamp)
    slot.state, slot.closed_at = SlotState.CALLED_OFF, stamp.when
    slot.reason = "merged"
    db.session.flush()
    audits.record("slot.merged", slot, stamp=stamp, into=into.code, heads=heads)
    return into


def small(slots: Sequence[Slot]) -> list[Slot]:
    """Those of these slots that have too few pupils to be held."""
    return [
        slot
        for slot in slots
        if slot.state is SlotState.OPEN and slot.theme.least and slot.taken < slot.theme.least
    ]


def alternatives(booking: Booking, moment: dt.datetime, most: int = 6) -> list[list[Slot]]:
    """Other times of the season that have places for the whole class, the same theme first."""
    season = booking.season
    parts = finding.whole_visit(booking.visit)
    heads = sum(row.heads for row in parts if row.state is booking.state)
    first = local_day(moment)
    rows = finding.slots_between(season, first, first + dt.timedelta(days=season.days_most))
    groups: dict[tuple[int, dt.datetime], list[Slot]] = {}
    for slot in rows:
        if slot.host_id is None and slot.id != booking.slot_id:
            groups.setdefault((slot.theme_id, slot.starts_at), []).append(slot)
    wanted = Class(booking.grade, heads, is_first=True)
    fitting = [group for group in groups.values() if judge(season, group, wanted, moment).fit is not Fit.NOT]
    return sorted(
        fitting, key=lambda group: (group[0].theme_id != booking.slot.theme_id, group[0].starts_at)
    )[:most]
