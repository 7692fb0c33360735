"""Where each word of a certificate stands on an A4 sheet: long texts get smaller, then more lines, then refused."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from certificates import fonts
from certificates.facts import Facts
from certificates.typeset import Line, Piece, Style, lines

WIDTH: Final = 841.8898  # A4, landscape
HEIGHT: Final = 595.2756
SIDE: Final = 116.0  # from the edge of the sheet to the words
HEADING: Final = HEIGHT - 142
ENGLISH: Final = HEADING - 29
TOP: Final = HEIGHT - 192  # the words begin under it
FLOOR: Final = 168.0  # and end above it
QR: Final = 62.36  # 22 mm
QR_X: Final = 84.0
QR_Y: Final = 74.0
NOTES_X: Final = QR_X + QR + 11
ISSUER_X: Final = WIDTH - 218  # the middle of issuer and date
ISSUER_WIDTH: Final = 272.0
ISSUER_Y: Final = 132.0
NOTES_WIDTH: Final = ISSUER_X - ISSUER_WIDTH / 2 - NOTES_X - 8

SIZES: Final = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64)  # of the words, tried in turn
ONE_LINE: Final = 0.82  # down to here the line of the name is kept in one
NAME, SAID, AWARD = 30.0, 19.5, 25.0
FIELDS: Final = ("before_name", "name", "after_name", "body_before", "award", "body_after", "closing")
_VERB = re.compile("(?:荣获|获得|获评|被评为|评为|授予|获|为)?$")
_DIGITS: Final = "〇一二三四五六七八九"


class DoesNotFit(ValueError):
    """Too long for the sheet at the smallest size. `field` is what to shorten."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is too long for the paper")
        self.field = field


class Unprintable(ValueError):
    """Characters that the fonts do not have, or that show nothing. `characters` are they."""

    def __init__(self, characters: Sequence[str]) -> None:
        super().__init__("cannot be printed: " + ", ".join(f"U+{ord(one):04X}" for one in characters))
        self.characters = list(characters)


