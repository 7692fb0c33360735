"""Changing what an account is known and opened by: each tells the old address, ends the other sign-ins (R07)."""

import datetime as dt
from typing import Final

from models.account import Account, Kind, SignIn
from services import audit as audits
from services import notification as notifications
from services.access import STAFF
from services.account import codes, loading, passwords, sign_ins
from services.account.contacts import Contact
from services.account.reasons import AccountDisabled, LastWayIn, NoAccount, Taken, WeakPassword
from services.errors import Denied
from services.stamp import Stamp
from services.text import LOCALES, Sentence, _, clean_name

WHAT: Final[dict[str, Sentence]] = {
    "password": _("密码"),
    "phone": _("手机号"),
    "email": _("邮箱"),
    "second_factor": _("第二重验证"),
    "disabled": _("账号状态"),
    "token": _("接口令牌"),
}
"""What a message about a change names."""


def set_password(account: Account, password: str, *, now: dt.datetime) -> None:
    """Store a password that may be chosen. Raises `WeakPassword` with the reason."""
    no = passwords.refusal(password, _own_words(account), staff=is_staff(account, now))
    if no is not None:
        raise WeakPassword(no)
    account.password_hash = passwords.hashed(password)


def change_password(account: Account, password: str, *, but: SignIn | None = None, stamp: Stamp) -> None:
    """A new password; every sign-in but this one ends. Raises `WeakPassword`, and `Denied` for a badge."""
    _must_be_personal(account)
    set_password(account, password, now=stamp.when)
    _changed(account, "password", but=but, stamp=stamp)


def reset_password(proof: codes.Proof, contact: Contact, password: str, *, stamp: Stamp) -> Account:
    """A new password for whoever read the code; all sign-ins end. Raises `NoAccount`, `WeakPassword`,
    `BadCode`.
    """
    codes.spend(proof, stamp=stamp)
    account = loading.find(contact)
    if account is None:
        raise NoAccount
    if not account.is_enabled:
        raise AccountDisabled
    change_password(account, password, stamp=stamp)
    return account


def drop_password(account: Account, *, but: SignIn | None = None, stamp: Stamp) -> None:
    """From now on by code only. Raises `LastWayIn`."""
    if account.phone_index is None:
        raise LastWayIn
    account.password_hash = None
    _changed(account, "password", but=but, stamp=stamp)


def change_contact(
    account: Account, proof: codes.Proof, contact: Contact, *, but: SignIn | None = None, stamp: Stamp
) -> None:
    """A new phone or e-mail, shown by a code to it; the old one is told. Raises `Taken`, `BadCode`, and
    `Denied` for a badge: whoever bound their own phone to it could enter by that phone no more once it is over.
    """
    _must_be_personal(account)
    codes.spend(proof, stamp=stamp)
    other = loading.find(contact)
    if other is not None and other.id != account.id:
        raise Taken
    old = account.phone if contact.is_phone else account.email
    loading.set_contact(account, contact, stamp=stamp)
    loading.add(account)
    what = "phone" if contact.is_phone else "email"
    _changed(account, what, but=but, stamp=stamp, old=old, is_phone=contact.is_phone)


def rename(account: Account, display_name: str, *, stamp: Stamp) -> None:
    """Raises `BadText`."""
    account.display_name = clean_name(display_name)
    audits.record("account.renamed", account, stamp=stamp)


def choose_language(account: Account, language: str, *, stamp: Stamp) -> None:
    """The language of their messages, and of pages where the browser says nothing else."""
    if language not in LOCALES:
        raise ValueError(language)
    account.language = language
    audits.record("account.language_chosen", account, stamp=stamp, language=language)


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


def is_staff(account: Account, now: dt.datetime) -> bool:
    return any(grant.role in STAFF and grant.is_in_force(now) for grant in account.grants)


def _must_be_personal(account: Account) -> None:
    """A badge is paper for one day: it is nobody's, and opens by its PIN."""
    if account.kind is not Kind.PERSONAL:
        raise Denied


def _changed(
    account: Account,
    what: str,
    *,
    but: SignIn | None,
    stamp: Stamp,
    old: str | None = None,
    is_phone: bool = True,
) -> None:
    sign_ins.end_all(account, but=but, stamp=stamp)
    tell_change(account, what, stamp=stamp, old=old, is_phone=is_phone)
    audits.record(f"account.{what}_changed", account, stamp=stamp)


def _own_words(account: Account) -> list[str]:
    """What a guesser knows about the owner."""
    words = [account.display_name, account.phone or "", *(account.email or "").replace("@", ".").split(".")]
    person = account.person
    if person is not None:
        words += [person.name, person.phone or "", person.workplace or ""]
        words += [document.number for document in person.documents]
    return words
