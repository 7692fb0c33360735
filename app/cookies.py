"""The session cookie is for pages. Below /api/ it is neither read nor set, so no CSRF token is asked there."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class NoCookie(SecureCookieSession):
    """The session of a program's request: empty at its start, forgotten at its end."""


class Cookies(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return NoCookie() if request.path.startswith("/api/") else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, NoCookie):
            super().save_session(app, session, response)
