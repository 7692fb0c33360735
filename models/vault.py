"""Values that the database holder must not read: sealed for keeping, indexed for finding (R37, R38, R40).

A sealed value is bound to its place: the same ciphertext in another row, column or table does not open.
What is looked up or unique has a keyed index of its normalised form beside it, since an unkeyed hash of a
document number is as good as plain text. The keyring is handed in by the composition root.
"""

import base64
import binascii
import hashlib
import hmac as hmac_
import os
from typing import Final, Generic, Literal, Self, TypeVar, overload

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.keyring import BadKeyring, Key, Keyring

__all__ = [
    "BadKeyring", "BadSeal", "Keyring", "Sealed", "blind_index", "blind_indexes", "context", "current",
    "install", "is_signed", "is_stale", "open", "public_keys", "seal", "sign",
]  # fmt: skip

ENVELOPE: Final = "1"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16

_keyring: Keyring | None = None


class BadSeal(ValueError):
    """A sealed value does not open: changed, moved from its place, or its key is gone. It never says what
    was in it.
    """


def install(keyring: Keyring | None) -> None:
    """Hand in the keyring, from the composition root, and again after rotation. None takes it away."""
    global _keyring
    _keyring = keyring


def current() -> Keyring:
    """The keyring in use. Raises RuntimeError before one is installed."""
    if _keyring is None:
        raise RuntimeError("no keyring is installed")
    return _keyring


def context(table: str, column: str, code: str) -> str:
    """The place of a value: `table|column|row code`. Raises ValueError where a part is empty or holds the
    separator.
    """
    parts = (table, column, code)
    if any(not part or "|" in part for part in parts):
        raise ValueError("a place is table, column and row code, none empty and none with |")
    return "|".join(parts)


def seal(plaintext: str, context: str) -> str:
    """`1.<alg>.<kid>.<nonce>.<ciphertext>` under the active key, base64url without padding.

    A random nonce of 96 bits each time; bound to context and key id. Sealing one text twice gives two
    envelopes.
    """
    key = current().sealing.current
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = _encrypt(key, nonce, plaintext.encode(), _bound(context, key))
    return ".".join((ENVELOPE, key.alg, key.kid, _encoded(nonce), _encoded(ciphertext)))


def open(envelope: str, context: str) -> str:
    """The text of an envelope in its place, under whichever key it names. Raises BadSeal."""
    key, nonce, ciphertext = _parsed(envelope)
    try:
        return _decrypt(key, nonce, ciphertext, _bound(context, key)).decode()
    except (InvalidTag, UnicodeDecodeError):
        raise BadSeal("a sealed value was changed or moved") from None


def is_stale(envelope: str) -> bool:
    """Whether it was sealed under another key than the active one: open it and seal it anew. Raises
    BadSeal.
    """
    return _parsed(envelope)[0].kid != current().sealing.active


def blind_index(purpose: str, normalised: str) -> str:
    """The keyed index of a normalised value under the active key, 64 hexadecimal characters.

    Equal values give equal indexes within one purpose and none across purposes ("document.passport",
    "phone").
    """
    return _indexed(current().indexing.current, purpose, normalised)


def blind_indexes(purpose: str, normalised: str) -> tuple[str, ...]:
    """The index under the active key, then under each old one: what to look for while rows are being
    indexed anew.
    """
    ring = current().indexing
    return tuple(_indexed(key, purpose, normalised) for key in (ring.current, *ring.old))


# --- signing --------------------------------------------------------------------------------------


def sign(purpose: str, message: bytes) -> str:
    """`<kid>.<signature>` by the active Ed25519 key. Bound to the purpose: a signature says one thing only."""
    key = current().signing.current
    return f"{key.kid}.{_encoded(_private(key).sign(_purposed(purpose, message)))}"


def is_signed(purpose: str, message: bytes, signature: str) -> bool:
    """Whether a key of the ring, active or old, signed this."""
    kid, _, encoded = signature.partition(".")
    key = current().signing.keys.get(kid)
    if key is None:
        return False
    try:
        _private(key).public_key().verify(_decoded(encoded), _purposed(purpose, message))
    except (InvalidSignature, BadSeal):
        return False
    return True


def public_keys() -> dict[str, bytes]:
    """The raw Ed25519 public keys by id, active and old: what signatures are checked with anywhere."""
    return {kid: _private(key).public_key().public_bytes_raw() for kid, key in current().signing.keys.items()}


