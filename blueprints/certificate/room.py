"""The door of the room, and how its files leave the house."""

from urllib.parse import quote

from flask import Response

from blueprints import policy, web
from services import certificate as certificates

door = web.Door("certificate", __name__)

officers = policy.holding(*certificates.OFFICERS)


def unlisted(response: Response) -> Response:
    """Kept by nobody and found by no search engine: a certificate may be revoked the next moment (R47)."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def file(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """A drawn file. `name` may hold any character; the plain name beside it none but ASCII (R31)."""
    ending = name.rpartition(".")[2]
    response = Response(content, 200, content_type=media_type)
    way = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = (
        f"{way}; filename=\"certificate.{ending}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response = unlisted(response)
    response.headers["Cache-Control"] = "private, no-store"
    return response
