"""Who belongs to a unit. What a member may do there is a grant, and goes with the membership (R09)."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from models.account import Account, Grant, Role
from models.base import db, is_code
from models.organisation import Member, Organisation
from services import account as accounts
from services import audit as audits
from services.access import Principal
from services.errors import Missing
from services.organisation import units
from services.organisation.refusals import AlreadyMember, LastManager, SameManager, UnitClosed
from services.stamp import Stamp


def members(organisation: Organisation) -> Sequence[Member]:
    """Those who belong to it now, in the order in which they came."""
    return db.session.scalars(
        sa.select(Member)
        .where(Member.organisation_id == organisation.id, Member.claim.is_not(None))
        .options(joinedload(Member.account))
        .order_by(Member.joined_at, Member.id)
    ).all()


def get_member(organisation: Organisation, code: str) -> Member:
    """A present member of this very unit. Raises Missing."""
    if not is_code(code):
        raise Missing
    row = db.session.scalars(
        sa.select(Member).where(
            Member.code == code, Member.organisation_id == organisation.id, Member.claim.is_not(None)
        )
    ).one_or_none()
    if row is None:
        raise Missing
    return row


def find_member(organisation: Organisation, account_id: int) -> Member | None:
    claim = units.claim_of(organisation.id, account_id)
    return db.session.scalars(sa.select(Member).where(Member.claim == claim)).one_or_none()


def managers(organisation: Organisation, stamp: Stamp) -> Sequence[Grant]:
    """The grants by which people manage this unit now."""
    return [
        grant
        for grant in units.grants_within(organisation)
        if grant.role == Role.UNIT_MANAGER and grant.is_in_force(stamp.when)
    ]


def join(
    organisation: Organisation, account: Account, *, title: str = "", as_manager: bool = False, stamp: Stamp
) -> Member:
    """Take an account into a unit, perhaps as its manager. A member who comes again as manager is made
    manager.

    Raises AlreadyMember (also when two do it at once) and UnitClosed.
    """
    if organisation.is_closed:
        raise UnitClosed
    member = find_member(organisation, account.id)
    if member is not None and (not as_manager or _is_manager(organisation, account, stamp)):
        raise AlreadyMember
    if member is None:
        member = Member(
            organisation_id=organisation.id,
            account_id=account.id,
            title=title,
            joined_at=stamp.when,
            claim=units.claim_of(organisation.id, account.id),
        )
        db.session.add(member)
        try:
            db.session.flush()
        except IntegrityError:
            raise AlreadyMember from None
        audits.record("organisation.joined", organisation, stamp=stamp, account=account.code)
    if as_manager:
        accounts.grant(account, Role.UNIT_MANAGER, units.scope_of(organisation), stamp=stamp)
    return member


def leave(member: Member, *, stamp: Stamp) -> None:
    """Go by oneself. Raises LastManager when nobody would be left to manage the unit."""
    organisation = member.organisation
    held = managers(organisation, stamp)
    if held and all(grant.account_id == member.account_id for grant in held):
        raise LastManager
    _end(member, stamp)
    audits.record("organisation.left", organisation, stamp=stamp, account=member.account.code)


def remove(member: Member, *, by: Principal, stamp: Stamp) -> None:
    """Take somebody out. A manager does not take themselves out so; the desk may take out anybody."""
    if not units.is_desk(by) and member.account_id == by.account_id:
        raise LastManager
    _end(member, stamp)
    audits.record("organisation.removed", member.organisation, stamp=stamp, account=member.account.code)


def hand_over(organisation: Organisation, to: Member, *, by: Principal, stamp: Stamp) -> None:
    """Another member manages the unit from now on. A manager gives up their own right; where the desk does
    it, all managers lose theirs. Raises SameManager.
    """
    if _is_manager(organisation, to.account, stamp):
        raise SameManager
    own = units.manages(by, organisation) and not units.is_desk(by)
    for grant in managers(organisation, stamp):
        if not own or grant.account_id == by.account_id:
            accounts.revoke(grant, stamp=stamp)
    accounts.grant(to.account, Role.UNIT_MANAGER, units.scope_of(organisation), stamp=stamp)
    audits.record("organisation.handed_over", organisation, stamp=stamp, account=to.account.code)


def _is_manager(organisation: Organisation, account: Account, stamp: Stamp) -> bool:
    return any(grant.account_id == account.id for grant in managers(organisation, stamp))


def _end(member: Member, stamp: Stamp) -> None:
    member.left_at, member.claim = stamp.when, None
    for grant in units.grants_within(member.organisation, member.account_id):
        accounts.revoke(grant, stamp=stamp)
    db.session.flush()
