"""Forms as they look on paper: a grid of bordered boxes with words that fit, and a QR code. Knows no form by itself.

Text is drawn as text. It gets smaller, then more lines, then it is refused: nothing is cut off or runs over a line.
"""

import io
from collections.abc import Sequence
from typing import Any, Final

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from certificates import fonts, qr
from certificates.layout import DoesNotFit, Unprintable
from certificates.typeset import Piece, Style, lines

A4: Final = (595.2756, 841.8898)
LANDSCAPE: Final = (A4[1], A4[0])
PAD: Final = 3.5
LEADING: Final = 1.36
USUAL: Final = 11.0  # the size of most words
SIZES: Final = (18.0, 16.0, 14.0, 12.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)


class Paper:
    """Pages that are drawn one after the other; the origin is at the lower left, in points."""

    def __init__(self, size: tuple[float, float], title: str) -> None:
        fonts.register()
        self.width, self.height = size
        self._file = io.BytesIO()
        self._canvas: Any = Canvas(
            self._file,
            size,
            pageCompression=1,
            invariant=True,
            initialFontName=fonts.SERIF,  # type: ignore[arg-type]  # a name, whatever the stub says
            lang="zh-CN",
        )
        self._canvas.setTitle(title)
        self._canvas.setCreator("Yongjiang")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def next_page(self) -> None:
        self._canvas.showPage()

    def finish(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.6) -> None:
        self._canvas.setLineWidth(line)
        self._canvas.setStrokeColorRGB(0.08, 0.08, 0.08)
        self._canvas.rect(x, y, width, height)

    def cell(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        text: str,
        *,
        name: str = "",
        align: str = "left",
        largest: float = USUAL,
    ) -> None:
        """A bordered box with a text in the middle of its height. Raises DoesNotFit (`name`), Unprintable."""
        self.box(x, y, width, height)
        self.text(x, y, width, height, text, name=name or text, align=align, largest=largest)

    def text(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        text: str,
        *,
        name: str,
        align: str = "left",
        largest: float = USUAL,
        top: bool = False,
    ) -> None:
        """Words within a box, in the middle of its height or from its top on."""
        check(text)
        size, set_in = fitted(text, width - 2 * PAD, height - 2 * PAD, name, largest)
        leading = size * LEADING
        at = (
            y + height - PAD - size if top else y + height / 2 + (len(set_in) - 1) * leading / 2 - size * 0.36
        )
        for words in set_in:
            self.words(words, x + PAD, at, size, align=align, width=width - 2 * PAD)
            at -= leading

    def words(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        align: str = "left",
        width: float = 0.0,
        space: float = 0.0,
    ) -> None:
        """One line on its base line; `width` is what it is aligned within."""
        check(text)
        wide = fonts.width(text, size) + space * max(0, len(text) - 1)
        left = {"left": x, "center": x + (width - wide) / 2, "right": x + width - wide}[align]
        drawn = self._canvas.beginText(left, y)
        drawn.setFillColorRGB(0.08, 0.08, 0.08)
        if space:
            drawn.setCharSpace(space)
        for font, part in fonts.runs(text):
            drawn.setFont(font, size)
            drawn.textOut(part)
        if space:
            drawn.setCharSpace(0)
        self._canvas.drawText(drawn)

    def picture(self, data: bytes, x: float, y: float, width: float, height: float) -> None:
        """A picture inside a box, whole."""
        self._canvas.drawImage(
            ImageReader(io.BytesIO(data)),
            x,
            y,
            width,
            height,
            preserveAspectRatio=True,
            anchor="c",
            mask="auto",
        )

    def code(self, link: str, x: float, y: float, size: float) -> None:
        """A QR code as a few rectangles."""
        rows = qr.matrix(link)
        self._canvas.saveState()
        self._canvas.setFillColorRGB(0, 0, 0)
        self._canvas.translate(x, y + size)
        self._canvas.scale(size / len(rows), -size / len(rows))
        path = self._canvas.beginPath()
        for rectangle in qr.rects(rows):
            path.rect(*rectangle)
        self._canvas.drawPath(path, stroke=0, fill=1)
        self._canvas.restoreState()


def check(text: str) -> None:
    """Raises Unprintable. Line ends are no characters of a form: they are set as lines."""
    if missing := fonts.unprintable(text.replace("\n", "")):
        raise Unprintable(missing)


def fitted(
    text: str, width: float, height: float, name: str, largest: float = USUAL
) -> tuple[float, Sequence[str]]:
    """The largest size at which a text goes into a box, and its lines. Raises DoesNotFit."""
    for size in SIZES:
        if size > largest:
            continue
        set_in = [
            line.text.rstrip()
            for part in text.split("\n")
            for line in (
                lines([Piece(part, Style(size))], width, fonts.width)
                or lines([Piece(" ", Style(size))], width, fonts.width)
            )
        ]
        wide = max((fonts.width(words, size) for words in set_in), default=0.0)
        if len(set_in) * size * LEADING <= height + size * (LEADING - 1) and wide <= width + 0.1:
            return size, set_in
    raise DoesNotFit(name)
