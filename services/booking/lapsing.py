"""What time brings by itself: kept places that were not taken up, and slots with too few pupils."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.base import db
from models.booking import Booking, Slot, SlotState, State, Theme
from services import audit as audits
from services.booking import deciding, finding, line, seating, terms
from services.booking.refusals import NoParallel
from services.stamp import Stamp
from services.text import _
from services.transaction import transaction

AT_ONCE = 200
FORGET_AFTER = dt.timedelta(days=30)
"""After the visit the contact is nobody's business any more (R43)."""


def lapse_due(*, stamp: Stamp) -> int:
    """Free places whose time is over, a visit a transaction; who waits gets them."""
    keys = db.session.scalars(
        sa.select(Booking.visit)
        .where(Booking.state == State.HELD, Booking.held_until < stamp.when)
        .group_by(Booking.visit)
        .order_by(sa.func.min(Booking.id))
        .limit(AT_ONCE)
    ).all()
    done = 0
    for visit in keys:
        with transaction():
            done += _lapse(visit, stamp)
    return done


def _lapse(visit: str, stamp: Stamp) -> int:
    rows = [row for row in finding.whole_visit(visit) if row.state is State.HELD]
    seating.lock({row.slot for row in rows})
    for row in rows:
        db.session.refresh(row, with_for_update={"of": Booking})
    rows = [
        row
        for row in rows
        if row.state is State.HELD and row.held_until is not None and row.held_until < stamp.when
    ]
    if not rows:
        return 0
    if rows[0].is_offered:
        seating.say(rows[0], "booking.lapsed", rows[0].account, stamp=stamp)
    seating.end(rows, State.LAPSED, stamp=stamp)
    audits.record("booking.lapsed", rows[0], stamp=stamp, parts=len(rows))
    line.promote([row.slot for row in rows], stamp=stamp)
    return 1


def decide_small(*, stamp: Stamp) -> int:
    """On the day of decision a slot with too few pupils is put into a parallel one, or else called off."""
    ahead = stamp.when + dt.timedelta(days=31)
    rows = db.session.scalars(
        sa.select(Slot)
        .join(Slot.theme)
        .where(Slot.state == SlotState.OPEN, Slot.starts_at > stamp.when, Slot.starts_at < ahead)
        .where(Slot.taken < Theme.least, Slot.host_id.is_(None))
        .options(joinedload(Slot.theme).joinedload(Theme.season))
        .order_by(Slot.starts_at, Slot.id)
    ).all()
    due = [slot.id for slot in rows if terms.decided_on(slot.theme.season, slot.starts_at) <= stamp.today]
    done = 0
    for key in due[:AT_ONCE]:
        with transaction():
            slot = db.session.get_one(Slot, key)
            seating.lock([slot])
            if not deciding.small([slot]):
                continue
            done += 1
            try:
                deciding.merge(slot, stamp=stamp)
            except NoParallel:
                deciding.call_off([slot], str(_("预约人数未达成行人数")), stamp=stamp)
    return done


def forget(*, stamp: Stamp) -> int:
    """Thirty days after the visit the contact, the bus and the scan's place are blanked; the counts stay."""
    old = stamp.when - FORGET_AFTER
    past = sa.select(Slot.id).where(Slot.ends_at < old)
    done = db.session.execute(
        sa.update(Booking)
        .where(Booking.slot_id.in_(past))
        .where(sa.or_(Booking.contact_name != "", Booking.contact_sealed.is_not(None), Booking.plates != ""))
        .values(contact_name="", contact_sealed=None, plates="")
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, sa.CursorResult)
    return done.rowcount
