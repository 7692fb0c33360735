"""R25: whatever bytes come, the site answers with a page and a status below 500."""

import io
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.rights import registry
from tests.rights.conftest import ELSEWHERE, Scene
from tests.rights.forms import FORMS
from tests.rights.world import Who

NASTY: tuple[bytes, ...] = (
    b"\xff\xfe",
    b"\xc0\xaf..",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x00",
    b"a\x00b",
    b"%00%zz",
    b"9" * 400,
    b"9" * 5000,
    b"-1",
    b"0",
    b"-9223372036854775809",
    b"9223372036854775808",
    b"2147483648",
    b"1e308",
    b"NaN",
    b"Infinity",
    b"0x1F",
    "１２３".encode(),
    "٣".encode(),
    "²".encode(),
    b"0001-01-01",
    b"9999-12-31",
    b"0000-00-00",
    b"2026-02-30",
    b"9999-12-31T23:59",
    b"2026-13",
    b"0000-00",
    b"2999-99",
    "\u202e\u200b\ufeff".encode(),
    "\U0010ffff".encode(),
    ("永" * 3000).encode(),
    b"%",
    b"_",
    b"\\",
    b"'\"`;--",
    b"[]",
    b"{}",
    b"",
    b" ",
    b"\r\nX-Injected: 1",
    b"../../etc/passwd",
    b"%s%n%(a)s{0}{a}",
    b"$1",
    b"true",
)
QUERY = (
    "page",
    "q",
    "kind",
    "state",
    "month",
    "when",
    "town",
    "venue",
    "activity",
    "plan",
    "clause",
    "source",
)
MORE = (
    *QUERY,
    "department",
    "division",
    "next",
    "by",
    "for",
    "type",
    "closed",
    "locale",
    "lang",
    "tags",
    "level",
)
HEADERS = (
    "Accept-Language", "User-Agent", "Referer", "Content-Type", "Cookie", "If-None-Match", "Range", "Content-Length",
    "X-Forwarded-For", "Idempotency-Key", "Sec-Fetch-Site", "Accept", "Authorization", "X-Request-Id", "Host",
)  # fmt: skip
WHO = (
    "anonymous",
    "contestant",
    "unit_manager",
    "organiser",
    "district_organiser",
    "security_admin",
    "reviewer",
    "certificate_officer",
    "checkin_helper",
    "reporter",
    "aggregator",
)


class Dice(random.Random):
    def nasty(self) -> bytes:
        if self.random() < 0.15:
            return self.randbytes(self.randrange(1, 40))
        return self.choice(NASTY)


def quoted(raw: bytes) -> bytes:
    """As it may stand in a query, undecodable bytes and all."""
    return b"".join(b"%%%02X" % byte if byte < 33 or byte in b"&#%+" else bytes([byte]) for byte in raw)


