"""The waiting list: nobody is skipped, nobody is offered twice, no place is idle while somebody waits (R61)."""

import datetime as dt
import random
from collections.abc import Callable

import pytest
from flask import Flask

from models.base import db
from models.notification import Message
from models.person import Category
from models.registration import HOLDING, Registration, State
from services import invariants
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make

ENTRY = Entry(category=Category.OTHER)


def enter(track: object, count: int) -> list[Registration]:
    return [
        registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp()) for _ in range(count)
    ]  # type: ignore[arg-type]


def test_a_freed_place_is_offered_to_the_first_in_line(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        holder, first, second = enter(track, 3)
        registrations.withdraw(holder, stamp=make.stamp())
    assert (first.state, second.state) == (State.OFFERED, State.WAITLISTED)
    assert (track.taken, track.waiting) == (1, 1)
    assert registrations.place_in_line(second) == 1


def test_nobody_overtakes_those_who_wait(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        _holder, waiting = enter(track, 2)
        track.capacity = 2  # an organiser adds a place, and somebody new comes before it is offered
        newcomer = enter(track, 1)[0]
    assert waiting.state is State.OFFERED
    assert newcomer.state is State.WAITLISTED


def test_an_offer_taken_in_time_becomes_an_entry(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        holder, first = enter(track, 2)
        registrations.withdraw(holder, stamp=make.stamp())
        registrations.accept_offer(first, stamp=make.stamp())
    assert first.state is State.SUBMITTED
    assert track.taken == 1


def test_an_offer_not_answered_goes_to_the_next(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        holder, first, second = enter(track, 3)
        registrations.withdraw(holder, stamp=make.stamp())
    later = make.stamp(when=make.now() + dt.timedelta(hours=49))
    with pytest.raises(registrations.OfferOver), transaction():
        registrations.accept_offer(first, stamp=later)
    with transaction():
        assert registrations.expire_due(stamp=later) == 1
    assert (first.state, second.state) == (State.EXPIRED, State.OFFERED)
    with transaction():
        assert registrations.expire_due(stamp=later) == 0


def test_whoever_lost_an_offer_or_a_returned_entry_reads_which_of_them(context: Flask) -> None:
    with transaction():
        track, reviewer = make.track(capacity=1), make.account()
        holder, _first, _second = enter(track, 3)
        registrations.send_back(holder, "照片不清晰", by=reviewer, stamp=make.stamp(reviewer))
    with transaction():
        registrations.expire_due(stamp=make.stamp(when=make.now() + dt.timedelta(days=3, hours=1)))
    with transaction():
        registrations.expire_due(stamp=make.stamp(when=make.now() + dt.timedelta(days=6)))
    told = db.session.query(Message.kind).filter(Message.kind.like("registration.%expired")).distinct()
    assert {kind for (kind,) in told} == {"registration.expired", "registration.offer_expired"}


def test_once_the_activity_begins_nobody_is_offered_a_place(context: Flask) -> None:
    with transaction():
        track, reviewer = make.track(capacity=1), make.account()
        holder, first = enter(track, 2)
    begins = track.activity.starts_at
    with transaction():
        registrations.reject(holder, "没有到场", by=reviewer, stamp=make.stamp(when=begins))
    assert (first.state, track.taken, track.waiting) == (State.WAITLISTED, 0, 1)


def test_once_the_activity_has_begun_nobody_waits_any_more(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        other = make.track(make.activity(starts_in=dt.timedelta(days=30)), capacity=1)
        (holder, first), (_other_holder, patient) = enter(track, 2), enter(other, 2)
    begins = track.activity.starts_at
    with transaction():
        assert registrations.expire_due(stamp=make.stamp(when=begins - dt.timedelta(seconds=1))) == 0
    with transaction():
        assert registrations.expire_due(stamp=make.stamp(when=begins)) == 1
    assert (holder.state, first.state, patient.state) == (State.SUBMITTED, State.EXPIRED, State.WAITLISTED)
    assert (first.claim, track.taken, track.waiting, other.waiting) == (None, 1, 0, 1)
    assert db.session.query(Message).filter_by(kind="registration.waiting_over").count() == 1
    assert not db.session.query(Message).filter_by(kind="registration.expired").count()
    with transaction():
        assert registrations.expire_due(stamp=make.stamp(when=begins)) == 0
    assert not any(invariants.count().values())


def test_a_returned_entry_keeps_its_place_until_its_date(context: Flask) -> None:
    with transaction():
        track, reviewer = make.track(capacity=1), make.account()
        holder, first = enter(track, 2)
        registrations.send_back(holder, "照片不清晰", by=reviewer, stamp=make.stamp(reviewer))
    assert (holder.state, first.state, track.taken) == (State.RETURNED, State.WAITLISTED, 1)
    with transaction():
        registrations.expire_due(stamp=make.stamp(when=make.now() + dt.timedelta(days=3, hours=1)))
    assert (holder.state, first.state, track.taken) == (State.EXPIRED, State.OFFERED, 1)


def test_random_lives_keep_the_queue_true(context: Flask, rounds: Callable[[int, int], int]) -> None:
    for seed in range(rounds(8, 200)):
        live_one_life(random.Random(seed))


def live_one_life(chance: random.Random) -> None:
    """Random verbs on one track; after each, the counters agree with the rows and no place is idle."""
    with transaction():
        track, reviewer = make.track(capacity=chance.randint(1, 3)), make.account()
    moment = make.now()
    for _ in range(30):
        moment += dt.timedelta(hours=chance.choice([0, 1, 50]))
        stamp = make.stamp(reviewer, when=min(moment, track.closes_at))
        with transaction():
            act(chance, track, reviewer, stamp)
        rows = db.session.query(Registration).filter_by(track_id=track.id).all()
        assert track.taken == sum(row.state in HOLDING for row in rows)
        assert track.waiting == sum(row.state is State.WAITLISTED for row in rows)
        assert track.waiting == 0 or track.is_full, "a place is idle while somebody waits"
        served = [r.queue_position for r in rows if r.queue_position and r.state is not State.WAITLISTED]
        standing = [r.queue_position for r in rows if r.state is State.WAITLISTED]
        left = {r.queue_position for r in rows if r.state is State.WITHDRAWN}
        assert not standing or all(p < min(standing) or p in left for p in served if p), (
            "somebody was skipped"
        )


def act(chance: random.Random, track: object, reviewer: object, stamp: object) -> None:
    rows = [r for r in db.session.query(Registration).filter_by(track_id=track.id) if r.is_live]  # type: ignore[attr-defined]
    pick = chance.choice(rows) if rows else None
    verb = chance.choice(["enter", "enter", "withdraw", "accept", "reject", "back", "expire", "answer"])
    if verb == "enter" or pick is None:
        registrations.register(track, make.person(), ENTRY, by=None, stamp=stamp)  # type: ignore[arg-type]
    elif verb == "withdraw":
        registrations.withdraw(pick, stamp=stamp)  # type: ignore[arg-type]
    elif verb == "accept" and pick.state is State.SUBMITTED:
        registrations.accept(pick, by=reviewer, stamp=stamp)  # type: ignore[arg-type]
    elif verb == "reject" and pick.state in (State.SUBMITTED, State.RETURNED, State.ACCEPTED):
        registrations.reject(pick, "不符合条件", by=reviewer, stamp=stamp)  # type: ignore[arg-type]
    elif verb == "back" and pick.state in (State.SUBMITTED, State.ACCEPTED):
        registrations.send_back(pick, "请补正", by=reviewer, stamp=stamp)  # type: ignore[arg-type]
    elif verb == "expire":
        registrations.expire_due(stamp=stamp)  # type: ignore[arg-type]
    elif verb == "answer" and pick.state is State.OFFERED and pick.due_at and stamp.when <= pick.due_at:  # type: ignore[attr-defined]
        registrations.accept_offer(pick, stamp=stamp)  # type: ignore[arg-type]
