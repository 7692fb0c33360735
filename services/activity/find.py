"""Loaders: an activity, a track or a session with the right to it. Another's looks like none (`Missing`)."""

from collections.abc import Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from models.account import Role, ScopeKind
from models.activity import PUBLIC_STATES, Activity, Session, State, Track
from models.base import db, is_code
from models.organisation import Organisation
from services.access import Principal
from services.errors import Missing

RUN = frozenset({Role.ORGANISER})
"""Who may write."""
APPROVE = frozenset({Role.ACTIVITY_APPROVER})
READ = RUN | {
    Role.REVIEWER,
    Role.CHECKIN_HELPER,
    Role.SUPERVISOR,
    Role.CERTIFICATE_OFFICER,
    Role.AUDITOR,
    Role.EXPERT,
}
"""Who may look at what is not public yet, in the scopes of the activity."""

Part = TypeVar("Part", Track, Session)


def get_public(code: str) -> Activity:
    """An activity that everybody may see, with all its page shows."""
    activity = _find(code)
    if activity is None or not activity.is_public:
        raise Missing
    return activity


def get_track_public(code: str) -> Track:
    """A track of an activity that everybody may see."""
    track = db.session.scalar(sa.select(Track).where(Track.code == code)) if is_code(code) else None
    if track is None or not track.activity.is_public:
        raise Missing
    return track


def get_run(principal: Principal, code: str) -> Activity:
    """An activity that they may run."""
    activity = _find(code)
    if activity is None or not may_run(principal, activity):
        raise Missing
    return activity


def get_read(principal: Principal, code: str) -> Activity:
    """An activity that they may look at from the desk: run it, approve it, or work for it."""
    activity = _find(code)
    if activity is None or not may_read(principal, activity):
        raise Missing
    return activity


def get_approve(principal: Principal, code: str) -> Activity:
    """An activity that they may approve or send back."""
    activity = _find(code)
    if activity is None or not may_approve(principal, activity):
        raise Missing
    return activity


def may_run(principal: Principal, activity: Activity) -> bool:
    return principal.may(RUN, activity.scopes)


def may_approve(principal: Principal, activity: Activity) -> bool:
    """Whether they are an approver of its lead department, and it has been handed in."""
    return activity.state != State.DRAFT and principal.may(APPROVE, activity.lead_scopes)


def may_read(principal: Principal, activity: Activity) -> bool:
    return principal.may(READ, activity.scopes) or may_approve(principal, activity)


def get_track(activity: Activity, code: str) -> Track:
    """A track of this activity and no other."""
    return _own(activity.tracks, code)


def get_session(activity: Activity, code: str) -> Session:
    """A session of this activity and no other."""
    return _own(activity.sessions, code)


def whole() -> tuple[Any, ...]:
    """Loader options for an activity with what its pages and cards show, in few statements."""
    return (
        joinedload(Activity.host),
        joinedload(Activity.organiser),
        joinedload(Activity.lead),
        selectinload(Activity.tracks),
        selectinload(Activity.sessions).joinedload(Session.venue),
    )


def public() -> sa.ColumnElement[bool]:
    """SQL for `Activity.is_public`."""
    return sa.and_(Activity.state.in_(PUBLIC_STATES), Activity.published_at.is_not(None))


def within(principal: Principal, roles: Iterable[Role]) -> sa.ColumnElement[bool]:
    """SQL for holding one of the roles in a scope of the activity."""
    roles = frozenset(roles)
    if principal.is_district_wide(roles):
        return sa.true()
    units = principal.scope_codes(roles, ScopeKind.ORGANISATION)
    single = principal.scope_codes(roles, ScopeKind.ACTIVITY)
    return sa.or_(
        Activity.code.in_(single),
        Activity.organiser_id.in_(sa.select(Organisation.id).where(Organisation.code.in_(units))),
    )


def to_approve(principal: Principal) -> sa.ColumnElement[bool]:
    """SQL for being an approver of the activity's lead department."""
    if principal.is_district_wide(APPROVE):
        return sa.true()
    units = principal.scope_codes(APPROVE, ScopeKind.ORGANISATION)
    return Activity.lead_id.in_(sa.select(Organisation.id).where(Organisation.code.in_(units)))


def _find(code: str) -> Activity | None:
    if not is_code(code):
        return None
    return db.session.scalar(
        sa.select(Activity).where(Activity.code == code).options(*whole(), selectinload(Activity.notices))
    )


def _own(rows: Iterable[Part], code: str) -> Part:
    for row in rows:
        if row.code == code:
            return row
    raise Missing
