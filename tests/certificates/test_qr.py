"""QR codes as vectors."""

import re
from collections import Counter

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from certificates import qr

TEXTS = [
    "https://site.example/badge/p9hibbwXZ5cVZgom1_4DD5M3H4p7XEc6",
    "otpauth://totp/%E6%B0%B8%E5%B7%9D:%E5%91%A8?secret=DFDOAB2BHMCA3HCCXSUD4D65VGPY4WKH&issuer=%E6%B0%B8%E5%B7%9D",
    "1",
]


@pytest.mark.parametrize("text", TEXTS)
def test_rectangles_cover_the_dark_modules_once(text: str) -> None:
    rows = qr.matrix(text)
    covered = Counter(
        (column, line)
        for x, y, width, height in qr.rects(rows)
        for column in range(x, x + width)
        for line in range(y, y + height)
    )
    assert set(covered.values()) == {1}
    assert set(covered) == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


@pytest.mark.parametrize("text", TEXTS)
def test_the_drawing_reads_as_the_text(text: str) -> None:
    drawing = qr.draw(text)
    image = Image.new("L", (drawing.size * 6, drawing.size * 6), 255)
    pen = ImageDraw.Draw(image)
    for x, y, w, h in re.findall(r"M([0-9]+) ([0-9]+)h([0-9]+)v([0-9]+)h-[0-9]+z", drawing.path):
        left, top = int(x) * 6, int(y) * 6
        pen.rectangle((left, top, left + int(w) * 6 - 1, top + int(h) * 6 - 1), fill=0)
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [text]


def test_one_text_gives_one_drawing_and_few_rectangles() -> None:
    assert qr.draw(TEXTS[0]) == qr.draw(TEXTS[0])
    rows = qr.matrix(TEXTS[0])
    assert len(qr.rects(rows)) < sum(map(sum, rows)) / 2
