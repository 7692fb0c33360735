"""Who asks: tokens that open, tokens that do not, and cookies that count for nothing."""

import datetime as dt
from http.cookies import SimpleCookie

import pytest
from flask import Flask

from models.account import Account, Role
from models.base import db
from models.token import ApiToken, TokenScope
from services import account as accounts
from services.account import tokens
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand
from tests.support.doors import Client
from tests.support.program import Program


@pytest.fixture
def account(context: Flask, clock: Hand) -> Account:
    clock.set(dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC))
    with transaction():
        return make.account(make.person("示例甲"))


def test_a_token_speaks_for_its_person_with_what_is_personal_masked(context: Flask, account: Account) -> None:
    answer = Program(context, account).get("/me")
    assert answer.status_code == 200
    said = answer.get_json()
    assert said["code"] == account.code
    assert said["phone"] == account.phone[:3] + "****" + account.phone[7:]
    assert account.person is not None and account.person.document is not None
    number = account.person.document.number
    assert said["person"]["document_number"] == number[:4] + "*" * 10 + number[-4:]
    assert said["token"]["scopes"] == ["read", "write"]
    assert said["token"]["expires_at"] == "2027-11-23T09:30:00+08:00"
    text = answer.get_data(as_text=True)
    assert number not in text and account.phone not in text


def test_without_a_token_one_is_told_how_to_come_in(context: Flask) -> None:
    for path in ("/me", "/me/registrations", "/registrations/0000000000000000"):
        answer = Program(context).get(path)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "令牌" in answer.get_json()["message"]


def test_a_revoked_token_is_refused_everywhere(context: Flask, account: Account) -> None:
    program = Program(context, account)
    assert program.get("/me").status_code == 200
    with transaction():
        tokens.revoke(db.session.get_one(ApiToken, program.key.id), stamp=make.stamp(account))
    assert [program.get(path).status_code for path in ("/me", "/activities")] == [401, 401]


def test_a_token_ends_on_its_day(context: Flask, account: Account, clock: Hand) -> None:
    program = Program(context, account)
    clock.advance(days=364)
    assert program.get("/me").status_code == 200
    clock.advance(days=1)
    assert program.get("/me").status_code == 401


def test_the_token_of_a_closed_account_is_refused(context: Flask, account: Account) -> None:
    program = Program(context, account)
    with transaction():
        accounts.disable(account, reason="示例", stamp=make.stamp())
    assert program.get("/me").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer yj_",
        "Bearer x",
        "Basic eDp5",
        "Token abc",
        "Bearer yj_" + "A" * 43,
        "yj_" + "A" * 43,
    ],
)
def test_what_is_no_token_opens_nothing(context: Flask, header: str) -> None:
    assert Program(context).get("/me", Authorization=header).status_code == 401
    assert Program(context).get("/activities", Authorization=header).status_code == 401


def test_a_cookie_is_neither_read_nor_set(context: Flask, account: Account) -> None:
    browser = Client(context, account)
    assert browser.get("/me/tokens").status_code == 200
    assert browser.get("/api/v1/me").status_code == 401
    answer = browser.get("/api/v1/activities")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    sent = browser.http.post(
        "/api/v1/registrations", json={}, headers={"Idempotency-Key": "k"}, base_url="http://localhost"
    )
    assert sent.status_code == 401
    assert not SimpleCookie(sent.headers.get("Set-Cookie", ""))


def test_no_other_site_is_let_in(context: Flask, account: Account) -> None:
    program, elsewhere = Program(context, account), {"Origin": "https://elsewhere.example"}
    answer = program.get("/activities", **elsewhere)
    assert not [name for name, _value in answer.headers if name.lower().startswith("access-control-")]
    assert program.post("/registrations", {}, **elsewhere).status_code == 403


def test_a_token_does_what_its_scopes_say(context: Flask, account: Account) -> None:
    reads = Program(context, account, (TokenScope.READ,))
    writes = Program(context, account, (TokenScope.WRITE,))
    assert reads.get("/me").status_code == 200
    assert writes.get("/activities").status_code == 200
    for answer in (writes.get("/me"), reads.post("/registrations", {})):
        assert answer.status_code == 403
        assert answer.get_json()["reason"] == "scope_lacking"


def test_rights_of_staff_do_not_travel_through_a_token(context: Flask, account: Account) -> None:
    with transaction():
        for role in (Role.SECURITY_ADMIN, Role.ORGANISER, Role.UNIT_MANAGER, Role.CONTESTANT):
            make.grant(account, role)
    program = Program(context, account)
    who = tokens.principal(program.key, make.now())
    assert who.roles == {Role.CONTESTANT}
    assert not who.is_staff and who.proven_at is None


def test_the_last_use_is_kept_once_a_minute(context: Flask, account: Account, clock: Hand) -> None:
    program = Program(context, account)

    def used() -> dt.datetime | None:
        program.get("/me")
        return db.session.get_one(ApiToken, program.key.id).used_at

    first = clock.now
    assert used() == first
    clock.advance(seconds=59)
    assert used() == first
    clock.advance(seconds=1)
    assert used() == first + dt.timedelta(minutes=1)


def test_too_many_questions_are_put_off(context: Flask, account: Account) -> None:
    program = Program(context, account)
    answers = [program.post("/registrations", {}) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [422] * 60 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].get_json()["code"] == 429
