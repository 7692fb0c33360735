"""Files for tests of uploads: sound ones, and ones that are not what they seem."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """A small picture of one colour and a corner."""
    drawn = Image.new("RGB", size, (200, 60, 40))
    drawn.putpixel((0, 0), (0, 0, 0))
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def pixel_flood(side: int = 13_000) -> bytes:
    """A PNG of 169 million pixels in some 20 KB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 2)
    body = b"".join(packer.compress(row) for _line in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def paper(catalogue: bytes = b"", *objects: bytes) -> bytes:
    """A PDF of one empty page; `catalogue` is added to its root, `objects` follow as 4, 5, …"""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *objects,
    ]
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return out


def stream(body: bytes, entries: bytes = b"/Filter /FlateDecode") -> bytes:
    """A stream object; the body is taken as it is."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), entries, body)


TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""


def word(types: str = TYPES, **parts: bytes | str) -> bytes:
    """A docx package; further parts by name, `__` for `/` and `_dot_` for `.`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr("word/document.xml", "<w:document xmlns:w='w'><w:body/></w:document>")
        for name, body in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return out.getvalue()
