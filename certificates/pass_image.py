"""A pass as a picture to be saved: the QR code in a square at the top, and below it the code, what for and whom.

A page may cut the square out and say the rest itself; who saves the picture has all of it.
"""

import importlib.util
import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from certificates import qr

WIDTH: Final = 720
MARGIN: Final = 40
CODE_SIZE: Final = 52
TEXT_SIZE: Final = 34
LINE: Final = 50
INK: Final = "#1f2a37"
SOFT: Final = "#596471"
MOST_LINES: Final = 4
FONT: Final = ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")


def draw(text: str, code: str, lines: Sequence[str] = ()) -> bytes:
    """A PNG, `WIDTH` wide. `text`: what the QR code says; `code`: as it is typed; `lines`: the softer ones below."""
    wrapped = [part for line in lines for part in _wrapped(line)][:MOST_LINES]
    height = WIDTH + CODE_SIZE + 40 + LINE * len(wrapped) + MARGIN
    picture = Image.new("L", (WIDTH, height), "white").convert("RGB")
    picture.paste(_square(text), (0, 0))
    pen = ImageDraw.Draw(picture)
    pen.text((WIDTH / 2, WIDTH + CODE_SIZE / 2), " ".join(code), fill=INK, font=_font(CODE_SIZE), anchor="mm")
    for number, line in enumerate(wrapped):
        at = (WIDTH / 2, WIDTH + CODE_SIZE + 40 + LINE * number + LINE / 2)
        pen.text(at, line, fill=SOFT, font=_font(TEXT_SIZE), anchor="mm")
    out = io.BytesIO()
    picture.quantize(32, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _square(text: str) -> Image.Image:
    """The code with its quiet zone, each module a whole number of pixels, in the middle of a white square."""
    rows = qr.matrix(text)
    module = WIDTH // (len(rows) + 2 * qr.QUIET)
    square = Image.new("RGB", (WIDTH, WIDTH), "white")
    pen = ImageDraw.Draw(square)
    start = (WIDTH - module * len(rows)) // 2
    for x, y, width, height in qr.rects(rows):
        left, top = start + x * module, start + y * module
        pen.rectangle((left, top, left + width * module - 1, top + height * module - 1), fill="black")
    return square


def _wrapped(line: str) -> list[str]:
    """Lines that fit the width: Chinese breaks anywhere."""
    font, parts, part = _font(TEXT_SIZE), [], ""
    for sign in line:
        if font.getlength(part + sign) > WIDTH - 2 * MARGIN:
            parts.append(part.strip())
            part = ""
        part += sign
    return [*parts, part.strip()] if part.strip() else parts


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    spec = importlib.util.find_spec(FONT[0])
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the package {FONT[0]} is not installed")
    return ImageFont.truetype(Path(spec.origin).parent / FONT[1], size)
