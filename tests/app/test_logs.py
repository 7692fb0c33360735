"""Logs: one line of JSON an event, nothing personal in it (R59)."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.logs import JsonLines
from blueprints import policy, web

CANARIES = [
    "500199199001011234",
    "19912345678",
    "周晓岚",
    "li@example.cn",
    "E12345678",
    "永川示例机械有限公司",
]


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, object]]]]:
    log = logging.getLogger("yongjiang")
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    log.removeHandler(handler)


@pytest.fixture
def failing(new_app: Callable[..., Flask], database_url: str) -> Flask:
    app = new_app(database_url)

    def fail(word: str) -> str:
        raise ValueError(f"cannot read {word}")

    app.add_url_rule("/fail/<word>", "fail", fail)
    web.declare(app, "fail", policy.everyone)
    return app


def test_a_fault_is_one_line_with_its_incident(
    failing: Flask, lines: Callable[[], list[dict[str, object]]]
) -> None:
    page = failing.test_client().get("/fail/word")
    assert page.status_code == 500
    failed = [line for line in lines() if line["event"] == "failed"]
    assert len(failed) == 1
    assert str(failed[0]["incident"]) in page.get_data(as_text=True)
    assert failed[0]["fault"] == "ValueError"
    assert any("fail" in str(frame) for frame in failed[0]["where"])
    assert failed[0]["request"] == page.headers["X-Request-Id"]
    assert str(failed[0]["at"]).endswith("+00:00")


def test_nothing_personal_reaches_the_log(
    failing: Flask, lines: Callable[[], list[dict[str, object]]]
) -> None:
    client = failing.test_client()
    for canary in CANARIES:
        client.get(f"/fail/{canary}?q={canary}", headers={"User-Agent": canary.encode().decode("latin-1")})
        client.post("/sign-in", data={"contact": canary})
    said = json.dumps(lines(), ensure_ascii=False)
    assert len(lines()) >= len(CANARIES)
    for canary in CANARIES:
        assert canary not in said


@pytest.mark.parametrize("cut", ["\n", "\r\n", "\u2028", "\x00", "\x1b[2J", '"}\n{"event": "forged"', "\x85"])
def test_a_line_stays_one_line(cut: str) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    handler.handle(logging.LogRecord("yongjiang", logging.INFO, "", 1, f"one{cut}two", None, None))
    assert len(out.getvalue().split("\n")) == 2
    assert json.loads(out.getvalue())["event"] == f"one{cut}two"
