"""The keys that the platform seals, finds and signs with: one file outside the database (R37 to R41).

Three rings, each with one active key and any number of old ones: `sealing` for values, `indexing` for blind
indexes, `signing` for certificates. New things use the active key; old things name the key they need. The
file is JSON, readable by its owner alone, and is replaced whole or not at all. Who has the file and the
database has everything: back them up apart.
"""

import base64
import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

VERSION: Final = 1
KEY_BYTES: Final = 32
SEALING: Final = ("aes256gcm", "sm4gcm")
INDEXING: Final = ("hmac-sha256", "hmac-sm3")
SIGNING: Final = ("ed25519",)

_KID = re.compile("[a-z0-9-]{1,32}")


class BadKeyring(ValueError):
    """The keyring cannot be used. The message names the file and the remedy, and never holds a key."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `kid` names it in what it made; `alg` is fixed with it, so that no value can ask for
    another.
    """

    kid: str
    alg: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not _KID.fullmatch(self.kid):
            raise BadKeyring("a key id is 1 to 32 of a-z, 0-9 and -")
        if len(self.secret) != KEY_BYTES:
            raise BadKeyring(f"key {self.kid}: {KEY_BYTES} bytes are needed, not {len(self.secret)}")

    @classmethod
    def new(cls, alg: str) -> Self:
        return cls(secrets.token_hex(4), alg, secrets.token_bytes(KEY_BYTES))


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of one use: the active one and those that old things still need."""

    allowed: tuple[str, ...]
    active: str
    keys: Mapping[str, Key]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))
        if self.active not in self.keys:
            raise BadKeyring(f"the active key {self.active!r} is not in its ring")
        for kid, key in self.keys.items():
            if kid != key.kid:
                raise BadKeyring(f"key {key.kid} is filed under {kid!r}")
            if key.alg not in self.allowed:
                raise BadKeyring(f"key {kid}: algorithm {key.alg!r} is not one of {', '.join(self.allowed)}")

    @classmethod
    def new(cls, allowed: tuple[str, ...], alg: str) -> Self:
        key = Key.new(alg)
        return cls(allowed, key.kid, {key.kid: key})

    @property
    def current(self) -> Key:
        return self.keys[self.active]

    @property
    def old(self) -> tuple[Key, ...]:
        return tuple(key for kid, key in self.keys.items() if kid != self.active)

    def with_new(self, alg: str | None = None) -> Self:
        """A ring with a fresh active key; the former ones stay. Without `alg` the algorithm stays too."""
        key = Key.new(alg or self.current.alg)
        return replace(self, active=key.kid, keys={**self.keys, key.kid: key})

    def without(self, kid: str) -> Self:
        """A ring without an old key, once nothing needs it. Raises BadKeyring for the active or an unknown
        one.
        """
        if kid == self.active or kid not in self.keys:
            raise BadKeyring(f"key {kid!r} is active or unknown and cannot be removed")
        return replace(self, keys={other: key for other, key in self.keys.items() if other != kid})


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of one installation. Frozen: rotation makes another one (`replace(ring,
    sealing=ring.sealing.with_new())`).
    """

    sealing: Ring
    indexing: Ring
    signing: Ring

    @classmethod
    def create(cls, sealing: str = "aes256gcm", indexing: str = "hmac-sha256") -> Self:
        """Fresh random keys. `sm4gcm` and `hmac-sm3` are the switch for cryptographic assessment (GB/T
        39786-2021).
        """
        return cls(Ring.new(SEALING, sealing), Ring.new(INDEXING, indexing), Ring.new(SIGNING, "ed25519"))

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read a file that only its owner may read. Raises BadKeyring for wider rights or wrong content,
        OSError if absent.
        """
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o177:
                raise BadKeyring(f"{path}: mode {mode:04o} lets others at the keys; run: chmod 600 {path}")
            content = file.read()
        try:
            return cls._from(json.loads(content))
        except BadKeyring as error:
            raise BadKeyring(f"{path}: {error}") from None
        except (ValueError, KeyError, TypeError, AttributeError):  # the cause would quote the content
            raise BadKeyring(f"{path}: not a keyring of version {VERSION}") from None

    @classmethod
    def load_or_create(cls, path: Path | str, *, may_create: bool) -> Self:
        """Read the file; where there is none and one may be made, make it. Of several processes that do so at
        once one is first, and all use its keys. Raises BadKeyring, or OSError if absent and not to be made.
        """
        path = Path(path)
        if may_create and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(BadKeyring):  # another process was first
                cls.create().save(path)
        return cls.load(path)

    def save(self, path: Path | str, *, dropping: tuple[str, ...] = ()) -> None:
        """Write the file, mode 0600, whole or not at all, and on the disk before this returns.

        A file that is there is replaced only by a keyring that has all its keys, but for those named in
        `dropping`: a lost key is lost data. A file of another process that came first is never overwritten.
        Raises BadKeyring.
        """
        path = Path(path)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with open(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
            ) as file:
                os.fchmod(file.fileno(), 0o600)
                json.dump(self._as_json(), file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                lost = _ids(Keyring.load(path)) - _ids(self) - set(dropping)
                if lost:
                    raise BadKeyring(f"{path}: would lose the keys {', '.join(sorted(lost))}") from None
                os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _as_json(self) -> dict[str, Any]:
        rings = {
            name: {
                "active": ring.active,
                "keys": {
                    key.kid: {"alg": key.alg, "secret": base64.b64encode(key.secret).decode()}
                    for key in ring.keys.values()
                },
            }
            for name, ring in (
                ("sealing", self.sealing),
                ("indexing", self.indexing),
                ("signing", self.signing),
            )
        }
        return {"version": VERSION, **rings}

    @classmethod
    def _from(cls, data: Any) -> Self:
        if data["version"] != VERSION:
            raise BadKeyring(f"version {data['version']!r} is not known here")

        def ring(name: str, allowed: tuple[str, ...]) -> Ring:
            keys = {
                kid: Key(kid, key["alg"], base64.b64decode(key["secret"], validate=True))
                for kid, key in data[name]["keys"].items()
            }
            return Ring(allowed, data[name]["active"], keys)

        return cls(ring("sealing", SEALING), ring("indexing", INDEXING), ring("signing", SIGNING))


def _ids(keyring: Keyring) -> set[str]:
    return {kid for ring in (keyring.sealing, keyring.indexing, keyring.signing) for kid in ring.keys}
