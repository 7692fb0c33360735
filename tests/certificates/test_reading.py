"""Codes in the pictures that people send."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFilter

from certificates import qr
from certificates.reading import read_codes

TEXT = "https://site.example/badge/p9hibbwXZ5cVZgom1_4DD5M3H4p7XEc6"


def pass_of(text: str = TEXT, module: int = 8) -> Image.Image:
    """A white card with a code on it."""
    rows = qr.matrix(text)
    side = (len(rows) + 8) * module
    image = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(image)
    for x, y, width, height in qr.rects(rows):
        left, top = (x + 4) * module, (y + 4) * module
        pen.rectangle((left, top, left + width * module - 1, top + height * module - 1), fill="black")
    return image


def saved(image: Image.Image, form: str = "JPEG", **more: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **more)
    return file.getvalue()


def photo(width: int, height: int, card: Image.Image) -> Image.Image:
    image = Image.effect_noise((width, height), 40).convert("RGB")
    image.paste(card, ((width - card.width) // 3, (height - card.height) // 3))
    return image


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_code_is_read(form: str) -> None:
    assert read_codes(saved(pass_of(), form)) == [TEXT]


@pytest.mark.parametrize("angle", [0, 17, 45, 90, 180, 263])
def test_a_turned_picture_is_read(angle: int) -> None:
    turned = pass_of().rotate(angle, expand=True, fillcolor="white")
    assert read_codes(saved(turned)) == [TEXT]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_may_say_how_it_was_held(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert read_codes(saved(photo(900, 700, pass_of()), exif=exif)) == [TEXT]


def test_a_large_photograph_is_read() -> None:
    card = pass_of(module=14).filter(ImageFilter.GaussianBlur(2))
    assert read_codes(saved(photo(4000, 3000, card), quality=80)) == [TEXT]


def test_a_small_code_in_a_large_photograph_is_read() -> None:
    assert read_codes(saved(photo(3200, 2400, pass_of(module=4)), quality=85)) == [TEXT]


def test_paper_shows_through_what_is_transparent() -> None:
    card = pass_of().convert("RGBA")
    card.putalpha(card.convert("L").point(lambda light: 255 - light))  # black stays, white lets through
    assert read_codes(saved(card, "PNG")) == [TEXT]


def test_several_codes_are_all_read() -> None:
    both = Image.new("RGB", (900, 450), "white")
    both.paste(pass_of("first", 8), (20, 20))
    both.paste(pass_of("second", 8), (500, 20))
    assert sorted(read_codes(saved(both))) == ["first", "second"]


def test_no_code_is_an_empty_list() -> None:
    assert read_codes(saved(Image.new("RGB", (300, 300), "white"))) == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"no picture", b"\xff\xd8\xff\xe0" + b"\0" * 100, b"GIF89a" + b"\0" * 50, b"%PDF-1.4", b"<svg/>",
        saved(Image.effect_noise((99, 99), 9), "PNG")[:900], saved(Image.new("RGB", (9, 9)), "GIF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_codes(data)


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    small = saved(Image.new("1", (8000, 8000)), "PNG")
    assert len(small) < 20_000
    with pytest.raises(ValueError):
        read_codes(small)
    with pytest.raises(ValueError, match="bytes"):
        read_codes(b"\0" * 20_000_001)
