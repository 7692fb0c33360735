"""The ground of a certificate: a woven border, rosettes at its corners, a pale one in the middle.

Drawn as PDF operators, a tile of the weave and a petal of a rosette written once and repeated by moving or
turning the page under them: so the same few lines come again and again, and pack into some kilobytes.
"""

import math
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

Curve = Callable[[float], tuple[float, float]]
Colour = tuple[float, float, float]

PAPER: Final[Colour] = (1, 0.992, 0.961)
GOLD: Final[Colour] = (0.690, 0.553, 0.235)
FAINT: Final[Colour] = (0.945, 0.914, 0.812)

EDGE: Final = 22.0  # from the edge of the sheet to the outer frame
BAND: Final = 17.0  # width of the woven band
GAP: Final = 5.0  # between the frames and around the band
INNER: Final = EDGE + 2 * GAP + BAND  # from the edge of the sheet to the inner frame


@cache
def ground(width: float, height: float) -> bytes:
    """The operators of the whole ground, deflated once a process."""
    return zlib.compress("\n".join(_ground(width, height)).encode("ascii"), 9)


def _ground(width: float, height: float) -> Iterator[str]:
    yield f"{_rgb(PAPER)} rg 0 0 {width:.2f} {height:.2f} re f 1 j 1 J"
    yield from _centre(width / 2, height / 2 - 8)
    yield f"{_rgb(GOLD)} RG"
    for inset, line in ((EDGE, 2.2), (EDGE + GAP, 0.6), (INNER, 0.6), (INNER + 3.2, 0.25)):
        yield f"{line} w {inset:.2f} {inset:.2f} {width - 2 * inset:.2f} {height - 2 * inset:.2f} re S"
    middle = EDGE + GAP + (INNER - EDGE - GAP) / 2
    for x, y, length, turn in (
        (middle, middle, width - 2 * middle, 0),
        (middle, height - middle, width - 2 * middle, 0),
        (middle, middle, height - 2 * middle, 90),
        (width - middle, middle, height - 2 * middle, 90),
    ):
        yield from _weave(x, y, length, turn)
    for x in (middle, width - middle):
        for y in (middle, height - middle):
            yield from _corner(x, y)


def _weave(x: float, y: float, length: float, turn: float) -> Iterator[str]:
    """A band of whole tiles from a point, to the right or turned upwards."""
    tiles = round(length / 24)
    period = length / tiles
    tile = "\n".join(_tile(period))
    yield f"q {_matrix(turn, x, y)} 0.3 w"
    for _ in range(tiles):
        yield tile
        yield f"1 0 0 1 {period:.4f} 0 cm"
    yield "Q"


def _tile(period: float) -> Iterator[str]:
    """Two families of waves, one quick and narrow inside one slow and wide: a plait with eyes in it."""
    for phase in range(8):
        shift = 2 * math.pi * phase / 8
        yield _path(_wave(period, BAND / 2 - 0.6, 1, shift), 0, period, 8)
    for phase in range(4):
        shift = 2 * math.pi * phase / 4
        yield _path(_wave(period, BAND / 5, 2, shift), 0, period, 12)


def _wave(period: float, height: float, times: int, shift: float) -> Curve:
    return lambda s: (s, height * math.sin(2 * math.pi * times * s / period + shift))


def _corner(x: float, y: float) -> Iterator[str]:
    yield f"q {_matrix(0, x, y)} {_rgb(PAPER)} rg 1 w"
    yield _circle(16) + " B 0.5 w " + _circle(14.3) + " S 0.3 w"
    yield from _turned(18, lambda t: (13.6 * math.cos(t / 18), 13.6 * math.sin(t / 18)), 1)
    for petals, reach, depth in ((12, 13.4, 0.55), (24, 13.4, 0.3), (8, 8.6, 0.75)):
        yield from _rosette(petals, reach, depth)
    yield "Q"


def _centre(x: float, y: float) -> Iterator[str]:
    """What lies under the words: pale enough to read over, fine enough to blur in a copy."""
    yield f"q {_matrix(0, x, y)} {_rgb(FAINT)} RG 0.45 w"
    for petals, reach, depth in (
        (36, 168, 0.22), (36, 168, 0.34), (18, 150, 0.5), (24, 132, 0.42), (12, 112, 0.66), (24, 72, 0.6),
    ):  # fmt: skip
        yield from _rosette(petals, reach, depth)
    yield "Q"


def _rosette(petals: int, reach: float, depth: float) -> Iterator[str]:
    """Two rings of petals, one between the leaves of the other."""

    def petal(t: float) -> tuple[float, float]:
        radius = reach * (1 - depth * (0.5 - 0.5 * math.cos(t)))
        return radius * math.cos(t / petals), radius * math.sin(t / petals)

    yield "q"
    yield from _turned(petals, petal, 8)
    yield _matrix(180 / petals, 0, 0)
    yield from _turned(petals, petal, 8)
    yield "Q"


def _turned(times: int, curve: Curve, pieces: int) -> Iterator[str]:
    drawn = _path(curve, 0, 2 * math.pi, pieces)
    yield "q"
    for _ in range(times):
        yield drawn
        yield _matrix(360 / times, 0, 0)
    yield "Q"


def _path(curve: Curve, start: float, end: float, pieces: int) -> str:
    """A smooth curve as cubic pieces whose ends and directions are the curve's."""
    step = (end - start) / pieces
    points = [curve(start + step * index) for index in range(pieces + 1)]
    slopes = [_slope(curve, start + step * index, step) for index in range(pieces + 1)]
    drawn = ["{:.2f} {:.2f} m".format(*points[0])]
    for (x0, y0), (x1, y1), (dx0, dy0), (dx1, dy1) in zip(
        points, points[1:], slopes, slopes[1:], strict=False
    ):
        drawn.append(f"{x0 + dx0:.2f} {y0 + dy0:.2f} {x1 - dx1:.2f} {y1 - dy1:.2f} {x1:.2f} {y1:.2f} c")
    return " ".join(drawn) + " S"


def _slope(curve: Curve, at: float, step: float) -> tuple[float, float]:
    """A third of the derivative times the step: what Bezier handles are."""
    near = step / 100
    (x0, y0), (x1, y1) = curve(at - near), curve(at + near)
    return (x1 - x0) / (6 * near) * step, (y1 - y0) / (6 * near) * step


def _circle(radius: float) -> str:
    handle = radius * 0.5523
    return (
        f"{radius:.2f} 0 m {radius:.2f} {handle:.2f} {handle:.2f} {radius:.2f} 0 {radius:.2f} c "
        f"-{handle:.2f} {radius:.2f} -{radius:.2f} {handle:.2f} -{radius:.2f} 0 c "
        f"-{radius:.2f} -{handle:.2f} -{handle:.2f} -{radius:.2f} 0 -{radius:.2f} c "
        f"{handle:.2f} -{radius:.2f} {radius:.2f} -{handle:.2f} {radius:.2f} 0 c h"
    )


def _matrix(degrees: float, x: float, y: float) -> str:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return f"{cosine:.6f} {sine:.6f} {-sine:.6f} {cosine:.6f} {x:.3f} {y:.3f} cm"


def _rgb(colour: Colour) -> str:
    return "{:.3f} {:.3f} {:.3f}".format(*colour)
