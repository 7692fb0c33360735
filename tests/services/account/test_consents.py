"""A consent names the words that were read (R42)."""

import hashlib
from pathlib import Path

from services.account import consents

NOTICE = Path(__file__).parents[3] / "app" / "templates" / "site" / "privacy.html"


def test_version_and_hash_are_those_of_the_notice() -> None:
    text = NOTICE.read_bytes()
    assert hashlib.sha256(text).hexdigest() == consents.PRIVACY.hash, (
        "a new text: give it a new version and hash"
    )
    assert consents.PRIVACY.version in text.decode()
