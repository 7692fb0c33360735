"""Ways in: by a code, by a password; and a new account for whoever has none (R01, R03, R04)."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from models.account import Account, FirstFactor, Purpose
from models.base import db
from services import throttle
from services.account import changing, codes, consents, loading, passwords, sign_ins
from services.account.contacts import Contact
from services.account.reasons import AccountDisabled, NoConsent, WrongPassword
from services.stamp import Stamp
from services.text import BadText, _

SIGN_UP_LIFE: Final = dt.timedelta(minutes=30)
WINDOW: Final = dt.timedelta(minutes=15)
TRIES_HERE: Final = 5
TRIES_ELSEWHERE: Final = 30


@dataclass(frozen=True, slots=True)
class Entered:
    """A sign-in that began: whose, and the token for the browser."""

    account: Account
    token: str


def by_code(proof: codes.Proof, contact: Contact, *, device: str = "", stamp: Stamp) -> Entered | None:
    """Sign in whoever read the code. None where the contact has no account: they may open one. Raises
    `AccountDisabled`.
    """
    codes.spend(proof, stamp=stamp)
    account = loading.find(contact)
    if account is None:
        return None
    way = FirstFactor.CODE if contact.is_phone else FirstFactor.MAIL
    return _enter(account, way, device=device, stamp=stamp)


def invite_to_sign_up(contact: Contact, *, bound_to: str, stamp: Stamp) -> str:
    """A token that says: this browser has shown that the contact is theirs. Good for one `sign_up`, 30
    minutes.
    """
    return codes.make_token(Purpose.SIGN_UP, contact.index, life=SIGN_UP_LIFE, bound_to=bound_to, stamp=stamp)


def sign_up(
    proof: codes.Proof,
    contact: Contact,
    *,
    display_name: str,
    password: changing.Chosen | None = None,
    agrees: bool,
    language: str = "zh",
    device: str = "",
    stamp: Stamp,
) -> Entered:
    """Open an account with its first sign-in. Raises `NoConsent`, `Taken`, `BadCode`, `BadText`."""
    if not agrees:
        raise NoConsent
    codes.spend(proof, stamp=stamp)
    account = loading.open_account(
        display_name,
        phone=contact.value if contact.is_phone else None,
        email=None if contact.is_phone else contact.value,
        language=language,
        stamp=stamp,
    )
    if password is not None:
        changing.set_password(account, password)
    consents.record(account, consents.ConsentPurpose.PRIVACY, stamp=stamp)
    way = FirstFactor.CODE if contact.is_phone else FirstFactor.MAIL
    return _enter(account, way, device=device, stamp=stamp)


# --- by password ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Matched:
    """The password was right, for the hash that was stored then."""

    account_id: int
    stored: str
    better: str | None
    """The same password hashed with today's parameters, where the stored ones are older."""


def admit_password(login: str, *, address: str, known_device: str | None) -> None:
    """Count one try. Raises `TooOften`.

    Five in 15 minutes for an account from one address, thirty for an account from everywhere. A browser that
    was signed in to the account before has a tally of its own, so that a stranger's tries never lock its
    owner out; and a code to the phone opens the account all the same.
    """
    who = _key_of(login)
    sentence = _("尝试次数过多，请 15 分钟后再试，或用验证码登录。")
    if known_device:
        throttle.admit((f"password:{who}:known:{known_device}"[:160], TRIES_HERE, WINDOW), sentence=sentence)
        return
    throttle.admit((f"password:{who}:{address}"[:160], TRIES_HERE, WINDOW), sentence=sentence)
    throttle.admit((f"password:{who}", TRIES_ELSEWHERE, WINDOW), sentence=sentence)


def forgive_password(login: str, *, address: str, known_device: str | None) -> None:
    """After the right one: the tries of this address count no more."""
    who = _key_of(login)
    throttle.forget(
        f"password:{who}:known:{known_device}"[:160] if known_device else f"password:{who}:{address}"[:160]
    )


def match_password(login: str, typed: str) -> Matched:
    """Compare, outside any transaction, since it takes time. Raises `WrongPassword`; equal time for all
    (R03).
    """
    account = _find(login)
    stored = account.password_hash if account is not None else None
    if not passwords.matches(stored, typed) or account is None or stored is None:
        raise WrongPassword
    better = passwords.hashed(typed) if passwords.needs_rehash(stored) else None
    return Matched(account.id, stored, better)


def by_password(matched: Matched, *, device: str = "", stamp: Stamp) -> Entered:
    """Sign in. Raises `WrongPassword` where it was changed meanwhile, `AccountDisabled`."""
    account = db.session.get_one(Account, matched.account_id)
    if account.password_hash != matched.stored:
        raise WrongPassword
    if matched.better:
        account.password_hash = matched.better
    return _enter(account, FirstFactor.PASSWORD, device=device, stamp=stamp)


def _find(login: str) -> Account | None:
    try:
        return loading.find(Contact.read(login))
    except BadText:
        return None


def _key_of(login: str) -> str:
    """One key for all spellings of a login, whether or not it is anybody's."""
    try:
        return Contact.read(login).index
    except BadText:
        return "nobody"


def _enter(account: Account, way: FirstFactor, *, device: str, stamp: Stamp) -> Entered:
    if not account.is_enabled:
        raise AccountDisabled
    return Entered(account, sign_ins.begin(account, device=device, first_factor=way, stamp=stamp))
