"""Time-based codes of an authenticator (RFC 6238): six digits, 30 seconds, SHA-1, as all authenticators
know.

A code is good once: whoever accepts it keeps the time step it belonged to, and nothing of that step or
before is accepted again. The guard is by step and not by text, since one code can be written in many ways
(R05).
"""

import datetime as dt
import hmac
import re
from typing import Final

import pyotp

STEP: Final = 30  # seconds
DRIFT: Final = 1  # steps to either side, for clocks that are off

_SIX_DIGITS = re.compile("[0-9]{6}")


def new_secret() -> str:
    """160 random bits in base32, to be sealed before it is stored."""
    return pyotp.random_base32()


def address(secret: str, account: str, issuer: str) -> str:
    """The `otpauth:` address for the authenticator's QR code. It holds the secret: shown once, never
    logged.
    """
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def accepts(secret: str, typed: str, at: dt.datetime, last_step: int | None) -> int | None:
    """The time step to store as the new `last_step`, or None where the code is refused.

    Exactly six ASCII digits; full-width, superscript or spaced ones are refused. `at` is aware. Of several
    steps with the same code the latest is taken, so that none of them is left to be used. The caller stores
    the step in the same transaction, by `UPDATE … WHERE last_step < step`. Raises ValueError for a naive
    moment.
    """
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    if not _SIX_DIGITS.fullmatch(typed):
        return None
    now = int(at.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    accepted: int | None = None
    for step in range(max(0, now - DRIFT), now + DRIFT + 1):  # all of them, whichever fits: equal time
        fits = hmac.compare_digest(totp.generate_otp(step), typed)
        if fits and (last_step is None or step > last_step):
            accepted = step
    return accepted
