"""The loopback page: what would have been sent, outside production only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints import loopback
from models.vault import Keyring
from tests.support.site import Site

LETTER = {"id": "0123456789abcdef", "to": "19900000001", "text": "【永川技能】您的验证码是482913。"}


def test_what_was_sent_is_shown_newest_first(client: FlaskClient) -> None:
    for number in range(3):
        answer = client.post("/loopback/sms", json={**LETTER, "text": f"第{number}条"})
        assert answer.status_code == 202
    page = client.get("/loopback").get_data(as_text=True)
    assert page.index("第2条") < page.index("第1条") < page.index("第0条")
    assert "演示" in page
    assert 'http-equiv="refresh"' in page


def test_an_empty_page_says_what_will_come(client: FlaskClient) -> None:
    assert "还没有发出任何内容" in client.get("/loopback").get_data(as_text=True)


def test_an_e_mail_has_its_title_and_text_is_text(client: FlaskClient) -> None:
    client.post("/loopback/sms", json={**LETTER, "title": "报名成功", "text": "<b>x</b>\n第二行"})
    page = client.get("/loopback").get_data(as_text=True)
    assert "报名成功" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize("body", [[], "x", {}, {"id": "a"}, {**LETTER, "to": 5}, {**LETTER, "text": None}])
def test_what_is_no_letter_is_refused(client: FlaskClient, body: object) -> None:
    assert client.post("/loopback/sms", json=body).status_code == 400
    assert client.post("/loopback/sms", data=b"\xff{", content_type="application/json").status_code == 400


def test_only_the_machine_itself_sends(client: FlaskClient) -> None:
    answer = client.post("/loopback/sms", json=LETTER, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 404


def test_the_last_five_hundred_are_kept_whoever_writes_at_once(app: Flask) -> None:
    def keep(number: int) -> None:
        with app.app_context():
            loopback.keep({**LETTER, "id": str(number), "at": "2027-03-01T12:00:00+08:00"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(520)))
    with app.app_context():
        kept = [letter["id"] for letter in loopback.kept()]
    assert len(kept) == len(set(kept)) == 500


def test_production_has_no_such_door(new_app: Callable[..., Flask], folder: Path, tmp_path: Path) -> None:
    secret, keyring = tmp_path / "secret.key", tmp_path / "keyring.json"
    secret.touch(mode=0o600)
    secret.write_text("Zk3vQ8rTn1xWc5yHb7mLp2sDg4fJa9eU6iOo0")
    Keyring.create().save(keyring)
    app = new_app(
        APP_ENV="production",
        PUBLIC_BASE_URL="https://localhost",
        TRUSTED_HOSTS="localhost",
        SECRET_KEY_FILE=str(secret),
        KEYRING_FILE=str(keyring),
        SMS_URL="https://sms.example.cn/send",
        INSTANCE_DIR=str(tmp_path),
    )
    assert not any(rule.rule.startswith("/loopback") for rule in app.url_map.iter_rules())


def test_a_code_travels_from_the_form_to_the_page(live_site: Callable[..., Site]) -> None:
    """The whole way: sign-in form, outbox, the scheduler of a web process, the loopback gateway."""
    import re
    import time
    import urllib.request

    from services import notification as notifications
    from services.stamp import Stamp
    from services.transaction import transaction

    site = live_site(workers=2)
    with site.app.app_context(), transaction():
        notifications.notify(
            None, "account.code", stamp=Stamp(), phone="19900000001", code="482913", minutes=5
        )
    end = time.monotonic() + 15
    page = ""
    while "482913" not in page and time.monotonic() < end:
        time.sleep(0.2)
        with urllib.request.urlopen(f"{site.base_url}/loopback") as answer:  # noqa: S310 - our own address
            page = answer.read().decode()
    assert re.search(r"验证码是482913", page)
