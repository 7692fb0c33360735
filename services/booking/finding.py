"""Rows of booking, found with the right to see them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from models.account import Role, ScopeKind
from models.activity import Activity, Kind
from models.activity import State as ActivityState
from models.base import db, is_code
from models.booking import (
    ALIVE,
    USED,
    Booking,
    School,
    Season,
    Slot,
    SlotState,
    State,
    Theme,
)
from models.organisation import Organisation
from services.access import Principal, require
from services.errors import Missing
from services.stamp import local_moment

BOOKERS = frozenset({Role.TEACHER, Role.UNIT_MANAGER})
"""Who books for a school; its manager also approves."""
CENTRE = frozenset({Role.ORGANISER})
SHOWN = (ActivityState.PUBLISHED, ActivityState.HELD)


# --- seasons and slots -------------------------------------------------------------------------


def seasons(moment: dt.datetime) -> Sequence[Season]:
    """Those that are published and not over, the one that ends first before the others."""
    return db.session.scalars(
        sa.select(Season)
        .join(Season.activity)
        .where(Activity.state == ActivityState.PUBLISHED, Activity.ends_at > moment)
        .options(contains_eager(Season.activity))
        .order_by(Activity.ends_at, Season.id)
    ).all()


def get_season(code: str) -> Season:
    """A public one, by the code of its activity. Raises Missing."""
    row = db.session.scalars(
        sa.select(Season)
        .join(Season.activity)
        .where(Activity.code == code, Activity.state.in_(SHOWN))
        .options(contains_eager(Season.activity))
    ).one_or_none()
    if row is None:
        raise Missing
    return row


def get_run(principal: Principal, code: str) -> Season:
    """One that they run, whatever its state. Raises Missing."""
    row = db.session.scalars(
        sa.select(Season)
        .join(Season.activity)
        .where(Activity.code == code)
        .options(contains_eager(Season.activity))
    ).one_or_none()
    if row is None:
        raise Missing
    require(principal, CENTRE, row.activity.scopes)
    return row


def run_by(principal: Principal) -> list[Activity]:
    """Activities of skill experience that they run, the latest first."""
    found = db.session.scalars(
        sa.select(Activity)
        .where(Activity.kind == Kind.EXPERIENCE, Activity.state != ActivityState.CANCELLED)
        .options(joinedload(Activity.organiser))
        .order_by(Activity.starts_at.desc())
        .limit(200)
    )
    return [row for row in found if principal.may(CENTRE, row.scopes)]


def find_season(activity: Activity) -> Season | None:
    return db.session.scalars(sa.select(Season).where(Season.activity_id == activity.id)).one_or_none()


def get_theme(season: Season, code: str) -> Theme:
    for theme in season.themes:
        if theme.code == code:
            return theme
    raise Missing


def get_slot(code: str) -> Slot:
    """A slot of a published season. Raises Missing."""
    row = _slot(code)
    if row is None or row.theme.activity.state not in SHOWN:
        raise Missing
    return row


def get_run_slot(principal: Principal, code: str) -> Slot:
    row = _slot(code)
    if row is None:
        raise Missing
    require(principal, CENTRE, row.theme.activity.scopes)
    return row


def _slot(code: str) -> Slot | None:
    if not is_code(code):
        return None
    return db.session.scalars(
        sa.select(Slot)
        .where(Slot.code == code)
        .options(joinedload(Slot.theme).joinedload(Theme.season).joinedload(Season.activity))
    ).one_or_none()


def parallel(slot: Slot) -> list[Slot]:
    """The open slots of the same theme at the same time, itself among them, in the order of their making."""
    return [row for row in beside([slot]) if row.state is SlotState.OPEN]


def beside(slots: Iterable[Slot]) -> Sequence[Slot]:
    """All slots of the same themes at the same times as these, in the order of their making. What takes place at a
    school stands alone.
    """
    wanted = list(slots)
    times = {(slot.theme_id, slot.starts_at) for slot in wanted if slot.host_id is None}
    together = [sa.and_(Slot.theme_id == theme, Slot.starts_at == moment) for theme, moment in sorted(times)]
    alone = Slot.id.in_([slot.id for slot in wanted])
    return db.session.scalars(
        sa.select(Slot)
        .where(sa.or_(alone, sa.and_(Slot.host_id.is_(None), sa.or_(sa.false(), *together))))
        .options(joinedload(Slot.theme))
        .order_by(Slot.id)
    ).all()


def slots_between(season: Season, first: dt.date, last: dt.date) -> Sequence[Slot]:
    """All slots that start on these days, both included, in the order of their time."""
    return db.session.scalars(
        sa.select(Slot)
        .join(Slot.theme)
        .where(Theme.season_id == season.id)
        .where(
            Slot.starts_at >= local_moment(first), Slot.starts_at < local_moment(last + dt.timedelta(days=1))
        )
        .options(contains_eager(Slot.theme))
        .order_by(Slot.starts_at, Theme.title, Slot.id)
    ).all()


# --- schools --------------------------------------------------------------------------------------


def schools_of(principal: Principal) -> list[School]:
    """The schools for which they book."""
    codes = principal.scope_codes(BOOKERS, ScopeKind.ORGANISATION)
    if not codes:
        return []
    return list(
        db.session.scalars(
            sa.select(School)
            .join(School.organisation)
            .where(Organisation.code.in_(codes), Organisation.closed_at.is_(None))
            .options(contains_eager(School.organisation))
            .order_by(Organisation.name)
        )
    )


def find_school(organisation: Organisation | None) -> School | None:
    if organisation is None:
        return None
    return db.session.scalars(
        sa.select(School).where(School.organisation_id == organisation.id)
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class Record:
    """What a school did in the term."""

    visits: int = 0
    no_shows: int = 0
    left: int = 0


def record_of(season: Season, school: School) -> Record:
    """Visits that count in the term, a class split over parallel slots being one."""
    rows = db.session.execute(
        sa.select(Booking.visit, Booking.state)
        .join(Booking.slot)
        .join(Slot.theme)
        .where(Theme.season_id == season.id, Booking.organisation_id == school.organisation_id)
        .where(Booking.state.in_(USED))
    ).all()
    visits = {row.visit for row in rows}
    no_shows = {row.visit for row in rows if row.state is State.NO_SHOW}
    return Record(len(visits), len(no_shows), max(0, season.visits_most - len(visits)))


def goes_first(school: School, record: Record) -> bool:
    """Rural schools, and those that have not been yet this term."""
    return school.is_rural or record.visits == 0


# --- bookings -------------------------------------------------------------------------------------

_WHOLE = (
    joinedload(Booking.slot).joinedload(Slot.theme).joinedload(Theme.season).joinedload(Season.activity),
    joinedload(Booking.organisation),
    joinedload(Booking.account),
)


def get(principal: Principal, code: str) -> Booking:
    """One of their school's, or their own, or of a season that they run. Raises Missing."""
    row = find(code)
    if row is None or not (may_change(principal, row) or may_decide(principal, row)):
        raise Missing
    return row


