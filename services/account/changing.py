"""Changing what an account is known and opened by: each tells the old address, ends the other sign-ins (R07)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from models.account import Account, Kind, PasswordWay, SignIn
from services import audit as audits
from services.access import SECOND_FACTOR, STAFF
from services.account import codes, loading, passwords, sign_ins, telling, tokens
from services.account.contacts import Contact
from services.account.reasons import AccountDisabled, LastWayIn, NoAccount, Taken, WeakPassword
from services.errors import Denied
from services.stamp import Stamp
from services.text import LOCALES, clean_name


@dataclass(frozen=True, slots=True)
class Chosen:
    """A password that may be chosen, hashed already. Made before the transaction, since estimate and hash take time."""

    hashed: str

    def __repr__(self) -> str:
        return "Chosen()"


def choose(account: Account | None, password: str, *, words: Iterable[str] = (), now: dt.datetime) -> Chosen:
    """Judge and hash a password for an account, or for one that is still to be opened. `words`: what else a guesser
    knows about its owner. Raises `WeakPassword` with the reason.
    """
    known = [*words, *(_own_words(account) if account is not None else ())]
    no = passwords.refusal(password, known, staff=account is not None and is_staff(account, now))
    if no is not None:
        raise WeakPassword(no)
    return Chosen(passwords.hashed(password))


def choose_first(contact: Contact, display_name: str, password: str, *, now: dt.datetime) -> Chosen:
    """The password of somebody who signs up. Raises `WeakPassword`."""
    return choose(None, password, words=[display_name, *contact.value.replace("@", ".").split(".")], now=now)


def set_password(account: Account, chosen: Chosen, *, way: PasswordWay = PasswordWay.OWN) -> None:
    account.password_hash, account.password_set_by = chosen.hashed, way


def change_password(
    account: Account,
    chosen: Chosen,
    *,
    way: PasswordWay = PasswordWay.OWN,
    but: SignIn | None = None,
    stamp: Stamp,
) -> None:
    """A new password; every sign-in but this one ends, and every token. Raises `Denied` for a badge."""
    _must_be_personal(account)
    set_password(account, chosen, way=way)
    tokens.revoke_all(account, stamp=stamp)
    _changed(account, "password", but=but, stamp=stamp)


def reset_password(proof: codes.Proof, contact: Contact, chosen: Chosen, *, stamp: Stamp) -> Account:
    """A new password for whoever read the code; all sign-ins and tokens end. Raises `NoAccount`, `BadCode`.

    It proves the phone or the e-mail and nothing else: from then on neither the two together, nor an
    authenticator that was set up with them, are two factors (`services.account.factors`).
    """
    codes.spend(proof, stamp=stamp)
    account = loading.find(contact)
    if account is None:
        raise NoAccount
    if not account.is_enabled:
        raise AccountDisabled
    way = PasswordWay.SMS if contact.is_phone else PasswordWay.MAIL
    is_all = way is PasswordWay.SMS or account.phone_sealed is None
    if is_all and account.totp_sealed is None and needs_second_factor(account, stamp.when):
        account.factor_lost = True
    change_password(account, chosen, way=way, stamp=stamp)
    return account


def drop_password(account: Account, *, but: SignIn | None = None, stamp: Stamp) -> None:
    """From now on by code only. Raises `LastWayIn`."""
    if account.phone_index is None:
        raise LastWayIn
    account.password_hash = account.password_set_by = None
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


def is_staff(account: Account, now: dt.datetime) -> bool:
    return any(grant.role in STAFF and grant.is_in_force(now) for grant in account.grants)


def needs_second_factor(account: Account, now: dt.datetime) -> bool:
    """Whether a right of theirs asks for two factors."""
    return any(grant.role in SECOND_FACTOR and grant.is_in_force(now) for grant in account.grants)


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
    telling.tell_change(account, what, stamp=stamp, old=old, is_phone=is_phone)
    audits.record(f"account.{what}_changed", account, stamp=stamp)


def _own_words(account: Account) -> list[str]:
    """What a guesser knows about the owner."""
    words = [account.display_name, account.phone or "", *(account.email or "").replace("@", ".").split(".")]
    person = account.person
    if person is not None:
        words += [person.name, person.phone or "", person.workplace or ""]
        words += [document.number for document in person.documents]
    return words
