"""A saved pass is read by any scanner, and says what it is for."""

import io

import pytest
from PIL import Image

from certificates import pass_image
from certificates.reading import read_codes

LINK = "https://skills.yongchuan.example/pass/k3f97qxd"


def test_the_picture_says_the_link() -> None:
    data = pass_image.draw(LINK, "K3F9 7QXD", ["永川区第三届职业技能大赛 · 数控铣工 · 职工组", "示例一"])
    assert read_codes(data) == [LINK]
    assert len(data) < 40_000


def test_the_square_at_its_top_is_the_code_alone() -> None:
    data = pass_image.draw(LINK, "K3F9 7QXD", ["一行"])
    with Image.open(io.BytesIO(data)) as picture:
        square = picture.convert("RGB").crop((0, 0, pass_image.WIDTH, pass_image.WIDTH))
    out = io.BytesIO()
    square.resize((190, 190)).save(out, "PNG")
    assert read_codes(out.getvalue()) == [LINK]


@pytest.mark.parametrize("line", ["", "很长的名称" * 60, "a" * 300, "𠮷㛃䶮"])
def test_any_line_finds_room(line: str) -> None:
    with Image.open(io.BytesIO(pass_image.draw(LINK, "K3F9 7QXD", [line]))) as picture:
        assert picture.width == pass_image.WIDTH
        assert picture.height <= pass_image.WIDTH + 400
