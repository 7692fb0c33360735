"""Ways in and out over HTTP (R03, R04, R18, R22)."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask

from services import account as accounts
from services.stamp import machine
from services.transaction import transaction
from tests.support.application import Hand as Clock
from tests.support.hand import Hand, code_to, messages

PHONE = "13800138000"
GOOD = "紫藤 卷尺 夜航 七里"
TOKENS = re.compile(r'(name="(?:csrf_token|idempotency_key)"[^>]*value=")[^"]*')


def plain(answer: Any) -> tuple[int, str | None, str]:
    return answer.status_code, answer.location, TOKENS.sub(r"\1", answer.get_data(as_text=True))


def open_account(app: Flask, phone: str, password: str = "") -> str:
    with app.app_context(), transaction():
        account = accounts.open_account("周晓岚", phone=phone, stamp=machine("test"))
        accounts.consents.record(account, accounts.consents.ConsentPurpose.PRIVACY, stamp=machine("test"))
        if password:
            chosen = accounts.changing.choose(account, password, now=machine("test").when)
            accounts.changing.set_password(account, chosen)
        return account.code


def test_a_new_phone_signs_up_and_then_signs_in(app: Flask, clock: Clock) -> None:
    hand = Hand(app)
    assert hand.post("/sign-in", contact=PHONE).location == "/sign-in/code"
    code = code_to(app, PHONE)
    assert hand.post("/sign-in/code", code=code).location == "/sign-up/finish"
    assert not hand.is_inside
    answer = hand.post("/sign-up/finish", display_name="周晓岚", agrees="y")
    assert answer.status_code == 303
    assert hand.is_inside
    clock.advance(minutes=2)
    other = Hand(app)
    assert other.enter(PHONE).location == "/me"
    assert other.is_inside


def test_signing_up_needs_consent_and_keeps_what_was_typed(app: Flask) -> None:
    hand = Hand(app)
    hand.enter(PHONE)
    answer = hand.post("/sign-up/finish", display_name="周晓岚")
    assert answer.status_code == 422
    assert "周晓岚" in answer.get_data(as_text=True)
    assert not hand.is_inside


def test_an_email_signs_up_too(app: Flask) -> None:
    hand = Hand(app)
    hand.post("/sign-up/email", contact="Zhou@Example.cn")
    code = code_to(app, "zhou@example.cn")
    assert hand.post("/sign-in/code", code=code).location == "/sign-up/finish"
    assert hand.post("/sign-up/finish", display_name="周晓岚", agrees="y").status_code == 303
    assert hand.is_inside


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/reset"])
def test_asking_for_a_code_tells_nothing_about_accounts(
    app: Flask, path: str, rounds: Callable[[int, int], int]
) -> None:
    count = rounds(3, 200)
    answers = set()
    for number in range(count):
        known, unknown = f"138001{number:05}", f"139001{number:05}"
        open_account(app, known)
        for phone in (known, unknown):
            hand = Hand(app, f"10.0.{number // 250}.{number % 250}")
            first = plain(hand.post(path, contact=phone))
            code_page = "/reset/code" if path == "/reset" else "/sign-in/code"
            then = plain(hand.get(code_page))
            wrong = hand.post(code_page, code="x", password=GOOD)
            answers.add(
                (first, (then[0], then[2].replace(phone[:3] + "****" + phone[7:], "…")), wrong.status_code)
            )
            assert len(messages(app, phone)) == 1
    assert len(answers) == 1


def test_a_password_page_tells_nothing_about_accounts(app: Flask, rounds: Callable[[int, int], int]) -> None:
    answers = set()
    for number in range(rounds(3, 200)):
        known, unknown = f"138001{number:05}", f"139001{number:05}"
        open_account(app, known, GOOD)
        for phone in (known, unknown):
            hand = Hand(app, f"10.0.{number // 250}.{number % 250}")
            status, location, body = plain(hand.post("/sign-in/password", login=phone, password="wrong one"))
            answers.add((status, location, body.replace(phone, "…")))
    assert len(answers) == 1
    assert answers.pop()[0] == 409


def test_the_right_password_enters(app: Flask) -> None:
    open_account(app, PHONE, GOOD)
    hand = Hand(app)
    assert hand.post("/sign-in/password", login="+86 138 0013 8000", password=GOOD).location == "/me"
    assert hand.is_inside


def test_under_attack_the_owner_enters_from_a_known_browser_and_by_code(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    open_account(app, PHONE, GOOD)
    owner = Hand(app, "192.0.2.1")
    owner.post("/sign-in/password", login=PHONE, password=GOOD)
    owner.post("/sign-out", page="/me")
    statuses = []
    for number in range(40):
        stranger = Hand(app, f"10.0.0.{number}")
        statuses.append(stranger.post("/sign-in/password", login=PHONE, password="wrong").status_code)
    assert statuses.count(429) == 11  # thirty in all, of which the owner's own first one
    refused = Hand(app, "192.0.2.2").post("/sign-in/password", login=PHONE, password=GOOD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    owner.post("/sign-in/password", login=PHONE, password=GOOD)
    assert owner.is_inside
    elsewhere = Hand(app, "192.0.2.3")
    elsewhere.enter(PHONE)
    assert elsewhere.is_inside


def test_a_second_code_within_the_minute_is_refused_with_its_waiting_time(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    Hand(app).post("/sign-in", contact=PHONE)
    answer = Hand(app).post("/sign-in", contact=PHONE)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert len(messages(app, PHONE)) == 1


def test_a_stranger_who_asks_for_codes_does_not_shut_the_owner_out(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    open_account(app, PHONE)
    owner = Hand(app)
    owner.enter(PHONE)
    owner.post("/sign-out", page="/me")
    for number in range(6):
        clock.advance(seconds=61)
        last = Hand(app, f"10.0.0.{number}").post("/sign-in", contact=PHONE)
    assert last.status_code == 429
    owner.enter(PHONE)
    assert owner.is_inside


def test_a_code_works_only_in_the_browser_that_asked(app: Flask, clock: Clock) -> None:
    open_account(app, PHONE)
    asking, other = Hand(app), Hand(app)
    asking.post("/sign-in", contact=PHONE)
    code = code_to(app, PHONE)
    clock.advance(minutes=1, seconds=1)
    other.post("/sign-in", contact=PHONE)
    if code_to(app, PHONE) != code:
        assert other.post("/sign-in/code", code=code).status_code == 409
        assert not other.is_inside
    assert asking.post("/sign-in/code", code=code).status_code == 303
    assert asking.is_inside


def test_the_same_code_twice_enters_once(app: Flask) -> None:
    open_account(app, PHONE)
    hand = Hand(app)
    hand.post("/sign-in", contact=PHONE)
    code = code_to(app, PHONE)
    cookies = hand.client.get_cookie("yongjiang")
    assert cookies is not None
    assert hand.post("/sign-in/code", code=code).status_code == 303
    replay = Hand(app)
    replay.client.set_cookie("yongjiang", cookies.value)
    assert replay.post("/sign-in/code", code=code).status_code == 409
    assert not replay.is_inside


def test_nothing_a_visitor_brought_along_survives_entering(app: Flask) -> None:
    open_account(app, PHONE)
    hand = Hand(app)
    hand.get("/sign-in")
    with hand.client.session_transaction() as session:
        session["planted"] = "x"
        session["_user_id"] = "a-token-somebody-else-knows"
    hand.enter(PHONE)
    with hand.client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "a-token-somebody-else-knows"
        assert "browser" not in session
        assert "asked" not in session


def test_a_cookie_is_worth_nothing_after_signing_out(app: Flask) -> None:
    open_account(app, PHONE)
    hand = Hand(app)
    hand.enter(PHONE)
    cookie = hand.client.get_cookie("yongjiang")
    assert cookie is not None
    assert hand.is_inside
    assert hand.post("/sign-out", page="/me").status_code == 303
    replay = Hand(app)
    replay.client.set_cookie("yongjiang", cookie.value)
    assert not replay.is_inside


def test_a_reset_ends_every_sign_in_and_tells_the_owner(app: Flask, clock: Clock) -> None:
    open_account(app, PHONE, GOOD)
    inside = Hand(app)
    inside.post("/sign-in/password", login=PHONE, password=GOOD)
    hand = Hand(app)
    hand.post("/reset", contact=PHONE)
    code = code_to(app, PHONE)
    assert hand.post("/reset/code", code=code, password="123456").status_code == 409
    answer = hand.post("/reset/code", code=code, password="另一组 完全不同 的词 儿")
    assert answer.location == "/sign-in/password"
    assert not inside.is_inside
    assert len(messages(app, PHONE)) == 2
    assert hand.post("/sign-in/password", login=PHONE, password=GOOD).status_code == 409
    assert hand.post("/sign-in/password", login=PHONE, password="另一组 完全不同 的词 儿").status_code == 303


def test_a_reset_for_nobody_says_so_only_to_who_read_the_code(app: Flask) -> None:
    hand = Hand(app)
    hand.post("/reset", contact=PHONE)
    answer = hand.post("/reset/code", code=code_to(app, PHONE), password=GOOD)
    assert answer.status_code == 409
    assert "还没有账号" in answer.get_data(as_text=True)


def test_a_changed_notice_is_agreed_to_at_the_next_sign_in(app: Flask) -> None:
    with app.app_context(), transaction():
        accounts.open_account("周晓岚", phone=PHONE, stamp=machine("test"))
    hand = Hand(app)
    answer = hand.enter(PHONE)
    assert answer.location == "/me/consent"
    assert hand.post("/me/consent", agrees="y").location == "/me"


def test_roles_in_one_click_are_of_the_demo_alone(app: Flask) -> None:
    code = open_account(app, PHONE)
    hand = Hand(app)
    assert hand.post(f"/sign-in/demo/{code}", page="/sign-in").status_code == 404
    assert not hand.is_inside


FOREIGN = [
    "//e.example", "///e.example", "////e.example", "/\\e.example", "\\\\e.example", "/\\/e.example", "\\/e.example",
    "/%5ce.example", "/%5Ce.example", "/%2fe.example", "/%2Fe.example", "%2f%2fe.example", "/%09/e.example",
    "\t//e.example", "/\t/e.example", "/\n/e.example", "/\r/e.example", "/\r\n/e.example", "\n//e.example",
    " //e.example", "/ /e.example", "\x00//e.example", "/\x00/e.example", "/\x0b/e.example", "/\x0c/e.example",
    "\u00a0//e.example", "\u3000//e.example", "/\u2028/e.example", "/\u200b/e.example", "／／e.example", "/／e.example",
    "/\uff0fe.example", "//e。example", "//e．example", "//e｡example", "https:e.example", "https:/e.example",
    "https://e.example", "HTTPS://e.example", "http://e.example", "https:///e.example", "https:\\\\e.example",
    "ftp://e.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "vbscript:x", "//user@e.example", "//localhost@e.example", "https://localhost@e.example", "/.//e.example",
    "/..//e.example", "/../\\e.example", "/;@e.example", "//localhost:80@e.example", "//[::1]@e.example",
    "/me//e.example/..", "//127.0.0.1.e.example", "http:localhost@e.example", "//e.example%2f@localhost",
    "//e.example#/me", "//e.example?/me", "/\\\\e.example", "?next=//e.example", "e.example", "me", "..", ".",
    "/no-such-page", "/" + "a" * 600,
]  # fmt: skip


def test_there_are_enough_bad_targets() -> None:
    assert len(FOREIGN) >= 60


@pytest.mark.parametrize("target", FOREIGN)
def test_a_bad_target_leads_nowhere_else(app: Flask, target: str, clock: Clock) -> None:
    open_account(app, PHONE, GOOD)
    hand = Hand(app)
    path = "/sign-in/password?next=" + quote(target, safe="")
    answer = hand.post(path, login=PHONE, password=GOOD)
    if "\0" in target:  # refused before any door
        assert answer.status_code == 400
        return
    assert answer.status_code == 303
    assert answer.location == "/me"
    again = hand.get(path)
    assert urlsplit(again.location or "").netloc == ""
    assert again.location == "/me"


def test_a_good_target_is_kept_through_all_steps(app: Flask) -> None:
    hand = Hand(app)
    target = "?next=" + quote("/me/person?x=1", safe="")
    answer = hand.post("/sign-up" + target, contact=PHONE)
    answer = hand.post(answer.location, code=code_to(app, PHONE))
    answer = hand.post(answer.location, display_name="周晓岚", agrees="y")
    assert answer.location == "/me/person?x=1"
