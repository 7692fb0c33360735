"""Tokens for programs: made by a person who has just proved who they are, shown once, kept as a hash (R18).

A token speaks for the account's person and for nothing else: rights of staff never travel through one, whoever made it.
What it may is read anew at each request, so a token taken back and an account closed are refused at the next one.
"""

import datetime as dt
import re
import secrets
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account, Kind, Role
from models.base import db
from models.token import ApiToken, TokenScope
from services import audit as audits
from services.access import Principal, Right
from services.account import one_time, telling
from services.errors import Denied, Missing, Refused
from services.stamp import Stamp
from services.text import _, clean_line

LONGEST = dt.timedelta(days=365)
MOST = 20
"""Good tokens an account may have at a time."""
USED_EVERY = dt.timedelta(minutes=1)
CARRIED = frozenset({Role.CONTESTANT})
"""The roles that a token takes along."""
LABEL = 40

_SECRET = re.compile("yj_[A-Za-z0-9_-]{43}")


class TooManyTokens(Refused):
    sentence = _("最多同时使用 %(most)s 个令牌，请先停用不再需要的。", most=MOST)


class BadTerm(Refused):
    sentence = _("有效期应在 1 到 365 天之间。")


class NoScope(Refused):
    sentence = _("请至少选择一项权限。")


def create(
    account: Account, label: str, scopes: Iterable[TokenScope], term: dt.timedelta, *, stamp: Stamp
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is kept nowhere else. Raises BadTerm, NoScope, TooManyTokens, BadText."""
    if account.kind is not Kind.PERSONAL:
        raise Denied
    if not dt.timedelta() < term <= LONGEST:
        raise BadTerm
    chosen = sorted({scope.value for scope in scopes})
    if not chosen:
        raise NoScope
    db.session.refresh(account, ["disabled_at"], with_for_update=True)
    if len([row for row in listing(account) if row.is_good(stamp.when)]) >= MOST:
        raise TooManyTokens
    secret = f"yj_{secrets.token_urlsafe(32)}"
    row = ApiToken(
        account=account,
        token_hash=one_time.token_hash(secret),
        label=clean_line(label, LABEL),
        scopes=chosen,
        created_at=stamp.when,
        expires_at=stamp.when + term,
    )
    db.session.add(row)
    db.session.flush()
    audits.record(
        "token.created", row, stamp=stamp, scopes=",".join(chosen), until=row.expires_at.isoformat()
    )
    telling.tell_change(account, "token", stamp=stamp)
    return row, secret


def revoke(row: ApiToken, *, stamp: Stamp) -> None:
    """It opens nothing from now on. Doing so again changes nothing."""
    if row.revoked_at is None:
        row.revoked_at = stamp.when
        audits.record("token.revoked", row, stamp=stamp)


def revoke_all(account: Account, *, stamp: Stamp) -> None:
    """None of an account's tokens opens anything from now on."""
    for row in listing(account):
        revoke(row, stamp=stamp)


def find(secret: str, now: dt.datetime) -> ApiToken | None:
    """The good token of a secret, of an account that is not closed."""
    if not _SECRET.fullmatch(secret):
        return None
    row = db.session.scalars(
        sa.select(ApiToken)
        .where(ApiToken.token_hash == one_time.token_hash(secret))
        .options(
            joinedload(ApiToken.account).selectinload(Account.grants),
            joinedload(ApiToken.account).joinedload(Account.person),
        )
    ).one_or_none()
    return row if row is not None and row.is_good(now) and row.account.is_enabled else None


def principal(row: ApiToken, now: dt.datetime) -> Principal:
    """The account's person, without any right of staff and without a fresh proof."""
    account = row.account
    return Principal(
        account_id=account.id,
        account_code=account.code,
        person_id=account.person_id,
        rights=frozenset(
            Right(grant.role, (grant.scope_kind, grant.scope_code))
            for grant in account.grants
            if grant.role in CARRIED and grant.is_in_force(now)
        ),
    )


def is_use_due(row: ApiToken, now: dt.datetime) -> bool:
    return row.used_at is None or now - row.used_at >= USED_EVERY


def used(row_id: int, *, now: dt.datetime) -> None:
    """Remember that a token was used: at most once a minute."""
    db.session.execute(sa.update(ApiToken).where(ApiToken.id == row_id).values(used_at=now))


def listing(account: Account) -> Sequence[ApiToken]:
    """All that were not taken back, the newest first, run out or not."""
    return db.session.scalars(
        sa.select(ApiToken)
        .where(ApiToken.account_id == account.id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id.desc())
    ).all()


def get(account: Account, code: str) -> ApiToken:
    """One of an account's own tokens. Raises `Missing` for another's."""
    for row in listing(account):
        if row.code == code:
            return row
    raise Missing