@dataclass(frozen=True, slots=True)
class Text:
    """A text from its left end on its base line; `bold` is the stroke as a part of the size, `space` what is
    added between characters.
    """

    text: str
    x: float
    y: float
    size: float
    ink: str = "ink"
    bold: float = 0.0
    space: float = 0.0
    font: str = fonts.SERIF

    @property
    def width(self) -> float:
        return fonts.width(self.text, self.size, self.font) + self.space * max(0, len(self.text) - 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x: float
    y: float
    length: float
    ink: str = "ink"
    end: float = 0.0  # radius of a ring at its right end (negative: at its left)


@dataclass
class Layout:
    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def arrange(facts: Facts, *, site: str, fingerprint: str) -> Layout:
    """Every text in reading order. Raises Unprintable and DoesNotFit."""
    printed = "".join((facts.heading, facts.heading_en, *(getattr(facts, name) for name in FIELDS)))
    if missing := fonts.unprintable(printed + facts.issuer + facts.number + site + fingerprint):
        raise Unprintable(missing)
    sheet = Layout()
    _head(sheet, facts)
    _words(sheet, facts)
    _issuer(sheet, facts)
    _notes(sheet, facts, site, fingerprint)
    return sheet


def chinese_date(day: dt.date) -> str:
    """二〇二六年十二月十八日"""
    year = "".join(_DIGITS[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{_up_to_99(day.month)}月{_up_to_99(day.day)}日"


# --- inside ---------------------------------------------------------------------------------------


def _up_to_99(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _head(sheet: Layout, facts: Facts) -> None:
    """The title apart by as much as its length allows, the English between two rules."""
    for size, space in ((58.0, 28.0), (58.0, 16.0), (52.0, 10.0), (44.0, 6.0), (36.0, 4.0), (30.0, 2.0)):
        title = _centred(facts.heading, WIDTH / 2, HEADING, size, ink="red", bold=0.022, space=space)
        if title.width <= WIDTH - 2 * SIDE:
            break
    else:
        raise DoesNotFit("heading")
    sheet.texts.append(title)
    if not facts.heading_en:
        return
    for size, space in ((12.5, 4.2), (11.5, 2.5), (10.0, 1.0)):
        english = _centred(facts.heading_en, WIDTH / 2, ENGLISH, size, ink="gold", space=space)
        if english.width <= WIDTH - 2 * SIDE - 160:
            break
    else:
        raise DoesNotFit("heading_en")
    sheet.texts.append(english)
    for at, end in ((english.x - 16 - 62, -1.7), (english.x + english.width + 16, 1.7)):
        sheet.rules.append(Rule(at, ENGLISH + 4.2, 62, "gold", end))


def _words(sheet: Layout, facts: Facts) -> None:
    for one_line in (True, False):
        for size in SIZES:
            if one_line and size < ONE_LINE:
                break
            paragraphs = list(_paragraphs(facts, size))
            if one_line and facts.name and len(paragraphs[0]) > 1:
                continue
            height = sum(_leading(line, size) for line in chain.from_iterable(paragraphs))
            if height <= TOP - FLOOR:
                _place(sheet, paragraphs, size, TOP - (TOP - FLOOR - height) * 0.3)
                return
    raise DoesNotFit(max(FIELDS, key=lambda name: len(getattr(facts, name))))


def _paragraphs(facts: Facts, size: float) -> Iterator[list[Line]]:
    said = Style(SAID * size, gap=6 * size)
    name = Style(NAME * size, gap=12 * size, role="name")
    award = Style(AWARD * size, gap=5 * size, role="award")
    verb = _VERB.search(facts.body_before)
    cut = verb.start() if verb and facts.award else len(facts.body_before)
    width = WIDTH - 2 * SIDE
    indent = 2 * said.size
    for left, pieces in (
        (0.0, [Piece(facts.before_name, said), Piece(facts.name, name), Piece(facts.after_name, said)]),
        (
            indent,
            [
                Piece(facts.body_before[:cut], said),
                Piece(facts.body_before[cut:], said, keep=True),
                Piece(facts.award, award, keep=True),
                Piece(facts.body_after, said),
            ],
        ),
        (indent, [Piece(facts.closing, said)]),
    ):
        if any(piece.text for piece in pieces):
            yield lines(pieces, width, fonts.width, indent=left)


def _leading(line: Line, size: float) -> float:
    """Air shrinks faster than the words; the line of a name has a rule under it."""
    return (40 if line.size < NAME * size else 44) * size * (0.55 + 0.45 * size)


def _place(sheet: Layout, paragraphs: list[list[Line]], size: float, top: float) -> None:
    y = top
    for line in chain.from_iterable(paragraphs):
        y -= _leading(line, size)
        for run in line.runs:
            x = SIDE + run.x
            match run.style.role:
                case "name":
                    sheet.texts.append(Text(run.text, x, y, run.style.size, bold=0.014))
                    sheet.rules.append(Rule(x - 7 * size, y - 8 * size, run.width + 14 * size))
                case "award":
                    sheet.texts.append(Text(run.text, x, y, run.style.size, ink="red", bold=0.008))
                case _:
                    sheet.texts.append(Text(run.text, x, y, run.style.size))


def _issuer(sheet: Layout, facts: Facts) -> None:
    """One line, smaller lines, two lines; the date under it. The seal is stamped over both, on white."""
    for size in (16.0, 15.0, 14.0, 13.0, 12.0):
        set_in = lines([Piece(facts.issuer, Style(size))], ISSUER_WIDTH, fonts.width)
        if len(set_in) <= (1 if size > 13 else 2):
            break
    else:
        raise DoesNotFit("issuer")
    for above, line in enumerate(reversed(set_in)):
        sheet.texts.insert(
            len(sheet.texts) - above,
            _centred(line.text, ISSUER_X, ISSUER_Y + above * size * 1.5, size),
        )
    sheet.texts.append(_centred(chinese_date(facts.issued_on), ISSUER_X, ISSUER_Y - 27, 15))


def _notes(sheet: Layout, facts: Facts, site: str, fingerprint: str) -> None:
    """Beside the QR: what it is called, what to do with it, and what a false site cannot have."""
    issue = f"（第{facts.version}版）" if facts.version > 1 else ""
    notes = (
        ("number", f"证书编号 {facts.number}{issue}"),
        ("site", f"扫码查验 Scan to verify · {site}"),
        ("site", "核对域名与所列各项 Compare site and fields"),
        ("fingerprint", f"公钥指纹 {fingerprint}"),
    )
    for index, (name, words) in enumerate(notes):
        for size in (8.0, 7.4, 6.8, 6.2):
            note = Text(words, NOTES_X, QR_Y + QR - 9 - index * 16.2, size, "grey", font=fonts.SANS)
            if note.width <= NOTES_WIDTH:
                break
        else:
            raise DoesNotFit(name)
        sheet.texts.append(note)


def _centred(
    text: str, x: float, y: float, size: float, *, ink: str = "ink", bold: float = 0.0, space: float = 0.0
) -> Text:
    placed = Text(text, 0, y, size, ink, bold, space)
    return Text(text, x - placed.width / 2, y, size, ink, bold, space)
