"""Whoever parts from a unit has no rights in its activities any more (R09)."""

from collections.abc import Callable

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.organisation import Member, Organisation
from services import activity as activities
from services import organisation as organisations
from services.access import ANONYMOUS
from services.transaction import transaction
from tests.support import factories as make


def leave(member: Member) -> None:
    activities.leave_unit(member, stamp=make.stamp())


def remove(member: Member) -> None:
    activities.remove_member(member, by=ANONYMOUS, stamp=make.stamp())


def close(member: Member) -> None:
    activities.close_unit(member.organisation, stamp=make.stamp())


def member_of(unit: Organisation, account: Account) -> Member:
    row = organisations.find_member(unit, account.id)
    assert row is not None
    return row


@pytest.mark.parametrize("part", [leave, remove, close])
def test_parting_ends_the_rights_in_the_units_activities_and_no_others(
    context: Flask, part: Callable[[Member], None]
) -> None:
    with transaction():
        unit, account, stays = make.organisation(), make.account(), make.account()
        own, foreign = make.activity(organiser=unit), make.activity()
        for one in (account, stays):
            organisations.join(unit, one, stamp=make.stamp())
        gone = make.grant(account, Role.ORGANISER, ScopeKind.ACTIVITY, own.code)
        kept = [
            make.grant(account, Role.SCORING_JUDGE, ScopeKind.ACTIVITY, foreign.code),
            make.grant(account, Role.CONTESTANT, ScopeKind.ACTIVITY, own.code),
        ]
        others = make.grant(stays, Role.ORGANISER, ScopeKind.ACTIVITY, own.code)
        part(member_of(unit, account))
    assert gone.revoked_at is not None
    assert [row.revoked_at for row in kept] == [None, None]
    assert (others.revoked_at is not None) is (part is close)
