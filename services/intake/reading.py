"""From the bytes of a file to rows: judged, then read by a process that may come to harm (`reader`)."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.intake import gate, reader
from services.intake.refusals import NoRows, TooMuch, Unreadable
from services.text import _
from services.upload import shown_name

PATIENCE = 25.0
"""Seconds on the wall; the process itself has 20 of CPU."""

Cell = Any
"""Text, a number, `{"d": "1990-01-31"}`, a truth value, or None."""


@dataclass(frozen=True)
class Sheet:
    """A list as it was sent. The rows stay packed until they are needed."""

    name: str
    sha256: str
    mark: tuple[str, ...]
    """What the platform's own template says of itself: activity, track, version of the form."""
    lines: tuple[str, ...]

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, list[Cell]]]:
        """Number in the sheet, and cells."""
        for line in self.lines[start:stop]:
            number, cells = json.loads(line)
            yield number, cells


def read(data: bytes, name: str) -> Sheet:
    """Judge and read a file. Slow; called before the transaction. Raises a BadFile that says what to do."""
    gate.check(data, name)
    try:
        done = subprocess.run(  # noqa: S603  our own reader, by our own Python
            [sys.executable, "-I", "-B", str(Path(reader.__file__))],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
            env={"LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable from None
    lines = done.stdout.decode("utf-8", "replace").split("\n") if done.stdout else []
    if done.returncode != 0 or not lines[0]:
        raise Unreadable
    first = json.loads(lines[0])
    if "fault" in first:
        raise _fault(str(first["fault"]), str(first["at"]))
    if "end" not in lines[-1]:
        raise Unreadable
    rows = tuple(lines[1:-1])
    if not rows:
        raise NoRows
    mark = tuple(str(each) for each in first["mark"])
    return Sheet(shown_name(name, ".xlsx"), hashlib.sha256(data).hexdigest(), mark, rows)


def _fault(word: str, at: str) -> TooMuch | Unreadable:
    if word == "rows":
        return TooMuch(_("名单超过 20,000 行。请按组别或单位拆成几份，分别上传。"))
    if word == "columns":
        return TooMuch(_("第 %(at)s 格之前已有 80 多列。请删去与报名无关的列后再上传。", at=at))
    if word == "long":
        return TooMuch(_("%(at)s 单元格的内容超过 2,000 个字符。请缩短后再上传。", at=at))
    if word == "bytes":
        return TooMuch(_("名单的文字总量过大。请删去与报名无关的列后再上传。"))
    return Unreadable()
