"""Before a list is parsed: is it a workbook of today, whole, unlocked, and small enough to be looked into (R29).

Another program's file is named, with what to do. The name of a file says nothing here but which of two programs with
one format made it.
"""

import io
import zipfile

from services.intake.refusals import NotASheet, WrongFormat
from services.text import _
from services.upload import MOST_SIZE, Damaged, Empty, LockedPaper, TooComplex, TooLarge, office

MOST_ENTRIES = 200
MOST_UNPACKED = 50 * 2**20
MOST_RATIO = 100
_OLD_EXCEL = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")
_PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")
_OTHERS = (b"%pdf", b"\x89png", b"gif8", b"{\\rtf", b"rar!", b"7z\xbc", b"\x1f\x8b", b"mz", b"\x7felf")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check(data: bytes, name: str) -> None:
    """Raises a BadFile that says what it is and what to do."""
    if not data:
        raise Empty
    if len(data) > MOST_SIZE:
        raise TooLarge
    if not data.startswith(b"PK\x03\x04"):
        _name_other(data, name)
    kind = office.find_kind(data)
    if kind != "xlsx":
        _name_package(data, name, kind)
    _check_size(data)
    office.check(data)


def _name_other(data: bytes, name: str) -> None:
    ending = name.rpartition(".")[2].lower()
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise LockedPaper
        if ending in ("et", "ett"):
            raise WrongFormat(_("WPS 表格自己的格式（.et）"))
        raise WrongFormat(_("旧版 Excel 格式（.xls）"))
    if data.startswith(_OLD_EXCEL):
        raise WrongFormat(_("旧版 Excel 格式（.xls）"))
    if data.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise Damaged
    if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:8192]:
        raise WrongFormat(_("XML 表格"))
    if head.startswith(_PAGES):
        raise WrongFormat(_("网页格式的表格"))
    if head.startswith(_OTHERS) or data.startswith((b"\xff\xd8\xff", b"RIFF", b"BM")):
        raise NotASheet
    _name_by_ending(data, ending)


def _name_by_ending(data: bytes, ending: str) -> None:
    """What has no mark of its own: text, and what only its name tells apart."""
    if ending in ("csv", "txt", "tsv") or (
        b"\x00" not in data[:4096] and any(c in data[:4096] for c in (b",", b"\t"))
    ):
        raise WrongFormat(_("文本格式的表格（.csv）"))
    if ending in ("xls", "et", "ods", "numbers", "xlsb"):
        raise WrongFormat(_("其他格式的表格（.%(ending)s）", ending=ending))
    raise NotASheet


def _name_package(data: bytes, name: str, kind: str | None) -> None:
    if kind is not None:  # docx
        raise NotASheet
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist()[: MOST_ENTRIES + 1])
            locked = any(entry.flag_bits & 0x1 for entry in package.infolist())
            head = data[:200]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        raise Damaged from None
    if locked:
        raise LockedPaper
    if b"opendocument.spreadsheet" in head or name.lower().endswith(".ods"):
        raise WrongFormat(_("OpenDocument 表格（.ods）"))
    if any(each.startswith("Index/") or each.endswith(".iwa") for each in names):
        raise WrongFormat(_("苹果 Numbers 表格（.numbers）"))
    if "xl/workbook.bin" in names:
        raise WrongFormat(_("二进制 Excel 格式（.xlsb）"))
    if any("vbaProject" in each for each in names) or name.lower().endswith((".xlsm", ".xltm")):
        raise WrongFormat(_("带宏的表格（.xlsm）"))
    if "[Content_Types].xml" in names:
        raise Damaged
    raise NotASheet


def _check_size(data: bytes) -> None:
    """By the directory alone, before anything is unpacked; what unpacks to more than it says fails when it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        raise Damaged from None
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(packed, 1):
        raise TooComplex
