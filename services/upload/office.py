"""Word and Excel files of today (docx, xlsx): a zip that holds what it says and nothing that runs."""

import io
import re
import zipfile
import zlib
from typing import IO

from services.upload.reasons import ActivePaper, BadFile, Damaged, LockedPaper, Mixed, TooComplex

MOST_ENTRIES = 500
MOST_UNPACKED = 50 * 2**20
MOST_RATIO = 200
_SMALL = 1 * 2**20
_PIECE = 1 * 2**20
_OVERLAP = 2**14

_MAIN = {
    "docx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_FORBIDDEN = re.compile(
    r"vbaproject|activex|/embeddings/|oleobject|macrosheets|externallinks|\.(?:bin|exe|js|vbs)$"
)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_EXTERNAL = re.compile(
    rb"<Relationship\b[^<>]*TargetMode\s*=\s*[\"']External[\"'][^<>]*>", re.IGNORECASE
)  # no < in a value: each is looked at once


def find_kind(data: bytes) -> str | None:
    """docx or xlsx, by what the package says of itself."""
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entry = package.getinfo("[Content_Types].xml")
            if entry.file_size > _SMALL:
                return None
            types = package.read(entry)
    except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, zlib.error):
        return None
    return next((kind for kind, main in _MAIN.items() if main in types), None)


def check(data: bytes) -> None:
    """Raises a BadFile: TooComplex, ActivePaper, LockedPaper, Mixed or Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_end(data, package)
            _check_entries(package)
    except BadFile:
        raise
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, zlib.error, EOFError):
        raise Damaged from None


def _check_end(data: bytes, package: zipfile.ZipFile) -> None:
    if package.comment or data[-22:-18] != b"PK\x05\x06":
        raise Mixed
    if package.infolist() and min(entry.header_offset for entry in package.infolist()) != 0:
        raise Mixed


def _check_entries(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(packed, 1):
        raise TooComplex
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise Mixed
    for entry, name in zip(entries, names, strict=True):
        if entry.flag_bits & 0x1:
            raise LockedPaper
        if name.startswith("/") or ".." in name or "\\" in name:
            raise Mixed
        if _FORBIDDEN.search(name) and not name.endswith("printersettings1.bin"):
            raise ActivePaper
        if name.endswith((".xml", ".rels", ".vml")):
            with package.open(entry) as part:
                _check_part(part)


def _check_part(part: IO[bytes]) -> None:
    """Nothing declared, nothing fetched from outside but a link that a person clicks. Read in overlapping pieces: a
    part may unpack to more than a web process should hold.
    """
    kept = b""
    while piece := part.read(_PIECE):
        text = kept + piece.replace(b"\x00", b"")  # UTF-16 hides nothing
        if _DTD.search(text) or b"macroEnabled" in text:
            raise ActivePaper
        for found in _EXTERNAL.finditer(text):
            if b"/hyperlink" not in found.group():
                raise ActivePaper
        kept = text[-_OVERLAP:]
