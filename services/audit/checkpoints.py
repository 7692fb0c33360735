"""Signed statements of how far the chain had come: one line a day, in a file that leaves the machine with the backup.

Whoever can write the database can make a whole new chain, or cut its end and mend the head. They cannot make it
agree with what was signed before (R58).
"""

import datetime as dt
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from models import vault
from models.audit import Head, Trace
from models.base import db

PURPOSE = "audit checkpoint"
FIELDS = ("at", "number", "hash")


@dataclass(frozen=True)
class Fault:
    """What does not fit, and at which link."""

    number: int
    what: str


@dataclass
class _Shelf:
    folder: Path | None = None


_shelf = _Shelf()


@dataclass(frozen=True)
class Checkpoint:
    """What one line says."""

    at: str
    number: int
    hash: str
    signature: str = field(repr=False)

    @property
    def message(self) -> bytes:
        return _message(self.at, self.number, self.hash)


def install(folder: Path | None) -> None:
    """Say where the lines are kept; None keeps none."""
    _shelf.folder = folder


def write(when: dt.datetime) -> Checkpoint | None:
    """Sign the chain's last link that is durable, and add the line. None where nothing was ever recorded."""
    if _shelf.folder is None:
        return None
    number, last = db.session.execute(sa.select(Head.number, Head.hash)).one()
    if number == 0:
        return None
    at = when.astimezone(dt.UTC).isoformat(timespec="seconds")
    made = Checkpoint(at, number, last, vault.sign(PURPOSE, _message(at, number, last)))
    _shelf.folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": at, "number": number, "hash": last, "signature": made.signature}) + "\n"
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    handle = os.open(_shelf.folder / f"{at[:4]}.jsonl", flags, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return made


def forget() -> None:
    """Throw the lines away, with the chain that they spoke of: what a demonstration begun anew does."""
    if _shelf.folder is not None:
        for path in _shelf.folder.glob("*.jsonl"):
            path.unlink()


def faults() -> Iterator[Fault]:
    """What the chain in the database contradicts of what was signed."""
    for checkpoint in kept():
        if checkpoint is None or not vault.is_signed(PURPOSE, checkpoint.message, checkpoint.signature):
            yield Fault(checkpoint.number if checkpoint else 0, "a checkpoint was changed")
            continue
        found = db.session.scalar(sa.select(Trace.hash).where(Trace.number == checkpoint.number))
        if found is None:
            yield Fault(checkpoint.number, f"was there on {checkpoint.at} and is gone")
        elif found != checkpoint.hash:
            yield Fault(checkpoint.number, f"is not what it was on {checkpoint.at}")


def kept() -> Iterator[Checkpoint | None]:
    """Every line, oldest first; None for one that cannot be read."""
    if _shelf.folder is None or not _shelf.folder.is_dir():
        return
    for path in sorted(_shelf.folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                facts = json.loads(line)
                yield Checkpoint(
                    str(facts["at"]), int(facts["number"]), str(facts["hash"]), str(facts["signature"])
                )
            except (ValueError, KeyError, TypeError):
                yield None


def _message(at: str, number: int, last: str) -> bytes:
    return json.dumps([at, number, last]).encode()