# --- a sealed attribute of a row ------------------------------------------------------------------

T = TypeVar("T", str, str | None)


class Sealed(Generic[T]):
    """An attribute that reads and writes text, over a Text column that holds the envelope.

    `phone = Sealed("phone_sealed")` may be None; `number = Sealed("number_sealed", required=True)` may not,
    and is typed so. The row's `code` is part of the place and must be set before. On the class it is the
    descriptor itself, so the declarative constructor knows the name. Raises ValueError on writing without a
    code, BadSeal on reading what does not open.
    """

    @overload
    def __init__(self: "Sealed[str | None]", column: str, *, required: Literal[False] = ...) -> None: ...
    @overload
    def __init__(self: "Sealed[str]", column: str, *, required: Literal[True]) -> None: ...
    def __init__(self, column: str, *, required: bool = False) -> None:
        self.column = column
        self.required = required
        self.name = column

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type) -> T: ...
    def __get__(self, row: object | None, owner: type) -> Self | str | None:
        if row is None:
            return self
        envelope: str | None = getattr(row, self.column)
        if envelope is not None:
            return open(envelope, self.place(row))
        if self.required:
            raise BadSeal(f"{type(row).__name__}.{self.name} has no value yet")
        return None

    def __set__(self, row: object, value: T) -> None:
        if value is None:
            if self.required:
                raise ValueError(f"{type(row).__name__}.{self.name} needs a value")
            setattr(row, self.column, None)
            return
        setattr(row, self.column, seal(value, self.place(row)))

    def place(self, row: object) -> str:
        """The context of this attribute in a row; also for sealing anew. Raises ValueError before the row
        has a code.
        """
        code: str | None = getattr(row, "code", None)
        if not code:
            raise ValueError(f"{type(row).__name__}.{self.name} is sealed to the row's code: set code first")
        table: str = type(row).__tablename__  # type: ignore[attr-defined]  # every declarative class has it
        return context(table, self.column, code)


# --- inside ---------------------------------------------------------------------------------------


def _bound(context: str, key: Key) -> bytes:
    return f"{context}|{key.kid}".encode()


def _parsed(envelope: str) -> tuple[Key, bytes, bytes]:
    """Key, nonce, ciphertext. The key decides the algorithm; an envelope that names another is refused."""
    parts = envelope.split(".")
    if len(parts) != 5 or parts[0] != ENVELOPE:
        raise BadSeal("not a sealed value")
    key = current().sealing.keys.get(parts[2])
    if key is None:
        raise BadSeal("the key of a sealed value is not in the keyring")
    nonce, ciphertext = _decoded(parts[3]), _decoded(parts[4])
    if parts[1] != key.alg or len(nonce) != NONCE_BYTES or len(ciphertext) < TAG_BYTES:
        raise BadSeal("not a sealed value")
    return key, nonce, ciphertext


def _encrypt(key: Key, nonce: bytes, plaintext: bytes, bound: bytes) -> bytes:
    if key.alg == "aes256gcm":
        return AESGCM(key.secret).encrypt(nonce, plaintext, bound)
    encryptor = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag


def _decrypt(key: Key, nonce: bytes, ciphertext: bytes, bound: bytes) -> bytes:
    if key.alg == "aes256gcm":
        return AESGCM(key.secret).decrypt(nonce, ciphertext, bound)
    body, tag = ciphertext[:-TAG_BYTES], ciphertext[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(body) + decryptor.finalize()


def _sm4_key(key: Key) -> bytes:
    """SM4 takes 128 bits, a key of the ring has 256: HKDF with SM3."""
    return HKDF(hashes.SM3(), 16, None, b"yongjiang sm4gcm").derive(key.secret)


def _private(key: Key) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key.secret)


def _purposed(purpose: str, message: bytes) -> bytes:
    return f"yongjiang {purpose}\n".encode() + message


def _indexed(key: Key, purpose: str, normalised: str) -> str:
    said = purpose.encode()
    message = len(said).to_bytes(4, "big") + said + normalised.encode()
    if key.alg == "hmac-sha256":
        return hmac_.new(key.secret, message, hashlib.sha256).hexdigest()
    keyed = hmac.HMAC(key.secret, hashes.SM3())
    keyed.update(message)
    return keyed.finalize().hex()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    """Only the one spelling that `_encoded` makes: else the last character could be changed unnoticed."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadSeal("not a sealed value") from None
    if _encoded(data) != text:
        raise BadSeal("not a sealed value")
    return data
