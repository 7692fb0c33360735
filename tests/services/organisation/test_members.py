"""Belonging to a unit, leaving it, and who manages it."""

import pytest

from models.account import Role, ScopeKind
from services import organisation as organisations
from services.errors import Missing
from services.transaction import transaction
from tests.services.organisation.conftest import House, principal
from tests.support import factories


def test_nobody_belongs_to_a_unit_twice(house: House) -> None:
    with pytest.raises(organisations.AlreadyMember), transaction():
        organisations.join(house.unit, house.member, stamp=factories.stamp())
    with transaction():
        organisations.join(house.unit, house.member, as_manager=True, stamp=factories.stamp())
    assert len(organisations.members(house.unit)) == 2
    assert organisations.manages(principal(house.member), house.unit)
    with pytest.raises(organisations.AlreadyMember), transaction():
        organisations.join(house.unit, house.member, as_manager=True, stamp=factories.stamp())


def test_who_left_may_come_again(house: House) -> None:
    for _round in range(2):
        row = organisations.find_member(house.unit, house.member.id)
        assert row is not None
        with transaction():
            organisations.leave(row, stamp=factories.stamp(house.member))
        assert organisations.find_member(house.unit, house.member.id) is None
        with transaction():
            organisations.join(house.unit, house.member, stamp=factories.stamp())
    assert [unit.name for unit in organisations.of_account(house.member.id)] == ["示例机械厂"]


def test_whoever_goes_loses_every_right_within_the_unit_and_no_other(house: House) -> None:
    with transaction():
        factories.grant(house.member, Role.TEACHER, ScopeKind.ORGANISATION, house.unit.code)
        factories.grant(house.member, Role.REVIEWER, ScopeKind.ORGANISATION, house.unit.code)
        factories.grant(house.member, Role.TEACHER, ScopeKind.ORGANISATION, house.other.code)
        row = organisations.find_member(house.unit, house.member.id)
        assert row is not None
        organisations.remove(row, by=principal(house.manager), stamp=factories.stamp(house.manager))
    assert {right.scope[1] for right in principal(house.member).rights} == {house.other.code}


def test_the_only_manager_hands_over_before_leaving(house: House) -> None:
    own = organisations.find_member(house.unit, house.manager.id)
    to = organisations.find_member(house.unit, house.member.id)
    assert own is not None and to is not None
    with pytest.raises(organisations.LastManager), transaction():
        organisations.leave(own, stamp=factories.stamp(house.manager))
    with pytest.raises(organisations.LastManager), transaction():
        organisations.remove(own, by=principal(house.manager), stamp=factories.stamp(house.manager))
    with transaction():
        organisations.hand_over(
            house.unit, to, by=principal(house.manager), stamp=factories.stamp(house.manager)
        )
    assert organisations.manages(principal(house.member), house.unit)
    assert not organisations.manages(principal(house.manager), house.unit)
    with pytest.raises(organisations.SameManager), transaction():
        organisations.hand_over(house.unit, to, by=principal(house.desk), stamp=factories.stamp(house.desk))
    with transaction():
        organisations.leave(own, stamp=factories.stamp(house.manager))


def test_the_desk_hands_a_unit_over_whose_manager_is_gone(house: House) -> None:
    to = organisations.find_member(house.unit, house.member.id)
    own = organisations.find_member(house.unit, house.manager.id)
    assert to is not None and own is not None
    with transaction():
        organisations.remove(own, by=principal(house.desk), stamp=factories.stamp(house.desk))
        organisations.hand_over(house.unit, to, by=principal(house.desk), stamp=factories.stamp(house.desk))
    assert [grant.account_id for grant in organisations.managers(house.unit, factories.stamp())] == [
        house.member.id
    ]


def test_a_member_of_another_unit_is_not_found_through_this_one(house: House) -> None:
    foreign = organisations.find_member(house.other, house.stranger.id)
    assert foreign is not None
    with pytest.raises(Missing):
        organisations.get_member(house.unit, foreign.code)
    assert organisations.get_member(house.other, foreign.code) is foreign
