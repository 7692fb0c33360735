"""Bytes lie under keys, whole or not at all, and nowhere else."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.base import new_code
from services import storage


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    before = storage._root
    storage.install(tmp_path / "storage")
    yield tmp_path / "storage"
    if before is not None:
        storage.install(before)


def test_what_was_put_is_got(place: Path) -> None:
    key = new_code()
    storage.put(key, b"bytes")
    assert storage.get(key) == b"bytes"
    assert (place / key[:2] / key).stat().st_mode & 0o777 == 0o600
    assert (place / key[:2]).stat().st_mode & 0o777 == 0o700


def test_what_was_deleted_is_not_there_and_may_be_deleted_again(place: Path) -> None:
    key = new_code()
    storage.put(key, b"bytes")
    storage.delete(key)
    storage.delete(key)
    with pytest.raises(storage.NotStored):
        storage.get(key)


@pytest.mark.parametrize(
    "key",
    ["", "..", "../../etc/passwd", "/etc/passwd", "a" * 15, "a" * 17, "A" * 16, "a" * 15 + "\n",
     "a" * 16 + "\n", "aaaaaaa/aaaaaaaa", "aaaaaaaaaaaaaa..", "\0" * 16, "ａ" * 16, ".draft-0000000000"],
)  # fmt: skip
def test_nothing_but_a_code_is_a_key(place: Path, key: str) -> None:
    for call in (storage.get, storage.delete, lambda name: storage.put(name, b"x")):
        with pytest.raises(storage.BadKey):
            call(key)
    assert not place.exists()


def test_a_put_that_fails_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_code()

    def fail(_descriptor: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        storage.put(key, b"bytes")
    assert [path for path in place.rglob("*") if path.is_file()] == []


def test_old_keys_are_told_and_drafts_of_killed_processes_go(place: Path) -> None:
    old, new = new_code(), new_code()
    for key in (old, new):
        storage.put(key, b"x")
    draft = place / old[:2] / ".draft-killed"
    draft.write_bytes(b"half")
    for path in (place / old[:2] / old, draft):
        os.utime(path, (1, 1))
    hour_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    assert list(storage.older_than(hour_ago)) == [old]
    assert not draft.exists()
