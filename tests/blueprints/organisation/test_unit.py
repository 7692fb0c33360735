"""A unit at its doors: who gets in, members, invitations, closing."""

import re

import pytest
import sqlalchemy as sa

from models.account import Account, Role
from models.base import db
from models.organisation import Invitation, Member
from services import account as accounts
from services import organisation as organisations
from services.organisation import Contact
from services.transaction import transaction
from tests.blueprints.organisation.conftest import Knock
from tests.services.organisation.conftest import House, principal
from tests.support import factories
from tests.support.application import Hand
from tests.support.doors import EXTRA, changed, tables


@pytest.fixture
def guest(house: House) -> Account:
    with transaction():
        return accounts.open_account("客人", "19912345678", stamp=factories.stamp())


def ask(house: House, *, as_manager: bool = False) -> str:
    with transaction():
        return organisations.invite(
            house.unit,
            Contact.read("19912345678"),
            as_manager=as_manager,
            by=principal(house.desk),
            stamp=factories.stamp(house.desk),
        )


def member_of(house: House, account: Account) -> Member:
    row = organisations.find_member(house.unit, account.id)
    assert row is not None
    return row


def test_every_door_of_a_unit_is_shut_to_other_units(house: House, knock: Knock) -> None:
    ask(house)
    invitation = db.session.scalars(sa.select(Invitation)).one()
    code, member = house.unit.code, member_of(house, house.member).code
    pages = ["", "/edit", "/invite", "/leave", f"/member/{member}/remove", f"/member/{member}/manager"]
    posts = [*pages[1:], f"/invitation/{invitation.code}/take-back"]
    before = tables()
    for account in (house.stranger, house.half_desk):
        client = knock(account)
        for path in pages:
            answer = client.get(f"/organisation/{code}{path}")
            assert answer.status_code == 404, path
            assert "示例机械厂" not in answer.get_data(as_text=True)
        for path in posts:
            values = {"contact": "19900000000", "short_name": "x", "town": "", "version": "1"}
            assert client.bare(f"/organisation/{code}{path}", **values).status_code == 404, path
        assert client.get("/organisation/" + "0" * 16).status_code == 404
    assert changed(before) == set()


def test_a_plain_member_looks_and_leaves_and_no_more(house: House, knock: Knock) -> None:
    client, code = knock(house.member), house.unit.code
    page = client.get(f"/organisation/{code}").get_data(as_text=True)
    assert "manager" in page and "邀请成员" not in page and "移交管理" not in page
    manager = member_of(house, house.manager).code
    for path in ("/edit", "/invite", f"/member/{manager}/remove", f"/member/{manager}/manager"):
        assert client.get(f"/organisation/{code}{path}").status_code == 403
        assert client.bare(f"/organisation/{code}{path}", contact="19900000000").status_code == 403
    assert client.get(f"/organisation/{code}/close").status_code == 403
    assert client.post(f"/organisation/{code}/leave").status_code == 303
    assert client.get(f"/organisation/{code}").status_code == 404


def test_a_member_of_another_unit_is_not_reached_through_ones_own(house: House, knock: Knock) -> None:
    foreign = organisations.find_member(house.other, house.stranger.id)
    assert foreign is not None
    client = knock(house.manager)
    for path in ("remove", "manager"):
        address = f"/organisation/{house.unit.code}/member/{foreign.code}/{path}"
        assert client.get(address).status_code == 404
        assert client.bare(address).status_code == 404


def test_a_right_that_was_taken_away_is_gone_at_the_next_request(house: House, knock: Knock) -> None:
    member, manager = knock(house.member), knock(house.manager)
    code = house.unit.code
    with transaction():
        organisations.join(house.unit, house.member, as_manager=True, stamp=factories.stamp())
    assert member.get(f"/organisation/{code}/invite").status_code == 200
    path = f"/organisation/{code}/member/{member_of(house, house.member).code}/remove"
    assert manager.post(path).status_code == 303
    assert member.get(f"/organisation/{code}/invite").status_code == 404
    assert member.get("/organisation").status_code == 200
    assert manager.get(path).status_code == 404


def test_a_manager_hands_over_within_ten_minutes_of_proof(house: House, knock: Knock, clock: Hand) -> None:
    clock.set(clock.now)
    client = knock(house.manager)
    path = f"/organisation/{house.unit.code}/member/{member_of(house, house.member).code}/manager"
    clock.advance(minutes=11)
    assert client.get(path).status_code == 302
    client = knock(house.manager)
    assert "原管理员不再有管理权" in client.get(path).get_data(as_text=True)
    assert client.post(path).status_code == 303
    assert client.get(f"/organisation/{house.unit.code}/invite").status_code == 403
    assert knock(house.member).get(f"/organisation/{house.unit.code}/invite").status_code == 200


def test_the_last_manager_cannot_leave(house: House, knock: Knock) -> None:
    answer = knock(house.manager).post(f"/organisation/{house.unit.code}/leave")
    assert answer.status_code == 409 and "移交" in answer.get_data(as_text=True)


