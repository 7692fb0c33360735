"""How a school comes to a visit: places are kept for a while, filled in, approved at home, and sent to the centre."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from models.account import Account
from models.base import db, new_code
from models.booking import NEEDS, Booking, Grade, School, Slot, SlotState, State, Theme, Transport
from services import audit as audits
from services import hold
from services import organisation as organisations
from services.booking import finding, line, seating, terms
from services.booking.fitting import Class, Fit, judge, split
from services.booking.refusals import (
    DoesNotFit,
    FitsAlready,
    HoldOver,
    NotAgreed,
    NotComplete,
    NotProposed,
    OutsideTerm,
    TooFewTeachers,
)
from services.stamp import Stamp
from services.text import _

PROPOSAL_DAYS = 30
"""How long the centre has to answer a school that asks somebody to come."""


@dataclass(frozen=True)
class Details:
    """What is said of a class: counts and a contact, no pupil's name."""

    grade: Grade
    classes: str
    heads: int
    teachers: int
    contact_name: str = ""
    contact: str = ""
    transport: Transport | None = None
    plates: str = ""
    insurance: str = ""
    needs: dict[str, int] = field(default_factory=dict)


# --- places ---------------------------------------------------------------------------------------


def class_of(theme: Theme, school: School, grade: Grade | None, heads: int) -> Class:
    """The class as the grid sees it."""
    record = finding.record_of(theme.season, school)
    return Class(grade, heads, finding.goes_first(school, record), record.left)


def keep(slot: Slot, grade: Grade, heads: int, *, school: School, by: Account, stamp: Stamp) -> list[Booking]:
    """Keep places for a class, over parallel slots where it has to be split. What the account kept before is let go.

    Raises DoesNotFit.
    """
    _hold_school(school)
    kept = _kept_by(by, slot)
    seating.lock([slot, *(row.slot for row in kept)])
    for visit in {row.visit for row in kept}:
        drop([row for row in kept if row.visit == visit], stamp=stamp)
    slots = seating.open_beside(slot)
    wanted = class_of(slot.theme, school, grade, heads)
    offer = judge(slot.theme.season, slots, wanted, stamp.when)
    if offer.fit is Fit.NOT:
        raise DoesNotFit(offer.reason)
    until = stamp.when + dt.timedelta(minutes=slot.theme.season.hold_minutes)
    model = Booking(
        visit=new_code(),
        organisation_id=school.organisation_id,
        account_id=by.id,
        grade=grade,
        heads=heads,
        state=State.HELD,
        held_until=until,
        is_first=wanted.is_first,
        contact_name=by.display_name[:40],
        made_at=stamp.when,
    )
    rows = seating.seat(model, slots, offer.plan, stamp=stamp)
    audits.record("booking.held", rows[0], stamp=stamp, heads=heads, parts=len(rows))
    return rows


def _hold_school(school: School) -> None:
    """One visit of a school at a time is counted against its term."""
    db.session.refresh(school, with_for_update=True)


def _kept_by(account: Account, slot: Slot) -> Sequence[Booking]:
    """What somebody keeps in the same season without having sent it, but for what was offered to them."""
    return db.session.scalars(
        sa.select(Booking)
        .join(Booking.slot)
        .join(Slot.theme)
        .where(Theme.season_id == slot.theme.season_id)
        .where(Booking.account_id == account.id, Booking.state == State.HELD, Booking.is_offered.is_(False))
        .order_by(Booking.id)
    ).all()


# --- filling in -----------------------------------------------------------------------------------


def fill(parts: Sequence[Booking], details: Details, *, stamp: Stamp) -> list[Booking]:
    """Say what class comes. Another head count holds the places anew. Raises HoldOver, TooFewTeachers, DoesNotFit,
    AlreadyBooked.
    """
    rows = seating.take(parts, State.HELD)
    slots = seating.open_beside(rows[0].slot)
    lead = rows[0]
    must_be_kept(lead, stamp)
    _must_be_accompanied(lead, details)
    total = sum(row.heads for row in rows)
    for name in ("grade", "classes", "contact_name", "transport", "plates", "insurance"):
        for row in rows:
            setattr(row, name, getattr(details, name))
    for row in rows:
        row.contact = details.contact or None
        row.needs = {}
    lead.needs = {kind: details.needs[kind] for kind in NEEDS if details.needs.get(kind)}
    if details.heads != total:
        rows = _reseat(rows, details, slots, stamp)
    for row, teachers in zip(rows, seating.shares(details.teachers, len(rows)), strict=True):
        row.teachers, row.claim = teachers, seating.claim_of(row)
    seating.flush()
    return rows


