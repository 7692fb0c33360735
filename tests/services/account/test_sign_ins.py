"""Server-side sign-ins (R18)."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from services import account as accounts
from services.account import sign_ins
from services.stamp import machine
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand as Clock

SECOND = dt.timedelta(seconds=1)


def begin(account: Account) -> str:
    with transaction():
        return sign_ins.begin(account, stamp=make.stamp(account))


def saw(token: str, moment: dt.datetime) -> None:
    row = sign_ins.find(token, moment)
    assert row is not None
    row_id = row.id
    with transaction():
        sign_ins.saw(row_id, now=moment)


@pytest.mark.parametrize(
    ("staff", "idle"), [(False, dt.timedelta(hours=2)), (True, dt.timedelta(minutes=30))]
)
def test_it_ends_of_idleness(context: Flask, clock: Clock, staff: bool, idle: dt.timedelta) -> None:
    start = clock.now
    clock.set(start)
    with transaction():
        account = make.account()
        if staff:
            make.grant(account, Role.REVIEWER)
    token = begin(account)
    assert sign_ins.find(token, start + idle - SECOND) is not None
    assert sign_ins.find(token, start + idle) is not None
    assert sign_ins.find(token, start + idle + SECOND) is None


def test_it_ends_of_age_however_busy(context: Flask, clock: Clock) -> None:
    start = clock.now
    clock.set(start)
    with transaction():
        account = make.account()
    token = begin(account)
    for hour in range(1, 12):
        saw(token, start + dt.timedelta(hours=hour))
    saw(token, start + dt.timedelta(hours=12))
    assert sign_ins.find(token, start + dt.timedelta(hours=12) + SECOND) is None


def test_it_ends_with_the_account_and_with_a_new_password(context: Flask, clock: Clock) -> None:
    with transaction():
        account = make.account()
    tokens = [begin(account), begin(account)]
    here = sign_ins.find(tokens[0], clock.now)
    with transaction():
        accounts.change_password(account, accounts.changing.Chosen("x"), but=here, stamp=make.stamp(account))
    assert sign_ins.find(tokens[0], clock.now) is not None
    assert sign_ins.find(tokens[1], clock.now) is None
    with transaction():
        accounts.disable(account, reason="离职", stamp=machine("test"))
    assert sign_ins.find(tokens[0], clock.now) is None
    with transaction():
        accounts.enable(account, stamp=machine("test"))
    assert sign_ins.find(tokens[0], clock.now) is None


def test_proving_changes_the_token(context: Flask, clock: Clock) -> None:
    with transaction():
        account = make.account()
    token = begin(account)
    row = sign_ins.find(token, clock.now)
    assert row is not None
    with transaction():
        new = sign_ins.prove(row, second_factor=True, stamp=make.stamp(account))
    assert sign_ins.find(token, clock.now) is None
    assert sign_ins.find(new, clock.now) is not None


def test_a_right_in_one_scope_is_none_in_another(context: Flask, clock: Clock) -> None:
    with transaction():
        account = make.account()
        make.grant(account, Role.REVIEWER, ScopeKind.ACTIVITY, "0123456789abcdef")
    row = sign_ins.find(begin(account), clock.now)
    assert row is not None
    who = sign_ins.principal(row, clock.now)
    assert who.may([Role.REVIEWER], [(ScopeKind.ACTIVITY, "0123456789abcdef")])
    assert not who.may([Role.REVIEWER], [(ScopeKind.ACTIVITY, "fedcba9876543210")])
