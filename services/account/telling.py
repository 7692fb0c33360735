"""Telling the owner of an account what became of it (R07)."""

from typing import Final

from models.account import Account
from services import notification as notifications
from services.stamp import Stamp
from services.text import Sentence, _

WHAT: Final[dict[str, Sentence]] = {
    "password": _("密码"),
    "phone": _("手机号"),
    "email": _("邮箱"),
    "second_factor": _("第二重验证"),
    "disabled": _("账号状态"),
    "token": _("接口令牌"),
}
"""What a message about a change names."""


def tell_change(
    account: Account, what: str, *, stamp: Stamp, old: str | None = None, is_phone: bool = True
) -> None:
    """A message about a change, to the address it had before where that changed."""
    notifications.notify(
        account,
        "account.changed",
        stamp=stamp,
        link="/me",
        phone=old or "" if is_phone else "",
        email="" if is_phone else old or "",
        urgent=True,
        what=WHAT[what],
    )
