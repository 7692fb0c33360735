"""Giving and taking rights: role × scope × time (R09, R15, R16).

The three administrators exclude each other. An administrator's role needs
two people: one security administrator gives it, another, who is another natural person, agrees.
"""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import ADMINISTRATORS, Account, Grant, Kind, Role, ScopeKind
from models.base import db
from services import audit as audits
from services import notification as notifications
from services.access import DISTRICT, STAFF, Scope
from services.account import sign_ins
from services.account.reasons import (
    AlreadyGranted,
    ExclusiveRoles,
    LastAdministrator,
    OnlyReviewers,
    OwnGrant,
    SecondPersonNeeded,
    WrongState,
)
from services.errors import Missing
from services.stamp import Stamp

ONE_DAY = dt.timedelta(days=1)


def grant(
    account: Account,
    role: Role,
    scope: Scope,
    *,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    stamp: Stamp,
) -> Grant:
    """Give a role. Raises `OwnGrant`, `ExclusiveRoles`, `AlreadyGranted`; ValueError for a scope that names
    nothing.

    A staff role ends the account's sign-ins: its holder enters anew, with rights and second factor in place
    (R18). An administrator's role waits for `confirm`, unless there is nobody yet who could.
    """
    _check_scope(role, scope)
    if role in STAFF and stamp.account_id == account.id:
        raise OwnGrant
    _lock(account)
    held = in_force_or_waiting(account, stamp.when)
    if role in ADMINISTRATORS:
        _refuse_second_administrator(account, role, stamp)
    if any(
        g.role == role and (g.scope_kind, g.scope_code) == scope and _covers(g, starts_at, ends_at)
        for g in held
    ):
        raise AlreadyGranted
    row = Grant(
        account_id=account.id,
        role=role,
        scope_kind=scope[0],
        scope_code=scope[1],
        starts_at=starts_at or stamp.when,
        ends_at=ends_at,
        granted_by_id=stamp.account_id,
        awaits_second=role in ADMINISTRATORS and _somebody_else_can_confirm(account, stamp),
    )
    account.grants.append(row)
    db.session.flush()
    audits.record(
        "account.granted", account, stamp=stamp, role=role.value, scope=_said(scope), waits=row.awaits_second
    )
    if not row.awaits_second:
        _take_effect(row, stamp)
    return row


def confirm(row: Grant, by: Account, *, stamp: Stamp) -> None:
    """A second security administrator agrees (R16). Raises `WrongState`, `SecondPersonNeeded`,
    `ExclusiveRoles`.
    """
    if not row.awaits_second or row.revoked_at is not None:
        raise WrongState
    first = row.granted_by
    people = [by.person_id, first.person_id if first else None, row.account.person_id]
    known = [person for person in people if person is not None]
    accounts = {by.id, row.account_id, first.id if first else 0}
    if by.person_id is None or len(accounts) < 3 or len(set(known)) < len(known):
        raise SecondPersonNeeded
    if first is not None and first.person_id is None:
        raise SecondPersonNeeded
    _refuse_second_administrator(row.account, row.role, stamp)
    row.awaits_second = False
    row.confirmed_by_id = by.id
    audits.record("account.grant_confirmed", row.account, stamp=stamp, role=row.role.value)
    _take_effect(row, stamp)


def revoke(row: Grant, *, stamp: Stamp) -> None:
    """Take a role away: gone at the holder's next request (R15). Raises `LastAdministrator`."""
    if row.revoked_at is not None:
        return
    if row.role is Role.SECURITY_ADMIN and not row.awaits_second:
        refuse_last_administrator(row.account, stamp)
    row.revoked_at = stamp.when
    audits.record(
        "account.revoked",
        row.account,
        stamp=stamp,
        role=row.role.value,
        scope=_said((row.scope_kind, row.scope_code)),
    )


def get(code: str) -> Grant:
    """Raises `Missing`."""
    row = db.session.scalars(sa.select(Grant).where(Grant.code == code)).one_or_none()
    if row is None:
        raise Missing
    return row


