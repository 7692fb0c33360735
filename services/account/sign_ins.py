"""Sign-ins: server-side sessions that can be listed and ended (R18).

The browser holds a 256-bit token, the database its hash. A sign-in dies of idleness, of age, of being ended,
and with its account; rights are read anew at each request, so a right taken away is gone at the next one
(R15).
"""

import datetime as dt
import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account, FirstFactor, Kind, SignIn
from models.base import db
from services import audit as audits
from services.access import Principal, Right
from services.account import one_time
from services.errors import Missing
from services.stamp import Stamp

IDLE = dt.timedelta(hours=2)
IDLE_STAFF = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)
SEEN_EVERY = dt.timedelta(minutes=1)


def begin(
    account: Account,
    *,
    device: str = "",
    first_factor: FirstFactor = FirstFactor.CODE,
    second_factor: bool = False,
    stamp: Stamp,
) -> str:
    """Open a sign-in; answers the token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    row = SignIn(
        account_id=account.id,
        token_hash=one_time.token_hash(token),
        started_at=stamp.when,
        seen_at=stamp.when,
        proven_at=stamp.when,
        first_factor=first_factor,
        second_factor_at=stamp.when if second_factor else None,
        device=device[:120],
        address=stamp.address,
    )
    db.session.add(row)
    audits.record("account.signed_in", account, stamp=stamp, way=first_factor.value)
    return token


def find(token: str, now: dt.datetime) -> SignIn | None:
    """The live sign-in of a token, its account and grants loaded with it."""
    row = db.session.scalars(
        sa.select(SignIn)
        .where(SignIn.token_hash == one_time.token_hash(token), SignIn.ended_at.is_(None))
        .options(
            joinedload(SignIn.account).selectinload(Account.grants),
            joinedload(SignIn.account).joinedload(Account.person),
        )
    ).one_or_none()
    return row if row is not None and is_live(row, now) else None


def is_live(row: SignIn, now: dt.datetime) -> bool:
    """Within its idle and longest time, not ended, of an enabled account. A badge lives as long as its
    grant.
    """
    who = principal(row, now)
    idle = IDLE_STAFF if who.is_staff else IDLE
    return (
        row.ended_at is None
        and row.account.is_enabled
        and (row.account.kind is not Kind.BADGE or bool(who.rights))
        and now - row.seen_at <= idle
        and now - row.started_at <= LONGEST
    )


def principal(row: SignIn, now: dt.datetime) -> Principal:
    """The rights in force at a moment."""
    account = row.account
    return Principal(
        account_id=account.id,
        account_code=account.code,
        person_id=account.person_id,
        rights=frozenset(
            Right(grant.role, (grant.scope_kind, grant.scope_code))
            for grant in account.grants
            if grant.is_in_force(now)
        ),
        proven_at=row.proven_at,
        second_factor=row.second_factor_at is not None,
    )


def is_seen_due(row: SignIn, now: dt.datetime) -> bool:
    return now - row.seen_at >= SEEN_EVERY


def saw(row_id: int, *, now: dt.datetime) -> None:
    """Remember that a sign-in was used: at most once a minute."""
    db.session.execute(
        sa.update(SignIn).where(SignIn.id == row_id, SignIn.ended_at.is_(None)).values(seen_at=now)
    )


def prove(row: SignIn, *, second_factor: bool, stamp: Stamp) -> str:
    """They proved again who they are: the token changes, the sign-in goes on (R18)."""
    token = secrets.token_urlsafe(32)
    row.token_hash = one_time.token_hash(token)
    row.proven_at = stamp.when
    if second_factor:
        row.second_factor_at = stamp.when
    audits.record("account.proven", row.account, stamp=stamp, second_factor=second_factor)
    return token


def end(row: SignIn, *, stamp: Stamp) -> None:
    if row.ended_at is None:
        row.ended_at = stamp.when
        audits.record("account.signed_out", row.account, stamp=stamp)


def end_all(account: Account, *, but: SignIn | None = None, stamp: Stamp) -> int:
    """End every sign-in of an account, but perhaps this one."""
    rows = [row for row in listing(account) if but is None or row.id != but.id]
    for row in rows:
        row.ended_at = stamp.when
    audits.record("account.sign_ins_ended", account, stamp=stamp, count=len(rows))
    return len(rows)


def listing(account: Account) -> Sequence[SignIn]:
    """Live or idle, newest first: what the account page shows."""
    return db.session.scalars(
        sa.select(SignIn)
        .where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
        .order_by(SignIn.seen_at.desc())
    ).all()


def get(account: Account, code: str) -> SignIn:
    """One of an account's own sign-ins. Raises `Missing` for another's."""
    for row in listing(account):
        if row.code == code:
            return row
    raise Missing
