"""A unit account is asked for and decided on."""

import random

import pytest
import sqlalchemy as sa

from models.account import Account, Role
from models.base import db
from models.notification import Message
from models.organisation import Application, ApplicationState, Type
from models.upload import Upload
from services import organisation as organisations
from services import upload as uploads
from services.errors import Denied, Missing, Refused
from services.organisation import UnitEntry, credit_code
from services.transaction import transaction
from tests.services.organisation.conftest import House, principal
from tests.support import factories
from tests.support.files import paper

DICE = random.Random(7)


def entry(name: str = "示例新厂", code: str | None = None) -> UnitEntry:
    return UnitEntry(name, Type.ENTERPRISE, credit_code=code or credit_code.demo_code(DICE), town="三教镇")


def ask(account: Account, said: UnitEntry) -> Application:
    with transaction():
        return organisations.apply(
            account, said, uploads.check(paper(), "授权书.pdf"), stamp=factories.stamp(account)
        )


@pytest.fixture
def applicant(house: House) -> Account:
    with transaction():
        return factories.account(factories.person(), "applicant")


def test_an_opened_application_makes_the_applicant_manager(house: House, applicant: Account) -> None:
    row = ask(applicant, entry())
    with transaction():
        organisations.decide(row, opened=True, by=principal(house.desk), stamp=factories.stamp(house.desk))
    assert row.state is ApplicationState.OPENED and row.claim is None
    unit = row.organisation
    assert unit is not None and unit.name == "示例新厂" and unit.credit_code == row.credit_code
    assert organisations.manages(principal(applicant), unit)
    assert organisations.is_member(unit, applicant.id)
    assert db.session.scalars(sa.select(Message).where(Message.account_id == applicant.id)).all()


def test_a_refused_application_says_why_and_frees_the_code(house: House, applicant: Account) -> None:
    said = entry()
    row = ask(applicant, said)
    with pytest.raises(organisations.NoReason), transaction():
        organisations.decide(row, opened=False, reason=" ", by=principal(house.desk), stamp=factories.stamp())
    with transaction():
        organisations.decide(
            row, opened=False, reason="公章不清", by=principal(house.desk), stamp=factories.stamp(house.desk)
        )
    assert (row.state, row.reason) == (ApplicationState.REFUSED, "公章不清")
    assert not principal(applicant).rights
    assert ask(applicant, said).state is ApplicationState.SUBMITTED


def test_it_is_decided_once(house: House, applicant: Account) -> None:
    row = ask(applicant, entry())
    with transaction():
        organisations.decide(row, opened=True, by=principal(house.desk), stamp=factories.stamp(house.desk))
    for opened in (True, False):
        with pytest.raises(organisations.Decided), transaction():
            organisations.decide(
                row, opened=opened, reason="x", by=principal(house.desk), stamp=factories.stamp()
            )


def test_only_a_desk_of_the_whole_district_decides_and_never_on_its_own(
    house: House, applicant: Account
) -> None:
    row = ask(applicant, entry())
    for account in (house.manager, house.half_desk, applicant):
        with pytest.raises(Denied), transaction():
            organisations.decide(row, opened=True, by=principal(account), stamp=factories.stamp(account))
        with pytest.raises(Denied):
            organisations.waiting_applications(principal(account))
    own = ask(house.desk, entry("自己的厂"))
    with pytest.raises(organisations.OwnApplication), transaction():
        organisations.decide(own, opened=True, by=principal(house.desk), stamp=factories.stamp(house.desk))
    with transaction():
        factories.grant(applicant, Role.ORGANISER)
    with pytest.raises(organisations.OwnApplication), transaction():
        organisations.decide(row, opened=True, by=principal(applicant), stamp=factories.stamp(applicant))
    assert [row.count for row in organisations.waiting(principal(house.desk))] == [2]
    assert [waiting.name for waiting in organisations.waiting_applications(principal(house.desk))] == [
        "示例新厂",
        "自己的厂",
    ]


def test_the_same_credit_code_is_refused_alike_for_a_unit_and_for_a_waiting_application(
    house: House, applicant: Account
) -> None:
    said = entry()
    row = ask(applicant, said)
    sentences = set()
    with pytest.raises(organisations.Taken) as waits:
        ask(house.member, entry("别的名称", said.credit_code))
    sentences.add(str(waits.value.sentence))
    with transaction():
        organisations.decide(row, opened=True, by=principal(house.desk), stamp=factories.stamp(house.desk))
    for again in (entry("别的名称", said.credit_code), entry(said.name)):
        with pytest.raises(organisations.Taken) as opened:
            ask(house.member, again)
        sentences.add(str(opened.value.sentence))
    assert len(sentences) == 1
    assert applicant.display_name not in sentences.pop()


def test_a_wrong_credit_code_is_refused_and_nothing_is_kept(house: House, applicant: Account) -> None:
    with pytest.raises(Refused):
        ask(applicant, entry(code="91500199MA5UEXAM00"))
    assert db.session.scalars(sa.select(Upload)).all() == []


def test_nobody_blocks_many_units(house: House, applicant: Account) -> None:
    for number in range(3):
        ask(applicant, entry(f"厂{number}"))
    with pytest.raises(organisations.TooManyApplications):
        ask(applicant, entry("厂四"))


def test_an_application_and_its_letter_are_seen_by_applicant_and_desk_only(
    house: House, applicant: Account
) -> None:
    row = ask(applicant, entry())
    for account in (applicant, house.desk):
        assert organisations.get_application(principal(account), row.code) is row
        assert uploads.content(organisations.get_letter(principal(account), row.code)) == paper()
    for account in (house.manager, house.half_desk, house.stranger):
        with pytest.raises(Missing):
            organisations.get_application(principal(account), row.code)
        with pytest.raises(Missing):
            organisations.get_letter(principal(account), row.code)
    assert organisations.own_applications(applicant.id) == [row]


def test_an_application_for_a_unit_that_came_meanwhile_is_not_opened(
    house: House, applicant: Account
) -> None:
    row = ask(applicant, entry("抢先厂"))
    with transaction():
        organisations.open(UnitEntry("抢先厂", Type.ENTERPRISE), stamp=factories.stamp())
    with pytest.raises(organisations.NameTaken), transaction():
        organisations.decide(row, opened=True, by=principal(house.desk), stamp=factories.stamp())
    assert row.state is ApplicationState.SUBMITTED
