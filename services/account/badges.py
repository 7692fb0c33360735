"""Badges: an account for one day, opened by a QR link and a PIN, for helpers and judges without one of their
own.

An organiser hands the paper out; the role lies in one activity and ends with the day. Badge and PIN are two
factors by themselves. A badge is no person: it never counts where two persons are asked for.
"""

import datetime as dt
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from models.account import Account, FirstFactor, Grant, Kind, Role, ScopeKind
from models.base import db
from services import audit as audits
from services import throttle
from services.account import grants, loading, one_time, passwords, sign_ins
from services.account.entering import Entered
from services.account.reasons import WrongPin, WrongState
from services.stamp import Stamp, local_moment
from services.text import _, clean_name

ROLES: Final = (Role.CHECKIN_HELPER, Role.SCORING_JUDGE, Role.SCORE_CLERK, Role.SUPERVISOR, Role.EXPERT)
PIN_DIGITS: Final = 6
TRIES: Final = 5
WINDOW: Final = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Badge:
    """Shown once: token and PIN are kept as hashes only."""

    account: Account
    token: str
    pin: str

    def __repr__(self) -> str:
        return f"Badge({self.account!r})"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Token and PIN of a badge to be issued, the PIN hashed: drawn before the transaction, since hashing takes time."""

    token: str
    pin: str
    hashed: str

    def __repr__(self) -> str:
        return "Drawn()"


def draw() -> Drawn:
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    return Drawn(one_time.new_token(), pin, passwords.hashed(pin))


def issue(
    activity_code: str,
    role: Role,
    display_name: str,
    *,
    drawn: Drawn,
    day: dt.date,
    stamp: Stamp,
    door_code: str | None = None,
) -> Badge:
    """A badge for one day, from its first moment (or now) to its end in Yongchuan. Raises `BadText`,
    `WrongState` for a day that is over; ValueError for a role that no badge may carry. Who may issue is the
    door's to ask.

    `door_code`: the one check-in point it is for; then its role must be a helper's.
    """
    if door_code and role is not Role.CHECKIN_HELPER:
        raise ValueError(f"a badge of one door carries no {role}")
    if role not in ROLES:
        raise ValueError(f"no badge carries {role}")
    ends_at = local_moment(day + dt.timedelta(days=1))
    if ends_at <= stamp.when:
        raise WrongState(_("这一天已经过去，请选择今天或以后的日期。"))
    account = Account(
        kind=Kind.BADGE,
        display_name=clean_name(display_name),
        badge_index=loading.badge_index(drawn.token),
        password_hash=drawn.hashed,
        created_at=stamp.when,
    )
    db.session.add(account)
    db.session.flush()
    grants.grant(
        account,
        role,
        (ScopeKind.DOOR, door_code) if door_code else (ScopeKind.ACTIVITY, activity_code),
        starts_at=max(stamp.when, local_moment(day)),
        ends_at=ends_at,
        stamp=stamp,
    )
    audits.record("account.badge_issued", account, stamp=stamp, role=role.value, activity=activity_code)
    return Badge(account, drawn.token, drawn.pin)


def find(token: str, now: dt.datetime) -> Account | None:
    """The badge of a link, on its day."""
    if not token or len(token) > 100:
        return None
    account = db.session.scalars(
        sa.select(Account).where(
            Account.badge_index == loading.badge_index(token), Account.kind == Kind.BADGE
        )
    ).one_or_none()
    if account is None or not account.is_enabled or not any(g.is_in_force(now) for g in account.grants):
        return None
    return account


def admit(token: str) -> None:
    """Count one try of a PIN. Raises `TooOften`."""
    throttle.admit(
        (f"badge:{loading.badge_index(token[:100])}", TRIES, WINDOW),
        sentence=_("口令尝试次数过多，请 15 分钟后再试，或请发证人重新发放。"),
    )


def match(token: str, pin: str, now: dt.datetime) -> Account:
    """Compare a PIN, outside any transaction. Raises `WrongPin`; equal time for badges that do not exist."""
    account = find(token, now)
    fits = passwords.matches(account.password_hash if account else None, pin)
    if account is None or not fits:
        raise WrongPin
    return account


def enter(account: Account, *, device: str = "", stamp: Stamp) -> Entered:
    """Begin the sign-in of a badge whose PIN was right. Raises `WrongPin` where it ended meanwhile."""
    if not account.is_enabled or not any(g.is_in_force(stamp.when) for g in account.grants):
        raise WrongPin
    token = sign_ins.begin(
        account, device=device, first_factor=FirstFactor.BADGE, second_factor=True, stamp=stamp
    )
    return Entered(account, token)


def withdraw(account: Account, *, stamp: Stamp) -> None:
    """A lost badge opens nothing any more."""
    if account.kind is not Kind.BADGE:
        raise ValueError("not a badge")
    account.disabled_at = account.disabled_at or stamp.when
    sign_ins.end_all(account, stamp=stamp)
    audits.record("account.badge_withdrawn", account, stamp=stamp)


def listing(activity_code: str, door_codes: Collection[str] = ()) -> Sequence[Grant]:
    """The grants of an activity's badges, those of its doors among them, newest first."""
    return db.session.scalars(
        sa.select(Grant)
        .join(Grant.account)
        .where(
            Account.kind == Kind.BADGE,
            sa.or_(
                sa.and_(Grant.scope_kind == ScopeKind.ACTIVITY, Grant.scope_code == activity_code),
                sa.and_(Grant.scope_kind == ScopeKind.DOOR, Grant.scope_code.in_(door_codes)),
            ),
        )
        .order_by(Grant.id.desc())
    ).all()
