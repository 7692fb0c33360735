"""An organiser's changes reach those who wait, and the public pages."""

import pytest
from flask import Flask

from models.activity import Track
from models.person import Category
from models.registration import State
from services import activity as activities
from services import page as pages
from services import registration as registrations
from services.activity import TrackEntry
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make

ENTRY = Entry(category=Category.OTHER)


def wider(track: Track) -> TrackEntry:
    return TrackEntry(
        name=track.name, capacity=track.capacity + 1, opens_at=track.opens_at, closes_at=track.closes_at,
        has_waiting_list=track.has_waiting_list, needs_review=track.needs_review, needs_document=track.needs_document,
    )  # fmt: skip


def test_a_place_that_was_added_is_offered_to_the_first_in_line(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
        rows = [
            registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp()) for _ in range(3)
        ]
    with transaction():
        registrations.edit_track(track, wider(track), stamp=make.stamp())
    assert [row.state for row in rows] == [State.SUBMITTED, State.OFFERED, State.WAITLISTED]
    assert (track.taken, track.waiting) == (2, 1)


def test_a_changed_number_of_places_alone_makes_public_pages_anew(context: Flask) -> None:
    with transaction():
        track = make.track(capacity=1)
    before = pages.version()
    with transaction():
        activities.edit_track(track, wider(track), stamp=make.stamp())
    assert pages.version() == before + 1


def test_calling_off_needs_a_reason_and_ends_nothing_without_one(context: Flask) -> None:
    with transaction():
        track = make.track()
        row = registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp())
    with pytest.raises(activities.NoReason), transaction():
        registrations.call_off(track.activity, " ", stamp=make.stamp())
    assert row.state is State.SUBMITTED
