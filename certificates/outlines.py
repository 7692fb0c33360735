"""Fonts with PostScript outlines (CFF) made into TrueType fonts, the only ones that paper can be drawn with.

HarfBuzz draws each glyph, fontTools turns its cubic curves into quadratic ones. One glyph a character, no
features: Chinese needs none. About 31,000 glyphs take some ten seconds, so the result is kept (`fonts`, which
runs `python -m certificates.outlines STYLE FILE`).
"""

import importlib.util
import io
import os
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uharfbuzz
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTWriter

hb: Any = uharfbuzz  # a compiled module of which no type is known

PACKAGE: Final = "pylopdf_fonts_zh_cn"
SOURCES: Final = {"serif": "NotoSerifSC-Regular.otf", "sans": "NotoSansSC-Regular.otf"}
TOLERANCE: Final = 1.0  # units of 1,000 to the em: a hundredth of a millimetre at the largest size


@dataclass(frozen=True)
class Glyph:
    advance: int
    left: int
    points: int
    contours: int
    data: bytes


def source(style: str) -> Path:
    """The file of the package that a style is made from."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the package {PACKAGE} is not installed")
    return Path(spec.origin).parent / SOURCES[style]


def truetype(path: Path) -> bytes:
    """The whole font of a file as TrueType."""
    with TTFont(path, lazy=True) as original:
        codes = sorted(original["cmap"].getBestCmap())
        kept = {tag: original.getTableData(tag) for tag in ("head", "hhea", "OS/2", "post", "name")}
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
    pens = _pens()
    glyphs = [_glyph(font, pens, 0)]
    glyphs += [_glyph(font, pens, font.get_nominal_glyph(code) or 0) for code in codes]
    return _written(_tables(kept, codes, glyphs))


def _pens() -> Any:
    draw = hb.DrawFuncs()
    draw.set_move_to_func(lambda x, y, pen: pen.moveTo((x, y)))
    draw.set_line_to_func(lambda x, y, pen: pen.lineTo((x, y)))
    draw.set_cubic_to_func(lambda a, b, c, d, x, y, pen: pen.curveTo((a, b), (c, d), (x, y)))
    draw.set_quadratic_to_func(lambda a, b, x, y, pen: pen.qCurveTo((a, b), (x, y)))
    draw.set_close_path_func(lambda pen: pen.closePath())
    return draw


def _glyph(font: Any, pens: Any, index: int) -> Glyph:
    pen = TTGlyphPen(None)
    font.draw_glyph(index, pens, Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
    outline = pen.glyph()
    advance = font.get_glyph_h_advance(index)
    if not outline.numberOfContours:
        return Glyph(advance, 0, 0, 0, b"")
    data = outline.compile(None)
    padded = data + b"\0" * (-len(data) % 4)
    return Glyph(advance, outline.xMin, len(outline.coordinates), outline.numberOfContours, padded)


def _tables(kept: dict[str, bytes], codes: list[int], glyphs: list[Glyph]) -> dict[str, bytes]:
    head, hhea, post = bytearray(kept["head"]), bytearray(kept["hhea"]), bytearray(kept["post"][:32])
    struct.pack_into(">h", head, 50, 1)  # offsets of glyphs are long
    struct.pack_into(">H", hhea, 34, len(glyphs))
    struct.pack_into(">L", post, 0, 0x00030000)  # glyphs have no names
    offsets = [0]
    for glyph in glyphs:
        offsets.append(offsets[-1] + len(glyph.data))
    limits = (max(glyph.points for glyph in glyphs), max(glyph.contours for glyph in glyphs))
    return {
        "head": bytes(head),
        "hhea": bytes(hhea),
        "maxp": struct.pack(">LH13H", 0x00010000, len(glyphs), *limits, 0, 0, 1, *[0] * 8),
        "OS/2": kept["OS/2"],
        "hmtx": b"".join(struct.pack(">Hh", glyph.advance, glyph.left) for glyph in glyphs),
        "cmap": _cmap(codes),
        "loca": struct.pack(f">{len(offsets)}L", *offsets),
        "glyf": b"".join(glyph.data for glyph in glyphs),
        "name": kept["name"],
        "post": bytes(post),
    }


def _cmap(codes: list[int]) -> bytes:
    """Characters to glyphs, format 12. Glyph 0 is the missing one; the rest follow the characters."""
    groups: list[list[int]] = []
    for glyph, code in enumerate(codes, 1):
        if groups and groups[-1][1] + 1 == code:
            groups[-1][1] = code
        else:
            groups.append([code, code, glyph])
    body = b"".join(struct.pack(">LLL", *group) for group in groups)
    subtable = struct.pack(">HHLLL", 12, 0, 16 + len(body), 0, len(groups)) + body
    return struct.pack(">HHHHL", 0, 1, 3, 10, 12) + subtable


def _written(tables: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    writer = SFNTWriter(file, len(tables), sfntVersion="\0\1\0\0")
    for tag in sorted(tables):
        writer[tag] = tables[tag]
    writer.close()
    return file.getvalue()


def make(style: str, target: Path) -> None:
    """Write the font of a style, whole or not at all."""
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    draft.write_bytes(truetype(source(style)))
    draft.replace(target)


if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]))