def test_editing_takes_its_own_fields_and_no_others(house: House, knock: Knock) -> None:
    client, path = knock(house.manager), f"/organisation/{house.unit.code}/edit"
    version = str(house.unit.version)
    before = tables()
    values = {"short_name": "机械厂", "town": "三教镇", "version": version, "name": "改名", "type": "party"}
    values |= {"credit_code": "91500199MA5UEXAM0X"}
    assert client.post(path, **values, **EXTRA).status_code == 303
    assert changed(before) == {"organisation.short_name", "organisation.town", "organisation.version"}
    assert client.post(path, **values).status_code == 409
    assert client.post(path, version="2", short_name="厂" * 41, town="").status_code == 422
    desk = knock(house.desk)
    answer = desk.post(path, version="2", name="新名", type="school", short_name="", town="", credit_code="")
    assert answer.status_code == 303
    assert "新名" in desk.get(f"/organisation/{house.unit.code}").get_data(as_text=True)


def test_an_invitation_from_the_page_to_the_member(house: House, knock: Knock, guest: Account) -> None:
    client, code = knock(house.manager), house.unit.code
    before = tables()
    path = f"/organisation/{code}/invite"
    answer = client.post(path, contact=" 199 1234 5678 ", as_manager="y", **EXTRA)
    assert answer.status_code == 303
    assert changed(before) == {"invitation+"}
    row = db.session.scalars(sa.select(Invitation)).one()
    assert not row.as_manager
    page = client.get(f"/organisation/{code}").get_data(as_text=True)
    assert "199****5678" in page and "19912345678" not in page
    assert client.post(path, contact="1381").status_code == 422
    back = client.post(f"/organisation/{code}/invitation/{row.code}/take-back", f"/organisation/{code}")
    assert back.status_code == 303
    assert client.bare(f"/organisation/{code}/invitation/{row.code}/take-back").status_code == 409


def test_a_link_shows_its_unit_to_anybody_and_is_taken_by_whom_it_was_sent_to(
    house: House, knock: Knock, guest: Account
) -> None:
    path = f"/invitation/{ask(house, as_manager=True)}"
    page = knock(None).get(path).get_data(as_text=True)
    assert "示例机械厂" in page and "199****5678" in page and "19912345678" not in page
    assert re.search(r'href="/sign-in\?next=(/|%2F)invitation', page)
    assert knock(None).bare(path).status_code == 302
    stranger = knock(house.stranger)
    assert "不同" in stranger.get(path).get_data(as_text=True)
    assert stranger.bare(path).status_code == 409
    client = knock(guest)
    before = tables()
    assert client.post(path, **EXTRA).location == f"/organisation/{house.unit.code}"
    assert changed(before) == {"member+", "account_grant+", "invitation.accepted_at"}
    assert client.get(f"/organisation/{house.unit.code}/invite").status_code == 200
    assert "已失效" in client.get(path).get_data(as_text=True)
    assert client.bare(path).status_code == 409
    assert knock(None).get("/invitation/nothing").status_code == 404


def test_the_desk_closes_a_unit_and_its_people_are_out(house: House, knock: Knock) -> None:
    desk, manager, code = knock(house.desk), knock(house.manager), house.unit.code
    assert desk.post(f"/organisation/{code}/close").status_code == 303
    assert manager.get(f"/organisation/{code}").status_code == 404
    assert "已停用" in desk.get(f"/organisation/{code}").get_data(as_text=True)
    assert desk.get(f"/organisation/{code}/close").status_code == 404
    assert "示例机械厂" in desk.get("/organisation/all?closed=1").get_data(as_text=True)
    assert "示例机械厂" not in desk.get("/organisation/all").get_data(as_text=True)


def test_the_list_of_units_is_for_staff(house: House, knock: Knock) -> None:
    for account, status in (
        (house.desk, 200),
        (house.half_desk, 200),
        (house.manager, 403),
        (house.member, 403),
    ):
        assert knock(account).get("/organisation/all").status_code == status
    client = knock(house.half_desk)
    page = client.get("/organisation/all?q=%E6%9C%BA%E6%A2%B0&type=enterprise&page=-1&closed=1").get_data(
        as_text=True
    )
    assert "示例机械厂" in page
    assert f"/organisation/{house.unit.code}" not in page
    for query in ("q=%25", "type=bank", "page=99999999999999999999", "page=x", "q=" + "a" * 3000):
        assert client.get("/organisation/all?" + query).status_code == 200


def test_what_can_be_no_code_finds_nothing(house: House, knock: Knock) -> None:
    client, own = knock(house.desk), f"/organisation/{house.unit.code}"
    with transaction():
        factories.grant(house.manager, Role.ORGANISER)
    keeper = knock(house.manager)
    for code in ("%00", "a%00b", "%ff", "1", "I" * 16, "x" * 3000, "..", "%F0%9F%98%80"):
        assert client.get(f"/organisation/{code}").status_code == 404
        assert client.get(f"/organisation/application/{code}").status_code == 404
        assert client.get(f"/organisation/applications/{code}").status_code == 404
        assert client.get(f"{own}/member/{code}/remove").status_code == 404
        assert client.bare(f"{own}/invitation/{code}/take-back").status_code == 404
        assert client.get(f"/invitation/{code}").status_code == 404
        assert keeper.get(f"/venue/{code}").status_code == 404


def test_getting_changes_nothing(house: House, knock: Knock) -> None:
    before = tables()
    client, code = knock(house.manager), house.unit.code
    for path in ("", "/apply", f"/{code}", f"/{code}/edit", f"/{code}/invite", f"/{code}/leave"):
        assert client.get("/organisation" + path).status_code == 200
    assert changed(before) == set()
