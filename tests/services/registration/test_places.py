"""What moves a place by hand: taking another's, a part of a team's, a yes or a no of the person."""

import datetime as dt

import pytest
from flask import Flask

from models.activity import EntryMode, Track
from models.base import db
from models.notification import Message
from models.party import Kind, Party
from models.party import State as PartyState
from models.person import Category
from models.registration import Consent, Registration, Source, State
from services import invariants
from services import quota as quotas
from services import registration as registrations
from services.registration import Candidate, Entry
from services.transaction import transaction
from tests.support import factories as make

ENTRY = Entry(category=Category.VOCATIONAL_STUDENT, values={"size": "L"}, private={"diet": "清真"})


def party(track: Track, *, takes_part: bool = False) -> Party:
    row = Party(
        activity_id=track.activity_id,
        track_id=track.id,
        kind=Kind.TEAM,
        state=PartyState.SENT,
        name="示例队",
        owner_id=make.account().id,
        takes_part=takes_part,
        made_at=make.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def enter(track: Track, count: int, of: Party | None = None) -> list[Registration]:
    lines = [Candidate(track, make.person(), ENTRY, party=of, rank=n) for n in range(count)]
    return registrations.register_batch(lines, by=None, source=Source.SELF, stamp=make.stamp())


def test_an_entry_reads_back_from_json() -> None:
    assert Entry.from_json(ENTRY.to_json()) == ENTRY


def test_what_is_sensitive_is_sealed(context: Flask) -> None:
    with transaction():
        (made,) = enter(make.track(), 1)
    assert made.answer is not None
    assert made.answer.values == {"size": "L"}
    assert "清真" not in (made.answer.private_sealed or "")
    assert made.answer.private == '{"diet":"清真"}'


def test_a_team_waits_whole_and_is_offered_whole(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=3)
        (holder,) = enter(track, 1)
        team = enter(track, 3, party(track))
        (behind,) = enter(track, 1)
    assert {row.state for row in team} == {State.WAITLISTED}
    assert len({row.queue_position for row in team}) == 1
    assert behind.state is State.SUBMITTED, "two places are free, and the team needs three"
    assert "需要 3 个" in team[0].steps[-1].note
    with transaction():
        registrations.withdraw_all([holder, behind], stamp=make.stamp())
    assert {row.state for row in team} == {State.OFFERED}
    with transaction():
        registrations.accept_offer(team[2], stamp=make.stamp())
    assert {row.state for row in team} == {State.SUBMITTED}
    assert not any(invariants.count().values())


def test_a_team_may_take_a_part(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=2)
        of = party(track)
        team = enter(track, 3, of)
        with pytest.raises(registrations.TooMany):
            registrations.part(of, team, stamp=make.stamp())
    with transaction():
        registrations.part(of, team[1:], stamp=make.stamp())
    assert [row.state for row in team] == [State.WAITLISTED, State.SUBMITTED, State.SUBMITTED]
    assert (track.taken, track.waiting) == (2, 1)


def test_another_takes_the_very_place(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1, unit_limit=1)
        unit, by = make.organisation(), make.account()
        lines = [Candidate(track, make.person(), ENTRY, unit, stands_by=n == 1) for n in range(2)]
        out, standby = registrations.register_batch(lines, by=None, source=Source.UNIT, stamp=make.stamp())
        (waiting,) = enter(track, 1)
        taken = registrations.replace(out, standby, by=by, note="伤病", stamp=make.stamp(by))
    assert (out.state, taken.state, waiting.state) == (State.WITHDRAWN, State.SUBMITTED, State.WAITLISTED)
    assert taken.replaces_id == out.id
    assert not any(invariants.count().values())
    late = make.stamp(by, when=track.activity.starts_at)
    with pytest.raises(registrations.ListFinal), transaction():
        registrations.replace(taken, Candidate(track, make.person(), ENTRY), by=by, note="", stamp=late)


def test_whoever_comes_in_for_another_is_judged_as_one_of_their_unit(context: Flask) -> None:
    with transaction():
        unit, other, by = make.organisation(), make.organisation(), make.account()
        rule = {"kind": "unit", "organisations": [unit.code], "names": [unit.name], "types": []}
        track = make.track(rules=[rule])
        (out,) = registrations.register_batch(
            [Candidate(track, make.person(), ENTRY, unit)], by=None, source=Source.UNIT, stamp=make.stamp()
        )
        taken = registrations.replace(
            out, Candidate(track, make.person(), ENTRY), by=by, note="伤病", stamp=make.stamp(by)
        )
    assert (out.state, taken.state, taken.organisation_id) == (State.WITHDRAWN, State.SUBMITTED, unit.id)
    stranger = Candidate(track, make.person(), ENTRY, other)
    with pytest.raises(registrations.NotEligible), transaction():
        registrations.replace(taken, stranger, by=by, note="", stamp=make.stamp(by))


def test_who_was_entered_by_others_is_asked_by_a_link(context: Flask) -> None:
    with transaction():
        track, by = make.track(mode=EntryMode.UNIT), make.account()
        lines = [Candidate(track, make.person(), ENTRY) for _ in range(2)]
        first, second = registrations.register_batch(
            lines, by=by, source=Source.UNIT, organisation=make.organisation(), stamp=make.stamp(by)
        )
        token = registrations.new_consent_token(first)
    assert {first.consent, second.consent} == {Consent.ASKED}
    assert db.session.query(Message).filter_by(kind="registration.consent_asked").count() == 2
    assert registrations.find_by_consent(token) is first
    assert registrations.find_by_consent("x") is None
    with pytest.raises(registrations.NotRecommended):
        registrations.must_stand(first)
    with transaction():
        registrations.recommend(first, "同意推荐", by=by, stamp=make.stamp(by))
    with pytest.raises(registrations.Unconfirmed):
        registrations.must_stand(first)
    with transaction():
        registrations.confirm(first, stamp=make.stamp())
        registrations.object(second, "没有同意过", stamp=make.stamp())
    registrations.must_stand(first)
    assert (second.state, second.consent) == (State.WITHDRAWN, Consent.OBJECTED)
    with pytest.raises(registrations.AlreadyAnswered), transaction():
        registrations.confirm(second, stamp=make.stamp())


def test_kept_places_are_released_and_offered(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=2)
        soon = make.now() + dt.timedelta(hours=1)
        quotas.keep(track, "教师", [Category.VOCATIONAL_TEACHER], 1, soon, stamp=make.stamp())
        _first, second = enter(track, 2)
    assert second.state is State.WAITLISTED
    with transaction():
        assert quotas.release_due(stamp=make.stamp(when=soon)) == 1
    assert second.state is State.OFFERED
    assert not any(invariants.count().values())


def test_a_full_quota_is_named_where_nobody_can_wait(context: Flask) -> None:
    with transaction():
        track = make.track(has_waiting_list=False, unit_limit=1)
        unit = make.organisation()
    with pytest.raises(quotas.UnitFull) as refused, transaction():
        registrations.register_batch(
            [Candidate(track, make.person(), ENTRY, unit) for _ in range(2)],
            by=None,
            source=Source.UNIT,
            stamp=make.stamp(),
        )
    assert "本单位" in str(refused.value.sentence)


def test_an_activity_that_takes_several_has_a_claim_a_track(context: Flask) -> None:
    with transaction():
        activity = make.activity()
        activity.takes_several = True
        tracks, person = [make.track(activity) for _ in range(2)], make.person()
        for track in tracks:
            registrations.register(track, person, ENTRY, by=None, stamp=make.stamp())
    with pytest.raises(registrations.AlreadyRegistered), transaction():
        registrations.register(tracks[0], person, ENTRY, by=None, stamp=make.stamp())
    found = registrations.find_live(activity.id, person.id, tracks[1].id)
    assert found is not None
    assert found.track_id == tracks[1].id
    assert not any(invariants.count().values())


def test_what_would_follow_is_told_and_nothing_is_changed(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        (holder,) = enter(track, 1)
        (first,) = enter(track, 1)
    follows = registrations.consequences([holder], make.stamp())
    assert (follows.affected, follows.waiting_gets, follows.lost_places) == (1, [first], 0)
    assert first.state is State.WAITLISTED


def test_a_link_that_was_answered_opens_nothing(context: Flask) -> None:
    with transaction():
        row = registrations.register(
            make.track(), make.person(), ENTRY, by=None, source=Source.UNIT, stamp=make.stamp()
        )
        token = registrations.new_consent_token(row)
        db.session.flush()
        assert registrations.find_by_consent(token) is row
        registrations.confirm(row, stamp=make.stamp())
        db.session.flush()
        assert registrations.find_by_consent(token) is None


def test_who_objected_is_not_accepted(context: Flask) -> None:
    with transaction():
        track = make.track()
        row = registrations.register(
            track, make.person(), ENTRY, by=None, source=Source.UNIT, stamp=make.stamp()
        )
        late = make.stamp(when=track.activity.starts_at + dt.timedelta(hours=1))
        registrations.object(row, "不是我", stamp=late)
    assert row.consent is Consent.OBJECTED
    with pytest.raises(registrations.Unconfirmed), transaction():
        registrations.accept(row, by=make.account(make.person()), stamp=late)
