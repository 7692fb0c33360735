import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from models.activity import EntryMode, Track
from models.base import db
from models.indicator import Outcome
from models.notification import Message
from models.participation import Participation
from models.party import Party, Role
from models.person import Person
from models.pipeline import ReserveEntry
from models.pipeline import State as ReserveState
from models.registration import State
from services import invariants, privacy
from services import participation as participations
from services import party as parties
from services import person as people
from services import pipeline as pipelines
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.services.pipeline.conftest import YEAR, District
from tests.support import factories as make


def counted(outcome: Outcome) -> int:
    query = (
        sa.select(participations.canonical())
        .select_from(Participation)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.outcome == outcome, participations.stands())
    )
    return len(set(db.session.scalars(query)))


def test_two_records_of_one_person_count_once_and_stand_once_in_the_reserve(context: Flask) -> None:
    with transaction():
        there = District()
        old, new = make.person(), make.person()
        there.award(old)
        there.award(new)
        pipelines.confirm(pipelines.candidates(YEAR), by=there.officer, stamp=make.stamp(there.officer))
        assert pipelines.in_reserve(YEAR) == counted(Outcome.AWARD_WON) == 2
        number = old.documents[0].number
        privacy.merge(old, new, "证件换号", stamp=make.stamp(there.officer))
        assert pipelines.in_reserve(YEAR) == counted(Outcome.AWARD_WON) == 1
        assert pipelines.candidates(YEAR) == []
        assert len(new.documents) == 2
        assert people.find_by_document(new.documents[0].type, number) == new


def test_a_chain_of_merges_leads_to_one_person_in_one_step(context: Flask) -> None:
    with transaction():
        first, second, third = make.person(), make.person(), make.person()
        privacy.merge(first, second, "同一人", stamp=make.stamp())
        privacy.merge(second, third, "同一人", stamp=make.stamp())
        db.session.refresh(first)
        assert first.merged_into_id == second.merged_into_id == third.id
        with pytest.raises(privacy.AlreadyMerged):
            privacy.merge(first, third, "同一人", stamp=make.stamp())
        with pytest.raises(privacy.SameRecord):
            privacy.merge(third, third, "同一人", stamp=make.stamp())


def test_the_account_goes_along_and_two_accounts_are_refused(context: Flask) -> None:
    with transaction():
        old, new = make.person(birth_date=dt.date(1990, 1, 1)), make.person()
        account = make.account(old)
        privacy.merge(old, new, "同一人", stamp=make.stamp())
        assert account.person_id == new.id
        other = make.person()
        make.account(other)
        with pytest.raises(privacy.TwoAccounts):
            privacy.merge(other, new, "同一人", stamp=make.stamp())


def stand(there: District, person: Person) -> None:
    there.award(person)
    pipelines.confirm(pipelines.candidates(YEAR), by=there.officer, stamp=make.stamp(there.officer))


def test_a_merge_that_was_a_mistake_is_undone_and_each_counts_again(context: Flask) -> None:
    with transaction():
        old, new = make.person(birth_date=dt.date(1990, 1, 1)), make.person()
        new.workplace, old.workplace = None, "示例厂"
        first, second = make.track(), make.track()
        moved = registrations.register(first, old, Entry(), by=None, stamp=make.stamp())
        stays = registrations.register(second, new, Entry(), by=None, stamp=make.stamp())
        account, number = make.account(old), old.documents[0].number
        merge = privacy.merge(old, new, "同名同日出生", stamp=make.stamp())
        assert (moved.person_id, account.person_id, new.workplace) == (new.id, new.id, "示例厂")
    with transaction():
        left = privacy.unmerge(merge, stamp=make.stamp())
    db.session.expire_all()
    assert left == []
    assert (moved.person_id, stays.person_id, account.person_id) == (old.id, new.id, old.id)
    assert (old.merged_into_id, new.workplace, moved.claim) == (None, None, f"{first.activity_id}:{old.id}")
    assert [document.number for document in old.documents] == [number]
    assert len(new.documents) == 1
    with pytest.raises(privacy.UndoneAlready), transaction():
        privacy.unmerge(merge, stamp=make.stamp())


def test_what_ended_with_a_merge_is_named_and_stays_ended(context: Flask) -> None:
    with transaction():
        there, track = District(), make.track()
        old, new = make.person(), make.person()
        ended = registrations.register(track, old, Entry(), by=None, stamp=make.stamp())
        registrations.register(track, new, Entry(), by=None, stamp=make.stamp())
        stand(there, old)
        stand(there, new)
        clash = privacy.collisions(old, new)
        assert [row.id for row, _other in clash.entries] == [ended.id]
        assert (clash.reserve, clash.is_possible) == ([YEAR], True)
        merge = privacy.merge(old, new, "同一人", stamp=make.stamp())
        assert pipelines.in_reserve(YEAR) == 1
    with transaction():
        left = [str(each) for each in privacy.unmerge(merge, stamp=make.stamp())]
    assert len(left) == 2
    db.session.refresh(ended)
    assert (ended.state, ended.person_id) == (State.WITHDRAWN, old.id)
    assert counted(Outcome.AWARD_WON) == 2


