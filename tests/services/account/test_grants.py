"""Rights, and who may give them (R09, R15, R16)."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Account, Grant, Role, ScopeKind
from services import account as accounts
from services.access import DISTRICT
from services.account import grants, sign_ins
from services.account.reasons import (
    AlreadyGranted,
    ExclusiveRoles,
    LastAdministrator,
    OwnGrant,
    SecondPersonNeeded,
    WrongState,
)
from services.stamp import Stamp, machine
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand as Clock

ADMINISTRATORS = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]


def by(account: Account) -> Stamp:
    return make.stamp(account)


def somebody() -> Account:
    return make.account(make.person())


def give(account: Account, role: Role, stamp: Stamp | None = None) -> Grant:
    with transaction():
        return accounts.grant(account, role, DISTRICT, stamp=stamp or machine("test"))


@pytest.fixture
def people(context: Flask) -> list[Account]:
    with transaction():
        return [somebody() for _n in range(5)]


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_three_administrators_exclude_each_other(people: list[Account], first: Role, second: Role) -> None:
    give(people[0], first)
    reason = AlreadyGranted if first is second else ExclusiveRoles
    with pytest.raises(reason):
        give(people[0], second)


def test_an_administrator_needs_a_second_person(people: list[Account], clock: Clock) -> None:
    first, second, new = people[:3]
    give(first, Role.SECURITY_ADMIN)
    give(second, Role.SECURITY_ADMIN)
    row = give(new, Role.SYSTEM_ADMIN, by(first))
    assert row.awaits_second
    assert not row.is_in_force(clock.now)
    assert [waiting.id for waiting in grants.waiting()] == [row.id]
    for wrong in (first, new):
        with pytest.raises(SecondPersonNeeded), transaction():
            grants.confirm(row, wrong, stamp=by(wrong))
    with transaction():
        grants.confirm(row, second, stamp=by(second))
    assert row.is_in_force(clock.now)
    with pytest.raises(WrongState), transaction():
        grants.confirm(row, second, stamp=by(second))


def test_two_accounts_are_not_two_persons(people: list[Account]) -> None:
    first, new = people[:2]
    give(first, Role.SECURITY_ADMIN)
    with transaction():
        nobody = make.account()
    give(nobody, Role.SECURITY_ADMIN)
    row = give(new, Role.SYSTEM_ADMIN, by(first))
    with pytest.raises(SecondPersonNeeded), transaction():
        grants.confirm(row, nobody, stamp=by(nobody))


def test_the_only_security_administrator_grants_alone(people: list[Account], clock: Clock) -> None:
    give(people[0], Role.SECURITY_ADMIN)
    assert give(people[1], Role.SECURITY_ADMIN, by(people[0])).is_in_force(clock.now)
    assert give(people[2], Role.SYSTEM_ADMIN, by(people[0])).awaits_second


def test_nobody_grants_to_themselves(people: list[Account]) -> None:
    give(people[0], Role.SECURITY_ADMIN)
    with pytest.raises(OwnGrant):
        give(people[0], Role.REVIEWER, by(people[0]))


def test_the_last_security_administrator_stays(people: list[Account]) -> None:
    row = give(people[0], Role.SECURITY_ADMIN)
    with pytest.raises(LastAdministrator), transaction():
        accounts.revoke(row, stamp=by(people[1]))
    with pytest.raises(LastAdministrator), transaction():
        accounts.disable(people[0], reason="试试", stamp=by(people[1]))


def test_a_role_is_granted_once_in_a_scope(people: list[Account]) -> None:
    with transaction():
        scope = (ScopeKind.ACTIVITY, make.activity().code)
    with transaction():
        accounts.grant(people[0], Role.REVIEWER, scope, stamp=machine("test"))
    with pytest.raises(AlreadyGranted), transaction():
        accounts.grant(people[0], Role.REVIEWER, scope, stamp=machine("test"))
    give(people[0], Role.REVIEWER)


def test_a_scope_names_a_thing_or_the_district(people: list[Account]) -> None:
    for scope in ((ScopeKind.DISTRICT, "x"), (ScopeKind.ACTIVITY, None)):
        with pytest.raises(ValueError, match="scope"), transaction():
            accounts.grant(people[0], Role.REVIEWER, scope, stamp=machine("test"))
    with pytest.raises(ValueError, match="district"), transaction():
        accounts.grant(people[0], Role.AUDIT_ADMIN, (ScopeKind.ACTIVITY, "x"), stamp=machine("test"))


def test_a_staff_role_ends_the_sign_ins_and_a_revoked_one_is_gone_at_once(
    people: list[Account], clock: Clock
) -> None:
    account = people[0]
    with transaction():
        token = sign_ins.begin(account, stamp=by(account))
    row = give(account, Role.REVIEWER)
    assert sign_ins.find(token, clock.now) is None
    with transaction():
        token = sign_ins.begin(account, stamp=by(account))
    found = sign_ins.find(token, clock.now)
    assert found is not None
    assert Role.REVIEWER in sign_ins.principal(found, clock.now).roles
    with transaction():
        accounts.revoke(row, stamp=machine("test"))
    found = sign_ins.find(token, clock.now)
    assert found is not None
    assert not sign_ins.principal(found, clock.now).roles


def test_a_grant_holds_from_its_first_moment_to_its_last(people: list[Account], clock: Clock) -> None:
    start = clock.now + dt.timedelta(hours=1)
    end = start + dt.timedelta(hours=1)
    with transaction():
        row = accounts.grant(
            people[0], Role.REVIEWER, DISTRICT, starts_at=start, ends_at=end, stamp=machine("test")
        )
    second = dt.timedelta(seconds=1)
    assert [row.is_in_force(moment) for moment in (start - second, start, end - second, end)] == [
        False, True, True, False,
    ]  # fmt: skip
