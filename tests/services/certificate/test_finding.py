"""Who finds which certificate, whether number and name agree, and the signed list of what no longer holds."""

import datetime as dt
import json

import pytest
from flask import Flask

from certificates import revocation, signature
from models.account import Role, ScopeKind
from models.certificate import Certificate, State
from services import certificate as certificates
from services.access import ANONYMOUS
from services.certificate import revoked
from services.errors import Missing
from services.transaction import transaction
from tests.services.certificate.conftest import Hall
from tests.support import factories as make
from tests.support import honours
from tests.support.application import Hand
from tests.support.staff import principal_of


@pytest.fixture
def row(hall: Hall) -> Certificate:
    return honours.issued([honours.order(hall.activity, hall.winner)], hall.officer)[0]


def test_number_and_name_agree_however_they_are_typed(row: Certificate) -> None:
    for number in (row.number, row.number.lower(), row.number.replace("-", " "), row.number.replace("-", "")):
        for name in ("张㛃喆淼", " 张 㛃喆淼", "张㛃 喆淼　"):
            assert certificates.agrees(number, name), (number, name)
    swapped = row.number.replace("-0001-0001-", "-0001-0010-")
    assert swapped != row.number
    for number, name in (
        (row.number, "张洁喆淼"),
        (row.number, ""),
        (swapped, "张㛃喆淼"),
        (row.number[:-1] + "!", "张㛃喆淼"),
        ("", ""),
        ("YC-JS-2026-0001-0002-0", "张㛃喆淼"),
        ("%", "%"),
    ):
        assert not certificates.agrees(number, name), (number, name)


def test_a_name_written_over_in_the_database_does_not_agree(row: Certificate) -> None:
    with transaction():
        row.facts = row.facts.replace("张㛃喆淼", "张三")
    assert not certificates.agrees(row.number, "张三")


def test_what_is_not_signed_yet_does_not_agree(hall: Hall) -> None:
    with transaction():
        made = certificates.issue(
            [honours.order(hall.activity, hall.winner)], by=hall.officer, stamp=make.stamp()
        )[0]
    assert not certificates.agrees(made.number, "张㛃喆淼")


def test_a_token_finds_its_certificate_and_nothing_else_does(row: Certificate) -> None:
    found = certificates.find_by_token(row.token)
    assert found is row
    for other in (row.code, row.number, row.token[:-1], row.token + "x", "", "x" * 22, "é" * 22):
        assert certificates.find_by_token(other) is None


def test_holder_and_officers_see_it_and_others_find_nothing(hall: Hall, row: Certificate) -> None:
    with transaction():
        unit = make.account(make.person())
        make.grant(unit, Role.CERTIFICATE_OFFICER, ScopeKind.ORGANISATION, hall.activity.organiser.code)
        district = honours.officer(hall.activity, district=True)
        stranger = honours.officer(honours.contest("别的比赛"))
        organiser = make.account(make.person())
        make.grant(organiser, Role.ORGANISER, ScopeKind.ACTIVITY, hall.activity.code)
        other = make.account(make.person())
    for account in (hall.officer, unit, district):
        assert certificates.get_run(principal_of(account), row.code) is row
        assert certificates.register(principal_of(account)).total == 1
    assert certificates.get_seen(principal_of(hall.account), row.code) is row
    with pytest.raises(Missing):
        certificates.get_run(principal_of(hall.account), row.code)
    for account in (stranger, organiser, other):
        with pytest.raises(Missing):
            certificates.get_seen(principal_of(account), row.code)
        assert certificates.register(principal_of(account)).total == 0
    with pytest.raises(Missing):
        certificates.get_seen(ANONYMOUS, row.code)


def test_the_wallet_has_ones_own_and_not_the_replaced(hall: Hall, row: Certificate) -> None:
    with transaction():
        other = make.person()
    honours.issued([honours.order(hall.activity, other)], hall.officer)
    assert [one.id for one in certificates.of_person(hall.winner.id)] == [row.id]
    assert certificates.of_person(None) == []


def test_the_register_is_searched_by_number_and_name(hall: Hall, row: Certificate) -> None:
    with transaction():
        people = [make.person("李四"), make.person("李四")]
    honours.issued([honours.order(hall.activity, person) for person in people], hall.officer)
    who = principal_of(hall.officer)
    for text in (row.number, row.number.lower().replace("-", ""), row.number[3:16].lower(), "张㛃"):
        found = certificates.register(who, text=text)
        assert row.id in {one.id for one in found.rows}, text
    assert certificates.register(who, text="李四").total == 2
    assert certificates.register(who, text="%").total == 0
    assert certificates.register(who, state=State.REVOKED).total == 0
    assert certificates.register(who, page=99).page == 1


def test_the_list_of_revoked_ones_is_signed_and_grows(hall: Hall, row: Certificate, clock: Hand) -> None:
    revoked.forget()
    keys = certificates.keys()
    first = revocation.read(certificates.revoked_listing(), keys)
    assert first.entries == frozenset()
    assert certificates.revoked_listing() == certificates.revoked_listing()
    clock.advance(minutes=5)
    with transaction():
        certificates.fall(row.subject, "更正", stamp=make.stamp())
    second = revocation.read(certificates.revoked_listing(), keys)
    assert second.state(row.number, 1) == "revoked"
    assert second.sequence > first.sequence
    assert dt.timedelta() < second.next_update - second.issued_at <= dt.timedelta(days=7)
    clock.advance(hours=2)
    third = revocation.read(certificates.revoked_listing(), keys)
    assert third.sequence > second.sequence, "a list is fresh though nothing was added"
    text = certificates.revoked_listing()
    assert row.token not in text
    changed = text.replace('"revoked"', '"replaced"')
    assert changed != text
    with pytest.raises(revocation.BadListing):
        revocation.read(changed, keys)


def test_the_public_keys_are_those_of_the_ring(context: Flask) -> None:
    keys = certificates.keys()
    assert keys and all(len(key) == 32 for key in keys.values())
    assert signature.read_keys(signature.write_keys(keys)) == dict(keys)
    assert json.loads(signature.write_keys(keys)).keys() == keys.keys()


def test_the_paper_is_drawn_with_the_name_of_the_issue(hall: Hall, row: Certificate) -> None:
    before = certificates.pdf(row)
    with transaction():
        hall.winner.name = "另一个名字"
    assert certificates.pdf(row) == before
