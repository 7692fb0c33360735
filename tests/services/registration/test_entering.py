"""Entering people: places, the waiting list, and every reason for a no."""

import datetime as dt

import pytest
from flask import Flask

from models.activity import Kind
from models.activity import State as ActivityState
from models.base import db
from models.notification import Message
from models.person import Category, Person
from models.registration import Registration, Source, State
from services import invariants
from services import registration as registrations
from services.registration import Candidate, Entry
from services.transaction import transaction
from tests.support import factories as make
from tests.support.statements import statements

ENTRY = Entry(category=Category.ENTERPRISE_EMPLOYEE, workplace="示例精密机械有限公司")


def test_an_entry_takes_a_place_and_waits_for_review(context: Flask) -> None:
    with transaction():
        track, person = make.track(capacity=2), make.person()
        made = registrations.register(track, person, ENTRY, by=None, stamp=make.stamp())
    assert made.state is State.SUBMITTED
    assert (track.taken, track.waiting) == (1, 0)
    assert [step.state for step in made.steps] == [State.SUBMITTED]
    assert made.answer is not None
    assert made.answer.workplace == "示例精密机械有限公司"


def test_a_track_without_review_accepts_at_once(context: Flask) -> None:
    with transaction():
        made = registrations.register(
            make.track(needs_review=False), make.person(), ENTRY, by=None, stamp=make.stamp()
        )
    assert made.state is State.ACCEPTED


def test_who_comes_after_the_last_place_waits_in_order(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        rows = [
            registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp()) for _ in range(4)
        ]
    assert [row.state for row in rows] == [State.SUBMITTED, *[State.WAITLISTED] * 3]
    assert [registrations.place_in_line(row) for row in rows] == [None, 1, 2, 3]
    assert (track.taken, track.waiting) == (1, 3)


def test_a_full_track_without_waiting_list_refuses(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1, has_waiting_list=False)
        registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp())
    with pytest.raises(registrations.Full), transaction():
        registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp())
    assert track.taken == 1


def test_one_person_has_one_live_entry_an_activity(context: Flask) -> None:
    with transaction():
        activity = make.activity(kind=Kind.COMPETITION)
        first, second, person = make.track(activity), make.track(activity), make.person()
        registrations.register(first, person, ENTRY, by=None, stamp=make.stamp())
    with pytest.raises(registrations.AlreadyRegistered), transaction():
        registrations.register(second, person, ENTRY, by=None, stamp=make.stamp())
    assert second.taken == 0


def test_who_withdrew_may_enter_again(context: Flask) -> None:
    with transaction():
        track, person = make.track(capacity=1), make.person()
        first = registrations.register(track, person, ENTRY, by=None, stamp=make.stamp())
        registrations.withdraw(first, stamp=make.stamp())
        again = registrations.register(track, person, ENTRY, by=None, stamp=make.stamp())
    assert (first.state, again.state) == (State.WITHDRAWN, State.SUBMITTED)
    assert track.taken == 1


@pytest.mark.parametrize(
    ("second", "refusal"),
    [(-1, registrations.NotYetOpen), (0, None), (3600, None), (3601, registrations.Closed)],
)
def test_opening_and_closing_seconds_are_inclusive(
    context: Flask, second: int, refusal: type[Exception] | None
) -> None:
    opens = make.now().replace(microsecond=0)
    with transaction():
        track = make.track(opens_at=opens, closes_at=opens + dt.timedelta(seconds=3600))
    moment = make.stamp(when=opens + dt.timedelta(seconds=second))
    if refusal is None:
        with transaction():
            assert registrations.register(track, make.person(), ENTRY, by=None, stamp=moment).is_live
    else:
        with pytest.raises(refusal), transaction():
            registrations.register(track, make.person(), ENTRY, by=None, stamp=moment)


@pytest.mark.parametrize("state", [s for s in ActivityState if s is not ActivityState.PUBLISHED])
def test_only_a_published_activity_takes_entries(context: Flask, state: ActivityState) -> None:
    with transaction():
        track = make.track(make.activity(state=state))
    with pytest.raises(registrations.Closed), transaction():
        registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp())
    assert track.taken == 0


def test_the_rules_of_the_track_are_asked_again(context: Flask) -> None:
    with transaction():
        track = make.track(
            make.activity(kind=Kind.COMPETITION),
            born_from=dt.date(2004, 1, 1),
            categories=[Category.VOCATIONAL_STUDENT.value],
        )
    with pytest.raises(registrations.NotEligible) as refused, transaction():
        registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp())
    assert len(refused.value.reasons) == 2
    assert "职业院校学生" in str(refused.value.sentence)


