"""The units themselves: finding, opening, editing, closing.
 Whoever may decide for the whole district on units is the desk: a security administrator, or an organiser
whose scope is the district.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.account import Grant, Role, ScopeKind
from models.base import db, is_code
from models.organisation import Invitation, Member, Organisation, Type
from services import account as accounts
from services import audit as audits
from services.access import Principal, Scope
from services.errors import Denied, Missing, Stale
from services.organisation.refusals import CreditCodeTaken, NameTaken
from services.stamp import Stamp
from services.text import escape_like

DESK = frozenset({Role.SECURITY_ADMIN, Role.ORGANISER})
PAGE = 30


@dataclass(frozen=True)
class UnitEntry:
    """What a person says about a unit; cleaned by the form."""

    name: str
    type: Type
    short_name: str = ""
    credit_code: str | None = None
    town: str = ""


@dataclass(frozen=True)
class Found:
    """One page of a list."""

    rows: Sequence[Organisation]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


# --- who may --------------------------------------------------------------------------------------


def is_desk(principal: Principal) -> bool:
    return principal.is_district_wide(DESK)


def require_desk(principal: Principal) -> None:
    """Raises Denied for whoever decides on units in a part of the district only, or not at all."""
    if not is_desk(principal):
        raise Denied


def manages(principal: Principal, organisation: Organisation) -> bool:
    """Whether they act for this unit."""
    return principal.may([Role.UNIT_MANAGER], [scope_of(organisation)])


def scope_of(organisation: Organisation) -> Scope:
    return (ScopeKind.ORGANISATION, organisation.code)


# --- finding --------------------------------------------------------------------------------------


def get(code: str) -> Organisation:
    """A unit and its public facts. Raises Missing."""
    if not is_code(code):
        raise Missing
    row = db.session.scalars(sa.select(Organisation).where(Organisation.code == code)).one_or_none()
    if row is None:
        raise Missing
    return row


def get_own(principal: Principal, code: str) -> Organisation:
    """A unit as its members and the desk see it. Raises Missing for everybody else, and once it is closed for
    all but the desk.
    """
    row = get(code)
    if is_desk(principal):
        return row
    if row.is_closed or not (manages(principal, row) or is_member(row, principal.account_id)):
        raise Missing
    return row


def get_managed(principal: Principal, code: str) -> Organisation:
    """A unit that they manage. Raises Missing for a stranger, Denied for a plain member."""
    row = get_own(principal, code)
    if not (manages(principal, row) or is_desk(principal)):
        raise Denied
    return row


def find_department(code: str) -> Organisation | None:
    """The unit that is a department of the plan."""
    return db.session.scalars(
        sa.select(Organisation).where(Organisation.department_code == code)
    ).one_or_none()


def find_by_name(name: str) -> Organisation | None:
    return db.session.scalars(sa.select(Organisation).where(Organisation.name == name)).one_or_none()


def search(text: str, kind: Type | None = None, limit: int = 20) -> Sequence[Organisation]:
    """Open units whose name or short name holds the text; those that begin with it first."""
    return db.session.scalars(_matching(text, kind).limit(limit)).all()


def listing(text: str = "", kind: Type | None = None, page: int = 1, *, closed: bool = False) -> Found:
    """One page of all units, for staff."""
    query = _matching(text, kind, closed=closed)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    page = max(1, min(page, -(-total // PAGE) or 1))
    return Found(db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all(), total, page)


def of_account(account_id: int) -> Sequence[Organisation]:
    """The units an account belongs to now."""
    return db.session.scalars(
        sa.select(Organisation)
        .join(Member)
        .where(Member.account_id == account_id, Member.claim.is_not(None), Organisation.closed_at.is_(None))
        .order_by(Organisation.name)
    ).all()


def is_member(organisation: Organisation, account_id: int | None) -> bool:
    return account_id is not None and (
        db.session.scalar(sa.select(Member.id).where(Member.claim == claim_of(organisation.id, account_id)))
        is not None
    )


def claim_of(organisation_id: int, account_id: int) -> str:
    return f"{organisation_id}:{account_id}"


def _matching(text: str, kind: Type | None, *, closed: bool = False) -> sa.Select[Organisation]:
    query = sa.select(Organisation)
    query = query.where(Organisation.closed_at.is_not(None) if closed else Organisation.closed_at.is_(None))
    if kind is not None:
        query = query.where(Organisation.type == kind)
    text = text.replace("\0", "").strip()[:100]
    if not text:
        return query.order_by(Organisation.name)
    part = escape_like(text)
    held = [column.ilike(f"%{part}%", escape="\\") for column in (Organisation.name, Organisation.short_name)]
    first = sa.case((Organisation.name.ilike(f"{part}%", escape="\\"), 0), else_=1)
    return query.where(sa.or_(*held)).order_by(first, Organisation.name)


# --- changing -------------------------------------------------------------------------------------


def open(entry: UnitEntry, *, department_code: str | None = None, stamp: Stamp) -> Organisation:
    """A new unit, without members. Raises NameTaken or CreditCodeTaken."""
    row = Organisation(
        name=entry.name,
        short_name=entry.short_name,
        type=entry.type,
        department_code=department_code,
        credit_code=entry.credit_code or None,
        town=entry.town,
        created_at=stamp.when,
    )
    _require_free(entry, None)
    db.session.add(row)
    _flush(entry)
    audits.record("organisation.opened", row, stamp=stamp, type=row.type.value)
    return row


def edit(organisation: Organisation, entry: UnitEntry, *, version: int, by: Principal, stamp: Stamp) -> None:
    """Change what is known of a unit. Its manager may change short name and town; name, type and credit code
    are papers' facts and change at the desk only. Raises Stale, Denied, NameTaken or CreditCodeTaken.
    """
    if organisation.version != version:
        raise Stale
    papers = (entry.name, entry.type, entry.credit_code or None)
    if papers != (organisation.name, organisation.type, organisation.credit_code):
        require_desk(by)
        _require_free(entry, organisation)
        organisation.name, organisation.type, organisation.credit_code = papers
    organisation.short_name, organisation.town = entry.short_name, entry.town
    _flush(entry)
    audits.record("organisation.edited", organisation, stamp=stamp)


def close(organisation: Organisation, *, stamp: Stamp) -> None:
    """End a unit account: members leave, every right within it is revoked, open invitations are void."""
    if organisation.is_closed:
        return
    organisation.closed_at = stamp.when
    for grant in grants_within(organisation):
        accounts.revoke(grant, stamp=stamp)
    for member in organisation.members:
        if member.is_current:
            member.left_at, member.claim = stamp.when, None
    db.session.execute(
        sa.update(Invitation)
        .where(Invitation.organisation_id == organisation.id, Invitation.expires_at > stamp.when)
        .values(expires_at=stamp.when)
    )
    db.session.flush()
    audits.record("organisation.closed", organisation, stamp=stamp)


def grants_within(organisation: Organisation, account_id: int | None = None) -> Sequence[Grant]:
    """Rights whose scope is this unit and that nobody revoked; of one account or of all."""
    query = sa.select(Grant).where(
        Grant.scope_kind == ScopeKind.ORGANISATION,
        Grant.scope_code == organisation.code,
        Grant.revoked_at.is_(None),
    )
    if account_id is not None:
        query = query.where(Grant.account_id == account_id)
    return db.session.scalars(query.order_by(Grant.id)).all()


def _require_free(entry: UnitEntry, but: Organisation | None) -> None:
    """The refusal in good order; the unique constraints stand behind it."""
    others = sa.select(Organisation.id).where(Organisation.id != (but.id if but else 0))
    if db.session.scalar(others.where(Organisation.name == entry.name)) is not None:
        raise NameTaken
    if entry.credit_code and db.session.scalar(others.where(Organisation.credit_code == entry.credit_code)):
        raise CreditCodeTaken


def _flush(entry: UnitEntry) -> None:
    try:
        db.session.flush()
    except IntegrityError as fault:
        raise (CreditCodeTaken if "credit_code" in str(fault.orig) else NameTaken) from None
