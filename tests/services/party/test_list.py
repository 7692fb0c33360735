"""What a unit enters: seats asked for and allotted, a ranked list that is locked, a class, recommendations."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.activity import EntryMode, Track
from models.organisation import Organisation
from models.party import Kind, Party, PartyMember, State
from models.registration import Consent, Registration
from models.registration import State as Entry
from services import invariants
from services import party as parties
from services import quota as quotas
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services import upload as uploads
from services.errors import Missing
from services.party import Decision
from services.party.refusals import (
    Empty,
    InAnotherParty,
    Locked,
    NoReason,
    NoSeats,
    NotNamed,
    OverAllotted,
    SeatsUndecided,
    Unranked,
)
from services.registration import Entry as Answers
from services.transaction import transaction
from tests.support import factories, files
from tests.support.staff import principal_of


def unit_track(**more: object) -> Track:
    return factories.track(**({"mode": EntryMode.UNIT, "unit_limit": 2} | more))  # type: ignore[arg-type]


def manager_of(unit: Organisation) -> Account:
    row = factories.account(factories.person())
    factories.grant(row, Role.UNIT_MANAGER, ScopeKind.ORGANISATION, unit.code)
    return row


def listed(track: Track, people: int = 3) -> tuple[Party, Account]:
    unit = factories.organisation()
    by = manager_of(unit)
    party = parties.make_list(track, unit, by=by, stamp=factories.stamp(by))
    for _each in range(people):
        add(party, by)
    return party, by


def add(party: Party, by: Account) -> PartyMember:
    return parties.add(party, factories.person(), Answers(), by=by, stamp=factories.stamp(by))


def lock(party: Party, by: Account) -> list[Registration]:
    return parties.send(party, "同意推荐", by=by, stamp=factories.stamp(by))


def test_the_first_by_rank_are_entered_and_the_rest_stand_by(context: Flask) -> None:
    with transaction():
        track = unit_track()
        party, by = listed(track)
        last = parties.here(party)[-1]
        parties.move(last, -1, stamp=factories.stamp(by))
        parties.move(last, -1, stamp=factories.stamp(by))
        entries = lock(party, by)
    assert entries[0].person_id == last.person_id
    assert [row.state for row in entries] == [Entry.SUBMITTED, Entry.SUBMITTED, Entry.STANDBY]
    assert {row.consent for row in entries} == {Consent.ASKED}
    assert {row.opinion for row in entries} == {"同意推荐"}
    assert {row.organisation_id for row in entries} == {party.organisation_id}
    assert track.taken == 2
    assert not any(invariants.count().values())


def test_a_list_is_put_in_order_by_numbers(context: Flask) -> None:
    with transaction():
        party, by = listed(unit_track())
        first, second, third = parties.here(party)
        parties.order(party, {third.code: 1, first.code: 2, second.code: 9}, stamp=factories.stamp(by))
    assert [line.id for line in parties.here(party)] == [third.id, first.id, second.id]
    assert [line.rank for line in parties.here(party)] == [1, 2, 3]
    with transaction():
        first.rank = second.rank
    with pytest.raises(Unranked), transaction():
        lock(party, by)


def test_an_empty_list_and_a_locked_one_are_not_sent(context: Flask) -> None:
    with transaction():
        empty, by = listed(unit_track(), people=0)
    with pytest.raises(Empty), transaction():
        lock(empty, by)
    with transaction():
        party, by = listed(unit_track())
        lock(party, by)
    with pytest.raises(Locked), transaction():
        lock(party, by)
    with pytest.raises(Locked), transaction():
        parties.order(party, {}, stamp=factories.stamp(by))


def test_a_unit_has_one_list_a_track(context: Flask) -> None:
    with transaction():
        track = unit_track()
        party, by = listed(track)
        again = parties.make_list(track, party.organisation, by=by, stamp=factories.stamp(by))
    assert again.id == party.id


def test_one_person_is_on_one_list(context: Flask) -> None:
    with transaction():
        track = unit_track()
        (one, first), (other, second) = listed(track), listed(track)
        person = parties.here(one)[0].person
    with pytest.raises(InAnotherParty), transaction():
        parties.add(other, person, Answers(), by=second, stamp=factories.stamp(second))
    with transaction():
        parties.remove(parties.here(one)[0], by=first, stamp=factories.stamp(first))
        parties.add(other, person, Answers(), by=second, stamp=factories.stamp(second))
    assert len(parties.here(other)) == 4


def test_seats_are_asked_for_and_allotted(context: Flask) -> None:
    with transaction():
        track = unit_track(unit_limit=None, capacity=5)
        (one, first), (other, second) = listed(track), listed(track)
        organiser = factories.account(factories.person())
        parties.ask(track, one.organisation, 4, "四人备赛", by=first, stamp=factories.stamp(first))
        parties.ask(track, other.organisation, 3, "三人备赛", by=second, stamp=factories.stamp(second))
    assert [row.id for row in parties.requests(track.activity)] == [one.id, other.id]
    with pytest.raises(SeatsUndecided), transaction():
        lock(one, first)
    both = {one.code: Decision(3), other.code: Decision(3)}
    with pytest.raises(OverAllotted), transaction():
        parties.allot(track.activity, both, by=organiser, stamp=factories.stamp(organiser))
    with pytest.raises(NoReason), transaction():
        parties.allot(
            track.activity, {other.code: Decision(0)}, by=organiser, stamp=factories.stamp(organiser)
        )
    said = {one.code: Decision(2), other.code: Decision(0, "名额有限")}
    with transaction():
        assert parties.allot(track.activity, said, by=organiser, stamp=factories.stamp(organiser)) == 2
        entries = lock(one, first)
    assert [row.state for row in entries].count(Entry.STANDBY) == 1
    assert parties.allotted(track) == 2
    with pytest.raises(NoSeats), transaction():
        lock(other, second)


def test_a_class_is_entered_whole(context: Flask) -> None:
    with transaction():
        track, unit = factories.track(), factories.organisation()
        by = manager_of(unit)
        party = parties.make_list(track, unit, "数控 2301 班", by=by, stamp=factories.stamp(by))
        again = parties.make_list(track, unit, "数控 2302 班", by=by, stamp=factories.stamp(by))
        add(party, by), add(party, by)
        entries = lock(party, by)
    assert party.kind is Kind.CLASS
    assert again.id != party.id
    assert [row.state for row in entries] == [Entry.SUBMITTED] * 2
    assert party.state is State.SENT


def test_somebody_else_takes_the_place_of_one_who_was_sent(context: Flask) -> None:
    with transaction():
        party, by = listed(unit_track())
        out, _second, aside = lock(party, by)
        parties.replace(party, out, aside, by=by, note="受伤", stamp=factories.stamp(by))
    assert (out.state, aside.state) == (Entry.WITHDRAWN, Entry.SUBMITTED)
    with transaction():
        line = add(party, by)
        came = parties.replace(party, aside, line, by=by, note="换人", stamp=factories.stamp(by))
    assert came.state is Entry.SUBMITTED
    assert came.consent is Consent.ASKED
    assert not any(invariants.count().values())


def test_a_list_is_its_managers_alone(context: Flask) -> None:
    with transaction():
        party, by = listed(unit_track())
        other = manager_of(factories.organisation())
    assert parties.get_managed(principal_of(by), party.code) is party
    with pytest.raises(Missing):
        parties.get_managed(principal_of(other), party.code)


def test_a_unit_recommends_those_who_name_it(context: Flask) -> None:
    with transaction():
        track, unit = unit_track(), factories.organisation("示例机床厂")
        by = manager_of(unit)
        row, other = (own_entry(track, name) for name in ("示例机床厂", "别的厂"))
    assert parties.to_recommend(unit) == [row]
    with pytest.raises(Missing):
        parties.get_named(unit, other.code)
    with transaction():
        parties.recommend(row, unit, "技术过硬", by=by, stamp=factories.stamp(by))
    assert row.recommended_by_id == by.id
    assert parties.to_recommend(unit) == []
    with pytest.raises(NotNamed), transaction():
        parties.recommend(row, unit, "再说一次", by=by, stamp=factories.stamp(by))


def test_a_unit_declines_with_a_reason(context: Flask) -> None:
    with transaction():
        unit = factories.organisation("示例机床厂")
        by, row = manager_of(unit), own_entry(unit_track(), "示例机床厂")
    with pytest.raises(NoReason), transaction():
        parties.decline(row, " ", by=by, stamp=factories.stamp(by))
    with transaction():
        parties.decline(row, "已离职", by=by, stamp=factories.stamp(by))
    assert row.state is Entry.RETURNED
    assert row.note == "已离职"


def test_whom_a_unit_recommends_counts_on_its_places(context: Flask) -> None:
    with transaction():
        track, unit = unit_track(unit_limit=1), factories.organisation("示例机床厂")
        by = manager_of(unit)
        first, second = (own_entry(track, "示例机床厂") for _each in range(2))
    with transaction():
        parties.recommend(first, unit, "技术过硬", by=by, stamp=factories.stamp(by))
    assert not any(invariants.count().values())
    with pytest.raises(quotas.QuotaFull), transaction():
        parties.recommend(second, unit, "也很好", by=by, stamp=factories.stamp(by))
    assert (second.organisation_id, second.recommended_at) == (None, None)


def test_who_takes_the_place_of_another_is_recommended_with_the_list(context: Flask) -> None:
    with transaction():
        party, by = listed(unit_track(), people=2)
        out, _second = lock(party, by)
        line = add(party, by)
        came = parties.replace(party, out, line, by=by, note="换人", stamp=factories.stamp(by))
    assert (came.opinion, came.recommended_by_id) == ("同意推荐", by.id)


def test_a_stamped_list_does_not_speak_of_who_came_after_it(context: Flask) -> None:
    with transaction():
        party, by = listed(unit_track(), people=2)
        out, second = lock(party, by)
        later = [factories.stamp(by, factories.now() + dt.timedelta(minutes=n)) for n in range(4)]
        page = uploads.check(files.picture("JPEG"), "盖章.jpg")
        (copy,) = stamped_copies.receive(party, [page], stamped_by="单位", by=by, stamp=later[1])
        reviewer, listed_too = factories.account(factories.person()), factories.account(second.person)
        with pytest.raises(stamped_copies.OwnCopy):
            stamped_copies.decide(copy, True, by=listed_too, stamp=later[2])
        stamped_copies.decide(copy, True, by=reviewer, stamp=later[2])
        line = parties.add(party, factories.person(), Answers(), by=by, stamp=later[3])
        came = parties.replace(party, out, line, by=by, note="换人", stamp=later[3])
    assert stamped_copies.has_accepted(second)
    assert not stamped_copies.has_accepted(came)
    with pytest.raises(registrations.Unconfirmed), transaction():
        registrations.accept(came, by=reviewer, stamp=later[3])


def own_entry(track: Track, workplace: str) -> Registration:
    account = factories.account(factories.person())
    entry = Answers(workplace=workplace)
    return registrations.register(track, account.person, entry, by=account, stamp=factories.stamp(account))


def test_a_unit_that_was_refused_all_seats_gets_none_another_way(context: Flask) -> None:
    with transaction():
        track = unit_track(unit_limit=None, capacity=9)
        unit = factories.organisation()
        by, organiser = manager_of(unit), factories.account(factories.person())
        party = parties.ask(track, unit, 3, "三人备赛", by=by, stamp=factories.stamp(by))
        parties.allot(
            track.activity,
            {party.code: Decision(0, "名额有限")},
            by=organiser,
            stamp=factories.stamp(organiser),
        )
        alone = registrations.register(
            track, factories.person(), Answers(workplace=unit.name), by=None, stamp=factories.stamp()
        )
    with pytest.raises(quotas.QuotaFull), transaction():
        parties.recommend(alone, unit, "同意", by=by, stamp=factories.stamp(by))


def test_a_recommendation_ends_where_its_unit_is_named_no_more(context: Flask) -> None:
    with transaction():
        track = unit_track(unit_limit=5)
        unit = factories.organisation()
        by, reviewer = manager_of(unit), factories.account(factories.person())
        here, gone = (
            registrations.register(
                track, factories.person(), Answers(workplace=unit.name), by=None, stamp=factories.stamp()
            )
            for _each in range(2)
        )
        for row in (here, gone):
            parties.recommend(row, unit, "同意", by=by, stamp=factories.stamp(by))
            registrations.send_back(row, "请补充岗位", by=reviewer, stamp=factories.stamp(reviewer))
    with transaction():
        registrations.amend(here, Answers(workplace=unit.name, post="钳工"), stamp=factories.stamp())
        registrations.amend(gone, Answers(workplace="示例另一家公司"), stamp=factories.stamp())
    assert (here.recommended_at is not None, here.organisation_id, here.opinion) == (True, unit.id, "同意")
    assert (gone.recommended_at, gone.organisation_id, gone.opinion) == (None, None, "")
    assert {len(found) for found in quotas.held_by([here.id, gone.id]).values()} == {1}
    assert not any(invariants.count().values())
