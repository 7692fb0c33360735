"""Files are judged by content: what is taken, what is made of it, and what is refused."""

import base64
import io
import zlib

import pytest
from PIL import Image

from services import upload as uploads
from tests.support.files import TYPES, paper, picture, pixel_flood, stream, word

WITH_WORD = uploads.PAPERS | {"docx"}


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp")])
def test_a_picture_is_drawn_anew_and_gets_its_true_ending(kind: str, ending: str) -> None:
    data = picture(kind)
    sound = uploads.check(data, "授权书.exe")
    assert sound.name == "授权书" + ending
    assert Image.open(io.BytesIO(sound.data)).size == (40, 30)


def test_gps_tags_comments_and_profiles_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 21.0, 0.0), 3: "E", 4: (105.0, 54.0, 0.0)})
    data = picture("JPEG", exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE" * 20)
    assert len(Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)) == 4
    for kind in ("JPEG", "WEBP"):
        kept = uploads.check(picture(kind, exif=exif), "a.jpg").data
        assert not Image.open(io.BytesIO(kept)).getexif()
    kept = uploads.check(data, "a.jpg").data
    opened = Image.open(io.BytesIO(kept))
    assert len(opened.getexif()) == 0
    assert len(opened.getexif().get_ifd(0x8825)) == 0
    assert "icc_profile" not in opened.info
    assert b"SECRET" not in kept


def test_a_picture_lying_on_its_side_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = uploads.check(picture("JPEG", exif=exif), "a.jpg").data
    assert Image.open(io.BytesIO(kept)).size == (30, 40)


def test_text_chunks_of_a_png_are_gone() -> None:
    from PIL import PngImagePlugin

    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SECRET")
    notes.add_itxt("XML:com.adobe.xmp", "SECRET")
    assert b"SECRET" not in uploads.check(picture("PNG", pnginfo=notes), "a.png").data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_mode_of_picture_is_taken(mode: str) -> None:
    out = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (5, 5)).save(out, kind)
    assert uploads.check(out.getvalue(), "a").kind == kind.lower()


def test_a_pixel_flood_is_refused_before_it_is_unpacked() -> None:
    data = pixel_flood()
    assert len(data) < 30_000
    with pytest.raises(uploads.TooManyPixels):
        uploads.check(data, "a.png")


def test_just_over_25_million_pixels_is_refused_and_just_under_is_taken() -> None:
    def flat(width: int, height: int) -> bytes:
        out = io.BytesIO()
        Image.new("1", (width, height)).save(out, "PNG")
        return out.getvalue()

    assert uploads.check(flat(5000, 5000), "a.png").kind == "png"
    with pytest.raises(uploads.TooManyPixels):
        uploads.check(flat(5000, 5001), "a.png")


STRANGERS = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "html called png": b"<html><body onload=alert(1)>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "xml svg": b'<?xml version="1.0"?><svg onload="alert(1)"/>',
    "gif": b"GIF89a" + b"\0" * 40,
    "bmp": b"BM" + b"\0" * 60,
    "tiff": b"II*\0" + b"\0" * 60,
    "postscript": b"%!PS-Adobe-3.0\n",
    "program": b"MZ" + b"\0" * 100,
    "elf": b"\x7fELF" + b"\0" * 100,
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "plain text": "单位授权书".encode(),
    "pdf not at the start": b"\n%PDF-1.7\n",
    "eicar": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_not_on_the_list_is_refused_whatever_its_name(name: str) -> None:
    with pytest.raises(uploads.WrongKind) as no:
        uploads.check(STRANGERS[name], "harmless.png")
    assert "PDF" in str(no.value.sentence)


