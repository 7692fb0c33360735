"""The page of one's tokens: made after a fresh proof, shown once, taken back."""

import datetime as dt
import re

import pytest
from flask import Flask

from models.account import Account
from models.base import db
from models.token import ApiToken
from services.account import tokens
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand
from tests.support.doors import Client

FORM = {"label": "单位看板", "scopes": ["read", "write"], "term": "30"}


@pytest.fixture
def account(context: Flask, clock: Hand) -> Account:
    clock.set(dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC))
    with transaction():
        return make.account()


def secret_in(text: str) -> list[str]:
    return re.findall("yj_[A-Za-z0-9_-]{43}", text)


def test_a_new_token_is_shown_once(context: Flask, account: Account) -> None:
    client = Client(context, account)
    assert "还没有令牌" in client.get("/me/tokens").get_data(as_text=True)
    answer = client.post("/me/tokens/new", **FORM)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    (secret,) = set(secret_in(answer.get_data(as_text=True)))
    found = tokens.find(secret, make.now())
    assert found is not None and found.account_id == account.id
    assert found.expires_at == make.now() + dt.timedelta(days=30)
    listed = client.get("/me/tokens").get_data(as_text=True)
    assert "单位看板" in listed and "还没有使用过" in listed and not secret_in(listed)


def test_a_repeat_of_the_form_makes_no_second_one(context: Flask, account: Account) -> None:
    client = Client(context, account)
    client.post("/me/tokens/new", **FORM, idempotency_key="once")
    again = client.post("/me/tokens/new", **FORM, idempotency_key="once")
    assert (again.status_code, again.location) == (303, "/me/tokens")
    assert db.session.query(ApiToken).count() == 1


def test_a_stale_proof_is_asked_anew(context: Flask, account: Account, clock: Hand) -> None:
    client = Client(context, account)
    hidden = client.hidden("/me/tokens/new")
    clock.advance(minutes=11)
    for answer in (client.get("/me/tokens/new"), client.bare("/me/tokens/new", **hidden, **FORM)):
        assert answer.status_code == 302
    assert db.session.query(ApiToken).count() == 0
    assert client.get("/me/tokens").status_code == 200


@pytest.mark.parametrize("wrong", [{"label": ""}, {"scopes": []}, {"scopes": ["staff"]}, {"term": "366"}])
def test_what_is_wrong_is_said_in_place(context: Flask, account: Account, wrong: dict[str, object]) -> None:
    answer = Client(context, account).post("/me/tokens/new", **{**FORM, **wrong})
    assert answer.status_code == 422
    assert db.session.query(ApiToken).count() == 0


def test_only_its_owner_takes_a_token_back(context: Flask, account: Account) -> None:
    with transaction():
        stranger = make.account()
        row, secret = tokens.create(
            account, "看板", [tokens.TokenScope.READ], dt.timedelta(days=1), stamp=make.stamp(account)
        )
    path = f"/me/tokens/{row.code}/revoke"
    assert Client(context, stranger).bare(path).status_code == 404
    assert tokens.find(secret, make.now()) is not None
    assert Client(context, account).post(path, "/me/tokens").status_code == 303
    assert tokens.find(secret, make.now()) is None
    assert Client(context).get("/me/tokens").status_code == 302
