"""Lists as units send them: workbooks with people nobody is."""

import datetime as dt
import io
import random
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from models.person import Sex
from services.person.documents import demo_number

HEADINGS = ("姓名", "证件号码", "手机", "参与者类别", "单位", "职务/岗位", "备注")
BORN = dt.date(1970, 1, 1)


def number(index: int, born: dt.date | None = None) -> str:
    """A document number that nobody has, the same for the same index."""
    return demo_number(random.Random(index), born or BORN + dt.timedelta(days=index % 12_000), Sex.MALE)


def people(count: int, start: int = 0) -> list[list[Any]]:
    """So many rows of believable people, in the order of HEADINGS."""
    return [
        [
            f"示例{chr(0x4E00 + index % 4000)}{chr(0x4E00 + index // 4000)}",
            number(index),
            f"139{index:08d}",
            "企业职工",
            "示例精密机械有限公司",
            "钳工",
            "",
        ]
        for index in range(start, start + count)
    ]


def workbook(
    rows: Sequence[Sequence[Any]],
    headings: Sequence[str] = HEADINGS,
    titles: Sequence[str] = (),
    mark: Sequence[str] = (),
) -> bytes:
    """A workbook with a header row under its titles. Text stays text; numbers and dates stay what they are.
    `mark`: what a template of the platform says of itself.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("名单")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, title in enumerate(titles):
        sheet.merge_range(place, 0, place, max(1, len(headings) - 1), title)
    for column, heading in enumerate(headings):
        sheet.write_string(len(titles), column, heading)
    for row, values in enumerate(rows, len(titles) + 1):
        for column, value in enumerate(values):
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write(row, column, value)
    if mark:
        hidden = book.add_worksheet("_yongjiang")
        hidden.write_row(0, 0, mark)
        hidden.very_hidden()
    book.close()
    return out.getvalue()