def test_a_document_is_needed_where_the_track_says_so(context: Flask) -> None:
    with transaction():
        track, guest = make.track(), make.person(documented=False)
    with pytest.raises(registrations.NotEligible), transaction():
        registrations.register(track, guest, ENTRY, by=None, stamp=make.stamp())
    with transaction():
        open_track = make.track(needs_document=False)
        assert registrations.register(open_track, guest, ENTRY, by=None, stamp=make.stamp()).is_live


def test_a_batch_is_all_or_nothing(context: Flask) -> None:
    with transaction():
        track, people = make.track(capacity=5), [make.person() for _ in range(3)]
    with pytest.raises(registrations.AlreadyRegistered), transaction():
        registrations.register_batch(
            [Candidate(track, person, ENTRY) for person in [*people, people[0]]],
            by=None,
            source=Source.UNIT,
            stamp=make.stamp(),
        )
    assert db.session.query(Registration).count() == 0
    assert track.taken == 0
    with transaction():
        made = registrations.register_batch(
            [Candidate(track, person, ENTRY) for person in people],
            by=None,
            source=Source.UNIT,
            stamp=make.stamp(),
        )
    assert [row.person_id for row in made] == [person.id for person in people]
    assert {row.batch_id for row in made} == {made[0].batch_id}


def test_a_larger_batch_asks_once_for_accounts_and_claims(context: Flask) -> None:
    with transaction():
        track, people = make.track(capacity=50), [make.person() for _ in range(24)]
        for person in people:
            make.account(person)

    def enter(some: list[Person]) -> None:
        with transaction():
            list_ = [Candidate(track, db.session.merge(person), ENTRY) for person in some]
            registrations.register_batch(list_, by=None, source=Source.UNIT, stamp=make.stamp())

    enter(people[:1])
    with statements() as few:
        enter(people[1:4])
    with statements() as many:
        enter(people[4:24])
    assert len(many) - len(few) <= 2 * 17, "of each one more: its person read anew, the documents"
    assert track.taken == 24


def test_all_places_are_held_before_any_row_is_stored(context: Flask) -> None:
    with transaction():
        activities_ = [make.activity(), make.activity()]
        tracks = [make.track(activity) for activity in activities_]
        people = [make.person(), make.person()]
    with statements() as sent, transaction():
        made = registrations.register_batch(
            [Candidate(track, person, ENTRY) for track in reversed(tracks) for person in reversed(people)],
            by=None,
            source=Source.UNIT,
            stamp=make.stamp(),
        )
    wanted = ("UPDATE track", "INSERT INTO registration ")
    order = [what for statement in sent for what in wanted if statement.startswith(what)]
    assert order[:2] == ["UPDATE track"] * 2, "the places of a track are held at once"
    assert set(order[2:]) == {"INSERT INTO registration "}
    stored = sorted(made, key=lambda row: row.id)
    assert [row.claim for row in stored] == sorted(row.claim for row in made if row.claim)
    assert [row.person_id for row in made] == [people[1].id, people[0].id] * 2


def test_the_person_is_told(context: Flask) -> None:
    with transaction():
        person = make.person()
        account = make.account(person)
        registrations.register(make.track(), person, ENTRY, by=account, stamp=make.stamp(account))
    told = db.session.query(Message).filter_by(account_id=account.id).all()
    assert [message.kind for message in told] == ["registration.submitted"]


def test_an_entry_that_was_found_with_all_its_page_shows_can_be_withdrawn(context: Flask) -> None:
    with transaction():
        person = make.person()
        registrations.register(make.track(), person, ENTRY, by=None, stamp=make.stamp())
    person_id = person.id
    db.session.expunge_all()
    with transaction():
        (found,) = registrations.of_person(person_id)
        registrations.withdraw(found, stamp=make.stamp())
    assert found.state is State.WITHDRAWN


def test_a_cancelled_activity_ends_every_entry_and_frees_its_places(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        entries = [
            registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp()) for _ in range(3)
        ]
        assert registrations.call_off(track.activity, "场馆检修", stamp=make.stamp()) == 3
    assert {entry.state for entry in entries} == {State.CALLED_OFF}
    assert (track.taken, track.waiting) == (0, 0)
    assert [entry.claim for entry in entries] == [None, None, None]
    assert not any(invariants.count().values())


def test_a_batch_larger_than_what_is_left_takes_what_is_left_and_the_others_wait(context: Flask) -> None:
    with transaction():
        track = make.track(make.activity(), capacity=2)
        people = [make.person() for _ in range(3)]
    with transaction():
        made = registrations.register_batch(
            [Candidate(track, person, ENTRY) for person in people],
            by=None,
            source=Source.UNIT,
            stamp=make.stamp(),
        )
    assert [row.state for row in made] == [State.SUBMITTED, State.SUBMITTED, State.WAITLISTED]
    assert (track.taken, track.waiting) == (2, 1)
