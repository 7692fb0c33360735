"""An organiser changes an activity while somebody registers: neither waits for ever, and nobody is forgotten."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from models.activity import Track
from models.base import db
from models.person import Category, Person
from models.registration import Registration, State
from services import invariants
from services import registration as registrations
from services.activity import TrackEntry
from services.registration import Entry, entering
from services.transaction import transaction
from tests.support import factories as make

PAUSE = 0.4
"""Time enough for the other to come to its lock."""


def widen(track: Track) -> None:
    entry = TrackEntry(
        name=track.name, capacity=track.capacity + 1, opens_at=track.opens_at, closes_at=track.closes_at,
        has_waiting_list=track.has_waiting_list, needs_review=track.needs_review, needs_document=track.needs_document,
    )  # fmt: skip
    registrations.edit_track(track, entry, stamp=make.stamp())


def call_off(track: Track) -> None:
    registrations.call_off(track.activity, "场馆检修", stamp=make.stamp())


@pytest.mark.parametrize(("change", "state"), [(widen, State.SUBMITTED), (call_off, State.CALLED_OFF)])
def test_a_change_waits_for_whoever_holds_a_place(
    app: Flask,
    context: Flask,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Track], None],
    state: State,
) -> None:
    with transaction():
        track = make.track(capacity=1)
        person = make.person()
        track_id, person_id = track.id, person.id
    holds, faults = threading.Event(), []
    judged = entering.judge_all

    def slowly(*arguments: object, **named: object) -> object:
        holds.set()
        threading.Event().wait(PAUSE)
        return judged(*arguments, **named)

    def work(verb: Callable[[Track], object]) -> None:
        with app.app_context():
            try:
                with transaction():
                    verb(db.session.get_one(Track, track_id))
            except Exception as fault:  # noqa: BLE001  a fault of a thread must fail the test
                faults.append(repr(fault))

    def enter(track: Track) -> None:
        registrations.register(
            track, db.session.get_one(Person, person_id), Entry(Category.OTHER), by=None, stamp=make.stamp()
        )

    monkeypatch.setattr(entering, "judge_all", slowly)
    coming = threading.Thread(target=work, args=(enter,))
    changing = threading.Thread(target=work, args=(change,))
    coming.start()
    assert holds.wait(10)
    changing.start()
    coming.join()
    changing.join()
    assert faults == []
    db.session.rollback()
    assert db.session.scalars(sa.select(Registration.state)).all() == [state]
    found = invariants.count()
    assert (found["tracks.taken_differs"], found["registrations.live_on_cancelled"]) == (0, 0)
