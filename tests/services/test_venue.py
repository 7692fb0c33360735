"""Places and their stations."""

import datetime as dt
import threading

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.activity import State
from models.base import db
from models.organisation import Organisation
from models.venue import Station, Venue
from services import venue as venues
from services.access import Principal
from services.errors import Denied, Missing, Stale
from services.transaction import transaction
from services.venue import VenueEntry
from tests.services.organisation.conftest import principal
from tests.support import factories


@pytest.fixture
def unit(context: Flask) -> Organisation:
    with transaction():
        return factories.organisation("示例学院")


@pytest.fixture
def venue(unit: Organisation) -> Venue:
    with transaction():
        return venues.open(VenueEntry("实训楼", "示例路 1 号", "三教镇"), unit, stamp=factories.stamp())


def keeper(role: Role, unit: Organisation | None) -> Principal:
    with transaction():
        who: Account = factories.account()
        kind = ScopeKind.ORGANISATION if unit else ScopeKind.DISTRICT
        factories.grant(who, role, kind, unit.code if unit else None)
    return principal(who)


def test_a_place_is_looked_after_by_its_unit_and_the_district(unit: Organisation, venue: Venue) -> None:
    with transaction():
        other = factories.organisation()
    for fine in (keeper(Role.UNIT_MANAGER, unit), keeper(Role.ORGANISER, unit), keeper(Role.ORGANISER, None)):
        assert venues.get_run(fine, venue.code) is venue
    for no in (keeper(Role.UNIT_MANAGER, other), keeper(Role.ORGANISER, other), keeper(Role.REVIEWER, unit)):
        with pytest.raises(Missing):
            venues.get_run(no, venue.code)
        assert not venues.may_run(no, venue)
    with pytest.raises(Missing):
        venues.get("0" * 16)


def test_nobody_opens_a_place_in_anothers_name(unit: Organisation) -> None:
    with transaction():
        other = factories.organisation()
    by = keeper(Role.UNIT_MANAGER, unit)
    for owner in (other, None):
        with pytest.raises(Denied), transaction():
            venues.open(VenueEntry("别处"), owner, by=by, stamp=factories.stamp())
    with transaction():
        venues.open(VenueEntry("自己处"), unit, by=by, stamp=factories.stamp())
        venues.open(VenueEntry("公共处"), None, by=keeper_of_district(), stamp=factories.stamp())
    assert [row.name for row in venues.listing()] == ["公共处", "自己处"]


def keeper_of_district() -> Principal:
    who = factories.account()
    factories.grant(who, Role.ORGANISER)
    return principal(who)


def test_a_name_is_there_once(unit: Organisation, venue: Venue) -> None:
    with pytest.raises(venues.NameTaken), transaction():
        venues.open(VenueEntry("实训楼"), stamp=factories.stamp())
    with transaction():
        second = venues.open(VenueEntry("二号楼"), stamp=factories.stamp())
    with pytest.raises(venues.NameTaken), transaction():
        venues.edit(second, VenueEntry("实训楼"), version=second.version, stamp=factories.stamp())


def test_who_edits_what_another_changed_meanwhile_is_told(venue: Venue) -> None:
    old = venue.version
    with transaction():
        venues.edit(
            venue, VenueEntry("新楼", "新址", "", 40, "公交 1 路"), version=old, stamp=factories.stamp()
        )
    assert (venue.name, venue.seats, venue.getting_there) == ("新楼", 40, "公交 1 路")
    with pytest.raises(Stale), transaction():
        venues.edit(venue, VenueEntry("再改"), version=old, stamp=factories.stamp())


def test_a_place_that_is_still_needed_is_not_closed(venue: Venue) -> None:
    with transaction():
        coming = factories.activity()
        coming.sessions[0].venue_id = venue.id
    with pytest.raises(venues.InUse) as no, transaction():
        venues.close(venue, stamp=factories.stamp())
    assert "1" in str(no.value.sentence)
    with transaction():
        coming.state = State.CANCELLED
    with transaction():
        past = factories.activity(starts_in=dt.timedelta(days=-10))
        past.sessions[0].venue_id = venue.id
        venues.close(venue, stamp=factories.stamp())
    assert venues.listing() == [] and list(venues.listing(closed=True)) == [venue]
    with pytest.raises(venues.ClosedVenue), transaction():
        venues.add_stations(venue, 1, stamp=factories.stamp())
    with transaction():
        venues.reopen(venue, stamp=factories.stamp())
    assert list(venues.listing()) == [venue]


def test_stations_are_numbered_on_stopped_and_removed(venue: Venue) -> None:
    with transaction():
        venues.add_stations(venue, 3, "车床", stamp=factories.stamp())
        venues.add_stations(venue, 2, stamp=factories.stamp())
    assert [row.number for row in venue.stations] == [1, 2, 3, 4, 5]
    with transaction():
        venues.set_out_of_use(venue, venue.stations[0], True, stamp=factories.stamp())
        venues.remove_station(venue, venue.stations[1], stamp=factories.stamp())
    assert [row.number for row in venue.stations] == [1, 3, 4, 5]
    assert venue.usable == 3
    for count in (0, -1, venues.MOST_STATIONS):
        with pytest.raises(venues.TooManyStations), transaction():
            venues.add_stations(venue, count, stamp=factories.stamp())


def test_a_station_of_another_place_is_not_found_through_this_one(venue: Venue) -> None:
    with transaction():
        other = venues.open(VenueEntry("别处"), stamp=factories.stamp())
        (station,) = venues.add_stations(other, 1, stamp=factories.stamp())
    with pytest.raises(Missing):
        venues.get_station(venue, station.code)
    assert venues.get_station(other, station.code) is station


def test_searching_takes_signs_literally(venue: Venue) -> None:
    assert list(venues.listing("示例路")) == [venue]
    assert list(venues.listing("三教")) == [venue]
    for text in ("%", "_", "\\", "别处"):
        assert venues.listing(text) == []


def test_two_who_add_stations_at_once_get_numbers_one_after_the_other(app: Flask, venue: Venue) -> None:
    code, start, faults = venue.code, threading.Barrier(4), []

    def work() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    venues.add_stations(venues.get(code), 5, stamp=factories.stamp())
            except Exception as fault:  # noqa: BLE001  a fault is an outcome too
                faults.append(fault)

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert faults == []
    assert sorted(row.number for row in db.session.query(Station)) == list(range(1, 21))
