"""Two records that turn out to be one person: nothing that was entered is lost, and nobody stands twice."""

from flask import Flask

from models.base import db
from models.notification import Message
from models.person import Category
from models.registration import Registration, State
from services import invariants
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make

ENTRY = Entry(category=Category.OTHER)


def test_what_was_entered_under_one_record_becomes_the_others(context: Flask) -> None:
    with transaction():
        old, new = make.person(documented=False), make.person()
        track = make.track(needs_document=False)
        gone, live = [
            registrations.register(t, old, ENTRY, by=None, stamp=make.stamp())
            for t in (make.track(needs_document=False), track)
        ]
        registrations.withdraw(gone, stamp=make.stamp())
    with transaction():
        assert registrations.take_over(old, new, stamp=make.stamp()) == 2
    assert {row.id for row in registrations.of_person(new.id)} == {gone.id, live.id}
    assert registrations.find_live(track.activity_id, new.id) is live
    assert (gone.claim, registrations.of_person(old.id)) == (None, [])
    assert (live.state, track.taken) == (State.SUBMITTED, 1)
    assert not any(invariants.count().values())


def test_who_stands_twice_keeps_their_own_and_the_place_goes_on(context: Flask) -> None:
    with transaction():
        old, new = make.person(documented=False), make.person()
        account = make.account(new)
        activity = make.activity()
        first, second = (make.track(activity, capacity=1, needs_document=False) for _ in range(2))
        twice = registrations.register(first, old, ENTRY, by=None, stamp=make.stamp())
        waiting = registrations.register(first, make.person(), ENTRY, by=None, stamp=make.stamp())
        own = registrations.register(second, new, ENTRY, by=None, stamp=make.stamp())
    with transaction():
        registrations.take_over(old, new, stamp=make.stamp())
    assert (twice.state, twice.person_id, twice.claim) == (State.WITHDRAWN, new.id, None)
    assert (own.state, waiting.state) == (State.SUBMITTED, State.OFFERED)
    assert (first.taken, first.waiting, second.taken) == (1, 0, 1)
    told = db.session.query(Message.kind).filter_by(account_id=account.id).all()
    assert ("registration.withdrawn",) in told
    assert db.session.query(Registration).filter_by(person_id=old.id).count() == 0
    assert not any(invariants.count().values())


def test_who_waits_twice_is_off_the_line_once(context: Flask) -> None:
    with transaction():
        old, new = make.person(documented=False), make.person()
        track = make.track(capacity=1, needs_document=False)
        rows = [
            registrations.register(track, person, ENTRY, by=None, stamp=make.stamp())
            for person in (make.person(), old, new)
        ]
    with transaction():
        registrations.take_over(old, new, stamp=make.stamp())
    assert [row.state for row in rows] == [State.SUBMITTED, State.WITHDRAWN, State.WAITLISTED]
    assert (track.taken, track.waiting) == (1, 1)
    assert registrations.take_over(new, new, stamp=make.stamp()) == 0
