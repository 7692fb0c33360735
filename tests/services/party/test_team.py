"""A team: gathered by a link, one a person, sent whole; what may follow."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Account
from models.activity import EntryMode, Track
from models.base import db
from models.notification import Message
from models.party import Party, PartyMember, Role, State
from models.registration import Consent
from models.registration import State as Entry
from services import invariants
from services import outcome as outcomes
from services import party as parties
from services import registration as registrations
from services.party import TeamEntry
from services.party.refusals import CaptainStays, Frozen, InAnotherTeam, LinkClosed, Locked, TeamFull, TooFew
from services.registration import Entry as Answers
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories


def team_track(**more: object) -> Track:
    values = {"mode": EntryMode.TEAM, "team_least": 2, "team_most": 3, "substitutes_most": 1, "capacity": 9}
    return factories.track(**(values | more))  # type: ignore[arg-type]


def somebody() -> Account:
    return factories.account(factories.person())


def made(track: Track, captain: Account) -> Party:
    return parties.make_team(
        track, captain.person, TeamEntry("飞轮队"), Answers(), by=captain, stamp=factories.stamp(captain)
    )


def join(party: Party, who: Account, role: Role = Role.MEMBER, stamp: Stamp | None = None) -> PartyMember:
    return parties.join(party, who.person, Answers(), role, by=who, stamp=stamp or factories.stamp(who))


def sent(track: Track, *others: Account) -> tuple[Party, Account]:
    captain = somebody()
    party = made(track, captain)
    for other in others:
        join(party, other)
    parties.send(party, by=captain, stamp=factories.stamp(captain))
    return party, captain


def test_a_team_gathers_by_a_link_and_is_entered_whole(context: Flask) -> None:
    with transaction():
        track = team_track()
        captain, second = somebody(), somebody()
        party = made(track, captain)
        token = parties.renew_link(party, stamp=factories.stamp(captain))
        assert parties.by_token(token) is party
        assert party.token == token
        join(parties.by_token(token), second)
        entries = parties.send(party, by=captain, stamp=factories.stamp(captain))
    assert [row.state for row in entries] == [Entry.SUBMITTED] * 2
    assert [row.party_role for row in entries] == [Role.CAPTAIN, Role.MEMBER]
    assert {row.party_id for row in entries} == {party.id}
    assert {row.consent for row in entries} == {Consent.OWN}
    assert party.state is State.SENT
    assert track.taken == 2
    assert not any(invariants.count().values())


def test_a_team_that_is_too_small_is_not_sent(context: Flask) -> None:
    with transaction():
        captain = somebody()
        party = made(team_track(), captain)
    with pytest.raises(TooFew), transaction():
        parties.send(party, by=captain, stamp=factories.stamp(captain))


def test_nobody_is_in_two_teams(context: Flask) -> None:
    with transaction():
        track = team_track()
        one, other, member = made(track, somebody()), made(track, somebody()), somebody()
        join(one, member)
    with pytest.raises(InAnotherTeam), transaction():
        join(other, member)
    with transaction():
        parties.remove(parties.here(one)[-1], by=member, stamp=factories.stamp(member))
        join(other, member)
    assert len(parties.here(other)) == 2


def test_who_has_entered_alone_does_not_join_a_team(context: Flask) -> None:
    with transaction():
        track = team_track()
        alone = somebody()
        factories.accepted(factories.track(track.activity), alone.person)
        party = made(track, somebody())
    with pytest.raises(registrations.AlreadyRegistered), transaction():
        join(party, alone)


def test_a_team_holds_so_many_and_so_many_substitutes(context: Flask) -> None:
    with transaction():
        party = made(team_track(), somebody())
        join(party, somebody())
        join(party, somebody())
        join(party, somebody(), Role.SUBSTITUTE)
    for role in (Role.MEMBER, Role.SUBSTITUTE):
        with pytest.raises(TeamFull), transaction():
            join(party, somebody(), role)


def test_who_does_not_fit_the_rules_is_told_when_joining(context: Flask) -> None:
    with transaction():
        party = made(team_track(born_from=dt.date(1970, 1, 1)), somebody())
        old = factories.account(factories.person(birth_date=dt.date(1960, 1, 1)))
    with pytest.raises(registrations.NotEligible), transaction():
        join(party, old)


def test_a_closed_or_renewed_link_opens_nothing(context: Flask) -> None:
    with transaction():
        captain = somebody()
        party = made(team_track(), captain)
        first = parties.renew_link(party, stamp=factories.stamp(captain))
        second = parties.renew_link(party, stamp=factories.stamp(captain))
    with pytest.raises(LinkClosed):
        parties.by_token(first)
    with transaction():
        assert parties.by_token(second) is party
        parties.close_link(party, stamp=factories.stamp(captain))
    with pytest.raises(LinkClosed):
        parties.by_token(second)


def test_a_captain_hands_over_before_leaving(context: Flask) -> None:
    with transaction():
        captain, second = somebody(), somebody()
        party = made(team_track(), captain)
        join(party, second)
    with pytest.raises(CaptainStays), transaction():
        parties.remove(parties.here(party)[0], by=captain, stamp=factories.stamp(captain))
    with transaction():
        parties.hand_over(party, second.person, stamp=factories.stamp(captain))
        parties.remove(
            parties.member_of(party, captain.person_id), by=captain, stamp=factories.stamp(captain)
        )
    assert party.owner_id == second.id
    assert [line.role for line in parties.here(party)] == [Role.CAPTAIN]


def test_substitutes_stand_by_without_a_place(context: Flask) -> None:
    with transaction():
        track, captain = team_track(), somebody()
        party = made(track, captain)
        join(party, somebody())
        join(party, somebody(), Role.SUBSTITUTE)
        entries = parties.send(party, by=captain, stamp=factories.stamp(captain))
    assert [row.state for row in entries] == [Entry.SUBMITTED, Entry.SUBMITTED, Entry.STANDBY]
    assert track.taken == 2


def test_a_substitute_takes_a_place_until_the_list_is_final(context: Flask) -> None:
    with transaction():
        track, captain = team_track(), somebody()
        party = made(track, captain)
        join(party, somebody())
        join(party, somebody(), Role.SUBSTITUTE)
        _first, out, aside = parties.send(party, by=captain, stamp=factories.stamp(captain))
    with transaction():
        parties.replace(party, out, aside, by=captain, note="受伤", stamp=factories.stamp(captain))
    assert out.state is Entry.WITHDRAWN
    assert aside.state is Entry.SUBMITTED
    assert aside.party_role is Role.MEMBER
    assert track.taken == 2
    late = factories.stamp(captain, track.activity.starts_at)
    with pytest.raises(Locked), transaction():
        parties.replace(party, aside, out, by=captain, note="太迟", stamp=late)


def test_who_comes_by_the_link_later_takes_anothers_place(context: Flask) -> None:
    with transaction():
        track, late = team_track(), somebody()
        party, captain = sent(track, somebody())
        line = join(party, late)
        assert line.role is Role.SUBSTITUTE
        out = parties.entries(party)[1]
        came = parties.replace(party, out, line, by=captain, note="受伤", stamp=factories.stamp(captain))
    assert came.person_id == late.person_id
    assert came.replaces_id == out.id
    assert parties.here(party) == []
    assert not any(invariants.count().values())


def test_people_are_added_until_the_team_is_frozen(context: Flask) -> None:
    with transaction():
        track = team_track()
        party, captain = sent(track, somebody())
        line, other = join(party, somebody()), join(party, somebody())
        parties.add_late(party, line, by=captain, stamp=factories.stamp(captain))
    assert track.taken == 3
    with pytest.raises(TeamFull), transaction():
        parties.add_late(party, other, by=captain, stamp=factories.stamp(captain))
    with transaction():
        track.frozen_at = factories.now()
    with pytest.raises(Frozen), transaction():
        parties.add_late(party, other, by=captain, stamp=factories.stamp(captain))


def test_one_goes_only_while_enough_are_left(context: Flask) -> None:
    with transaction():
        track = team_track()
        party, captain = sent(track, somebody(), somebody())
        _captain, second, third = parties.entries(party)
        parties.withdraw_one(party, third, "有事", stamp=factories.stamp(captain))
    assert track.taken == 2
    with pytest.raises(parties.BelowLeast), transaction():
        parties.withdraw_one(party, second, "有事", stamp=factories.stamp(captain))
    with transaction():
        assert parties.withdraw_all(party, "不参加了", stamp=factories.stamp(captain)) == 2
    assert track.taken == 0
    assert party.state is State.DISSOLVED


def test_a_dissolved_team_sets_its_people_free(context: Flask) -> None:
    with transaction():
        track, member = team_track(), somebody()
        captain = somebody()
        party = made(track, captain)
        join(party, member)
        parties.dissolve(party, stamp=factories.stamp(captain))
        other = made(track, member)
    assert parties.here(other)[0].person_id == member.person_id
    assert not any(invariants.count().values())
    db.session.rollback()


def test_no_more_come_to_a_team_that_is_sent_than_it_has_room_for(context: Flask) -> None:
    with transaction():
        party, _captain = sent(team_track(team_most=2, substitutes_most=1), somebody())
        join(party, somebody())
    with pytest.raises(TeamFull), transaction():
        join(party, somebody())
    with transaction():
        roomy, _captain = sent(team_track(team_most=3, substitutes_most=1), somebody())
        join(roomy, somebody())
        join(roomy, somebody())
    with pytest.raises(TeamFull), transaction():
        join(roomy, somebody())


def test_without_substitutes_one_may_come_to_take_anothers_place(context: Flask) -> None:
    with transaction():
        party, _captain = sent(team_track(team_most=2, substitutes_most=0), somebody())
        join(party, somebody())
    with pytest.raises(TeamFull), transaction():
        join(party, somebody())


def test_what_was_waived_stands_in_nobodys_way_in_a_team(context: Flask) -> None:
    with transaction():
        track = team_track(born_from=dt.date(2000, 1, 1))
        captain, second, third = somebody(), somebody(), somebody()
        for who in (captain, second, third):
            assert who.person is not None
            who.person.birth_date = dt.date(1985, 1, 1)
        for who in (captain, second):
            registrations.waive(
                track, who.person, "born", "区里推荐", by=somebody(), stamp=factories.stamp(who)
            )
    with transaction():
        party = made(track, captain)
        join(party, second)
    with pytest.raises(registrations.NotEligible), transaction():
        join(party, third)
    with transaction():
        parties.send(party, by=captain, stamp=factories.stamp(captain))
    assert {row.state for row in parties.entries(party)} == {Entry.SUBMITTED}


def test_where_people_may_enter_several_tracks_one_entry_does_not_bar_a_team_on_another(
    context: Flask,
) -> None:
    with transaction():
        activity = factories.activity()
        activity.takes_several = True
        single = factories.track(activity)
        track = team_track(of=activity)
        captain, second = somebody(), somebody()
        for who in (captain, second):
            registrations.register(single, who.person, Answers(), by=who, stamp=factories.stamp(who))
        party = made(track, captain)
        join(party, second)
        parties.send(party, by=captain, stamp=factories.stamp(captain))
    with transaction(), pytest.raises(registrations.AlreadyRegistered):
        made(track, captain)


def test_who_gathers_a_team_is_told_that_the_activity_is_called_off(context: Flask) -> None:
    with transaction():
        track = team_track()
        captain = somebody()
        made(track, captain)
        outcomes.call_off(track.activity, "天气原因", stamp=factories.stamp())
    said = db.session.query(Message).filter_by(account_id=captain.id, kind="activity.cancelled").all()
    assert said
