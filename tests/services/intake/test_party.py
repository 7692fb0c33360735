"""A list that fills the unit's own delegation."""

from collections import Counter

import pytest
from flask import Flask

from models.activity import EntryMode
from models.base import db
from models.intake import Intake, IntakeLine, State, Verdict
from models.party import Party, PartyMember
from models.person import Person
from models.registration import Registration
from models.registration import State as Standing
from services import intake as intakes
from services import party as parties
from services import upload as uploads
from services.intake import ByDelegation, ByTeam
from services.registration import Entry
from services.transaction import transaction
from tests.services.intake.conftest import Unit, unit_of
from tests.support import factories, files, lists
from tests.support.statements import statements


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


def test_a_units_list_does_not_go_round_its_delegation(context: Flask) -> None:
    unit = unit_of(mode=EntryMode.UNIT, unit_limit=10)
    with pytest.raises(ByDelegation, match="单位名额"):
        unit.send(lists.workbook(lists.people(2)))
    assert db.session.query(Intake).count() == 0
    assert unit.send(lists.workbook(lists.people(2)), source="示例镇人民政府").good == 2


def test_a_list_does_not_make_a_team(context: Flask) -> None:
    unit = unit_of(mode=EntryMode.TEAM, team_least=2, team_most=3)
    for source in ("", "示例镇人民政府"):
        with pytest.raises(ByTeam, match="按队报名"):
            unit.send(lists.workbook(lists.people(2)), source=source)
    assert db.session.query(Intake).count() == 0


def test_a_column_that_names_such_a_track_is_refused_in_its_row(context: Flask) -> None:
    unit = unit_of(name="数控铣 · 职工组")
    with transaction():
        factories.track(unit.activity, name="钳工 · 职工组", mode=EntryMode.UNIT, unit_limit=10)
    rows = [
        [*row, name] for row, name in zip(lists.people(2), ("数控铣 · 职工组", "钳工 · 职工组"), strict=True)
    ]
    data = lists.workbook(rows, [*lists.HEADINGS, "赛项组别"])
    sheet = intakes.read(data, "名单.xlsx")
    with transaction():
        made = intakes.start(unit.activity, None, unit.organisation, sheet, by=unit.manager, stamp=unit.stamp)
    unit.work(made)
    assert (made.good, made.bad) == (1, 1), [line.problems for line in db.session.query(IntakeLine)]
    bad = db.session.query(IntakeLine).filter_by(verdict=Verdict.BAD).one()
    assert "单位名额" in str(intakes.say(bad.problems[0])), bad.problems
    unit.enter(made)
    assert [row.track.name for row in db.session.query(Registration)] == ["数控铣 · 职工组"]


def test_a_list_checked_before_the_track_became_the_units_is_not_entered(context: Flask) -> None:
    unit = unit_of()
    checked, going = unit.send(lists.workbook(lists.people(2))), unit.send(lists.workbook(lists.people(3)))
    with transaction():
        intakes.enter(going, only_good=True, by=unit.manager, stamp=unit.stamp)
        unit.track.mode = EntryMode.UNIT
    with transaction(), pytest.raises(ByDelegation):
        intakes.enter(checked, only_good=True, by=unit.manager, stamp=unit.stamp)
    unit.work(going)
    assert (going.good, going.bad) == (0, 3)
    assert db.session.query(Registration).count() == 0


def test_who_stands_on_another_units_list_is_named_and_passed_over(delegation: tuple[Unit, Party]) -> None:
    unit, party = delegation
    unit.enter(unit.send(lists.workbook(lists.people(1)), party=party))
    with transaction():
        unit.organisation = factories.organisation()
        second = parties.make_list(unit.track, unit.organisation, by=unit.manager, stamp=unit.stamp)
    intake = unit.send(lists.workbook(lists.people(3), titles=["另一家"]), party=second)
    assert (intake.good, intake.known) == (2, 1)
    known = db.session.query(IntakeLine).filter_by(intake_id=intake.id, verdict=Verdict.KNOWN).one()
    assert "另一份名单" in str(intakes.say(known.problems[0]))
    unit.enter(intake)
    assert intake.state is State.ENTERED, intake.note
    assert len(parties.here(second)) == 2


def test_a_list_that_filled_the_delegation_is_taken_back_whole(delegation: tuple[Unit, Party]) -> None:
    unit, party = delegation
    with transaction():
        own = parties.add(party, factories.person(), Entry(), by=unit.manager, stamp=unit.stamp)
    intake = unit.enter(unit.send(lists.workbook(lists.people(3)), party=party))
    assert intakes.preview(intake, stamp=unit.stamp).size == 3
    with transaction():
        assert intakes.undo(intake, stamp=unit.stamp).size == 3
    assert intake.state is State.UNDONE
    assert parties.here(party) == [own]
    with transaction():
        intakes.check_again(intake, stamp=unit.stamp)
    assert unit.work(intake).good == 3


def test_a_list_that_was_sent_is_not_taken_back_by_its_file(delegation: tuple[Unit, Party]) -> None:
    unit, party = delegation
    intake = unit.enter(unit.send(lists.workbook(lists.people(3)), party=party))
    with transaction():
        parties.send(party, "同意推荐", by=unit.manager, stamp=unit.stamp)
    plan = intakes.preview(intake, stamp=unit.stamp)
    assert (plan.size, len(plan.stays)) == (0, 3)
    assert "名单已报送" in str(plan.stays[0].why)
    with transaction():
        intakes.undo(intake, stamp=unit.stamp)
    assert len(parties.entries(party, live=True)) == 3


def test_a_long_list_joins_in_as_many_statements_as_a_short_one(delegation: tuple[Unit, Party]) -> None:
    unit, party = delegation
    with transaction():
        people = [factories.person() for _each in range(60)]
    counts = []
    for part in (people[:10], people[10:]):
        with transaction():
            entries = [(each, Entry()) for each in db.session.query(Person) if each in part]
            with statements() as said:
                parties.add_all(party, entries, by=unit.manager, stamp=unit.stamp)
        counts.append(sum("INSERT INTO party_member" not in each for each in said))
    assert counts[0] == counts[1]


def test_what_is_entered_for_a_unit_that_is_known_counts_on_its_places(context: Flask) -> None:
    unit = unit_of(unit_limit=2)

    def entered(people: list[list[object]], title: str) -> Intake:
        intake = unit.send(lists.workbook(people, titles=[title]), source=unit.organisation.name)
        scan = uploads.check(files.picture("JPEG"), "盖章.jpg")
        with transaction():
            intakes.enter(intake, only_good=True, scan=scan, by=unit.manager, stamp=unit.stamp)
        return unit.work(intake)

    assert entered(lists.people(2), "一").state is State.ENTERED
    assert {row.organisation_id for row in db.session.query(Registration)} == {unit.organisation.id}
    assert entered(lists.people(3, start=2), "二").state is State.ENTERED
    states = Counter(row.state for row in db.session.query(Registration))
    assert states == {Standing.SUBMITTED: 2, Standing.WAITLISTED: 3}
