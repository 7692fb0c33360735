"""The error door: how refusals and faults are said, and that they leave a trace.

A verb that refuses has rolled its transaction back, so its trace is written here, in a transaction of its own (R58).
"""

import logging
import re
import secrets
from typing import Any

from flask import Flask, Response, flash, json, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, TooManyRequests

from blueprints import web
from models.base import db
from services import audit as audits
from services.access import MustProve
from services.errors import Denied, Missing, Refusal, Stale, TooOften
from services.text import Sentence, _
from services.transaction import transaction

log = logging.getLogger("yongjiang")

BUSY_SECONDS = 5

BARE = '<!doctype html><meta charset="utf-8"><title>{0}</title><p>{0}</p><p>{1}</p>'
"""What is shown where even the frame of a page cannot be."""


def init_app(app: Flask) -> None:
    app.extensions["note_refusal"] = note_refusal
    app.register_error_handler(web.Repeated, _repeated)
    app.register_error_handler(MustProve, _must_prove)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(StaleDataError, lambda _fault: _refusal(Stale()))
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _failed)


def wants_json() -> bool:
    return web.is_api()


def say(status: int, template: str, sentence: Sentence | str, **context: Any) -> Response:
    """One way to say no: a page for people, a small object for programs."""
    if wants_json():
        said = json.dumps({"code": status, "message": str(sentence), **context}, ensure_ascii=False)
        return Response(said, status, content_type="application/json")
    try:
        page = render_template(f"errors/{template}.html", message=sentence, **context)
    except Exception as fault:  # noqa: BLE001  a page may need what has just failed: the database, a host of ours
        log.warning("bare page", extra={"fault": type(fault).__name__})
        page = BARE.format(*(escape(part) for part in (sentence, context.get("incident", ""))))
    return Response(page, status)


def note_refusal(no: Refusal) -> None:
    """Leave the trace of a refusal whose own transaction was rolled back."""
    db.session.rollback()
    stamp = web.stamp()
    with transaction():
        audits.record(
            f"{(request.endpoint or 'unknown').replace('.', '_')}.refused",
            request.endpoint or "",
            stamp=stamp,
            outcome=type(no).__name__.lower()[:16],
            method=request.method,
        )


def _refusal(no: Refusal) -> Response:
    status, template = 409, "refused"
    if isinstance(no, Missing):
        status, template = 404, "missing"
    elif isinstance(no, Denied):
        status, template = 403, "denied"
    if (
        status == 403
        or (status in (404, 409) and request.method not in ("GET", "HEAD"))
        or (status == 404 and web.visitor().is_signed_in)
    ):
        note_refusal(no)
    if wants_json():
        return say(status, template, no.sentence, reason=_reason(no))
    return say(status, template, no.sentence)


def _reason(no: Refusal) -> str:
    """A refusal's name for programs: already_registered."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", type(no).__name__).lower()


def _must_prove(no: MustProve) -> Any:
    if wants_json():
        return say(403, "denied", no.sentence)
    flash(str(no.sentence))
    back = web.safe_path(request.full_path.rstrip("?")) if request.method == "GET" else web.came_from()
    return redirect(url_for("account.prove", next=back), 302)


def _too_often(no: TooOften) -> Response:
    response = say(429, "busy", no.sentence, retry_after=no.retry_after)
    response.headers["Retry-After"] = str(no.retry_after)
    return response


def _repeated(again: web.Repeated) -> Any:
    return redirect(again.location or url_for("activity.index"), 303)


def _csrf(fault: CSRFError) -> Response:
    return say(400, "refused", _("页面已过期。请刷新后重新提交，您填写的内容仍在。"))


SENTENCES = {
    400: _("请求的内容不完整或格式不对。请返回后重试。"),
    401: _("没有有效的令牌。请在“我的 → 接口令牌”中新建一个。"),
    403: Denied.sentence,
    404: Missing.sentence,
    405: _("这个地址不接受这种操作。"),
    411: _("请求没有说明内容长度。"),
    413: _("上传的内容太大。请压缩或分开上传。"),
    422: _("有几处需要更正。"),
}
TEMPLATES = {403: "denied", 404: "missing", 405: "missing"}


def _http(fault: HTTPException) -> Any:
    status = fault.code or 500
    if status < 400:
        return fault
    if isinstance(fault, TooManyRequests):
        response = say(429, "busy", TooOften.sentence, retry_after=60)
        response.headers.setdefault("Retry-After", "60")
        return response
    if status >= 500:
        return _failed(fault)
    if status == 403 and web.visitor().is_signed_in:
        note_refusal(Denied())
    wrong = getattr(fault, "errors", None)
    more = {"errors": wrong} if wrong else {}
    response = say(status, TEMPLATES.get(status, "refused"), SENTENCES.get(status, SENTENCES[400]), **more)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 405:
        response.headers["Allow"] = ", ".join(getattr(fault, "valid_methods", None) or ["GET"])
    return response


def _busy(fault: DBAPIError) -> Response:
    """The database does not answer now: nothing was stored, and it is worth trying again."""
    log.warning("database busy", extra={"fault": type(fault.orig).__name__})
    db.session.rollback()
    response = say(503, "busy", _("系统正忙，您的内容没有保存。请稍候再提交一次。"), retry_after=BUSY_SECONDS)
    response.headers["Retry-After"] = str(BUSY_SECONDS)
    return response


def _failed(fault: Exception) -> Response:
    incident = secrets.token_hex(6)
    log.error("failed", exc_info=fault, extra={"incident": incident})
    db.session.rollback()
    return say(500, "failed", _("系统出了问题，您的内容可能没有保存。"), incident=incident)