def find(account: Account, role: Role, scope: Scope, now: dt.datetime) -> Grant | None:
    """The grant in force of a role in exactly this scope: what whoever gave it may take back."""
    for row in account.grants:
        if row.role == role and (row.scope_kind, row.scope_code) == scope and row.is_in_force(now):
            return row
    return None


def in_force_or_waiting(account: Account, now: dt.datetime) -> list[Grant]:
    """Neither revoked nor over, the youngest last."""
    return [g for g in account.grants if g.revoked_at is None and (g.ends_at is None or now < g.ends_at)]


def waiting() -> Sequence[Grant]:
    """Administrators' roles that wait for a second person."""
    return db.session.scalars(
        sa.select(Grant).where(Grant.awaits_second, Grant.revoked_at.is_(None)).order_by(Grant.id)
    ).all()


def holders(role: Role, now: dt.datetime) -> Sequence[Account]:
    """Enabled accounts that hold a role now, in whatever scope."""
    rows = db.session.scalars(
        sa.select(Grant)
        .join(Grant.account)
        .where(Grant.role == role, Grant.revoked_at.is_(None))
        .order_by(Grant.id)
    ).all()
    found = {row.account.id: row.account for row in rows if row.is_in_force(now) and row.account.is_enabled}
    return list(found.values())


def refuse_last_administrator(account: Account, stamp: Stamp) -> None:
    """Raise `LastAdministrator` where nobody could grant any more.

    The grants are held first, in key order, and read anew: of two administrators who end each other at the same
    moment, the second sees what the first did.
    """
    held = sa.select(Grant.id).where(Grant.role == Role.SECURITY_ADMIN, Grant.revoked_at.is_(None))
    db.session.execute(held.order_by(Grant.id).with_for_update()).all()
    anew = sa.select(Grant).where(Grant.role == Role.SECURITY_ADMIN).options(joinedload(Grant.account))
    db.session.execute(anew.execution_options(populate_existing=True)).all()
    if [holder.id for holder in holders(Role.SECURITY_ADMIN, stamp.when)] == [account.id]:
        raise LastAdministrator


def _check_scope(role: Role, scope: Scope) -> None:
    kind, code = scope
    if (kind is ScopeKind.DISTRICT) != (code is None):
        raise ValueError("a scope names a thing, or the district and nothing")
    if role in ADMINISTRATORS and scope != DISTRICT:
        raise ValueError("an administrator is one of the whole district")
    if kind in (ScopeKind.TRACK, ScopeKind.UNIT) and role is not Role.REVIEWER:
        raise OnlyReviewers


def _refuse_second_administrator(account: Account, role: Role, stamp: Stamp) -> None:
    """三员分立. An account has one person and a person one account, so asking the account asks the person."""
    held = {row.role for row in in_force_or_waiting(account, stamp.when)}
    if held & (ADMINISTRATORS - {role}):
        raise ExclusiveRoles


def _somebody_else_can_confirm(account: Account, stamp: Stamp) -> bool:
    able = {holder.id for holder in holders(Role.SECURITY_ADMIN, stamp.when)}
    return bool(able - {stamp.account_id, account.id}) and stamp.account_id is not None


def _covers(row: Grant, starts_at: dt.datetime | None, ends_at: dt.datetime | None) -> bool:
    """Whether the grant already gives all of what is wanted."""
    return row.ends_at is None or (ends_at is not None and row.ends_at >= ends_at and starts_at is None)


def _take_effect(row: Grant, stamp: Stamp) -> None:
    account = row.account
    if account.kind is Kind.BADGE:
        return
    if row.role in STAFF:
        sign_ins.end_all(account, stamp=stamp)
    notifications.notify(
        account,
        "account.granted",
        stamp=stamp,
        link="/me",
        role=row.role,
        urgent=row.role in STAFF,
    )


def _lock(account: Account) -> None:
    """Two grants to one account wait for each other, so that each sees the other's."""
    db.session.execute(sa.select(Account.id).where(Account.id == account.id).with_for_update())
    db.session.refresh(account, ["grants"])


def _said(scope: Scope) -> str:
    return scope[0].value + (f":{scope[1]}" if scope[1] else "")
