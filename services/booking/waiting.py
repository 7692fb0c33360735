"""What waits for somebody: requests at the centre, approvals at a school, slots to close, classes too small."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Role, ScopeKind
from models.base import db
from models.booking import Booking, Season, Slot, SlotState, State, Theme
from models.organisation import Organisation
from services.access import Principal
from services.booking import finding
from services.text import _
from services.waiting import Waiting


def to_close(principal: Principal, now: dt.datetime) -> list[Slot]:
    """Slots that are over and not closed yet, of seasons that they run."""
    if not principal.may(finding.CENTRE):
        return []
    rows = db.session.scalars(
        sa.select(Slot)
        .where(Slot.state == SlotState.OPEN, Slot.ends_at < now)
        .options(joinedload(Slot.theme).joinedload(Theme.season).joinedload(Season.activity))
        .order_by(Slot.starts_at, Slot.id)
        .limit(500)
    ).all()
    return [slot for slot in rows if principal.may(finding.CENTRE, slot.theme.activity.scopes)]


def to_approve(principal: Principal) -> list[Booking]:
    """Bookings that wait for the manager of the school."""
    codes = principal.scope_codes({Role.UNIT_MANAGER}, ScopeKind.ORGANISATION)
    if not codes:
        return []
    return list(
        db.session.scalars(
            sa.select(Booking)
            .join(Booking.organisation)
            .where(Booking.state == State.APPROVAL, Organisation.code.in_(codes))
            .options(joinedload(Booking.slot).joinedload(Slot.theme))
            .order_by(Booking.sent_at, Booking.id)
        )
    )


def waiting(principal: Principal, *, now: dt.datetime) -> list[Waiting]:
    found = []
    if principal.may(finding.CENTRE) and (asked := finding.queue(principal)):
        oldest = min(row.sent_at or row.made_at for row in asked)
        days = max(0, (now - oldest).days)
        found.append(
            Waiting(
                len({row.visit for row in asked}),
                _("体验预约待确认"),
                _("最早一份已等 %(days)s 天", days=days) if days else _("今天收到"),
                "booking.queue",
                _("确认"),
                is_urgent=any(row.slot.starts_at - now < dt.timedelta(days=4) for row in asked),
            )
        )
    if over := to_close(principal, now):
        found.append(
            Waiting(
                len(over),
                _("体验场次待结束"),
                _("核对到场人数后结束，才会计入统计"),
                "booking.closing",
                _("核对人数"),
            )
        )
    if mine := to_approve(principal):
        found.append(
            Waiting(
                len({row.visit for row in mine}),
                _("本校体验预约待同意"),
                _("同意后才会送到体验中心"),
                "booking.mine",
                _("查看"),
            )
        )
    return found
