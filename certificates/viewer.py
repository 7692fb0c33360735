"""What a reader of a PDF sees: pages as pictures, the text, the attached facts. Through PDFium, one call at a time."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pypdfium2 as pdfium

PAGES: Final = 1  # a certificate has one; what comes after is not looked at
LARGEST: Final = 4000  # pixels of width

_lock = threading.Lock()  # PDFium may be in one thread only


def picture(pdf: bytes, width: int = 1600) -> bytes:
    """The first page as PNG, for telephones that show no PDF. Raises ValueError where it is no PDF."""
    if not 1 <= width <= LARGEST:
        raise ValueError(f"a picture is 1 to {LARGEST} pixels wide")
    with _opened(pdf) as document:
        page = document[0]
        image = page.render(scale=width / page.get_width()).to_pil()
    file = io.BytesIO()
    image.convert("RGB").quantize(96, dither=0).save(file, "PNG", optimize=False)
    return file.getvalue()


def text(pdf: bytes) -> str:
    """The text of the first page as a reader copies it. Raises ValueError where it is no PDF."""
    with _opened(pdf) as document:
        return str(document[0].get_textpage().get_text_range())


def attachment(pdf: bytes, name: str) -> bytes | None:
    """The one attached file of this name; None where there is none, or more than one. Raises ValueError."""
    with _opened(pdf) as document:
        files = [document.get_attachment(index) for index in range(document.count_attachments())]
        found = [file for file in files if file.get_name() == name]
        return bytes(found[0].get_data()) if len(found) == 1 else None


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    with _lock:
        try:
            document: Any = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as fault:
            raise ValueError(f"not a PDF: {fault}") from None
        try:
            yield document
        except (pdfium.PdfiumError, IndexError) as fault:  # IndexError: it has no page
            raise ValueError(f"a damaged PDF: {fault}") from None
        finally:
            document.close()
