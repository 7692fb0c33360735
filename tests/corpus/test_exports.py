# ruff: noqa: E501  a line a case
"""R33: whatever somebody is called, no cell that goes out is a formula."""

import csv
import io
import re
import zipfile

import pytest
import python_calamine

from services import export as exports

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BODIES = (
    "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', "SUM(1+1)*cmd|' /C calc'!A0", "1+1", "A1",
    "IMPORTXML(CONCAT(A1),1)",
)  # fmt: skip
OTHERS = (
    "", " =1+1", "\u3000=1+1", "\u00a0@x", "\ufeff=1", "\u200b=1", "'=1+1", '"=1+1', ";=1+1", ",=1+1", "%0A=1", "a\n=1",
    "a\r\n=1", "\v=1", "\f=1", "{=1+1}", "!=1", "_x003D_1+1", "_x000D_", "\x00=1", "\x01", "\x0b", "\ud800", "\uffff",
    "<b>x</b>", "]]>", "&amp;", "http://evil.example", "mailto:x@y", "internal:A1", "external:c:\\x", "1e400", "500199197001010017",
    "true", "#REF!", "2026-01-01", "𰻞", "👨‍👩‍👧", "\u202eabc", "x" * 40_000,
)  # fmt: skip
CORPUS = [*(start + body for start in STARTS for body in BODIES), *OTHERS]


def test_there_are_enough() -> None:
    assert len(CORPUS) >= 60


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    data = exports.workbook(CORPUS[0], ["=1+1", "@x"], [(text, "尾") for text in CORPUS])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {
            name: package.read(name).decode()
            for name in package.namelist()
            if name.endswith((".xml", ".rels"))
        }
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert "<f" not in sheet.replace("<fonts", "").replace("<fills", "")
    kinds = set(re.findall(r'<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?(?: t="(\w+)")?>', sheet))
    assert kinds <= {"s"}, kinds
    assert not any("externalLink" in name or "hyperlink" in text for name, text in parts.items())
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert len(rows) == len(CORPUS) + 2
    read = [row[0] for row in rows[2:]]
    for text, found in zip(CORPUS, read, strict=True):
        if text.isprintable() and len(text) < 30_000:
            assert found == text


def test_a_risky_cell_stays_text_when_somebody_edits_it() -> None:
    data = exports.workbook("x", ["a"], [("=1+1",), ("张三",)])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b'quotePrefix="1"' in package.read("xl/styles.xml")


def test_no_cell_of_a_csv_begins_a_formula() -> None:
    data = exports.csv(["=1+1"], [(text, "尾") for text in CORPUS])
    assert data.startswith(b"\xef\xbb\xbf")
    text = data[3:].decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == len(CORPUS) + 1
    assert all(row[0][:1] not in STARTS for row in rows)
    assert all(row[0].lstrip(" \u3000\u00a0\ufeff\u200b\v\f")[:1] not in STARTS for row in rows)
    assert text.count('"') >= 4 * len(CORPUS)


def test_a_table_has_an_end() -> None:
    with pytest.raises(exports.TooManyRows):
        exports.csv(["a"], (("x",) for _number in range(exports.MOST_ROWS + 1)))