POLYGLOTS = {
    "jpeg with html": picture("JPEG") + b"<html><script>alert(1)</script>",
    "png with script": picture("PNG") + b"<script>alert(1)</script>",
    "png with php": picture("PNG") + b"<?php system($_GET[1]); ?>",
    "jpeg comment with script": picture("JPEG", comment=b"<ScRiPt src=//e></script>"),
    "jpeg with zip (gifar)": picture("JPEG") + word(),
    "png with pdf": picture("PNG") + paper(),
    "webp with svg": picture("WEBP") + b"<svg onload=alert(1)>",
    "pdf with zip": paper() + word(),
    "pdf with html": paper() + b"<html><script>alert(1)</script>",
    "pdf with zip inside its end": paper()[:-6] + word() + b"\n%%EOF\n",
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_two_kinds_in_one_file_are_refused(name: str) -> None:
    with pytest.raises(uploads.BadFile):
        uploads.check(POLYGLOTS[name], "a", WITH_WORD)


def test_bytes_after_a_picture_are_not_kept() -> None:
    assert b"TRAILER" not in uploads.check(picture("PNG") + b"TRAILER" * 9, "a.png").data


@pytest.mark.parametrize(
    "data",
    [
        picture("PNG")[:60],
        picture("JPEG")[:300],
        picture("PNG")[:8],
        b"\xff\xd8\xff",
        b"RIFF\0\0\0\0WEBPVP8 ",
    ],
)
def test_a_damaged_picture_is_refused(data: bytes) -> None:
    with pytest.raises(uploads.Damaged):
        uploads.check(data, "a.png")


def test_empty_and_oversize_files_are_refused() -> None:
    with pytest.raises(uploads.Empty):
        uploads.check(b"", "a.png")
    with pytest.raises(uploads.TooLarge):
        uploads.check(b"%PDF-1.7" + b"0" * uploads.MOST_SIZE, "a.pdf")


def test_a_plain_paper_is_kept_byte_for_byte() -> None:
    data = paper()
    sound = uploads.check(data, "授权书.pdf")
    assert (sound.kind, sound.name, sound.data) == ("pdf", "授权书.pdf", data)


def test_a_paper_made_by_a_real_program_is_taken() -> None:
    from reportlab.pdfgen.canvas import Canvas

    for letters in (0, 1):
        out = io.BytesIO()
        canvas = Canvas(out, pageCompression=letters)
        canvas.drawString(72, 720, "Letter of authority /Java script")
        canvas.linkURL("https://example.org", (0, 0, 9, 9))
        canvas.save()
        assert uploads.check(out.getvalue(), "a.pdf").kind == "pdf"


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
OBJECTS = b"/Type /ObjStm /N 1 /First 4 /Filter "
ACTIVE = {
    "script": paper(b"/OpenAction 4 0 R", SCRIPT),
    "script with escaped name": paper(b"/OpenAction 4 0 R", b"<< /S /J#61va#53cript /#4aS (1) >>"),
    "script without a kind": paper(b"", b"<< /JS 5 0 R >>"),
    "script in a packed object": paper(
        b"", stream(zlib.compress(b"5 0 " + SCRIPT), OBJECTS + b"/FlateDecode")
    ),
    "script in a packed object of no name": paper(b"", stream(zlib.compress(b"5 0 " + SCRIPT), b"")),
    "script packed twice over": paper(
        b"", stream(base64.a85encode(zlib.compress(b"5 0 " + SCRIPT)) + b"~>", OBJECTS + b"[/A85 /Fl]")
    ),
    "script in hexadecimal": paper(b"", stream(SCRIPT.hex().encode() + b">", OBJECTS + b"/AHx")),
    "script far inside a packed object": paper(
        b"", stream(zlib.compress(b"0 " * 5_000_000 + SCRIPT), OBJECTS + b"/FlateDecode")
    ),
    "launch": paper(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
    "embedded file": paper(b"/Names << /EmbeddedFiles 4 0 R >>", b"<< /Type /EmbeddedFile >>"),
    "form that sends": paper(b"", b"<< /S /SubmitForm /F (http://e) >>"),
    "xfa form": paper(b"/AcroForm << /XFA [(a) 4 0 R] >>"),
    "rich media": paper(b"", b"<< /Subtype /RichMedia >>"),
    "go to embedded": paper(b"", b"<< /S /GoToE >>"),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_a_paper_that_acts_is_refused(name: str) -> None:
    with pytest.raises(uploads.ActivePaper) as no:
        uploads.check(ACTIVE[name], "a.pdf")
    assert "脚本" in str(no.value.sentence)


def test_a_locked_paper_is_refused() -> None:
    with pytest.raises(uploads.LockedPaper):
        uploads.check(paper().replace(b"/Root", b"/Encrypt 9 0 R /Root"), "a.pdf")


def test_objects_that_cannot_be_looked_into_are_refused() -> None:
    for data in (
        paper(b"", stream(b"\x80\x0b\x60", OBJECTS + b"/LZWDecode")),
        paper(b"", stream(b"no deflate at all", OBJECTS + b"/FlateDecode")),
        paper(b"", *(stream(zlib.compress(b"\0" * 60_000_000)) for _part in range(3))),
    ):
        with pytest.raises(uploads.TooComplex):
            uploads.check(data, "a.pdf")


def test_a_cut_paper_is_refused() -> None:
    for data in (paper()[:-30], b"%PDF-1.7\n%%EOF", b"%PDF-9.9\n" + paper()[9:]):
        with pytest.raises(uploads.BadFile):
            uploads.check(data, "a.pdf")


def test_word_is_taken_only_where_it_is_asked_for() -> None:
    with pytest.raises(uploads.WrongKind):
        uploads.check(word(), "a.docx")
    assert uploads.check(word(), "a.docx", WITH_WORD).kind == "docx"


LINK = "<R><Relationship Type='http://s/{}' Target='http://e/x' TargetMode='External'/></R>"
HOSTILE_WORDS = {
    "macro": word(word__vbaProject_dot_bin=b"x"),
    "outside template": word(word___rels__settings_dot_xml_dot_rels=LINK.format("attachedTemplate")),
    "embedded object": word(word__embeddings__oleObject1_dot_bin=b"x"),
    "entity": word(word__x_dot_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    "bomb": word(word__x_dot_xml=b"0" * 30_000_000),
    "word with macros by its kind": word(
        types=TYPES.replace(
            "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled"
        )
    ),
    "many parts": word(**{f"p{number}": b"" for number in range(600)}),
    "upwards": word(______dot__dot____a=b"x"),
    "zip behind something": b"PK\x03\x04" + b"\0" * 30 + word(),
    "something behind the zip": word() + b"<script>",
    "cut": word()[:-40],
    "plain zip": word(types="<Types/>"),
}


@pytest.mark.parametrize("name", HOSTILE_WORDS)
def test_a_word_file_that_hides_something_is_refused(name: str) -> None:
    with pytest.raises(uploads.BadFile):
        uploads.check(HOSTILE_WORDS[name], "a.docx", WITH_WORD)


def test_a_link_that_a_person_clicks_is_allowed_in_a_word_file() -> None:
    data = word(word___rels__document_dot_xml_dot_rels=LINK.format("hyperlink"))
    assert uploads.check(data, "a.docx", WITH_WORD).kind == "docx"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.pdf"),
        ("C:\\文件\\授权书.PDF", "授权书.pdf"),
        ("/abs/授权书.docx", "授权书.pdf"),
        ("..", "文件.pdf"),
        ("", "文件.pdf"),
        (".pdf", "文件.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("a\0b\u202efdp.exe", "abfdp.pdf"),
        ('"><img src=x>.png', "img src=x.pdf"),
        ("授" * 300, "授" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_for_showing(given: str, shown: str) -> None:
    assert uploads.check(paper(), given).name == shown
