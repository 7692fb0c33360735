"""Security headers on every answer, errors and static files included (R21); and what is refused before any door."""

from flask import Flask, Response, abort, request, session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.config import Config
from blueprints import web

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

FIXED = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_LIMIT = 1_000_000
UPLOAD_LIMIT = 10_000_000


class LengthRequired(HTTPException):
    """A chunked body is cut by servers at their limit and would be taken for a whole one."""

    code = 411
    description = "Content-Length is required."


def init_app(app: Flask, config: Config) -> None:
    app.config["MAX_CONTENT_LENGTH"] = FORM_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = FORM_LIMIT
    app.config["MAX_FORM_PARTS"] = 200

    @app.before_request
    def refuse() -> None:
        refuse_malformed()
        if request.endpoint in app.extensions.get("uploads", ()):
            request.max_content_length = UPLOAD_LIMIT
        if request.method not in SAFE:
            if _comes_from_elsewhere(config):
                abort(403)
            if _holds_nul(request.form):
                abort(400)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if config.is_https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        response.headers.setdefault("Cache-Control", "no-store")
        if session.accessed and not web.is_api():
            response.vary.add("Cookie")
        return response


def refuse_malformed() -> None:
    if request.headers.get("Transfer-Encoding"):
        raise LengthRequired
    if not _is_text():
        request.query_string = b""  # the page that says so reads it
        abort(400)
    if "\0" in request.path:
        abort(404)


def _is_text() -> bool:
    """Whether the query is text (R25). Servers pass on bytes that are none, and the framework stumbles."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        return False
    return not _holds_nul(request.args)


def _holds_nul(values: MultiDict[str, str]) -> bool:
    """No text holds the character NUL, and PostgreSQL keeps none."""
    return any("\0" in name or "\0" in value for name, value in values.items(multi=True))


def _comes_from_elsewhere(config: Config) -> bool:
    """What the browser says of the page that sent a form (R20). Programs say nothing and carry no cookie."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin")
    return bool(origin) and origin not in (request.host_url.rstrip("/"), config.public_base_url)
