"""Parting from a unit: rights in the unit go with the membership, and so do rights in its activities (R09).

The unit's room knows no activities, so whoever ends a membership does it here.
"""

import sqlalchemy as sa

from models.account import Account, Grant, ScopeKind
from models.activity import Activity
from models.base import db
from models.organisation import Member, Organisation
from services import account as accounts
from services import organisation as organisations
from services.access import STAFF, Principal
from services.stamp import Stamp


def end_rights(unit: Organisation, account: Account, *, stamp: Stamp) -> None:
    """Take back what somebody may do in single activities of a unit. What they are registered for stays."""
    activities = sa.select(Activity.code).where(Activity.organiser_id == unit.id)
    rows = db.session.scalars(
        sa.select(Grant)
        .where(
            Grant.account_id == account.id,
            Grant.scope_kind == ScopeKind.ACTIVITY,
            Grant.scope_code.in_(activities),
            Grant.role.in_(STAFF),
            Grant.revoked_at.is_(None),
        )
        .order_by(Grant.id)
    ).all()
    for row in rows:
        accounts.revoke(row, stamp=stamp)


def leave_unit(member: Member, *, stamp: Stamp) -> None:
    """`organisations.leave`, with the rights in the unit's activities."""
    organisations.leave(member, stamp=stamp)
    end_rights(member.organisation, member.account, stamp=stamp)


def remove_member(member: Member, *, by: Principal, stamp: Stamp) -> None:
    """`organisations.remove`, with the rights in the unit's activities."""
    organisations.remove(member, by=by, stamp=stamp)
    end_rights(member.organisation, member.account, stamp=stamp)


def close_unit(unit: Organisation, *, stamp: Stamp) -> None:
    """`organisations.close`, with its members' rights in its activities."""
    held = [member.account for member in organisations.members(unit)]
    organisations.close(unit, stamp=stamp)
    for account in held:
        end_rights(unit, account, stamp=stamp)
