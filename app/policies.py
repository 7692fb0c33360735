"""Policies at work: asked before each request, and at the start, so that no endpoint goes without one (R10)."""

from typing import Any

from flask import Flask, abort, redirect, request, url_for

from app.config import Config
from blueprints import policy, web
from services import access
from services.account import sign_ins
from services.errors import Denied
from services.stamp import clock
from services.transaction import transaction

LOCAL_ADDRESSES = frozenset({"127.0.0.1", "::1"})


class NoPolicy(RuntimeError):
    """An endpoint nobody decided about."""


def init_app(app: Flask) -> None:
    for endpoint in ("static", "bootstrap.static"):
        web.declare(app, endpoint, policy.everyone)

    @app.before_request
    def knock() -> Any:
        if request.endpoint is None:
            return None  # the router answers 404 or 405
        return ask(app.extensions["policies"][request.endpoint], app.extensions["yongjiang"])


def ask(wanted: policy.Policy, config: Config) -> Any:
    if wanted is policy.everyone and request.endpoint in ("static", "bootstrap.static"):
        return None
    if wanted.local and request.remote_addr not in LOCAL_ADDRESSES:
        abort(404)
    who = web.visitor()
    if who.sign_in is not None:
        _remember_seen(who)
    if wanted.needs_sign_in and not who.is_signed_in:
        if request.path.startswith("/api/"):
            abort(401)
        back = web.safe_path(request.full_path.rstrip("?")) if request.method == "GET" else None
        return redirect(url_for("account.sign_in", next=back), 302)
    if (
        config.is_production
        and not wanted.before_second_factor
        and who.principal.needs_second_factor
        and not who.principal.second_factor
    ):
        if wanted.needs_sign_in:
            return redirect(url_for("account.second_factor", next=web.safe_path(request.path)), 302)
        who.wait_for_second_factor()
    if not wanted.admits(who.principal):
        raise Denied
    if wanted.fresh:
        access.require_fresh_proof(who.principal, clock.now())
    return None


def _remember_seen(who: web.Visitor) -> None:
    assert who.sign_in is not None
    now = clock.now()
    if sign_ins.is_seen_due(who.sign_in, now):
        row_id = who.sign_in.id
        with transaction():
            sign_ins.saw(row_id, now=now)


def insist(app: Flask) -> None:
    """Stop the start if any endpoint has no policy."""
    bare = {rule.endpoint for rule in app.url_map.iter_rules()} - set(app.extensions["policies"])
    if bare:
        raise NoPolicy(f"no policy: {', '.join(sorted(bare))}")


def listing(app: Flask) -> list[dict[str, Any]]:
    """Every route with its policy: what `flask routes-policy --json` prints."""
    known: dict[str, policy.Policy] = app.extensions["policies"]
    return [
        {
            "rule": rule.rule,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "endpoint": rule.endpoint,
            "policy": known[rule.endpoint].name,
            "roles": sorted(role.value for role in known[rule.endpoint].roles),
            "objects": sorted(rule.arguments),
        }
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    ]
