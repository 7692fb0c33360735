"""Security headers on every answer (R21), and what is refused before any door (R20, R23, R28)."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.headers import FIXED, FORM_LIMIT, UPLOAD_LIMIT

ELSEWHERE = "https://evil.example.com"


def paths(app: Flask) -> list[str]:
    """Every address that takes a GET and no values, and some that nobody answers."""
    own = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint != "notification.read_all"
    ]
    return [
        *own,
        "/nowhere",
        "/activity/0000000000000000",
        "/static/icon.svg",
        "/static/nowhere.css",
        "/static/../app.py",
    ]


def test_every_answer_carries_them(app: Flask, client: FlaskClient) -> None:
    seen = set()
    for path in paths(app):
        answer = client.get(path)
        seen.add(answer.status_code)
        for name, value in FIXED.items():
            assert answer.headers.get(name) == value, f"{name} on {path} ({answer.status_code})"
        assert answer.headers["Cache-Control"], path
        answer.close()
    assert {200, 302, 404} <= seen
    assert 500 not in seen


def test_refusals_and_faults_carry_them_too(new_app: Callable[..., Flask], database_url: str) -> None:
    app = new_app(database_url)
    app.extensions["policies"]["site.fail"] = app.extensions["policies"]["site.healthz"]
    app.add_url_rule("/fail", "site.fail", lambda: 1 / 0)
    client = app.test_client()
    answers = [
        client.get("/fail"),
        client.post("/healthz"),
        client.post("/messages/read-all"),
        client.post("/loopback/sms", data=b"x" * (FORM_LIMIT + 1), content_type="application/json"),
        client.get("/", headers={"Host": "evil.example.com"}),
        client.open("/", method="BREW"),
        client.options("/"),
    ]
    assert [answer.status_code for answer in answers] == [500, 405, 400, 413, 400, 405, 200]
    for answer in answers:
        for name, value in FIXED.items():
            assert answer.headers.get(name) == value, (name, answer.status_code)


def test_a_database_that_does_not_answer_is_said_with_all_headers(new_app: Callable[..., Flask]) -> None:
    client = new_app("sqlite:////nowhere/at/all.sqlite").test_client()
    answer = client.get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    for name, value in FIXED.items():
        assert answer.headers.get(name) == value


def test_nothing_may_be_run_or_framed_from_elsewhere() -> None:
    said = dict(part.split(" ", 1) for part in FIXED["Content-Security-Policy"].split("; "))
    assert said["default-src"] == said["script-src"] == said["style-src"] == said["form-action"] == "'self'"
    assert said["object-src"] == said["base-uri"] == said["frame-ancestors"] == "'none'"
    assert "unsafe" not in FIXED["Content-Security-Policy"]


def test_https_is_insisted_on_where_the_site_has_it(new_app: Callable[..., Flask]) -> None:
    client = new_app(PUBLIC_BASE_URL="https://localhost").test_client()
    answer = client.get("/healthz", base_url="https://localhost")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in new_app().test_client().get("/healthz").headers


def test_a_page_with_a_session_is_not_kept_by_anybody(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "host", ["evil.example.com", "localhost.evil.example.com", "localhost@evil.example.com", "[::2]"]
)
def test_a_foreign_host_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 400


def test_what_a_proxy_would_say_is_not_believed_without_one(client: FlaskClient) -> None:
    said = {
        "X-Forwarded-For": "8.8.8.8",
        "X-Forwarded-Host": "evil.example.com",
        "X-Forwarded-Proto": "https",
    }
    answer = client.get("/language/en", headers=said)
    assert "evil" not in answer.headers["Location"]
    assert client.post("/loopback/sms", json={}, headers=said).status_code == 400, "still from this machine"
    far = client.post(
        "/loopback/sms",
        json={},
        environ_base={"REMOTE_ADDR": "8.8.8.8"},
        headers={"X-Forwarded-For": "127.0.0.1"},
    )
    assert far.status_code == 404


def test_one_proxy_is_believed_for_one_step(new_app: Callable[..., Flask], database_url: str) -> None:
    client = new_app(database_url, PROXY_HOPS="1").test_client()
    spoofed = client.post("/loopback/sms", json={}, headers={"X-Forwarded-For": "127.0.0.1, 8.8.8.8"})
    assert spoofed.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ELSEWHERE},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example.com"},
        {"Origin": "http://localhost:8001"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/loopback/sms", json=LETTER, headers=headers).status_code == 403


LETTER = {"id": "0123456789abcdef", "to": "19900000001", "text": "您好"}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_a_form_of_ours_is_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/loopback/sms", json=LETTER, headers=headers).status_code == 202


def test_every_unsafe_route_wants_a_token(app: Flask, client: FlaskClient) -> None:
    client.get("/sign-in")
    for token in ("", "0" * 40):
        for rule in app.url_map.iter_rules():
            if "POST" not in (rule.methods or ()) or rule.endpoint == "loopback.receive":
                continue
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<{name}>", "0123456789abcdef").replace(f"<path:{name}>", "x")
            answer = client.post(path, data={"csrf_token": token, "idempotency_key": "k"})
            wanted = (401,) if path.startswith("/api/") else (400, 403)  # no cookie counts there
            assert answer.status_code in wanted, f"{answer.status_code} {path}"


def test_a_chunked_body_is_refused(client: FlaskClient) -> None:
    answer = client.post("/loopback/sms", json=LETTER, headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411
    assert client.get("/healthz", headers={"Transfer-Encoding": "chunked"}).status_code == 411


def test_too_large_a_form_is_refused_and_one_more_byte_decides(client: FlaskClient) -> None:
    def send(size: int) -> int:
        return client.post("/loopback/sms", data=b" " * size, content_type="application/json").status_code

    assert send(FORM_LIMIT) == 400
    assert send(FORM_LIMIT + 1) == 413


def test_only_doors_for_files_take_more(app: Flask) -> None:
    doors = app.extensions.get("uploads", set())
    assert doors <= {rule.endpoint for rule in app.url_map.iter_rules()}
    assert "loopback.receive" not in doors
    assert UPLOAD_LIMIT == 10_000_000


def test_too_many_parts_are_refused(app: Flask, client: FlaskClient) -> None:
    answer = client.post(
        "/messages/read-all", data={f"f{n}": "x" for n in range(201)}, content_type="multipart/form-data"
    )
    assert answer.status_code in (400, 413)
