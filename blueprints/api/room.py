"""The door of the API: a route says who may ask, what is asked and what is answered, and is documented by that.

    @door.get("/activities", policy=policy.everyone, asks=QuerySchema, answers=PageSchema, tags=["activity"])

Whoever asks is known by a bearer token only (`web.Bearer`); no cookie counts here, so no CSRF token is asked. Refusals
and faults are said by `app.errors`, as everywhere.
"""

import http
from collections.abc import Callable
from typing import Any, ClassVar

import flask_smorest
from flask import Response, current_app, request
from flask_smorest.blueprint import Blueprint as Documented
from marshmallow import Schema
from werkzeug.exceptions import BadRequest, Unauthorized

from blueprints import web
from blueprints.api.shape import ErrorSchema, NothingSchema, Reader
from blueprints.policy import Policy
from models.token import TokenScope
from services.account import tokens
from services.errors import Denied
from services.stamp import clock
from services.text import _
from services.transaction import transaction

READS, WRITES = "600 per minute", "60 per minute"
KEY = "Idempotency-Key"
KEY_LENGTH = 200
VERSION = "1.0"

View = Callable[..., Any]


class Api(flask_smorest.Api):
    """The document. The library's own error handlers would answer the whole site in JSON; `app.errors` does without."""

    ERROR_SCHEMA = ErrorSchema  # type: ignore[assignment]  # any schema will do

    def _register_error_handlers(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        """Pages are told by `PageSchema` and Link, not by the library's header."""


class ApiDoor(web.Door, Documented):
    ARGUMENTS_PARSER = Reader()

    def register(self, app: Any, options: dict[str, Any]) -> None:
        """Open the door on an application, and write its document."""
        super().register(app, options)
        api = Api(app, spec_kwargs={"title": "Yongjiang", "version": VERSION, "openapi_version": "3.1.0"})
        api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
        self.register_views_in_doc(api, app, api.spec, name=self.name, parameters=None)

    def _add(
        self,
        rule: str,
        method: str,
        view: View,
        policy: Policy,
        options: dict[str, Any],
        methods: list[str] | None = None,
    ) -> None:
        writes = method == "POST"
        asks: type[Schema] | None = options.pop("asks", NothingSchema)
        view = self.response(options.pop("status", 200), options.pop("answers"))(view)
        if asks is not None:
            view = self.arguments(asks, location="json" if writes else "query", required=_must_say(asks))(
                view
            )
        for status in _statuses(rule, writes, policy):
            view = self.alt_response(status, http.HTTPStatus(status).name)(view)
        if policy.needs_sign_in:
            view = self.doc(security=[{"token": []}])(view)
        if writes:
            options["parameters"] = [_KEY_PARAMETER]
        super()._add(rule, method, view, policy, options, methods)


def _must_say(asks: type[Schema]) -> bool:
    return any(field.required for field in asks().fields.values())


_KEY_PARAMETER = {
    "name": KEY,
    "in": "header",
    "required": True,
    "description": "Chosen by the program, new for each thing it wants done. A repeat gets the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH},
}


def _statuses(rule: str, writes: bool, policy: Policy) -> list[int]:
    """What may be answered instead, by the contract."""
    found = [401, 422, 429, 503]
    if policy.needs_sign_in:
        found.append(403)
    if writes:
        found += [400, 404, 409]
    elif "<" in rule:
        found.append(404)
    return found


door = ApiDoor("api", __name__, url_prefix="/api/v1")


def _caller() -> str:
    """Whose tries are counted together: an account's, else those of an address."""
    return web.principal().account_code or request.remote_addr or ""


web.csrf.exempt(door)
web.limiter.limit(READS, key_func=_caller)(door)
web.limiter.limit(WRITES, key_func=_caller, methods=["POST"])(door)


class ScopeLacking(Denied):
    sentence = _("这个令牌没有这项操作的权限。请新建一个带有所需权限的令牌。")


class NoKey(BadRequest):
    """A program must name each thing it wants done, so that a repeat does it once."""

    errors: ClassVar = {KEY: ["1–200"]}


@door.before_request
def knock() -> None:
    """After the policy: a token that opens nothing is refused everywhere, one without the scope where it is needed."""
    who = web.visitor()
    if not isinstance(who, web.Bearer):
        if "Authorization" in request.headers:
            raise Unauthorized
        return
    writes = request.method not in ("GET", "HEAD", "OPTIONS")
    wanted: Policy = current_app.extensions["policies"][request.endpoint]
    scope = TokenScope.WRITE if writes else TokenScope.READ
    if wanted.needs_sign_in and not who.key.allows(scope):
        raise ScopeLacking
    now, row_id = clock.now(), who.key.id
    if tokens.is_use_due(who.key, now):
        with transaction():
            tokens.used(row_id, now=now)
    if writes and not 0 < len(request.headers.get(KEY, "")) <= KEY_LENGTH:
        raise NoKey


@door.after_request
def vary(response: Response) -> Response:
    """Labels are in the language that was asked for; what is said depends on who asks."""
    response.vary.update(("Accept-Language", "Authorization"))
    return response


def document() -> dict[str, Any]:
    """The OpenAPI document of the running application."""
    written: dict[str, Any] = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return written
