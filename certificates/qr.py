"""QR codes as vectors: a few maximal rectangles, so that they are sharp at any size and small in a file.

The mask is fixed, so that one text always gives one drawing. Error correction M: a quarter of an award hall's
handling may rub off 15 per cent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

MASK: Final = 3
QUIET: Final = 4  # modules of white on each side, which readers need

Rect = tuple[int, int, int, int]


@dataclass(frozen=True)
class Drawing:
    """For `<svg viewBox="0 0 size size"><path d="path"/></svg>`, quiet zone included; one unit is a module."""

    size: int
    path: str


def matrix(text: str) -> list[list[bool]]:
    """The dark modules of a text, row by row, without the quiet zone. ValueError where it is too long."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def rects(rows: Sequence[Sequence[bool]]) -> list[Rect]:
    """(x, y, width, height) of rectangles that cover the dark modules once: runs of a row, joined downwards."""
    found: list[Rect] = []
    open_runs: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*rows, []]):
        runs = _runs(row)
        going_on: dict[tuple[int, int], int] = {}
        for run in runs:
            going_on[run] = open_runs.pop(run, y)
        found += [(x, top, width, y - top) for (x, width), top in open_runs.items()]
        open_runs = going_on
    return found


def draw(text: str) -> Drawing:
    """A text as one SVG path."""
    rows = matrix(text)
    parts = [f"M{x + QUIET} {y + QUIET}h{w}v{h}h-{w}z" for x, y, w, h in rects(rows)]
    return Drawing(len(rows) + 2 * QUIET, "".join(parts))


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs, start = [], None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            runs.append((start, x - start))
            start = None
    return runs
