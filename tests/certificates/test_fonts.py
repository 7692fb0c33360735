"""Fonts of paper: made once, whole or not at all, and their coverage."""

import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from certificates import fonts, outlines
from tests.support.paper import ROOT, fonts_folder

pytestmark = pytest.mark.usefixtures("paper_fonts")


@pytest.mark.parametrize("style", ["serif", "sans"])
def test_a_made_font_has_every_character_of_its_source(style: str) -> None:
    with TTFont(fonts.place(fonts_folder()) / f"{style}.ttf", lazy=True) as made:
        assert set(made.getBestCmap()) == set(TTFont(outlines.source(style), lazy=True).getBestCmap())
        assert made["maxp"].numGlyphs == len(made.getBestCmap()) + 1
        assert not made["glyf"][made.getBestCmap()[ord("永")]].isComposite()


def test_what_is_there_is_not_made_again() -> None:
    before = {path: path.stat().st_mtime_ns for path in fonts.place(fonts_folder()).glob("*.ttf")}
    assert not fonts.build(fonts_folder())
    assert {path: path.stat().st_mtime_ns for path in fonts.place(fonts_folder()).glob("*.ttf")} == before


def test_processes_that_start_together_make_them_once(tmp_path: Path) -> None:
    """With stand-ins for the outlines: what is tried is the lock, not the ten seconds of drawing."""
    program = (
        "import sys, pathlib; from certificates import fonts\n"
        "made = 'import sys, time, pathlib; time.sleep(.2); pathlib.Path(sys.argv[2]).open(\"x\").write(sys.argv[1])'\n"
        "fonts._make = lambda style, target: fonts.subprocess.Popen([sys.executable, '-c', made, style, str(target)])\n"
        "print(fonts.build(pathlib.Path(sys.argv[1])))\n"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = sorted(child.communicate(timeout=60)[0].strip() for child in children)
    assert said == ["False", "False", "False", "True"]
    assert fonts.is_built(tmp_path)


def test_a_font_that_could_not_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_style: str, _target: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"])

    monkeypatch.setattr(fonts, "_make", fails)
    with pytest.raises(RuntimeError, match="could not be made"):
        fonts.build(tmp_path)
    assert not fonts.is_built(tmp_path)


def test_the_characters_of_names_are_there() -> None:
    assert fonts.unprintable("㛃䶮喆堃淼昇玥𬀩𬍛𬭎𫖯𬘭𫞩𬱖𫠊𬸪𬬭𠅤·〇々") == []
    gbk = "".join(
        bytes([high, low]).decode("gbk", "ignore") for high in range(0x81, 0xFF) for low in range(0x40, 0xFF)
    )
    hanzi = [character for character in gbk if "\u4e00" <= character <= "\u9fff"]
    assert len(hanzi) > 20_000
    assert fonts.unprintable("".join(hanzi)) == []


def test_what_serif_lacks_is_drawn_in_sans() -> None:
    assert fonts.runs("尤𰻞先生") == [("Serif", "尤"), ("Sans", "𰻞"), ("Serif", "先生")]
    assert fonts.runs("编号 A", fonts.SANS) == [("Sans", "编号 A")]


def test_what_nobody_sees_is_not_printable() -> None:
    assert fonts.unprintable("张\u202e三\u200b😀张\u202e\n") == ["\u202e", "\u200b", "😀", "\n"]
    assert fonts.width("永川", 10) == 20