def test_who_was_declined_under_one_record_and_is_in_reserve_under_the_other_is_in_reserve(
    context: Flask,
) -> None:
    with transaction():
        there = District()
        old, new = make.person(), make.person()
        there.award(new)
        pipelines.decline(
            pipelines.candidates(YEAR)[0], "放弃", by=there.officer, stamp=make.stamp(there.officer)
        )
        stand(there, old)
        assert privacy.collisions(old, new).declined == [YEAR]
        merge = privacy.merge(old, new, "同一人", stamp=make.stamp())
        assert pipelines.in_reserve(YEAR) == 1
        states = {row.person_id: row.state for row in db.session.scalars(sa.select(ReserveEntry))}
        assert states == {new.id: ReserveState.CONFIRMED, old.id: ReserveState.DECLINED}
        privacy.unmerge(merge, stamp=make.stamp())
        db.session.expire_all()
        states = {row.person_id: row.state for row in db.session.scalars(sa.select(ReserveEntry))}
        assert states == {old.id: ReserveState.CONFIRMED, new.id: ReserveState.DECLINED}


def test_a_merge_is_not_undone_late_or_beneath_a_later_one(context: Flask) -> None:
    with transaction():
        first, second, third = make.person(), make.person(), make.person()
        one = privacy.merge(first, second, "同一人", stamp=make.stamp())
        two = privacy.merge(second, third, "同一人", stamp=make.stamp())
    with pytest.raises(privacy.MergedOn), transaction():
        privacy.unmerge(one, stamp=make.stamp())
    late = make.stamp(when=two.at + privacy.UNDO + dt.timedelta(seconds=1))
    with pytest.raises(privacy.UndoOver), transaction():
        privacy.unmerge(two, stamp=late)
    with transaction():
        privacy.unmerge(two, stamp=make.stamp())
    db.session.expire_all()
    assert (first.merged_into_id, second.merged_into_id) == (second.id, None), "who was merged before stays"
    with transaction():
        privacy.unmerge(one, stamp=make.stamp())
    db.session.expire_all()
    assert first.merged_into_id is None


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("张伟", "张伟", True),
        ("张 伟", "张伟", True),
        ("买买提·阿不都", "买买提阿不都", True),
        ("张洁珊", "张㛃珊", True),
        ("张伟", "张玮", False),
        ("张洁珊", "李洁珍", False),
        ("张洁珊", "张洁", False),
        ("Li Lei", "li lei", True),
        ("Anna", "Anne", False),
    ],
)
def test_which_names_look_alike(name: str, other: str, alike: bool) -> None:
    assert privacy.looks_alike(name, other) is privacy.looks_alike(other, name) is alike


def test_likely_twins_are_listed_until_somebody_has_looked(context: Flask) -> None:
    day = dt.date(1991, 2, 3)
    with transaction():
        one, other = make.person("张洁珊", day), make.person("张㛃珊", day)
        make.person("张洁珊", dt.date(1980, 1, 1))
        make.person("李洁珍", day)
        assert [(pair.one.id, pair.other.id) for pair in privacy.likely_twins()] == [(one.id, other.id)]
        privacy.part(other, one, stamp=make.stamp())
        assert privacy.likely_twins() == []


def team_of(person: Person, track: Track) -> Party:
    captain = make.account(make.person())
    assert captain.person is not None
    party = parties.make_team(
        track, captain.person, parties.TeamEntry("飞轮队"), Entry(), by=captain, stamp=make.stamp(captain)
    )
    parties.join(party, person, Entry(), Role.MEMBER, by=captain, stamp=make.stamp(captain))
    return party


@pytest.mark.parametrize("has_line", ["old", "new"])
def test_a_place_in_a_team_beside_a_live_entry_is_shown_and_ends_with_the_merge(
    context: Flask, has_line: str
) -> None:
    with transaction():
        old, new = make.person(), make.person()
        activity = make.activity()
        teams, alone = make.track(activity, mode=EntryMode.TEAM, team_most=3), make.track(activity)
        lined, entered = (old, new) if has_line == "old" else (new, old)
        party = team_of(lined, teams)
        row = registrations.register(alone, entered, Entry(), by=None, stamp=make.stamp())
        assert [line.party_id for line in privacy.collisions(old, new).lines] == [party.id]
        merge = privacy.merge(old, new, "同一人", stamp=make.stamp())
    db.session.expire_all()
    assert [line.person_id for line in parties.here(party)] == [party.owner.person_id]
    assert (row.person_id, row.is_live) == (new.id, True)
    assert db.session.query(Message).filter_by(account_id=party.owner_id, kind="party.left").count() == 1
    assert not any(invariants.count().values())
    with transaction():
        left = [str(each) for each in privacy.unmerge(merge, stamp=make.stamp())]
    assert any("飞轮队" in each for each in left)


def test_of_two_places_in_teams_that_of_the_record_that_goes_on_stands(context: Flask) -> None:
    with transaction():
        old, new = make.person(), make.person()
        track = make.track(mode=EntryMode.TEAM, team_most=3)
        first, second = team_of(old, track), team_of(new, track)
        privacy.merge(old, new, "同一人", stamp=make.stamp())
    db.session.expire_all()
    assert new.id not in {line.person_id for line in parties.here(first)}
    assert new.id in {line.person_id for line in parties.here(second)}
    assert not any(invariants.count().values())


def test_a_place_that_clashes_with_nothing_goes_along(context: Flask) -> None:
    with transaction():
        old, new = make.person(), make.person()
        party = team_of(old, make.track(mode=EntryMode.TEAM, team_most=3))
        assert privacy.collisions(old, new).lines == []
        merge = privacy.merge(old, new, "同一人", stamp=make.stamp())
        assert new.id in {line.person_id for line in parties.here(party)}
        assert privacy.unmerge(merge, stamp=make.stamp()) == []
    db.session.expire_all()
    assert old.id in {line.person_id for line in parties.here(party)}
