"""Ed25519 signatures as the platform makes them: `<kid>.<base64url>` over a purpose and a message.

The platform signs with the keyring; here is only what anybody can do with public keys. Also the file that
travels inside a certificate (`bundle`) and the file of public keys.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.facts import Facts, Value

CERTIFICATE: Final = "certificate"
REVOCATION: Final = "revocation"
PARTS: Final = {"facts", "signature", "statement"}  # of the attachment
LIMIT: Final = 1_000_000  # bytes of an attachment

Keys = Mapping[str, bytes]


def is_signed(purpose: str, message: bytes, signature: str, keys: Keys) -> bool:
    """Whether one of these keys, the one that the signature names, signed the message for the purpose."""
    kid, _, encoded = signature.partition(".")
    try:
        key = Ed25519PublicKey.from_public_bytes(keys[kid])
        key.verify(decoded(encoded), f"yongjiang {purpose}\n".encode() + message)
    except (KeyError, ValueError, InvalidSignature):
        return False
    return True


def bundle(statement: Mapping[str, Value], signature: str, facts: Facts) -> bytes:
    """The attachment of a certificate: statement, signature and facts, in the one spelling (RFC 8785)."""
    return rfc8785.dumps({"facts": facts.record(), "signature": signature, "statement": dict(statement)})


def unbundle(data: bytes) -> tuple[dict[str, Any], str, Facts]:
    """Statement, signature and facts of an attachment, nothing of them checked yet but the one spelling: what
    is read is what was written, to the byte (a line end after it is let pass). Raises ValueError, and its kind
    BadFacts where only the facts are wrong.
    """
    data = data.rstrip(b"\r\n")
    try:
        record = json.loads(data) if len(data) <= LIMIT else None
        if not isinstance(record, dict) or set(record) != PARTS or rfc8785.dumps(record) != data:
            raise ValueError("not facts in their one spelling")
    except (RecursionError, rfc8785.CanonicalizationError):
        raise ValueError("not facts in their one spelling") from None
    said, signature = record["statement"], record["signature"]
    if not isinstance(said, dict) or not isinstance(signature, str):
        raise ValueError("not a statement with its signature")
    return said, signature, Facts.from_record(record["facts"])


def fingerprint(key: bytes) -> str:
    """The first 80 bits of SHA-256 over the raw public key, as printed on paper: `3F2A 9C41 07BE D2A8 11C0`."""
    digest = hashlib.sha256(key).hexdigest().upper()
    return " ".join(digest[start : start + 4] for start in range(0, 20, 4))


def write_keys(keys: Keys) -> str:
    """The file of public keys: `{kid: base64url}`."""
    return json.dumps({kid: encoded(key) for kid, key in sorted(keys.items())}, indent=2) + "\n"


def read_keys(text: str) -> dict[str, bytes]:
    """Raises ValueError."""
    record: Any = json.loads(text)
    if not isinstance(record, dict) or not all(isinstance(value, str) for value in record.values()):
        raise ValueError("keys are written as {kid: base64url}")
    keys = {str(kid): decoded(value) for kid, value in record.items()}
    if any(len(key) != 32 for key in keys.values()):
        raise ValueError("a public key has 32 bytes")
    return keys


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Only the one spelling that `encoded` makes. Raises ValueError."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as fault:
        raise ValueError(str(fault)) from None
    if encoded(data) != text:
        raise ValueError("not base64url in its one spelling")
    return data
