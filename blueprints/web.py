"""What every door uses: a blueprint that insists on policies, the visitor, the one-time answer, pages.

`Door` is a Flask blueprint whose every route names its policy. `writing` is the one transaction of a request that
changes something, with its one-time key. `page` renders. Nothing here knows a rule of the platform.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import CSRFProtect

from blueprints.policy import Policy
from forms.base import Form
from models.account import Account, Role, SignIn
from models.base import db, upsert
from models.token import ApiToken
from models.visit import Once
from services import notification as notifications
from services import organisation as organisations
from services import page as pages
from services.access import ANONYMOUS, Principal
from services.account import sign_ins, tokens
from services.errors import Refused
from services.stamp import Stamp, clock
from services.transaction import transaction

View = Callable[..., Any]

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True, retry_after="delta-seconds")
login = LoginManager()


class Door(Blueprint):
    """A blueprint whose routes carry a policy."""

    def get(  # type: ignore[override]  # a route without a policy is what this class is against
        self, rule: str, *, policy: Policy, cached: bool = False, **options: Any
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            self._add(rule, "GET", page_cached(view) if cached else view, policy, options)
            return view

        return register

    def post(  # type: ignore[override]  # the same
        self, rule: str, *, policy: Policy, **options: Any
    ) -> Callable[[View], View]:
        """A writing route. `uploads=True` lets it take files (10 MB instead of 1)."""

        def register(view: View) -> View:
            self._add(rule, "POST", view, policy, options)
            return view

        return register

    def both(self, rule: str, *, policy: Policy, **options: Any) -> Callable[[View], View]:
        """A page with a form that comes back to the same address."""

        def register(view: View) -> View:
            self._add(rule, "GET", view, policy, options, ["GET", "POST"])
            return view

        return register

    def _add(
        self,
        rule: str,
        method: str,
        view: View,
        policy: Policy,
        options: dict[str, Any],
        methods: list[str] | None = None,
    ) -> None:
        endpoint = options.pop("endpoint", None) or view.__name__
        uploads = options.pop("uploads", False)
        self.add_url_rule(rule, endpoint, view, methods=methods or [method], **options)
        name = f"{self.name}.{endpoint}"
        self.record(lambda state: declare(state.app, name, policy))
        if uploads:
            self.record(lambda state: state.app.extensions.setdefault("uploads", set()).add(name))


def declare(app: Any, endpoint: str, policy: Policy) -> None:
    """Give an endpoint its policy. Two different ones for the same endpoint are a mistake."""
    known = app.extensions.setdefault("policies", {})
    if known.setdefault(endpoint, policy) != policy:
        raise RuntimeError(f"{endpoint} has two policies")


class Visitor(UserMixin):
    """Who looks at the page: what templates and doors may ask of them."""

    def __init__(self, sign_in: SignIn | None = None, token: str = "") -> None:
        self.sign_in, self.token = sign_in, token
        self.principal = sign_ins.principal(sign_in, clock.now()) if sign_in else ANONYMOUS
        self.lacks_second_factor = False

    def wait_for_second_factor(self) -> None:
        """Staff who have not yet given it: at a door that is open to all they see what everybody sees."""
        self.principal = replace(self.principal, rights=frozenset())
        self.lacks_second_factor = True

    def get_id(self) -> str:
        return self.token

    @property
    def is_signed_in(self) -> bool:
        return self.sign_in is not None

    is_authenticated = is_signed_in

    @property
    def account(self) -> Account:
        if self.sign_in is None:
            raise RuntimeError("nobody is signed in")
        return self.sign_in.account

    @property
    def display_name(self) -> str:
        return self.account.display_name if self.is_signed_in else ""

    @cached_property
    def organisation_name(self) -> str:
        """The unit they belong to, the first where there are several."""
        units = organisations.of_account(self.account.id) if self.is_signed_in else []
        return units[0].label if units else ""

    @cached_property
    def unread(self) -> int:
        return notifications.unread(self.account.id) if self.is_signed_in else 0

    @property
    def is_staff(self) -> bool:
        return self.principal.is_staff

    def has(self, *roles: str) -> bool:
        return self.principal.may(Role(role) for role in roles)


class Bearer(Visitor):
    """A program with a token: the account's person, without rights of staff (`services.account.tokens`)."""

    def __init__(self, key: ApiToken) -> None:
        super().__init__(None)
        self.key = key
        self.principal = tokens.principal(key, clock.now())

    @property
    def is_signed_in(self) -> bool:
        return True

    is_authenticated = is_signed_in

    @property
    def account(self) -> Account:
        return self.key.account


@login.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Visitor | None:
    sign_in = sign_ins.find(token, clock.now())
    return Visitor(sign_in, token) if sign_in else None


login.anonymous_user = Visitor  # type: ignore[assignment]  # anything that answers its questions


def is_api() -> bool:
    """Whether a program asks. Below this path no cookie counts, so no page elsewhere can make a browser write there."""
    return request.path.startswith("/api/")


def visitor() -> Visitor:
    if is_api():
        return _bearer()
    who: Visitor = current_user._get_current_object()
    return who


def _bearer() -> Visitor:
    if "bearer" not in g:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        key = tokens.find(secret.strip(), clock.now()) if scheme.lower() == "bearer" else None
        g.bearer = Bearer(key) if key is not None else Visitor(None)
    who: Visitor = g.bearer
    return who


def principal() -> Principal:
    return visitor().principal


