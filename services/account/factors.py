"""The second factor: an authenticator's codes, or an SMS where the first factor was none (R05)."""

import sqlalchemy as sa

from models import vault
from models.account import Account, FirstFactor, SignIn
from models.base import db
from services import audit as audits
from services.account import changing, second_factor, sign_ins
from services.account.reasons import BadFactor, LastWayIn, SameFactor
from services.stamp import Stamp
from services.text import _

__all__ = [
    "BadFactor",
    "accept_totp",
    "draft_secret",
    "open_draft",
    "remove",
    "require",
    "set_up",
    "ways",
]

ISSUER = _("永川区职业技能竞赛与活动平台")


def ways(row: SignIn) -> tuple[str, ...]:
    """What may be asked of this sign-in as the second factor: of another kind than the first."""
    account = row.account
    found = []
    if account.totp_sealed is not None:
        found.append("totp")
    if account.phone_sealed is not None and row.first_factor is not FirstFactor.CODE:
        found.append("sms")
    if account.password_hash is not None and row.first_factor is not FirstFactor.PASSWORD:
        found.append("password")
    return tuple(found)


def require(row: SignIn, way: str) -> None:
    """Raise `SameFactor` unless this way is another kind of proof than the sign-in began with."""
    if way not in ways(row):
        raise SameFactor


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
    """Store the secret once its first code was right. Raises `BadFactor`."""
    secret, _address = open_draft(account, sealed)
    step = second_factor.accepts(secret, typed, stamp.when, None)
    if step is None:
        raise BadFactor
    account.totp_secret, account.totp_last_step = secret, step
    _changed(account, but=but, stamp=stamp)


def remove(account: Account, *, but: SignIn | None = None, stamp: Stamp) -> None:
    """Raises `LastWayIn` where nothing else could be the second factor of a member of staff."""
    if changing.is_staff(account, stamp.when) and not (account.phone_sealed and account.password_hash):
        raise LastWayIn(_("工作人员须保留第二重验证。请先设置密码并绑定手机号。"))
    account.totp_secret = None
    account.totp_last_step = None
    _changed(account, but=but, stamp=stamp)


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
    changing.tell_change(account, "second_factor", stamp=stamp)
    audits.record(
        "account.second_factor_changed", account, stamp=stamp, is_set=account.totp_sealed is not None
    )


def _place(account: Account) -> str:
    return vault.context("account", "totp_draft", account.code)
