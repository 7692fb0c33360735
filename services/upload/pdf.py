"""PDF papers: whole, unlocked, and doing nothing by themselves.

They are not drawn anew, so they are searched: the file as it stands, and every stream that unpacks, for the
names that scripts, attachments and actions cannot do without. A name may be written with #-escapes; a
dictionary may hide in a packed object stream. What cannot be looked into is refused.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from services.upload.reasons import ActivePaper, Damaged, LockedPaper, Mixed, TooComplex

MOST_UNPACKED = 120 * 2**20
_CHUNK = 4 * 2**20
_OVERLAP = 200
_TAIL = 1024
_ZIP_TAIL = 66_000


def _name(word: str) -> str:
    """A PDF name, each letter plain or as #xx."""
    letters = (f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word)
    return "/" + "".join(letters)


def _names(*words: str) -> re.Pattern[bytes]:
    pattern = "|".join(_name(word) for word in words)
    return re.compile(f"(?:{pattern})(?![A-Za-z0-9])".encode())


_ACTIVE = _names(
    "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "Rendition", "SubmitForm",
    "ImportData", "GoToE", "Filespec",
)  # fmt: skip
# Short names turn up in packed pictures by chance, so what must follow them is asked for too.
_SHORT = re.compile(
    f"(?:{_name('JS')}|{_name('XFA')})[\\x00\\t\\n\\f\\r ]*(?:\\(|<[0-9A-Fa-f<]|\\[|[0-9]+ [0-9]+ R)".encode()
)
_LOCKED = _names("Encrypt")
_OBJECTS = _names("ObjStm")
_UNREADABLE = _names("LZWDecode", "LZW", "Crypt", "RunLengthDecode")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")


def check(data: bytes) -> None:
    """Raises Damaged, Mixed, LockedPaper, ActivePaper or TooComplex."""
    if not _HEADER.match(data):
        raise Damaged
    end = data.rfind(b"%%EOF")
    if end < 0 or end < len(data) - _TAIL:
        raise Damaged
    if data[end + 5 :].strip(b"\x00\t\n\f\r ") or b"PK\x05\x06" in data[-_ZIP_TAIL:]:
        raise Mixed
    if b"startxref" not in data[-2 * _TAIL :]:
        raise Damaged
    if _LOCKED.search(data):
        raise LockedPaper
    if _ACTIVE.search(data) or _SHORT.search(data):
        raise ActivePaper
    for chunk in _unpacked(data):
        if _ACTIVE.search(chunk) or _SHORT.search(chunk):
            raise ActivePaper


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What the streams hold, in overlapping pieces. Raises TooComplex where it is too much or unseen."""
    left = MOST_UNPACKED
    previous = 0
    for found in _STREAM.finditer(data):
        if data[found.start() - 3 : found.start()] == b"end":
            continue
        head = data[max(previous, found.start() - 2000) : found.start()]
        previous = found.end()
        head = head[head.rfind(b"endstream") + 1 :]
        holds_objects = _OBJECTS.search(head) is not None
        if holds_objects and _UNREADABLE.search(head):
            raise TooComplex
        seen = 0
        for chunk in _inflated(data, found.end()):
            seen += len(chunk)
            left -= len(chunk)
            if left < 0:
                raise TooComplex
            yield chunk
        if holds_objects and not seen:
            raise TooComplex


def _inflated(data: bytes, start: int) -> Iterator[bytes]:
    """A packed stream unpacked as far as it goes; nothing where it is not packed with deflate."""
    if not _is_zlib(data[start : start + 2]):
        packed = _in_letters(data, start)
        if packed is None:
            return
        data, start = packed, 0
        if not _is_zlib(data[:2]):
            yield data
            return
    machine = zlib.decompressobj()
    rest, tail = data[start : start + _CHUNK], b""
    position = start + len(rest)
    while rest and not machine.eof:
        try:
            piece = machine.decompress(rest, _CHUNK)
        except zlib.error:
            return
        yield tail + piece
        tail = (tail + piece)[-_OVERLAP:]
        rest = machine.unconsumed_tail
        if not rest:
            rest = data[position : position + _CHUNK]
            position += len(rest)


def _in_letters(data: bytes, start: int) -> bytes | None:
    """The bytes of a stream written as ASCII85 or hexadecimal, or None."""
    end = data.find(b"endstream", start)
    body = b"".join(data[start : end if end >= 0 else len(data)].split())
    try:
        if body.endswith(b"~>"):
            return base64.a85decode(body[2:-2] if body.startswith(b"<~") else body[:-2])
        if body.endswith(b">"):
            return binascii.unhexlify(body[:-1] + b"0" * (len(body[:-1]) % 2))
    except (ValueError, binascii.Error):
        return None
    return None


def _is_zlib(start: bytes) -> bool:
    return len(start) == 2 and start[0] & 0x0F == 8 and int.from_bytes(start) % 31 == 0
