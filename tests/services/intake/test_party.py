"""A list that fills the unit's own delegation."""

import pytest
from flask import Flask

from models.activity import EntryMode
from models.base import db
from models.intake import State
from models.party import Party, PartyMember
from models.registration import Registration
from services import party as parties
from services.registration import Entry
from services.transaction import transaction
from tests.services.intake.conftest import Unit, unit_of
from tests.support import lists


@pytest.fixture
def delegation(context: Flask) -> tuple[Unit, Party]:
    unit = unit_of(mode=EntryMode.UNIT, unit_limit=10)
    with transaction():
        party = parties.make_list(unit.track, unit.organisation, by=unit.manager, stamp=unit.stamp)
    return unit, party


def test_a_list_fills_the_delegation_in_its_order(delegation: tuple[Unit, Party]) -> None:
    unit, party = delegation
    intake = unit.enter(unit.send(lists.workbook(lists.people(4)), party=party))
    assert intake.state is State.ENTERED, intake.note
    db.session.expire_all()
    members = db.session.query(PartyMember).order_by(PartyMember.rank).all()
    assert [member.person.name for member in members] == [row[0] for row in lists.people(4)]
    assert [member.rank for member in members] == [1, 2, 3, 4]
    assert Entry.from_json(members[0].entry).post == "钳工"
    assert db.session.query(Registration).count() == 0


def test_who_is_on_the_list_already_is_passed_over(delegation: tuple[Unit, Party]) -> None:
    unit, party = delegation
    unit.enter(unit.send(lists.workbook(lists.people(3)), party=party))
    again = unit.send(lists.workbook(lists.people(5), titles=["另一份"]), party=party)
    assert (again.good, again.known) == (2, 3)
    unit.enter(again)
    assert again.state is State.ENTERED, again.note
    assert db.session.query(PartyMember).count() == 5


def test_two_lists_checked_before_either_is_entered_add_each_person_once(
    delegation: tuple[Unit, Party],
) -> None:
    unit, party = delegation
    first = unit.send(lists.workbook(lists.people(3)), party=party)
    second = unit.send(lists.workbook(lists.people(3), titles=["另一份"]), party=party)
    unit.enter(first)
    unit.enter(second)
    assert second.state in (State.ENTERED, State.CHECKED)
    assert second.known == 3
    assert db.session.query(PartyMember).count() == 3
