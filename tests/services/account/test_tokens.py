"""Tokens for programs: made, found, run out, taken back."""

import datetime as dt
import hashlib

import pytest
from flask import Flask

from models.account import Account, Kind
from models.base import db
from models.notification import Message
from models.token import ApiToken, TokenScope
from services import account as accounts
from services.account import tokens
from services.errors import Denied, Missing
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand

TERM = dt.timedelta(days=30)
READ = [TokenScope.READ]


@pytest.fixture
def account(context: Flask, clock: Hand) -> Account:
    clock.set(dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC))
    with transaction():
        return make.account()


def create(account: Account, label: str = "看板", term: dt.timedelta = TERM) -> tuple[ApiToken, str]:
    with transaction():
        return tokens.create(account, label, READ, term, stamp=make.stamp(account))


def test_the_secret_is_shown_and_only_its_hash_is_kept(account: Account) -> None:
    row, secret = create(account)
    assert secret.startswith("yj_") and len(secret) == 46
    assert row.token_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert tokens.find(secret, make.now()) is row
    assert create(account)[1] != secret
    for table in db.metadata.tables.values():
        assert secret not in str(db.session.execute(table.select()).all())


def test_its_owner_is_told(account: Account) -> None:
    create(account)
    (message,) = db.session.query(Message).filter_by(account_id=account.id, kind="account.changed").limit(1)
    assert "接口令牌" in message.body


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_token_lasts_a_year_at_most(account: Account, days: int) -> None:
    with pytest.raises(tokens.BadTerm):
        create(account, term=dt.timedelta(days=days))
    assert create(account, term=tokens.LONGEST)[0].expires_at == make.now() + dt.timedelta(days=365)


def test_a_token_without_a_scope_is_none(account: Account) -> None:
    with pytest.raises(tokens.NoScope), transaction():
        tokens.create(account, "看板", [], TERM, stamp=make.stamp(account))


def test_an_account_has_so_many_good_tokens_and_no_more(account: Account, clock: Hand) -> None:
    rows = [create(account)[0] for _ in range(tokens.MOST)]
    with pytest.raises(tokens.TooManyTokens):
        create(account)
    with transaction():
        tokens.revoke(rows[0], stamp=make.stamp(account))
    create(account)
    clock.advance(days=31)
    create(account)


def test_a_badge_gets_no_token(context: Flask) -> None:
    with transaction():
        badge = make.account(kind=Kind.BADGE)
    with pytest.raises(Denied):
        create(badge)


def test_another_accounts_token_looks_like_none(account: Account) -> None:
    row, _secret = create(account)
    with transaction():
        other = make.account()
    with pytest.raises(Missing):
        tokens.get(other, row.code)
    assert tokens.get(account, row.code) is row


@pytest.mark.parametrize("secret", ["", "yj_", "x" * 5000, "yj_" + "é" * 43, "yj_\0"])
def test_what_cannot_be_a_token_is_not_looked_for(context: Flask, secret: str) -> None:
    assert tokens.find(secret, make.now()) is None


def test_a_new_password_and_a_closed_account_end_all_tokens(account: Account) -> None:
    _row, secret = create(account)
    with transaction():
        accounts.change_password(account, accounts.changing.Chosen("x"), stamp=make.stamp(account))
    assert tokens.find(secret, make.now()) is None
    _row, secret = create(account)
    with transaction():
        accounts.disable(account, reason="离职", stamp=make.stamp())
    with transaction():
        accounts.enable(account, stamp=make.stamp())
    assert tokens.find(secret, make.now()) is None
    assert tokens.listing(account) == []
