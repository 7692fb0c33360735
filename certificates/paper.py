"""Certificates as PDF: A4 landscape, ground, words, and a QR with what to compare.

Text is only ever drawn as text, never read as markup. The same facts give the same bytes. No seal is drawn:
white is left for the stamp.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from certificates import fonts, guilloche, qr
from certificates.facts import Facts
from certificates.layout import (
    HEIGHT,
    QR,
    QR_X,
    QR_Y,
    WIDTH,
    DoesNotFit,
    Layout,
    Rule,
    Text,
    Unprintable,
    arrange,
)

__all__ = ["ATTACHMENT", "DoesNotFit", "Sheet", "Unprintable", "check", "draw", "draw_all"]

ATTACHMENT: Final = "facts.json"
INKS: Final = {
    "ink": (0.169, 0.149, 0.133),
    "red": (0.647, 0.086, 0.114),
    "gold": guilloche.GOLD,
    "grey": (0.36, 0.33, 0.29),
    "black": (0.08, 0.08, 0.08),
}
_GROUND: Final = "ground"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: `link` goes into the QR, `site` and `fingerprint` are printed beside it to be compared."""

    facts: Facts
    link: str
    site: str
    fingerprint: str


def check(facts: Facts, *, site: str, fingerprint: str) -> None:
    """Whether it can be drawn, before it is issued. Raises Unprintable and DoesNotFit."""
    fonts.register()
    arrange(facts, site=site, fingerprint=fingerprint)


def draw(facts: Facts, *, link: str, site: str, fingerprint: str, attachment: bytes | None = None) -> bytes:
    """One certificate, with the file `facts.json` in it where an attachment is given (`signature.bundle`).

    Raises Unprintable and DoesNotFit.
    """
    title = " ".join(part for part in (facts.heading, facts.number) if part)
    return _drawn([Sheet(facts, link, site, fingerprint)], title, facts.issuer, attachment)


def draw_all(sheets: Iterable[Sheet], *, title: str = "证书", author: str = "") -> bytes:
    """Many certificates, a page each, in one file that shares ground and fonts. Raises as `draw` does."""
    return _drawn(sheets, title, author, None)


# --- inside ---------------------------------------------------------------------------------------


def _drawn(sheets: Iterable[Sheet], title: str, author: str, attachment: bytes | None) -> bytes:
    fonts.register()
    file = io.BytesIO()
    canvas: Any = Canvas(
        file,
        (WIDTH, HEIGHT),
        pageCompression=1,
        invariant=True,
        initialFontName=fonts.SERIF,  # type: ignore[arg-type]  # a name, whatever the stub says
        lang="zh-CN",
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("Yongjiang")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    document = canvas._doc  # reportlab has no other door to forms made ahead and to attachments
    document.addForm(_GROUND, _ground())
    if attachment is not None:
        _attach(document, attachment)
    for sheet in sheets:
        layout = arrange(sheet.facts, site=sheet.site, fingerprint=sheet.fingerprint)
        canvas.doForm(_GROUND)
        _lay(canvas, layout)
        _code(canvas, sheet.link)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _lay(canvas: Canvas, layout: Layout) -> None:
    for rule in layout.rules:
        _rule(canvas, rule)
    for text in layout.texts:
        _text(canvas, text)


def _text(canvas: Canvas, text: Text) -> None:
    canvas.saveState()  # stroke and space would go on to the next text
    drawn = canvas.beginText(text.x, text.y)
    drawn.setFillColorRGB(*INKS[text.ink])
    if text.bold:
        canvas.setLineWidth(text.size * text.bold)
        drawn.setStrokeColorRGB(*INKS[text.ink])
        drawn.setTextRenderMode(2)
    if text.space:
        drawn.setCharSpace(text.space)
    for font, part in fonts.runs(text.text, text.font):
        drawn.setFont(font, text.size)
        drawn.textOut(part)
    canvas.drawText(drawn)
    canvas.restoreState()


def _rule(canvas: Canvas, rule: Rule) -> None:
    canvas.setStrokeColorRGB(*INKS[rule.ink])
    canvas.setLineWidth(0.8)
    canvas.line(rule.x, rule.y, rule.x + rule.length, rule.y)
    if rule.end:
        radius = abs(rule.end)
        middle = rule.x + rule.length + 2.6 * radius if rule.end > 0 else rule.x - 2.6 * radius
        canvas.circle(middle, rule.y, radius)


def _code(canvas: Canvas, link: str) -> None:
    """The QR as one path of few rectangles, its unit a module."""
    rows = qr.matrix(link)
    canvas.saveState()
    canvas.setFillColorRGB(*INKS["black"])
    canvas.translate(QR_X, QR_Y + QR)
    canvas.scale(QR / len(rows), -QR / len(rows))
    path = canvas.beginPath()
    for rectangle in qr.rects(rows):
        path.rect(*rectangle)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _ground() -> Any:
    """The ground as a form, deflated ahead: drawing it costs nothing but its bytes, once a file."""
    form: Any = pdfdoc.PDFFormXObject(0, 0, WIDTH, HEIGHT)
    stream: Any = pdfdoc.PDFStream(content=guilloche.ground(WIDTH, HEIGHT))
    stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    form.Contents = stream
    form.Resources = pdfdoc.PDFResourceDictionary()
    form.Resources.basicProcs()
    return form


def _attach(document: Any, data: bytes) -> None:
    """An embedded file, not deflated: a changed bit in it is a changed bit of what is checked."""
    content: Any = pdfdoc.PDFStream(content=data, filters=[])
    content.dictionary["Type"] = pdfdoc.PDFName("EmbeddedFile")
    content.dictionary["Subtype"] = "/application#2Fjson"
    content.dictionary["Params"] = pdfdoc.PDFDictionary({"Size": len(data)})
    name = pdfdoc.PDFString(ATTACHMENT)
    specification = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": name,
            "UF": name,
            "EF": pdfdoc.PDFDictionary({"F": document.Reference(content)}),
            "AFRelationship": pdfdoc.PDFName("Data"),
        }
    )
    reference = document.Reference(specification)
    names = pdfdoc.PDFDictionary(
        {"EmbeddedFiles": pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray([name, reference])})}
    )
    document.Catalog.Names = names
    document.Catalog.__NoDefault__ = [*document.Catalog.__NoDefault__, "AF"]  # which reportlab does not know
    document.Catalog.AF = pdfdoc.PDFArray([reference])
