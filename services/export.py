"""Tables that leave the house: XLSX and CSV in which nothing that a person typed is ever read as a formula (R33).

Pure: it knows headings and rows of text. Who may have a table, and that somebody had it, is the business of the room
that makes it (`services.roster`). Nothing is kept: a table is made for whoever asks and goes to them alone.
"""

import csv as csv_
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from services.errors import Refused
from services.text import _

__all__ = ["MEDIA_TYPES", "MOST_ROWS", "TooManyRows", "csv", "is_risky", "workbook"]

MOST_ROWS = 20_000
_MOST_CHARACTERS = 32_767
"""What a cell of a spreadsheet can hold."""
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_RISKY = frozenset("=+-@\t\r\n＝＋－＠")
_BLANKS = " \u00a0\u3000\u200b\ufeff\v\f"


class TooManyRows(Refused):
    sentence = _("这份名单超过 20,000 行，请按组别分别导出。")


def is_risky(text: str) -> bool:
    """Whether a spreadsheet may read it as a formula, at once or when somebody edits the cell."""
    return text[:1] in _RISKY or text.lstrip(_BLANKS)[:1] in _RISKY if text else False


def workbook(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    widths: Sequence[int] | None = None,
    foot: str = "",
) -> bytes:
    """A sheet with title, headings and rows, ready to be printed on A4; every cell is text. Raises `TooManyRows`."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    plain = {"num_format": "@", "border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10}
    cell, quoted = book.add_format(plain), book.add_format(plain | {"quote_prefix": True})
    head = book.add_format(plain | {"bold": True, "align": "center", "bg_color": "#EFE9DC"})
    top = book.add_format({"num_format": "@", "bold": True, "align": "center", "font_size": 15})
    sheet = book.add_worksheet("名单")
    last = max(len(headings) - 1, 0)
    sheet.set_row(0, 30)
    if last:
        sheet.merge_range(0, 0, 0, last, "", top)
    sheet.write_string(0, 0, _text(title), top)
    for column, heading in enumerate(headings):
        sheet.write_string(1, column, _text(heading), head)
        width = widths[column] if widths and column < len(widths) else max(8, 2 * len(str(heading)) + 2)
        sheet.set_column(column, column, width)
    number = 1
    for number, row in enumerate(_capped(rows), 2):
        for column, value in enumerate(row):
            text = _text(value)
            sheet.write_string(number, column, text, quoted if is_risky(text) else cell)
    if foot:
        sheet.write_string(number + 2, 0, _text(foot))
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    book.close()
    return buffer.getvalue()


def csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The same as CSV for Excel: a byte order mark, all cells quoted, a `'` before what could be a formula."""
    out = io.StringIO()
    writer = csv_.writer(out, quoting=csv_.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_safe(heading) for heading in headings])
    for row in _capped(rows):
        writer.writerow([_safe(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _safe(value: object) -> str:
    text = _text(value)
    return f"'{text}" if is_risky(text) else text


def _text(value: object) -> str:
    """As text that a file can hold: no half characters, none that XML forbids, no longer than a cell."""
    text = "" if value is None else value if isinstance(value, str) else str(value)
    text = "".join(_shown(character) for character in text) if not text.isprintable() else text
    return text[:_MOST_CHARACTERS]


def _shown(character: str) -> str:
    code = ord(character)
    if code in (9, 10, 13) or (code >= 32 and not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF)):
        return character
    return "�"


def _capped(rows: Iterable[Sequence[object]]) -> Iterable[Sequence[object]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise TooManyRows
        yield row
