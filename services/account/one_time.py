"""Secrets that are good once: six-digit codes by message, and tokens in links (R05, R06).

Only a keyed digest is stored, bound to its purpose. A purpose is a string that the caller builds and that
holds whatever the secret must not be carried over to: kind, account or phone, session
("sign_in|138…|<session>"). How long it lives, how often it may be tried, and that it dies when used, is the
business of the row.
"""

import hashlib
import hmac
import re
import secrets
from typing import Final, Protocol

DIGITS: Final = 6
TOKEN_BYTES: Final = 24  # 192 bits
SHORTEST_KEY: Final = 32  # bytes

_CODE = re.compile("[0-9]{6}")


class Dice(Protocol):
    """A source of numbers: the module `secrets`, or a seeded one in the demo and in tests."""

    def randbelow(self, exclusive_upper_bound: int, /) -> int: ...


def new_code(dice: Dice | None = None) -> str:
    """Six decimal digits, each number equally likely."""
    return f"{(dice or _system).randbelow(10**DIGITS):0{DIGITS}d}"


def new_token() -> str:
    """192 random bits in 32 characters that may stand in a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is stored of a random token: SHA-256, 64 hexadecimal characters. It has bits enough to need no key."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_code(typed: str) -> bool:
    """Whether it is exactly six ASCII digits; anything else need not count as a try."""
    return _CODE.fullmatch(typed) is not None


def digest(purpose: str, secret: str, key: bytes) -> str:
    """What is stored: HMAC-SHA-256, 64 hexadecimal characters. The key has 32 bytes or more, else
    ValueError.

    A code has only a million values: without the key its digest hides nothing, so the key lives outside the
    database.
    """
    if len(key) < SHORTEST_KEY:
        raise ValueError("a key of 32 bytes or more")
    said = purpose.encode("utf-8", "surrogatepass")
    message = len(said).to_bytes(4, "big") + said + secret.encode("utf-8", "surrogatepass")
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def matches(stored: str, purpose: str, typed: str, key: bytes) -> bool:
    """Whether what was typed is the secret of this purpose. Constant time; never raises for any text."""
    return hmac.compare_digest(stored.encode("utf-8", "surrogatepass"), digest(purpose, typed, key).encode())


class _System:
    def randbelow(self, exclusive_upper_bound: int, /) -> int:
        return secrets.randbelow(exclusive_upper_bound)


_system: Final = _System()
