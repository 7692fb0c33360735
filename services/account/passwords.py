"""Passwords: how they are stored, and which are refused.

Stored as Argon2id with 19 MiB, two passes, one lane (R01, the OWASP figures): about 20 ms of one core.
Refused when short, made of the user's own particulars, or easily guessed; there are no rules of
composition. A phone code is the ordinary way in, so a password is for those who want one, and for staff.

How easily one is guessed is reckoned in `services.account.guessing`.
"""

import base64
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from services.account import guessing
from services.text import Sentence, _

SHORTEST: Final = 10  # characters
SHORTEST_FOR_STAFF: Final = 12
LONGEST: Final = 128  # refused before hashing, so that hashing has a bounded cost
HARD_ENOUGH: Final = 8.0  # ten to this power of tries

_hasher = PasswordHasher(
    time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)


def _nobody() -> str:
    """A stored hash that no password has: random bytes in place of a result. Checking against it costs the
    same.
    """
    salt, result = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${result}"


_NOBODY: Final = _nobody()


def _prepared(password: str) -> str:
    """One spelling of what was typed: NFC, every kind of space as the plain one (RFC 8265, OpaqueString)."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in password)
    return unicodedata.normalize("NFC", spaced)


def _is_storable(password: str) -> bool:
    return 0 < len(password) <= LONGEST and not any(0xD800 <= ord(c) <= 0xDFFF for c in password)


def hashed(password: str) -> str:
    """What is stored. Raises ValueError for what `refusal` would not have let through: empty, too long, not
    text.
    """
    prepared = _prepared(password) if len(password) <= LONGEST else password
    if not _is_storable(prepared):
        raise ValueError("a password that must be refused before hashing")
    return _hasher.hash(prepared)


def matches(stored: str | None, typed: str) -> bool:
    """Whether this is the password. `stored` is None for an unknown account or one without a password: the
    same work is done and the answer is no, so that the time tells nothing (R03). Never raises.
    """
    prepared = _prepared(typed) if len(typed) <= LONGEST else typed
    possible = stored is not None and _is_storable(prepared)
    try:
        return _hasher.verify(stored if possible and stored else _NOBODY, prepared if possible else "-")
    except InvalidHashError:  # a stored value that is not a hash: pay the price all the same
        return matches(None, typed)
    except VerificationError:
        return False


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's; ask after `matches`, then store `hashed`
    again.
    """
    return _hasher.check_needs_rehash(stored)


def refusal(password: str, context_words: Iterable[str] = (), *, staff: bool = False) -> Sentence | None:
    """Why a password cannot be chosen, or None. `context_words`: the user's login, name, unit, phone,
    document number.

    Six digits or more in a row of an own number refuse by themselves; other own words count as guessed.
    Never raises.
    """
    shortest = SHORTEST_FOR_STAFF if staff else SHORTEST
    if len(password) > LONGEST:
        return _("密码最多 %(longest)s 个字符。", longest=LONGEST)
    password = _prepared(password)
    if len(password) < shortest:
        return _("密码至少 %(shortest)s 个字符，可以用几个不相关的词，中间可有空格。", shortest=shortest)
    if not _is_storable(password):
        return _("密码含有无法保存的字符，请换一个。")
    plain = guessing.folded(password)
    words = [word for word in map(guessing.folded, context_words) if word]
    if any(_has_own_number(plain, word) for word in words):
        return _("密码不能包含本人手机号或证件号码中的数字。")
    if plain in guessing.ranks() or len(set(plain)) <= 3:
        return _("这个密码太常见，请换一个。")
    if guessing.difficulty(password, words) < HARD_ENOUGH:
        return _("这个密码容易被猜到，请避开常用词、姓名、单位、年份和连续字符，改用几个不相关的词。")
    return None


def _has_own_number(folded: str, word: str) -> bool:
    """Whether six digits in a row of a long own number stand in the password, forwards."""
    if len(word) < 8 or not word[:-1].lstrip("+hm").isdecimal():
        return False
    return any(word[i : i + 6] in folded for i in range(len(word) - 5) if word[i : i + 6].isdecimal())
