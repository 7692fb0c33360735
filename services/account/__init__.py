"""Accounts: entering, leaving, what one is known by, and what one may do.

Knows persons and messages; knows neither units nor activities, which it names by their codes. What is thrown
off here as a refusal never tells a stranger whether an account exists.
"""

from services.account import (
    badges,
    changing,
    claims,
    codes,
    consents,
    contacts,
    entering,
    factors,
    first,
    grants,
    guardians,
    passwords,
    reasons,
    second_factor,
    sign_ins,
    tokens,
)
from services.account.changing import (
    change_contact,
    change_password,
    choose_language,
    drop_password,
    rename,
    reset_password,
)
from services.account.contacts import Contact
from services.account.disabling import disable, enable
from services.account.entering import Entered, by_code, by_password, sign_up
from services.account.grants import grant, revoke
from services.account.loading import find, find_by_phone, get, open_account, search

__all__ = [
    "Contact",
    "Entered",
    "badges",
    "by_code",
    "by_password",
    "change_contact",
    "change_password",
    "changing",
    "choose_language",
    "claims",
    "codes",
    "consents",
    "contacts",
    "disable",
    "drop_password",
    "enable",
    "entering",
    "factors",
    "find",
    "find_by_phone",
    "first",
    "get",
    "grant",
    "grants",
    "guardians",
    "open_account",
    "passwords",
    "reasons",
    "rename",
    "reset_password",
    "revoke",
    "search",
    "second_factor",
    "sign_ins",
    "sign_up",
    "tokens",
]