def get_own(principal: Principal, code: str) -> Booking:
    row = find(code)
    if row is None or not may_change(principal, row):
        raise Missing
    return row


def get_decide(principal: Principal, code: str) -> Booking:
    row = find(code)
    if row is None or not may_decide(principal, row):
        raise Missing
    return row


def find(code: str) -> Booking | None:
    if not is_code(code):
        return None
    return db.session.scalars(sa.select(Booking).where(Booking.code == code).options(*_WHOLE)).one_or_none()


def may_change(principal: Principal, row: Booking) -> bool:
    if row.organisation is None:
        return principal.account_id is not None and row.account_id == principal.account_id
    return principal.may(BOOKERS, [(ScopeKind.ORGANISATION, row.organisation.code)])


def may_approve(principal: Principal, row: Booking) -> bool:
    """For the school itself."""
    if row.organisation is None:
        return False
    return principal.may({Role.UNIT_MANAGER}, [(ScopeKind.ORGANISATION, row.organisation.code)])


def may_decide(principal: Principal, row: Booking) -> bool:
    return principal.may(CENTRE, row.slot.theme.activity.scopes)


def parts_of(booking: Booking) -> list[Booking]:
    """All parts of the visit that share its fate, in the order of their making."""
    return [row for row in whole_visit(booking.visit) if row.state is booking.state] or [booking]


def whole_visit(visit: str) -> Sequence[Booking]:
    return db.session.scalars(
        sa.select(Booking).where(Booking.visit == visit).options(*_WHOLE).order_by(Booking.id)
    ).all()


def of_slot(slot: Slot, states: Iterable[State] = ALIVE) -> Sequence[Booking]:
    return db.session.scalars(
        sa.select(Booking)
        .where(Booking.slot_id == slot.id, Booking.state.in_(list(states)))
        .options(joinedload(Booking.organisation), joinedload(Booking.account))
        .order_by(Booking.id)
    ).all()


def of_schools(organisations: Iterable[int], account_id: int | None, *, most: int = 200) -> Sequence[Booking]:
    """Bookings of these schools, and one's own as a citizen: the next first, then the past ones, latest first."""
    mine = sa.and_(Booking.organisation_id.is_(None), Booking.account_id == account_id)
    return db.session.scalars(
        sa.select(Booking)
        .join(Booking.slot)
        .where(sa.or_(Booking.organisation_id.in_(list(organisations)), mine))
        .where(Booking.state != State.LAPSED)
        .options(*_WHOLE)
        .order_by(Slot.starts_at.desc(), Booking.id)
        .limit(most)
    ).all()


def queue(principal: Principal) -> list[Booking]:
    """Requests that the centre decides on, those that go first before the others, then in the order of asking."""
    rows = db.session.scalars(
        sa.select(Booking)
        .where(Booking.state == State.REQUESTED)
        .options(*_WHOLE)
        .order_by(Booking.is_first.desc(), Booking.sent_at, Booking.id)
        .limit(1000)
    ).all()
    return [row for row in rows if may_decide(principal, row)]
