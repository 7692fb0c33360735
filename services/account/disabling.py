"""Closing an account and opening it again (R09)."""

from models.account import Account, Role
from services import audit as audits
from services.account import grants, sign_ins, telling, tokens
from services.account.reasons import OwnGrant
from services.stamp import Stamp


def disable(account: Account, *, reason: str, stamp: Stamp) -> None:
    """Nobody enters any more, and who is in is out at the next request; tokens are void for good. Raises `OwnGrant`,
    `LastAdministrator`.
    """
    if stamp.account_id == account.id:
        raise OwnGrant
    if account.disabled_at is not None:
        return
    if any(g.role is Role.SECURITY_ADMIN and g.is_in_force(stamp.when) for g in account.grants):
        grants.refuse_last_administrator(account, stamp)
    account.disabled_at = stamp.when
    sign_ins.end_all(account, stamp=stamp)
    tokens.revoke_all(account, stamp=stamp)
    telling.tell_change(account, "disabled", stamp=stamp)
    audits.record("account.disabled", account, stamp=stamp, reason=reason[:200])


def enable(account: Account, *, stamp: Stamp) -> None:
    if account.disabled_at is None:
        return
    account.disabled_at = None
    telling.tell_change(account, "disabled", stamp=stamp)
    audits.record("account.enabled", account, stamp=stamp)
