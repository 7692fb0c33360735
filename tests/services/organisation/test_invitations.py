"""Somebody is asked into a unit, by phone or e-mail."""

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account
from models.base import db
from models.organisation import Invitation
from services import account as accounts
from services import organisation as organisations
from services.account import codes
from services.errors import Denied, Missing, TooOften
from services.organisation import Contact
from services.transaction import transaction
from tests.services.organisation.conftest import House, principal
from tests.support import factories
from tests.support.application import Hand

PHONE = "19912345678"


@pytest.fixture
def guest(house: House) -> Account:
    with transaction():
        return accounts.open_account("客人", PHONE, "guest@example.org", stamp=factories.stamp())


def ask(house: House, contact: str = PHONE, by: Account | None = None, *, as_manager: bool = False) -> str:
    who = by or house.manager
    with transaction():
        return organisations.invite(
            house.unit,
            Contact.read(contact),
            as_manager=as_manager,
            by=principal(who),
            stamp=factories.stamp(who),
        )


def take(token: str, account: Account) -> None:
    with transaction():
        organisations.accept(organisations.get_invitation(token), account, stamp=factories.stamp(account))


@pytest.mark.parametrize("contact", [PHONE, "+86 199 1234 5678", "guest@example.org", "Guest@Example.ORG"])
def test_whoever_was_asked_joins_as_a_member(house: House, guest: Account, contact: str) -> None:
    take(ask(house, contact), guest)
    assert organisations.is_member(house.unit, guest.id)
    assert not organisations.manages(principal(guest), house.unit)


def test_only_the_desk_asks_a_manager_in(house: House, guest: Account) -> None:
    for account in (house.manager, house.stranger):
        with pytest.raises(Denied):
            ask(house, by=account, as_manager=True)
    take(ask(house, by=house.desk, as_manager=True), guest)
    assert organisations.manages(principal(guest), house.unit)


def test_nobody_asks_into_a_unit_they_do_not_manage(house: House) -> None:
    for account in (house.member, house.stranger, house.half_desk):
        with pytest.raises(Denied):
            ask(house, by=account)


def test_a_link_that_was_passed_on_makes_nobody_a_member(house: House, guest: Account) -> None:
    token = ask(house, by=house.desk, as_manager=True)
    with pytest.raises(organisations.OtherContact) as no:
        take(token, house.stranger)
    assert "199****5678" in str(no.value.sentence) and PHONE not in str(no.value.sentence)
    take(token, guest)


def test_an_email_that_is_not_verified_does_not_fit(house: House, guest: Account) -> None:
    token = ask(house, "guest@example.org")
    with transaction():
        guest.email_verified_at = None
    with pytest.raises(organisations.OtherContact):
        take(token, guest)


def test_a_link_works_once_and_seven_days(house: House, guest: Account, clock: Hand) -> None:
    clock.set(clock.now)
    token = ask(house)
    clock.advance(days=7)
    with pytest.raises(organisations.InvitationOver):
        take(token, guest)
    token = ask(house)
    clock.advance(days=6, hours=23, minutes=59, seconds=59)
    take(token, guest)
    with pytest.raises(organisations.InvitationOver):
        take(token, guest)
    with pytest.raises(Missing):
        organisations.get_invitation(token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_asking_again_voids_the_former_link(house: House, guest: Account) -> None:
    first, second = ask(house), ask(house)
    with pytest.raises(organisations.InvitationOver):
        take(first, guest)
    assert len(organisations.open_invitations(house.unit, factories.stamp())) == 1
    take(second, guest)
    with pytest.raises(organisations.AlreadyMember):
        ask(house)


def test_an_invitation_may_be_taken_back(house: House, guest: Account) -> None:
    token = ask(house)
    row = organisations.get_invitation(token)
    with pytest.raises(Missing):
        organisations.get_open(house.other, row.code)
    with transaction():
        organisations.take_back(organisations.get_open(house.unit, row.code), stamp=factories.stamp())
    with pytest.raises(organisations.InvitationOver):
        take(token, guest)


def test_neither_token_nor_contact_is_kept_in_the_open(house: House) -> None:
    token = ask(house)
    row = db.session.scalars(sa.select(Invitation)).one()
    kept = " ".join(str(value) for value in db.session.execute(sa.select(Invitation.__table__)).one())
    assert token not in kept and PHONE not in kept
    assert row.contact == PHONE


def test_a_number_gets_one_invitation_a_minute_and_five_a_day(context: Flask, clock: Hand) -> None:
    clock.set(clock.now)
    contact = Contact.read("19912345678")
    for _again in range(5):
        organisations.admit_invitation(contact)
        with pytest.raises(TooOften):
            organisations.admit_invitation(contact)
        clock.advance(seconds=61)
    with pytest.raises(TooOften):
        organisations.admit_invitation(contact)
    codes.admit(contact)
