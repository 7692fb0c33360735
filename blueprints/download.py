"""How a kept file leaves the house: as a download, never as a page of this site (R31).

Whether somebody may have it was decided before, by the loader of the row that points at it.
"""

from urllib.parse import quote

from flask import Response

from models.upload import Upload
from services import upload as uploads


def send(upload: Upload, *, public: bool = False) -> Response:
    """A file as an attachment in a sandbox. `public`: an annex everybody may read, which caches may keep."""
    return as_file(uploads.content(upload), upload.media_type, upload.name, public=public)


def as_file(data: bytes, media_type: str, name: str, *, public: bool = False) -> Response:
    """Bytes made for whoever asks, the same way."""
    response = Response(data, 200, content_type=media_type)
    ending = name.rpartition(".")[2]
    plain = f"file.{ending}" if ending.isascii() and ending.isalnum() else "file"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "public, max-age=3600" if public else "private, no-store"
    return response