def _reseat(rows: list[Booking], details: Details, slots: list[Slot], stamp: Stamp) -> list[Booking]:
    for row in rows:
        hold.free(row.slot, row.heads)
    db.session.flush()
    plan = split(details.heads, [slot.left for slot in slots])
    if plan is None:
        left = sum(slot.left for slot in slots)
        raise DoesNotFit(_("剩 %(left)s，不够 %(n)s 人", left=left, n=details.heads))
    lead, *others = rows
    for other in others:
        db.session.delete(other)
    db.session.flush()
    return seating.seat(lead, slots, plan, stamp=stamp)


def _must_be_accompanied(lead: Booking, details: Details) -> None:
    season = lead.season
    needed = terms.teachers_needed(season, details.grade, details.heads)
    if details.teachers < needed:
        secondary = season.pupils_a_teacher_secondary
        ratio = season.pupils_a_teacher if details.grade.is_primary else secondary
        raise TooFewTeachers(ratio, details.heads, needed)


def must_be_kept(lead: Booking, stamp: Stamp) -> None:
    if lead.held_until is not None and lead.held_until < stamp.when:
        raise HoldOver


def send(
    parts: Sequence[Booking], *, agreed: bool, by: Account, is_manager: bool, stamp: Stamp
) -> list[Booking]:
    """Hand it in: to the school's manager where the school asks for that, else to the centre.

    Raises NotAgreed, NotComplete, HoldOver, Settled.
    """
    rows = seating.take(parts, State.HELD)
    lead = rows[0]
    must_be_kept(lead, stamp)
    if not agreed:
        raise NotAgreed
    if not lead.classes or not lead.contact_name or not lead.contact or not lead.teachers:
        raise NotComplete
    school = finding.find_school(lead.organisation)
    waits = school is not None and school.needs_approval and not is_manager
    for row in rows:
        row.state = State.APPROVAL if waits else State.REQUESTED
        row.agreed_at = row.sent_at = stamp.when
        row.held_until, row.account_id = None, by.id
    seating.flush()
    audits.record("booking.sent", lead, stamp=stamp, parts=len(rows), to="school" if waits else "centre")
    if waits and lead.organisation is not None:
        for grant in organisations.managers(lead.organisation, stamp):
            seating.say(lead, "booking.approval", grant.account, stamp=stamp)
    return rows


def approve(parts: Sequence[Booking], *, by: Account, stamp: Stamp) -> list[Booking]:
    """The school's manager lets it go to the centre."""
    rows = seating.take(parts, State.APPROVAL)
    for row in rows:
        row.state, row.approved_at, row.approved_by_id = State.REQUESTED, stamp.when, by.id
    db.session.flush()
    audits.record("booking.approved", rows[0], stamp=stamp)
    return rows


def drop(parts: Sequence[Booking], *, stamp: Stamp) -> None:
    """Let go of places that were kept and never sent; who waits may have them."""
    rows = seating.take(parts, State.HELD)
    seating.end(rows, State.LAPSED, stamp=stamp)
    audits.record("booking.lapsed", rows[0], stamp=stamp)
    line.promote([row.slot for row in rows], stamp=stamp)


# --- waiting, citizens, visiting masters -----------------------------------------------------------


