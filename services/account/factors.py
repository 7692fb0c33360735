"""The second factor: an authenticator's codes; without one, an SMS or the password, of another kind than the
first (R05).

Who holds the phone holds the codes by SMS and whatever password was reset by them, so these are one factor together;
so it is with the e-mail.
Who lost the second factor goes to a security administrator, who knows them by sight (`reset`).
"""

from typing import Final

import sqlalchemy as sa

from models import vault
from models.account import Account, FirstFactor, PasswordWay, SignIn
from models.base import db
from services import audit as audits
from services.account import changing, second_factor, sign_ins, telling
from services.account.reasons import BadFactor, FactorLost, LastWayIn, OwnFactor, SameFactor
from services.stamp import Stamp
from services.text import _

__all__ = [
    "BadFactor",
    "accept_totp",
    "draft_secret",
    "open_draft",
    "remove",
    "require",
    "require_set_up",
    "reset",
    "set_up",
    "ways",
]

ISSUER = _("永川区职业技能竞赛与活动平台")


_RESET: Final[dict[PasswordWay | None, FirstFactor]] = {
    PasswordWay.SMS: FirstFactor.CODE,
    PasswordWay.MAIL: FirstFactor.MAIL,
}
"""What a password that was reset proves: the address that its code went to."""


def ways(row: SignIn) -> tuple[str, ...]:
    """What may be asked of this sign-in as the second factor: of another kind than the first, and the
    authenticator alone where there is one.
    """
    account, first = row.account, row.first_factor
    if account.totp_sealed is not None:
        return ("totp",)
    password = _RESET.get(account.password_set_by, FirstFactor.PASSWORD)
    begun = password if first is FirstFactor.PASSWORD else first
    found = []
    if account.phone_sealed is not None and begun is not FirstFactor.CODE:
        found.append("sms")
    if account.password_hash is not None and first is not FirstFactor.PASSWORD and begun is not password:
        found.append("password")
    return tuple(found)


def require(row: SignIn, way: str) -> None:
    """Raise `SameFactor` unless this way is another kind of proof than the sign-in began with."""
    if way not in ways(row):
        raise SameFactor


def require_set_up(row: SignIn) -> None:
    """Raise `FactorLost` where a first authenticator would make two factors out of the phone alone."""
    if row.account.factor_lost and row.second_factor_at is None:
        raise FactorLost


def draft_secret(account: Account) -> tuple[str, str, str]:
    """A new secret for an authenticator: (sealed for the form, as text to type, address for its QR code).

    Nothing is stored: the form brings the sealed one back.
    """
    secret = second_factor.new_secret()
    return (
        vault.seal(secret, _place(account)),
        secret,
        second_factor.address(secret, account.display_name, str(ISSUER)),
    )


def open_draft(account: Account, sealed: str) -> tuple[str, str]:
    """The text and the address of a drafted secret. Raises `BadFactor` where it is not this account's."""
    try:
        secret = vault.open(sealed, _place(account))
    except ValueError:
        raise BadFactor from None
    return secret, second_factor.address(secret, account.display_name, str(ISSUER))


def set_up(account: Account, sealed: str, typed: str, *, but: SignIn | None = None, stamp: Stamp) -> None:
    """Store the secret once its first code was right. Raises `BadFactor`, `FactorLost`."""
    if account.factor_lost and (but is None or but.second_factor_at is None):
        raise FactorLost
    secret, _address = open_draft(account, sealed)
    step = second_factor.accepts(secret, typed, stamp.when, None)
    if step is None:
        raise BadFactor
    account.totp_secret, account.totp_last_step = secret, step
    account.factor_lost = False
    _changed(account, but=but, stamp=stamp)


def remove(account: Account, *, but: SignIn | None = None, stamp: Stamp) -> None:
    """Raises `LastWayIn` where nothing else could be the second factor of a member of staff."""
    two = account.phone_sealed and account.password_hash and account.password_set_by not in _RESET
    if changing.is_staff(account, stamp.when) and not two:
        raise LastWayIn(_("工作人员须保留第二重验证。请先设置密码并绑定手机号。"))
    account.totp_secret = None
    account.totp_last_step = None
    _changed(account, but=but, stamp=stamp)


def reset(account: Account, *, by: Account, stamp: Stamp) -> None:
    """A security administrator has seen who it is: the authenticator is forgotten and a password that was reset
    too, so that a new second factor can be set up. Raises `OwnFactor` unless the two are two known persons.
    """
    if by.id == account.id or by.person_id is None or by.person_id == account.person_id:
        raise OwnFactor
    account.totp_secret, account.totp_last_step, account.factor_lost = None, None, False
    if account.password_set_by in _RESET:
        account.password_hash = account.password_set_by = None
    _changed(account, but=None, stamp=stamp)
    audits.record("account.second_factor_reset", account, stamp=stamp)


def accept_totp(account: Account, typed: str, *, stamp: Stamp) -> None:
    """Take one code of the authenticator. Raises `BadFactor`, also for one that was used (by its time step)."""
    secret = account.totp_secret
    step = (
        None if secret is None else second_factor.accepts(secret, typed, stamp.when, account.totp_last_step)
    )
    if step is None:
        raise BadFactor
    taken = db.session.execute(
        sa.update(Account)
        .where(
            Account.id == account.id, sa.or_(Account.totp_last_step.is_(None), Account.totp_last_step < step)
        )
        .values(totp_last_step=step)
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        raise BadFactor
    db.session.expire(account, ["totp_last_step"])


def _changed(account: Account, *, but: SignIn | None, stamp: Stamp) -> None:
    sign_ins.end_all(account, but=but, stamp=stamp)
    telling.tell_change(account, "second_factor", stamp=stamp)
    audits.record(
        "account.second_factor_changed", account, stamp=stamp, is_set=account.totp_sealed is not None
    )


def _place(account: Account) -> str:
    return vault.context("account", "totp_draft", account.code)
