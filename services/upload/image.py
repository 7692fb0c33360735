"""Pictures: opened as what they are, within 25 million pixels, and drawn anew: nothing but pixels is kept."""

import io
import re
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from services.upload.reasons import Damaged, Mixed, TooManyPixels

MOST_PIXELS = 25_000_000
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}

_FOREIGN = re.compile(rb"<script|<html|<!doctype|<\?php|<svg[ >]|%PDF-", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_TAIL = 66_000


def find_kind(data: bytes) -> str | None:
    """jpeg, png or webp by the first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None


def redraw(data: bytes, kind: str) -> bytes:
    """The same picture, upright, without EXIF, comments, profiles, further frames or anything after its end.

    Raises Mixed, TooManyPixels, Damaged.
    """
    if _FOREIGN.search(data) or _ZIP_END in data[-_TAIL:]:
        raise Mixed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise TooManyPixels
                picture.load()
                return _drawn(picture, kind)
        except Image.DecompressionBombError:
            raise TooManyPixels from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError):
            raise Damaged from None


def _drawn(picture: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    mode = (
        "L"
        if upright.mode in ("1", "L") and not has_alpha
        else "RGBA"
        if has_alpha and kind != "jpeg"
        else "RGB"
    )
    clean = upright.convert(mode)
    clean.info = {}
    out = io.BytesIO()
    if kind == "png":
        clean.save(out, "PNG")
    else:
        clean.save(out, FORMATS[kind], quality=88)
    return out.getvalue()