def wait(slot: Slot, grade: Grade, heads: int, *, school: School, by: Account, stamp: Stamp) -> Booking:
    """Stand in line for a slot that is too full for the class. Raises FitsAlready, DoesNotFit."""
    _hold_school(school)
    seating.lock([slot])
    slots = seating.open_beside(slot)
    wanted = class_of(slot.theme, school, grade, heads)
    offer = judge(slot.theme.season, slots, wanted, stamp.when)
    if offer.fit is not Fit.NOT:
        raise FitsAlready
    if heads > sum(each.capacity for each in slots):
        raise DoesNotFit(offer.reason)
    alone = judge(slot.theme.season, slots, Class(grade, 0, wanted.is_first, wanted.visits_left), stamp.when)
    if alone.fit is Fit.NOT:  # not for lack of places
        raise DoesNotFit(alone.reason)
    first = slots[0]
    row = Booking(
        slot_id=first.id,
        visit=new_code(),
        organisation_id=school.organisation_id,
        account_id=by.id,
        claim=f"{first.id}:{school.organisation_id}:{grade.value}:{heads}:waits",
        grade=grade,
        heads=heads,
        state=State.WAITING,
        is_first=wanted.is_first,
        contact_name=by.display_name[:40],
        made_at=stamp.when,
    )
    db.session.add(row)
    seating.flush()
    audits.record("booking.waits", row, stamp=stamp, heads=heads)
    return row


def book_single(slot: Slot, *, contact_name: str, contact: str, by: Account, stamp: Stamp) -> Booking:
    """A citizen comes alone; nobody has to confirm it. Raises DoesNotFit, AlreadyBooked."""
    seating.lock([slot])
    held = slot
    season = held.theme.season
    if not held.theme.takes_citizens:
        raise DoesNotFit(_("这个主题只接受学校预约"))
    offer = judge(season, [held], Class(heads=1, is_first=True), stamp.when)
    if offer.fit is Fit.NOT:
        raise DoesNotFit(offer.reason)
    row = Booking(
        visit=new_code(),
        account_id=by.id,
        heads=1,
        teachers=0,
        contact_name=contact_name[:40],
        state=State.CONFIRMED,
        made_at=stamp.when,
        sent_at=stamp.when,
        agreed_at=stamp.when,
    )
    row.contact = contact
    seating.seat(row, [held], [1], stamp=stamp)
    audits.record("booking.sent", row, stamp=stamp, parts=1, to="citizen")
    return row


def propose(
    theme: Theme,
    starts_at: dt.datetime,
    room: str,
    details: Details,
    *,
    school: School,
    by: Account,
    stamp: Stamp,
) -> Booking:
    """Ask a visiting master into the school's own room: the school proposes the time, the centre answers.

    Raises NotProposed, OutsideTerm, DoesNotFit, TooFewTeachers.
    """
    season = theme.season
    if not theme.is_visiting or theme.closed_at is not None or not room.strip():
        raise NotProposed
    ends_at = starts_at + dt.timedelta(minutes=theme.minutes)
    if starts_at < season.activity.starts_at or ends_at > season.activity.ends_at:
        raise OutsideTerm
    _hold_school(school)
    slot = Slot(
        theme=theme,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=theme.capacity,
        taken=0,
        state=SlotState.OPEN,
        host_id=school.organisation_id,
        room=room.strip()[:40],
    )
    db.session.add(slot)
    db.session.flush()
    wanted = class_of(theme, school, details.grade, details.heads)
    offer = judge(season, [slot], wanted, stamp.when)
    if offer.fit is Fit.NOT:
        raise DoesNotFit(offer.reason)
    slot.state = SlotState.PROPOSED
    row = Booking(
        visit=new_code(),
        organisation_id=school.organisation_id,
        account_id=by.id,
        grade=details.grade,
        classes=details.classes,
        heads=details.heads,
        teachers=details.teachers,
        contact_name=details.contact_name,
        needs={kind: details.needs[kind] for kind in NEEDS if details.needs.get(kind)},
        state=State.REQUESTED,
        is_first=wanted.is_first,
        made_at=stamp.when,
        sent_at=stamp.when,
        agreed_at=stamp.when,
    )
    row.contact = details.contact
    (made,) = seating.seat(row, [slot], [details.heads], stamp=stamp)
    _must_be_accompanied(made, details)
    audits.record("booking.proposed", made, stamp=stamp, heads=details.heads)
    return made
