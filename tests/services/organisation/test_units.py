"""Who sees a unit, who finds it, who changes it."""

import pytest

from models.organisation import Type
from services import organisation as organisations
from services.errors import Denied, Missing, Stale
from services.organisation import UnitEntry
from services.transaction import transaction
from tests.services.organisation.conftest import House, principal
from tests.support import factories


def test_a_unit_is_seen_by_its_members_and_the_desk_only(house: House) -> None:
    for account in (house.manager, house.member, house.desk):
        assert organisations.get_own(principal(account), house.unit.code) is house.unit
    for account in (house.stranger, house.half_desk):
        with pytest.raises(Missing):
            organisations.get_own(principal(account), house.unit.code)
    with pytest.raises(Missing):
        organisations.get_own(principal(house.desk), "0" * 16)


def test_a_member_who_does_not_manage_is_denied_and_a_stranger_finds_nothing(house: House) -> None:
    assert organisations.get_managed(principal(house.manager), house.unit.code) is house.unit
    with pytest.raises(Denied):
        organisations.get_managed(principal(house.member), house.unit.code)
    with pytest.raises(Missing):
        organisations.get_managed(principal(house.stranger), house.unit.code)


def test_searching_takes_signs_literally_and_puts_beginnings_first(house: House) -> None:
    with transaction():
        for name in ("永川示例机械厂二分厂", "示例100%棉", "示例100元"):
            factories.organisation(name)
        closed = factories.organisation("示例机械关闭")
        organisations.close(closed, stamp=factories.stamp())
    assert [row.name for row in organisations.search("示例机械")] == ["示例机械厂", "永川示例机械厂二分厂"]
    assert [row.name for row in organisations.search("100%")] == ["示例100%棉"]
    assert organisations.search("机_厂") == []
    assert organisations.search("示例", Type.SCHOOL) == []
    assert len(organisations.search("示例", limit=2)) == 2


def test_a_department_is_found_by_its_code(house: House) -> None:
    entry = UnitEntry("区人力社保局", Type.GOVERNMENT)
    with transaction():
        made = organisations.open(entry, department_code="hrss", stamp=factories.stamp())
    assert organisations.find_department("hrss") is made
    assert organisations.find_department("nobody") is None
    assert organisations.find_by_name("区人力社保局") is made


def test_names_and_credit_codes_are_there_once(house: House) -> None:
    code = "91500199MA5UEXAM0X"
    with transaction():
        organisations.open(UnitEntry("甲", Type.ENTERPRISE, credit_code=code), stamp=factories.stamp())
    with pytest.raises(organisations.NameTaken), transaction():
        organisations.open(UnitEntry("甲", Type.SCHOOL), stamp=factories.stamp())
    with pytest.raises(organisations.CreditCodeTaken), transaction():
        organisations.open(UnitEntry("乙", Type.SCHOOL, credit_code=code), stamp=factories.stamp())


def test_a_manager_changes_short_name_and_town_but_no_papers(house: House) -> None:
    unit, by = house.unit, principal(house.manager)
    entry = UnitEntry(unit.name, unit.type, "机械厂", unit.credit_code, "三教镇")
    with transaction():
        organisations.edit(unit, entry, version=unit.version, by=by, stamp=factories.stamp(house.manager))
    assert (unit.short_name, unit.town) == ("机械厂", "三教镇")
    for other in (
        UnitEntry("改名", unit.type),
        UnitEntry(unit.name, Type.PARTY),
        UnitEntry(unit.name, unit.type, credit_code="91500199MA5UEXAM0X"),
    ):
        with pytest.raises(Denied), transaction():
            organisations.edit(unit, other, version=unit.version, by=by, stamp=factories.stamp())
    assert unit.name == "示例机械厂"


def test_who_edits_what_another_changed_meanwhile_is_told(house: House) -> None:
    unit, by = house.unit, principal(house.desk)
    old = unit.version
    with transaction():
        organisations.edit(
            unit, UnitEntry("新名", unit.type), version=old, by=by, stamp=factories.stamp(house.desk)
        )
    with pytest.raises(Stale), transaction():
        organisations.edit(unit, UnitEntry("再改", unit.type), version=old, by=by, stamp=factories.stamp())
    with pytest.raises(organisations.NameTaken), transaction():
        organisations.edit(
            unit, UnitEntry(house.other.name, unit.type), version=unit.version, by=by, stamp=factories.stamp()
        )


def test_closing_ends_memberships_rights_and_invitations(house: House) -> None:
    unit = house.unit
    with transaction():
        token = organisations.invite(
            unit,
            organisations.Contact.read("19912345678"),
            by=principal(house.manager),
            stamp=factories.stamp(house.manager),
        )
        organisations.close(unit, stamp=factories.stamp(house.desk))
    assert organisations.members(unit) == []
    assert all(not principal(account).rights for account in (house.manager, house.member, house.half_desk))
    assert principal(house.stranger).rights
    assert organisations.of_account(house.manager.id) == []
    assert not organisations.get_invitation(token).is_open(factories.now())
    with pytest.raises(Missing):
        organisations.get_own(principal(house.manager), unit.code)
    assert organisations.get_own(principal(house.desk), unit.code) is unit
    with pytest.raises(organisations.UnitClosed), transaction():
        organisations.join(unit, house.stranger, stamp=factories.stamp())