class Shaker:
    """Makes one request after another, each bad in one way or several."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene, self.dice = scene, Dice(seed)
        self.doors = registry.every(scene.app)

    def request(self) -> tuple[str, dict[str, Any]]:
        dice, scene = self.dice, self.scene
        rule, method = dice.choice(self.doors)
        side = scene.world.a
        who = scene.person(dice.choice(WHO), side)
        form = FORMS.get(rule.endpoint)
        if method == "POST" and form is not None and dice.random() < 0.7:
            who = scene.person(form.who, side)
        path = scene.path(rule, side).encode()
        if rule.arguments and dice.random() < 0.3:
            path = path.rsplit(b"/", 1)[0] + b"/" + dice.nasty().replace(b"?", b"")
        environ = self.environ(method, path, who)
        if is_api := rule.rule.startswith("/api/"):
            environ |= {
                "HTTP_AUTHORIZATION": f"Bearer {who.bearer}",
                "HTTP_IDEMPOTENCY_KEY": str(dice.random()),
            }
        if method != "GET":
            fields = form.fields(side) if form else {}
            self.json(environ, fields) if is_api else self.body(environ, fields)
        if dice.random() < 0.4:
            name = dice.choice(HEADERS)
            key = {"Content-Type": "CONTENT_TYPE", "Content-Length": "CONTENT_LENGTH"}.get(
                name, "HTTP_" + name.upper().replace("-", "_")
            )
            environ[key] = dice.nasty().replace(b"\r", b"").replace(b"\n", b"").decode("latin-1")
        return f"{method} {path[:80]!r} as {who.name}", environ

    def environ(self, method: str, path: bytes, who: Who) -> dict[str, Any]:
        builder = EnvironBuilder(
            "/", method=method, headers={"Cookie": who.cookie}, environ_base={"REMOTE_ADDR": ELSEWHERE}
        )
        environ = builder.get_environ()
        query = b"&".join(
            self.dice.choice(MORE).encode() + b"=" + quoted(self.dice.nasty())
            for _each in range(self.dice.randrange(4))
        )
        environ["PATH_INFO"] = path.decode("latin-1")
        environ["QUERY_STRING"] = query.decode("latin-1")
        return environ

    def body(self, environ: dict[str, Any], fields: dict[str, Any]) -> None:
        """The right form with some fields made bad, as a form, as parts, or as something else altogether."""
        dice = self.dice
        values = {name: self.plain(value) for name, value in fields.items()}
        values |= {name: text.encode() for name, text in self.scene.hidden().items()}
        names = [name for name in values if name != "csrf_token"]
        for name in dice.sample(names, min(len(names), dice.randrange(0, 3))):
            values[name] = dice.nasty()
        if dice.random() < 0.3:
            values[dice.choice(MORE)] = dice.nasty()
        shape = dice.random()
        if shape < 0.6:
            raw = b"&".join(name.encode() + b"=" + quoted(value) for name, value in values.items())
            kind = "application/x-www-form-urlencoded"
        elif shape < 0.9:
            raw, kind = self.parts(values, fields), "multipart/form-data; boundary=b0undary"
        else:
            raw = dice.nasty()
            kind = dice.choice(
                ["application/json", "multipart/form-data", "text/plain", "application/x-www-form-urlencoded"]
            )
        environ |= {"wsgi.input": io.BytesIO(raw), "CONTENT_LENGTH": str(len(raw)), "CONTENT_TYPE": kind}

    def json(self, environ: dict[str, Any], fields: dict[str, Any]) -> None:
        dice = self.dice
        odd: list[Any] = [
            None,
            -1,
            10**400,
            1e308,
            True,
            [],
            {},
            [[[]]],
            {"a": {}},
            "\0",
            "\ud800",
            "x" * 5000,
        ]
        values = dict(fields)
        for name in [*fields, "version", "x"]:
            if dice.random() < 0.3:
                values[name] = dice.choice([*odd, dice.nasty().decode("latin-1")])
        raw = dice.nasty() if dice.random() < 0.2 else json.dumps(values).encode()
        environ |= {"wsgi.input": io.BytesIO(raw), "CONTENT_LENGTH": str(len(raw))}
        environ["CONTENT_TYPE"] = "application/json"

    def parts(self, values: dict[str, bytes], fields: dict[str, Any]) -> bytes:
        made = b""
        for name, value in values.items():
            made += b'--b0undary\r\nContent-Disposition: form-data; name="%s"' % name.encode()
            if isinstance(fields.get(name), tuple):
                made += b'; filename="%s"\r\nContent-Type: application/pdf' % self.dice.nasty().replace(
                    b"\r\n", b""
                )
            made += b"\r\n\r\n" + value + b"\r\n"
        return made + (b"--b0undary--\r\n" if self.dice.random() < 0.8 else b"--b0und")

    def plain(self, value: Any) -> bytes:
        return value[0].read() if isinstance(value, tuple) else str(value).encode()


@pytest.mark.timeout(1800)
def test_bad_requests_are_answered_below_500(scene: Scene, rounds: Callable[[int, int], int]) -> None:
    faults, statuses = [], {}
    shaker = Shaker(scene, 20261123)
    for number in range(rounds(300, 5000)):
        name, environ = shaker.request()
        shown = {key: str(environ[key])[:120] for key in ("QUERY_STRING", "CONTENT_TYPE") if key in environ}
        sent = environ.get("wsgi.input")
        body = sent.getvalue()[:600] if isinstance(sent, io.BytesIO) else b""
        got, status, headers = run_wsgi_app(scene.app.wsgi_app, environ)
        text = b"".join(got)
        code = int(status.split()[0])
        statuses[code // 100] = statuses.get(code // 100, 0) + 1
        if code >= 500 and not (code == 503 and "readyz" in name):
            faults.append(f"{number} {name}: {status} {shown} {body!r}")
        if b"Traceback" in text or b'File "' in text or "X-Injected" in headers:
            faults.append(f"{number} {name} shows a trace")
        if environ["REQUEST_METHOD"] == "POST" and code < 400:
            scene.restore()
    assert statuses.get(4, 0) > statuses.get(2, 0) > 0, statuses
    assert not faults, "\n".join(faults)


@pytest.mark.timeout(3600)
def test_each_field_takes_anything(scene: Scene, rounds: Callable[[int, int], int]) -> None:
    """A form that is right but for one field."""
    rules = {rule.endpoint: rule for rule in registry.rules(scene.app)}
    side, faults = scene.world.a, []
    cases = [
        (endpoint, field, bad)
        for endpoint, form in FORMS.items()
        for field in [*form.fields(side), *([] if endpoint.startswith("api.") else ["idempotency_key"])]
        for bad in NASTY
    ]
    Dice(20261123).shuffle(cases)
    for endpoint, field, bad in cases[: rounds(300, len(cases))]:
        form = FORMS[endpoint]
        text = bad.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()
        fields = {**scene.hidden(), **form.fields(side), field: text}
        path = scene.path(rules[endpoint], side) + f"?{form.query}"
        answer = scene.ask(scene.person(form.who, side), "POST", path, fields)
        if answer.status_code >= 500:
            faults.append(f"{endpoint}: {field}={text[:60]!r}: {answer.status_code}")
        if answer.status_code < 400:
            scene.restore()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "\u202e", "\x07"])
@pytest.mark.parametrize("field", ["workplace", "post", "remark", "name", "coach"])
def test_json_may_say_what_no_form_can(scene: Scene, field: str, text: str) -> None:
    """A form cannot carry these; a program can, and is told where."""
    who, form = scene.world.a.people["signed_in"], FORMS["api.register"]
    facts = {**form.fields(scene.world.a), field: text}
    answer = scene.ask(who, "POST", "/api/v1/registrations", {**facts, **scene.hidden()})
    assert answer.status_code == 422
    assert field in answer.get_data(as_text=True)
