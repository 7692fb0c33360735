"""What every door uses: the one answer to a one-time key (R62), pages from the cache, paths that stay here (R22)."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask, jsonify

from blueprints import policy, web
from forms.base import Form
from models.base import db, new_code
from models.visit import Once, Tally
from services import hold
from services import page as pages
from services.errors import Refused
from services.stamp import clock
from services.transaction import transaction
from tests.support import factories as make

_numbers = itertools.count()


@pytest.fixture
def writing_app(new_app: Callable[..., Flask], database_url: str) -> Flask:
    """The site with one door more, which adds a row each time it is let."""
    app = new_app(database_url)
    door = web.Door("throwaway", __name__)

    @door.get("/throwaway", policy=policy.everyone)
    def show() -> object:
        form = Form()
        return jsonify(token=form.csrf_token.current_token, key=form.idempotency_key.data)

    @door.post("/throwaway", policy=policy.everyone)
    def add() -> object:
        form = Form()
        assert form.validate_on_submit()
        with web.writing(form) as answer:
            code = new_code()
            db.session.add(Tally(key=code, count=1, expires_at=clock.now()))
            answer.go_to(f"/throwaway?row={code}")
        return answer.response

    @door.post("/refusing", policy=policy.everyone)
    def refuse() -> object:
        form = Form()
        form.validate_on_submit()
        with web.writing(form):
            db.session.add(Tally(key=new_code(), count=1, expires_at=clock.now()))
            raise Refused

    app.register_blueprint(door)
    return app


def rows() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Tally)) or 0


def opened(app: Flask) -> tuple[str, dict[str, str]]:
    """A form that somebody opened: their cookie, and its hidden fields."""
    client = app.test_client()
    hidden = client.get("/throwaway").get_json()
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value, {"csrf_token": hidden["token"], "idempotency_key": hidden["key"]}


def send(app: Flask, form: tuple[str, dict[str, str]], path: str = "/throwaway") -> tuple[int, str]:
    cookie, values = form
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
    answer = client.post(path, data=values)
    return answer.status_code, answer.headers.get("Location", "")


def test_twenty_forms_sent_five_times_at_once_make_twenty_rows(
    writing_app: Flask, rounds: Callable[[int, int], int]
) -> None:
    forms = [opened(writing_app) for _ in range(rounds(20, 100))]
    with ThreadPoolExecutor(5) as pool:
        for form in forms:
            answers = list(pool.map(send, [writing_app] * 5, [form] * 5))
            assert {status for status, _ in answers} == {303}
            assert len({location for _, location in answers}) == 1, "each gets the first answer"
    with writing_app.app_context():
        assert rows() == len(forms)


def test_a_refused_try_leaves_its_key_free(writing_app: Flask) -> None:
    cookie, values = opened(writing_app)
    for _ in range(2):
        assert send(writing_app, (cookie, values), "/refusing")[0] == 409
    assert send(writing_app, (cookie, values))[0] == 303
    with writing_app.app_context():
        assert rows() == 1


def test_a_key_is_of_one_visitor_and_one_address(writing_app: Flask) -> None:
    cookie, values = opened(writing_app)
    other_cookie, other = opened(writing_app)
    other["idempotency_key"] = values["idempotency_key"]
    assert send(writing_app, (cookie, values))[1] != send(writing_app, (other_cookie, other))[1]
    with writing_app.app_context():
        assert rows() == 2


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_form_without_a_usable_key_is_refused(writing_app: Flask, key: str) -> None:
    cookie, values = opened(writing_app)
    assert send(writing_app, (cookie, {**values, "idempotency_key": key}))[0] == 400


def test_keys_are_kept_as_digests(writing_app: Flask) -> None:
    form = opened(writing_app)
    send(writing_app, form)
    with writing_app.app_context():
        (kept,) = db.session.scalars(sa.select(Once.key))
    assert form[1]["idempotency_key"] not in kept


# --- pages from the cache ---------------------------------------------------------------------------


@pytest.fixture
def caching_app(new_app: Callable[..., Flask], database_url: str) -> Flask:
    app = new_app(database_url)
    door = web.Door("counted", __name__)

    @door.get("/counted", policy=policy.everyone, cached=True)
    def show() -> str:
        return str(next(_numbers))

    app.register_blueprint(door)
    return app


def test_a_public_page_is_made_once(caching_app: Flask) -> None:
    client = caching_app.test_client()
    first = client.get("/counted")
    assert client.get("/counted").data == first.data
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/counted", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("write", ["activity", "organisation", "track", "hold", "touch"])
def test_a_commit_that_the_public_can_see_empties_it(caching_app: Flask, write: str) -> None:
    client = caching_app.test_client()
    with caching_app.app_context():
        with transaction():
            track = make.track(capacity=5)
        ways: dict[str, Callable[[], object]] = {
            "activity": lambda: setattr(track.activity, "title", "新名称"),
            "organisation": make.organisation,
            "track": lambda: setattr(track, "capacity", 6),
            "hold": lambda: hold.take(track),
            "touch": pages.touch,
        }
        before = client.get("/counted")
        with transaction():
            ways[write]()
    after = client.get("/counted")
    assert after.data != before.data
    assert after.headers["ETag"] != before.headers["ETag"]


def test_other_commits_and_failed_ones_leave_it(caching_app: Flask) -> None:
    client = caching_app.test_client()
    before = client.get("/counted").data
    with caching_app.app_context():
        with transaction():
            db.session.add(Tally(key="k", count=1, expires_at=clock.now()))
        with pytest.raises(ZeroDivisionError), transaction():
            write_and_fail()
    assert client.get("/counted").data == before


def write_and_fail() -> None:
    make.organisation()
    raise ZeroDivisionError


def test_languages_and_addresses_have_their_own(caching_app: Flask) -> None:
    client = caching_app.test_client()
    chinese = client.get("/counted").data
    english = client.get("/counted", headers={"Accept-Language": "en"}).data
    other = client.get("/counted?x=1").data
    assert len({chinese, english, other}) == 3


def test_the_cache_has_an_end() -> None:
    cache = web.PageCache(most=3)
    for number in range(10):
        cache.keep((f"/{number}", "zh", False), 1, 0.0, b"x")
    assert len(cache._kept) <= 3
    assert cache.find(("/9", "zh", False), 1, 14.0) is not None
    assert cache.find(("/9", "zh", False), 1, 16.0) is None, "too old"
    assert cache.find(("/9", "zh", False), 2, 1.0) is None, "another version"


# --- addresses that stay on this site ---------------------------------------------------------------

ELSEWHERE = [
    "//evil.example.com",
    "///evil.example.com",
    "/\\evil.example.com",
    "\\/evil.example.com",
    "/%5cevil.example.com/..",
    "\t//evil.example.com",
    "/\t/evil.example.com",
    "/\n/evil.example.com",
    "/\r\nLocation: //e",
    "https:evil.example.com",
    "https://evil.example.com",
    "http:///evil.example.com",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "https://localhost@evil.example.com",
    "https://localhost.evil.example.com",
    "//localhost@evil.example.com",
    "/\x00//e",
    "evil.example.com",
    "",
    None,
    "?next=//e",
    "#x",
    "/nowhere",
    "//",
    "/\\",
    "\\",
    "/ /evil.example.com",
    "/\u2028/e",
    "x" * 501,
    "／／evil.example.com",
    "//evil。example。com",
    "http:\\\\evil.example.com",
    "/\x7f/e",
    "vbscript:x",
    "mailto:a@b.cn",
    "//[::1]",
    "https:/evil.example.com",
    "/.//evil.example.com",
    "/..//evil.example.com",
    "/;@evil.example.com",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_target_elsewhere_is_no_target(app: Flask, target: str | None) -> None:
    with app.test_request_context("/"):
        assert web.safe_path(target) is None


@pytest.mark.parametrize(
    "target", ["/", "/messages", "/messages?page=2", "/language/en?next=//evil.example.com"]
)
def test_a_target_here_is_kept(app: Flask, target: str) -> None:
    with app.test_request_context("/"):
        assert web.safe_path(target) == target
