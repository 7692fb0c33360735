"""One cell: the text in it, what a spreadsheet did to it, and how a problem with it is said.

A problem is kept as the sentence's source and its values, so that each reader gets it in their language; never the
value of the cell.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from models.person import DocumentType
from services.intake.reader import address
from services.intake.reading import Cell
from services.person import documents
from services.text import Sentence, _, compact

Problem = dict[str, Any]

SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,3}")
_QUOTES = "'’‘`\"“”＇＂"
_DATE = re.compile(r"(?P<year>(?:19|20)[0-9]{2})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?")
_EIGHT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_BIRTH_SERIALS = range(5_000, 60_000)
"""Days since 1900 that a birth date may be: 1913 to 2064."""


def problem(
    key: str, number: int, column: int | None, sentence: Sentence, *, is_note: bool = False
) -> Problem:
    """`column` counts from 0; None where the list has no such column."""
    made: Problem = {
        "field": key,
        "cell": f"{address(column + 1)}{number}" if column is not None else "",
        "say": sentence.message,
        "with": {name: str(value) for name, value in sentence.params.items()},
    }
    if is_note:
        made["note"] = True
    return made


def say(found: Mapping[str, Any]) -> Sentence:
    """A problem as its reader reads it."""
    return Sentence(found["say"], **found["with"])


def text_of(cell: Cell) -> str:
    """A cell as people see it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _tidy(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, dict):
        return str(cell.get("d", ""))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


def _tidy(text: str) -> str:
    """Without line ends, doubled blanks and the marks that stand around copied text."""
    if text.isalnum():
        return text
    text = re.sub(r"[\s\u00a0\u3000]+", " ", text).strip(" \ufeff\u200b\u200e\u200f")
    if text[:1] and text[0] in _QUOTES:
        text = text[1:].rstrip(_QUOTES).strip()
    return text


def number_text(cell: Cell) -> str:
    """A document number or phone as typed: ASCII, without blanks, quotes and marks of copying."""
    return compact(text_of(cell)).strip(_QUOTES)


def is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def damage(cell: Cell, type: DocumentType | None, today: dt.date) -> Sentence | None:
    """What a spreadsheet has done to a document number, and what to do about it."""
    if isinstance(cell, dict):
        return _("证件号码单元格是日期。请把这一列设为“文本”，再按证件重新填写。")
    text = number_text(cell)
    if is_number(cell) and abs(cell) >= 1e14:
        return _(
            "证件号码单元格是数值：Excel 只保留前 15 位，后几位已变成 0，无法还原。"
            "请把这一列设为“文本”，再按证件重新填写完整号码。"
        )
    if SCIENTIFIC.fullmatch(text):
        return _(
            "证件号码已变成科学记数法，后几位已丢失，无法还原。请把这一列设为“文本”，再按证件重新填写完整号码。"
        )
    if type is DocumentType.TW_PERMIT and text.isdecimal() and len(text) == 7:
        return _("号码少了最前面的 0（Excel 会去掉数值开头的 0）。请把这一列设为“文本”，补全 8 位号码。")
    if type not in (None, DocumentType.RESIDENT_ID, DocumentType.HMT_RESIDENCE_PERMIT, DocumentType.PR_CARD):
        return None
    if len(text) == 17 and text.isascii() and text.isdecimal():
        if _fits(type, text + "X", today):
            return _("只有 17 位，可能少了最后的 X。请对照证件补上最后一位。")
        return _("只有 17 位，少了一位。请对照证件补全 18 位号码。")
    if (
        len(text) == 18
        and text.endswith("000")
        and text.isascii()
        and text.isdecimal()
        and not _fits(type, text, today)
    ):
        return _("号码末三位是 000，很可能被 Excel 改写过。请把这一列设为“文本”，再按证件重新填写完整号码。")
    return None


def _fits(type: DocumentType | None, number: str, today: dt.date) -> bool:
    try:
        documents.check(type or infer(number), number, today)
    except documents.BadDocument:
        return False
    return True


def infer(number: str) -> DocumentType:
    """The type of a number that came without one. Each form of number belongs to one type."""
    if re.fullmatch("[HM][0-9]{8}(?:[0-9]{2})?", number):
        return DocumentType.HM_PERMIT
    if len(number) == 18:
        if number[:2] in ("81", "82", "83"):
            return DocumentType.HMT_RESIDENCE_PERMIT
        if number[0] == "9":
            return DocumentType.PR_CARD
    return DocumentType.RESIDENT_ID


def date_of(cell: Cell) -> dt.date | None:
    """A date, however it was written: a date cell, 1990-01-31, 1990.1.31, 1990年1月31日, 19900131, a serial number."""
    if isinstance(cell, dict):
        return _day(*str(cell.get("d", "")).split("-")[:3])
    if is_number(cell) and float(cell).is_integer() and int(cell) in _BIRTH_SERIALS:
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(cell))
    text = compact(text_of(cell))
    if found := _EIGHT.fullmatch(text) or _DATE.fullmatch(text):
        return _day(*found.groups())
    return None


def _day(*parts: str) -> dt.date | None:
    try:
        year, month, day = (int(part) for part in parts)
        return dt.date(year, month, day)
    except ValueError:
        return None


def whole_of(cell: Cell) -> int | None:
    """A whole number such as 5, 5.0, ５, 5年; None where it is none."""
    text = (
        unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "").removesuffix("年").removesuffix("周岁")
    )
    if found := re.fullmatch(r"([0-9]{1,3})(?:\.0+)?", text):
        return int(found[1])
    return None
