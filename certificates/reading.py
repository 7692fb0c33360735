"""QR codes in pictures that people send: photographs of passes and of paper, turned, large, perhaps hostile."""

import io
from typing import Final

import zxingcpp
from PIL import Image, ImageOps

BYTES: Final = 20_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP")
PIXELS: Final = 60_000_000  # JPEG, which is read at a part of its size
PIXELS_WHOLE: Final = 25_000_000  # other formats, which are read whole
SIDES: Final = (1600, 3200)  # longest side looked at, in turn
CODES: Final = 16
QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def read_codes(image: bytes) -> list[str]:
    """The texts of the QR codes in a picture, each once; none is an empty list. Raises ValueError where it is
    no picture of a known format, or too large.
    """
    if len(image) > BYTES:
        raise ValueError("the picture has too many bytes")
    try:
        picture = _opened(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise ValueError(f"not a picture that can be read: {type(fault).__name__}") from None
    for side in SIDES:
        texts = _read(picture, side)
        if texts or max(picture.size) <= side:
            return texts
    return []


def _opened(data: bytes) -> Image.Image:
    """Upright, grey, with paper under what is transparent, at most as large as is looked at."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        pixels = picture.width * picture.height
        if pixels > (PIXELS if picture.format in ("JPEG", "MPO") else PIXELS_WHOLE):
            raise ValueError("the picture has too many pixels")
        picture.draft("L", (SIDES[-1], SIDES[-1]))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        if upright.has_transparency_data:
            seen = upright.convert("RGBA")
            ground = Image.new("RGBA", seen.size, "white")
            upright = Image.alpha_composite(ground, seen)
        grey = upright.convert("L")
    grey.thumbnail((SIDES[-1], SIDES[-1]))
    return grey


def _read(picture: Image.Image, side: int) -> list[str]:
    small = picture.copy()
    small.thumbnail((side, side))
    found = zxingcpp.read_barcodes(small, formats=QR, text_mode=zxingcpp.TextMode.Plain)
    return list(dict.fromkeys(code.text for code in found[:CODES] if code.valid and code.text))