def stamp() -> Stamp:
    """Who and when, for this request: made once, so that all it writes bears the same moment."""
    if "stamp" not in g:
        who = principal()
        g.stamp = Stamp(clock.now(), who.account_code, who.account_id, request.remote_addr or "")
    made: Stamp = g.stamp
    return made


def enter(token: str) -> None:
    """Carry a new sign-in in this browser; what the session held before is left behind (R18: no fixation)."""
    kept = {key: session[key] for key in ("locale", "large") if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    sign_in = sign_ins.find(token, clock.now())
    if sign_in is not None:
        login_user(Visitor(sign_in, token))


def leave() -> None:
    kept = {key: session[key] for key in ("locale", "large") if key in session}
    logout_user()
    session.clear()
    session.update(kept)


class Repeated(Exception):
    """The one-time key was used: the first answer is given again."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class Answer:
    """Where a request that wrote sends the browser; kept with the one-time key."""

    location = ""
    _flash = ""

    def go(self, endpoint: str, *, flash: object = None, **values: Any) -> None:
        self.location = url_for(endpoint, **values)
        self._flash = str(flash) if flash else ""

    def go_to(self, path: str, *, flash: object = None) -> None:
        self.location = path
        self._flash = str(flash) if flash else ""

    @property
    def response(self) -> Any:
        if self._flash:
            flash(self._flash)
        return redirect(self.location, 303)


@contextmanager
def writing(form: Form | None = None) -> Iterator[Answer]:
    """The transaction of a request that changes something, done once a key.

    A repeat raises `Repeated`, which the error door answers with the first redirect. A refusal rolls the key back.
    """
    key = _once_key(form)
    answer = Answer()
    with transaction():
        claimed = db.session.execute(
            upsert(Once)
            .values(key=key, answer="", at=clock.now())
            .on_conflict_do_nothing()
            .returning(Once.key)
        ).one_or_none()
        if claimed is None:
            raise Repeated(db.session.get_one(Once, key).answer)
        yield answer
        db.session.get_one(Once, key).answer = answer.location


def _once_key(form: Form | None) -> str:
    given = (form.idempotency_key.data if form is not None else request.form.get("idempotency_key")) or (
        request.headers.get("Idempotency-Key")
    )
    if not given or len(given) > 200:
        abort(400)
    who = principal().account_code or session.get("csrf_token", "")
    return hashlib.sha256(json.dumps([who, request.method, request.path, given]).encode()).hexdigest()


@contextmanager
def refusals(form: Form, **fields: str) -> Iterator[None]:
    """Show a refusal in the form, its input kept. `fields` maps a reason's class name to the field it speaks of."""
    try:
        yield
    except Refused as no:
        form.refuse(no.sentence, fields.get(type(no).__name__))
        g.refused = no
        current_app.extensions["note_refusal"](no)


def page(template: str, *, status: int | None = None, **context: Any) -> Response:
    """Render a page. A form with errors answers 422, one that was refused by a rule 409."""
    if status is None:
        form = context.get("form")
        status = 409 if "refused" in g else 422 if form is not None and getattr(form, "errors", None) else 200
    return Response(render_template(template, **context), status)


def page_number() -> int:
    """`?page=`, a number from 1; anything else is the first."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 else 1


def safe_path(target: str | None) -> str | None:
    """A path on this site that a route answers, or None (R22)."""
    if not target or len(target) > 500 or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return None
    if any(ord(c) <= 32 or c == "\\" or ord(c) == 127 for c in target):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return None
    try:
        current_app.url_map.bind("localhost").match(parts.path, method="GET")
    except Exception:  # noqa: BLE001  whatever the map says, it is not a page of ours
        return None
    return target


def came_from() -> str | None:
    """The page that held the link or the form, if it is ours: where a POST leads back to."""
    page = urlsplit(request.referrer or "")
    path = page.path + (f"?{page.query}" if page.query else "")
    return safe_path(path) if page.netloc == request.host else None


class PageCache:
    """Anonymous public pages by path and language, thrown away as soon as the public version rises."""

    def __init__(self, most: int = 512, seconds: float = 15.0) -> None:
        self.most, self.seconds = most, seconds
        self._kept: dict[tuple[str, str, bool], tuple[int, float, bytes, str]] = {}

    def find(self, key: tuple[str, str, bool], version: int, now: float) -> tuple[bytes, str] | None:
        found = self._kept.get(key)
        if found is None or found[0] != version or now - found[1] > self.seconds:
            return None
        return found[2], found[3]

    def clear(self) -> None:
        self._kept.clear()

    def keep(self, key: tuple[str, str, bool], version: int, now: float, body: bytes) -> str:
        if len(self._kept) >= self.most:
            self._kept.clear()
        etag = hashlib.sha256(body).hexdigest()[:32]
        self._kept[key] = (version, now, body, etag)
        return etag


def page_cached(view: View) -> View:
    """Serve a public page from memory to visitors without a sign-in, as long as nothing public changed."""

    @wraps(view)
    def answer(**values: Any) -> Any:
        if visitor().is_signed_in or "_flashes" in session:
            return view(**values)
        cache: PageCache = current_app.extensions["page_cache"]
        key = (request.full_path, current_app.extensions["locale"](), bool(session.get("large")))
        version, now = pages.version(), clock.now().timestamp()
        found = cache.find(key, version, now)
        if found is None:
            made = current_app.make_response(view(**values))
            if made.status_code != 200:
                return made
            body = made.get_data()
            found = body, cache.keep(key, version, now, body)
        response = Response(found[0], 200)
        response.set_etag(found[1])
        response.headers["Cache-Control"] = "no-cache"
        return response.make_conditional(request)

    return answer
