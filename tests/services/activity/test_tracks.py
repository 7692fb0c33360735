import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from models.activity import Activity, EntryMode
from models.base import db
from models.notification import Message
from models.person import Category
from models.registration import Registration
from services import activity as activities
from services import party as parties
from services import registration as registrations
from services.errors import Missing
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories
from tests.support.application import Hand
from tests.support.staff import NOW, START, Staff, staff


@pytest.fixture
def house(context: Flask, clock: Hand) -> Staff:
    clock.set(NOW)
    return staff()


def register(house: Staff, activity: Activity) -> Registration:
    with transaction():
        person = factories.person()
        account = factories.account(person)
        entry = Entry(category=person.category)
        return registrations.register(
            activity.tracks[0], person, entry, by=account, stamp=house.stamp(account)
        )


def test_capacity_never_falls_below_what_is_taken(house: Staff) -> None:
    made = house.published()
    who = house.stamp(house.organiser)
    register(house, made)
    register(house, made)
    with pytest.raises(activities.BelowTaken) as no, transaction():
        activities.edit_track(made.tracks[0], house.track(capacity=1), stamp=who)
    assert "2 人" in str(no.value.sentence)
    with transaction():
        activities.edit_track(made.tracks[0], house.track(capacity=2), stamp=who)
    assert made.tracks[0].capacity == 2


def test_a_track_somebody_entered_is_not_removed_nor_its_terms_changed(house: Staff) -> None:
    made = house.published(tracks=2)
    who = house.stamp(house.organiser)
    register(house, made)
    with pytest.raises(activities.HasRegistrations), transaction():
        activities.remove_track(made.tracks[0], stamp=who)
    with pytest.raises(activities.TermsSettled), transaction():
        activities.edit_track(made.tracks[0], house.track(categories=(Category.PUPIL,)), stamp=who)
    with transaction():
        activities.remove_track(made.tracks[1], stamp=who)
    assert len(made.tracks) == 1
    assert activities.has_registrations(made.tracks[0])


def test_the_last_track_of_an_approved_activity_stays(house: Staff) -> None:
    made = house.published()
    with pytest.raises(activities.LastTrack), transaction():
        activities.remove_track(made.tracks[0], stamp=house.stamp(house.organiser))
    with pytest.raises(activities.LastSession), transaction():
        activities.remove_session(made.sessions[0], stamp=house.stamp(house.organiser))


def test_a_moved_closing_is_told_to_those_registered(house: Staff) -> None:
    made = house.published()
    entry = register(house, made)
    later = house.track().closes_at + dt.timedelta(days=1)
    with transaction():
        activities.edit_track(
            made.tracks[0], house.track(closes_at=later), stamp=house.stamp(house.organiser)
        )
    told = db.session.scalars(sa.select(Message).where(Message.kind == "activity.rescheduled")).all()
    assert told
    assert entry.person_id


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"capacity": 0}, activities.BadCapacity),
        ({"capacity": 100_001}, activities.BadCapacity),
        ({"closes_at": NOW - dt.timedelta(days=2)}, activities.ClosesBeforeOpening),
        ({"closes_at": START + dt.timedelta(seconds=1)}, activities.ClosesAfterStart),
        ({"name": "现场参加"}, activities.SameName),
        ({"born_from": dt.date(2000, 1, 2), "born_until": dt.date(2000, 1, 1)}, activities.BornTheWrongWay),
    ],
)
def test_a_track_that_cannot_be_is_refused(house: Staff, more: dict, refusal: type[Exception]) -> None:  # type: ignore[type-arg]
    made = house.drafted()
    with pytest.raises(refusal), transaction():
        activities.add_track(
            made, house.track(**({"name": "另一个"} | more)), stamp=house.stamp(house.organiser)
        )


def test_a_session_stays_within_the_activity_and_its_track_within_the_same(house: Staff) -> None:
    made, other = house.drafted(), house.drafted(title="另一项")
    who = house.stamp(house.organiser)
    early = house.session(starts_at=START - dt.timedelta(hours=1), ends_at=START)
    with pytest.raises(activities.OutsideActivity), transaction():
        activities.add_session(made, early, stamp=who)
    with pytest.raises(activities.NoSuchVenue), transaction():
        activities.add_session(made, house.session(venue="nowhere"), stamp=who)
    with pytest.raises(Missing), transaction():
        activities.add_session(made, house.session(track=other.tracks[0].code), stamp=who)
    with transaction():
        activities.add_session(made, house.session(title="第二场", track=made.tracks[0].code), stamp=who)
    assert len(made.sessions) == 2
    with pytest.raises(activities.HasSessions), transaction():
        activities.remove_track(made.tracks[0], stamp=who)


def test_a_moved_session_of_a_published_activity_is_told(house: Staff) -> None:
    made = house.published()
    register(house, made)
    entry = house.session(starts_at=START + dt.timedelta(hours=1), ends_at=START + dt.timedelta(hours=2))
    with transaction():
        activities.edit_session(made.sessions[0], entry, stamp=house.stamp(house.organiser))
    kinds = db.session.scalars(sa.select(Message.kind)).all()
    assert "activity.rescheduled" in kinds


def test_whether_people_may_enter_several_is_settled_once_somebody_stands_in_a_team(house: Staff) -> None:
    made = house.published(tracks=2)
    who = house.stamp(house.organiser)

    def several(on: bool) -> None:
        with transaction():
            entry = dataclasses.replace(house.entry(), takes_several=on)
            activities.edit(made, entry, version=made.version, stamp=who)

    several(True)
    with transaction():
        made.tracks[0].mode, made.tracks[0].team_most = EntryMode.TEAM, 3
        captain = factories.account(factories.person())
        assert captain.person is not None
        parties.make_team(
            made.tracks[0],
            captain.person,
            parties.TeamEntry("飞轮队"),
            Entry(),
            by=captain,
            stamp=house.stamp(captain),
        )
    with pytest.raises(activities.TermsSettled):
        several(False)
    assert made.takes_several
