"""A unit, its people, and the desk."""

from dataclasses import dataclass

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.organisation import Organisation
from services import organisation as organisations
from services.access import Principal, Right
from services.stamp import clock
from services.transaction import transaction
from tests.support import factories


def principal(account: Account) -> Principal:
    """What an account may, at this moment."""
    return Principal(
        account_id=account.id,
        account_code=account.code,
        person_id=account.person_id,
        rights=frozenset(
            Right(grant.role, (grant.scope_kind, grant.scope_code))
            for grant in account.grants
            if grant.is_in_force(clock.now())
        ),
        proven_at=clock.now(),
    )


@dataclass
class House:
    unit: Organisation
    other: Organisation
    manager: Account
    member: Account
    stranger: Account
    """Manager of the other unit."""
    desk: Account
    half_desk: Account
    """An organiser, but of one unit only."""


@pytest.fixture
def house(context: Flask) -> House:
    with transaction():
        unit, other = factories.organisation("示例机械厂"), factories.organisation("示例学校")
        people = {
            name: factories.account(factories.person(), name)
            for name in ("manager", "member", "stranger", "desk", "half_desk")
        }
        stamp = factories.stamp()
        organisations.join(unit, people["manager"], as_manager=True, stamp=stamp)
        organisations.join(unit, people["member"], stamp=stamp)
        organisations.join(other, people["stranger"], as_manager=True, stamp=stamp)
        factories.grant(people["desk"], Role.SECURITY_ADMIN)
        factories.grant(people["half_desk"], Role.ORGANISER, ScopeKind.ORGANISATION, unit.code)
    return House(unit, other, **people)
