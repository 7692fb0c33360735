"""The fonts of paper: made once a machine, kept in a folder, registered once a process.

`python -m certificates.fonts FOLDER` makes them ahead (10 to 20 seconds); else the first sheet of paper that
is drawn does. Several processes that start together make them once.
"""

import fcntl
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import metadata
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

SERIF: Final = "Serif"
SANS: Final = "Sans"
STYLES: Final = {SERIF: "serif", SANS: "sans"}
BUILD: Final = "1"  # raised when `outlines` makes other files from the same package
# Nothing that is shown, or something that turns what is shown: controls, formats, lone surrogates, private
# use, line ends. Blanks other than the common one and the Chinese one are read back as something else.
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_BLANKS: Final = " \u3000"
_ROOT: Final = Path(__file__).resolve().parent.parent

_folder: Path | None = None
_ready = False
_lock = threading.Lock()


def install(folder: Path) -> None:
    """Say where the fonts are kept, from the composition root. Nothing is made or read yet."""
    global _folder
    _folder = folder


def place(folder: Path) -> Path:
    """Where the fonts of the installed package lie in a folder; another version lies beside it."""
    return folder / f"{metadata.version('pylopdf-fonts-zh-cn')}-{BUILD}"


def is_built(folder: Path) -> bool:
    return all((place(folder) / f"{style}.ttf").is_file() for style in STYLES.values())


def build(folder: Path) -> bool:
    """Make the fonts unless they are there. Returns whether it made them; waits where another process does."""
    if is_built(folder):
        return False
    place(folder).mkdir(parents=True, exist_ok=True)
    with _alone(place(folder) / "lock"):
        targets = {style: place(folder) / f"{style}.ttf" for style in STYLES.values()}
        missing = {style: target for style, target in targets.items() if not target.is_file()}
        children = [_make(style, target) for style, target in missing.items()]
        if sum(child.wait() != 0 for child in children):  # for all, whatever the first one says
            raise RuntimeError(f"the fonts of paper could not be made in {place(folder)}")
    return bool(missing)


def register() -> None:
    """Make both fonts known to the process, once; whatever draws calls it. Some 0.1 s the first time."""
    global _ready
    with _lock:
        if _ready:
            return
        if _folder is None:
            raise RuntimeError("no folder for fonts is installed")
        build(_folder)
        rl_config.useA85 = 0  # binary streams, a fifth smaller
        ttfonts.makeToUnicodeCMap = _to_unicode  # type: ignore[assignment]  # the arguments' types are ours
        for name, style in STYLES.items():
            file = place(_folder) / f"{style}.ttf"
            pdfmetrics.registerFont(ttfonts.TTFont(name, str(file), asciiReadable=False))
        _ready = True


def unprintable(text: str) -> list[str]:
    """The characters of a text that cannot be drawn, each once, in order."""
    return list(dict.fromkeys(character for character in text if font_of(character) is None))


def runs(text: str, first: str = SERIF) -> list[tuple[str, str]]:
    """(font, part) in order: the first font as far as it goes, the other for what only that one has."""
    fonts = groupby(text, lambda character: font_of(character, first) or first)
    return [(font, "".join(part)) for font, part in fonts]


def width(text: str, size: float, first: str = SERIF) -> float:
    """How wide a text is drawn, in points."""
    return sum(_advance(character, first) for character in text) * size / 1000


@lru_cache(65536)
def font_of(character: str, first: str = SERIF) -> str | None:
    """The font that draws a character; None where none does."""
    if unicodedata.category(character) in _HIDDEN:
        return None
    if unicodedata.category(character) == "Zs" and character not in _BLANKS:
        return None
    return next((font for font in (first, *STYLES) if ord(character) in _covered(font)), None)


# --- inside ---------------------------------------------------------------------------------------


@lru_cache(65536)
def _advance(character: str, first: str) -> float:
    return pdfmetrics.stringWidth(character, font_of(character, first) or first, 1000)


@lru_cache
def _covered(font: str) -> frozenset[int]:
    register()
    known: Any = pdfmetrics.getFont(font)
    return frozenset(known.face.charToGlyph)


def _to_unicode(name: str, subset: list[int]) -> str:
    """The map from codes to text. reportlab 5.1 writes characters above U+FFFF in a form that no reader
    knows, so that they print but copy as something else; and one block may hold a hundred lines only.
    """
    lines = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def /CMapType 2 def",
            f"1 begincodespacerange <00> <{len(subset) - 1:02X}> endcodespacerange",
            *("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )


def _make(style: str, target: Path) -> subprocess.Popen[bytes]:
    """A child: its 200 MB of outlines do not stay, and no fork happens beside running threads."""
    command = [sys.executable, "-m", "certificates.outlines", style, str(target.resolve())]
    return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL)  # noqa: S603  # this repository's own


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time; the system lets go of the lock of one that died."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    build(Path(sys.argv[1]))
