"""Certificate numbers for people and files: `YC-JS-2026-0017-0003-7`.

Kind, year, activity, serial, and one check character over all before it. It is not the 22 characters of a
vocational level certificate, for which it must not be taken, and not what a QR leads to: that is a token.

The check character is a linear code over a group of 36, GF(4) x GF(9): it finds every wrong character, every
swap of two neighbours and of two that have one between them, and every pair typed as another pair. ISO 7064
MOD 37,36, which has the same 36 characters, lets one neighbours' swap in some hundred through (9, 10 and others).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PREFIX: Final = "YC"
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SERIALS: Final = 999_999

_FORM = re.compile(
    rf"{PREFIX}([A-Z]{{2}})([0-9]{{4}})([0-9]{{4}})([0-9]{{4}}|[1-9][0-9]{{4,5}})([0-9A-Z])", re.ASCII
)
_SEPARATORS = re.compile("[\\s\u200b-\u200d\u2060\ufeff\u2010-\u2015\u2212\u30fc_.-]+")


class Series(StrEnum):
    """What a number is given for."""

    AWARD = "JS"
    PARTICIPATION = "CS"
    ORGANISATION = "ZZ"
    COACH = "JL"
    COMPLETION = "JY"
    APPOINTMENT = "PS"
    OTHER = "ZM"


@dataclass(frozen=True, slots=True, order=True)
class Number:
    series: Series
    year: int
    activity: int
    serial: int

    def __post_init__(self) -> None:
        if not (1000 <= self.year <= 9999 and 0 < self.activity <= 9999 and 0 < self.serial <= SERIALS):
            raise ValueError("a number has a year, an activity up to 9999 and a serial up to 999999")

    def __str__(self) -> str:
        parts = (PREFIX, self.series.value, f"{self.year:04}", f"{self.activity:04}", f"{self.serial:04}")
        return "-".join((*parts, check_character("".join(parts))))


def compose(kind: str, year: int, activity_no: int, serial: int) -> str:
    """The number as text, for a series (`JS`) or the code name of a kind (`award`). Raises ValueError where a
    part is out of its range.
    """
    named = Series.__members__.get(kind.upper())
    return str(Number(named or Series(kind), year, activity_no, serial))


def parse(text: str) -> Number | None:
    """What a person typed: any case and width, blanks, any dashes or none. None unless it is a number."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:100])).upper()
    found = _FORM.fullmatch(compact)
    if found is None or found[5] != check_character(compact[:-1]):
        return None
    try:
        return Number(Series(found[1]), *(int(part) for part in found.group(2, 3, 4)))
    except ValueError:
        return None


def check_character(text: str) -> str:
    """The one that brings the sum to nought: each step turns the sum (`_turn`) and adds a character."""
    total = (0, 0, 0)
    for character in text:
        total = _turn(_plus(total, _element(character)))
    total = tuple[int, int, int]((total[0], -total[1] % 3, -total[2] % 3))
    return ALPHABET[total[0] * 9 + total[1] * 3 + total[2]]


# --- the group: GF(4) as two bits, GF(9) as x + yi over the integers modulo 3 -----------------------

Element = tuple[int, int, int]
_OMEGA: Final = (0, 2, 3, 1)  # times a generator of GF(4)


def _element(character: str) -> Element:
    place = ALPHABET.index(character)
    return place // 9, place // 3 % 3, place % 3


def _plus(one: Element, other: Element) -> Element:
    return one[0] ^ other[0], (one[1] + other[1]) % 3, (one[2] + other[2]) % 3


def _turn(one: Element) -> Element:
    """Times a generator in each field (1 + i in GF(9)): neither it, its square, nor it plus 1 kills anything."""
    four, x, y = one
    return _OMEGA[four], (x - y) % 3, (x + y) % 3
