"""Where the bytes of uploads lie: a folder, reached by keys and by nothing else.

A key is the code of an Upload row, so no name that a person typed ever becomes part of a path. What is put
is whole or not there: a draft beside it, synced, then renamed. Several hosts may share the folder. No rule of
the platform is known here, and neither is who may read what.
"""

import contextlib
import datetime as dt
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

_KEY = re.compile(r"[0-9abcdefghjkmnpqrstvwxyz]{16}")
_DRAFT = ".draft-"

_root: Path | None = None


class BadKey(ValueError):
    """Not the code of an upload: a bug of the caller, never shown to people."""


class NotStored(LookupError):
    """Nothing is kept under this key."""


def install(path: Path) -> None:
    """Hand in the folder, from the composition root. It is made when the first file is put."""
    global _root
    _root = Path(path)


def put(key: str, data: bytes) -> None:
    """Keep bytes under a key, durably, readable by the platform's own user alone. A key is used once."""
    place = _place(key)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.parent / f"{_DRAFT}{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync(place.parent)


def get(key: str) -> bytes:
    """The bytes of a key. Raises NotStored."""
    try:
        return _place(key).read_bytes()
    except FileNotFoundError:
        raise NotStored(key) from None


def delete(key: str) -> None:
    """Forget a key; nothing happens where there is none."""
    _place(key).unlink(missing_ok=True)


def older_than(moment: dt.datetime) -> Iterator[str]:
    """Keys of files put before a moment. Drafts that a killed process left behind are removed on the way."""
    for path in sorted(_folder().glob("??/*")):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime >= moment.timestamp():
                continue
            if path.name.startswith(_DRAFT):
                path.unlink()
            elif _KEY.fullmatch(path.name):
                yield path.name


def _folder() -> Path:
    if _root is None:
        raise RuntimeError("no storage is installed")
    return _root


def _place(key: str) -> Path:
    if _KEY.fullmatch(key) is None:
        raise BadKey("a key is the code of an upload")
    return _folder() / key[:2] / key


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
