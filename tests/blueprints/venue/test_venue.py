"""Places at their doors."""

import pytest

from models.account import Role
from models.base import db
from models.venue import Venue
from services import venue as venues
from services.transaction import transaction
from services.venue import VenueEntry
from tests.blueprints.organisation.conftest import House, Knock, house, knock
from tests.support import factories
from tests.support.doors import EXTRA, changed, tables

__all__ = ["house", "knock"]

PLACE = {
    "name": "实训楼",
    "address": "示例路 1 号",
    "town": "三教镇",
    "seats": "40",
    "getting_there": "公交 1 路",
}


@pytest.fixture
def venue(house: House) -> Venue:
    with transaction():
        row = venues.open(VenueEntry("机械厂车间", "示例路 2 号"), house.unit, stamp=factories.stamp())
        venues.add_stations(row, 3, "车床", stamp=factories.stamp())
    return row


def test_a_manager_registers_a_place_and_its_stations(house: House, knock: Knock) -> None:
    client = knock(house.manager)
    assert "还没有登记场地" in client.get("/venue").get_data(as_text=True)
    before = tables()
    answer = client.post("/venue/new", **PLACE, owner=house.unit.code, **EXTRA)
    assert answer.status_code == 303
    assert changed(before) == {"venue+"}
    row = db.session.query(Venue).one()
    assert row.organisation_id == house.unit.id
    before = tables()
    added = client.post(
        f"/venue/{row.code}/stations", f"/venue/{row.code}", count="4", equipment="车床", **EXTRA
    )
    assert added.status_code == 303
    assert changed(before) == {"station+"}
    page = client.get(f"/venue/{row.code}").get_data(as_text=True)
    assert "可用 4 个，共 4 个" in page and "公交 1 路" in page


def test_a_place_is_opened_only_in_ones_own_name(house: House, knock: Knock) -> None:
    client = knock(house.manager)
    for owner in (house.other.code, ""):
        assert client.post("/venue/new", **PLACE, owner=owner).status_code in (403, 422)
    assert db.session.query(Venue).all() == []
    with transaction():
        factories.grant(house.desk, Role.ORGANISER)
    assert knock(house.desk).post("/venue/new", **PLACE, owner="").status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "楼" * 61), ("address", ""), ("seats", "0"), ("seats", "many"), ("town", "别处"),
     ("getting_there", "路" * 301), ("name", "楼\u200b")],
)  # fmt: skip
def test_what_is_not_right_is_said_at_its_field(house: House, knock: Knock, field: str, value: str) -> None:
    answer = knock(house.manager).post("/venue/new", **(PLACE | {"owner": house.unit.code, field: value}))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


def test_editing_takes_its_own_fields_and_no_others(house: House, knock: Knock, venue: Venue) -> None:
    client, path = knock(house.manager), f"/venue/{venue.code}/edit"
    before = tables()
    values = {**PLACE, "town": "", "version": str(venue.version), "owner": house.other.code}
    assert client.post(path, **values, **EXTRA).status_code == 303
    assert changed(before) == {
        "venue.name", "venue.address", "venue.seats", "venue.getting_there", "venue.version",
    }  # fmt: skip
    assert client.post(path, **values).status_code == 409


def test_every_writing_door_is_shut_to_other_units(house: House, knock: Knock, venue: Venue) -> None:
    station = venue.stations[0].code
    paths = ["/edit", "/close", "/reopen", "/stations", f"/station/{station}"]
    before = tables()
    client = knock(house.stranger)
    for path in paths:
        values = {**PLACE, "version": "1", "count": "2", "action": "remove"}
        assert client.bare(f"/venue/{venue.code}{path}", **values).status_code == 404, path
    for path in ("/edit", "/close", f"/station/{station}"):
        assert client.get(f"/venue/{venue.code}{path}").status_code == 404, path
    page = client.get(f"/venue/{venue.code}").get_data(as_text=True)
    assert "示例路 2 号" in page and "添加工位" not in page
    member = knock(house.member)
    for path in ("", *paths):
        assert member.bare(f"/venue/{venue.code}{path}" if path else "/venue/new", **PLACE).status_code == 403
    assert knock(None).get("/venue").status_code == 302
    assert changed(before) == set()


def test_a_station_of_another_place_is_not_reached_through_ones_own(
    house: House, knock: Knock, venue: Venue
) -> None:
    with transaction():
        other = venues.open(VenueEntry("学校"), house.other, stamp=factories.stamp())
        (station,) = venues.add_stations(other, 1, stamp=factories.stamp())
    client = knock(house.manager)
    for path in (
        f"/venue/{venue.code}/station/{station.code}",
        f"/venue/{other.code}/station/{station.code}",
    ):
        assert client.get(path).status_code == 404
        assert client.bare(path, action="remove").status_code == 404


def test_stations_are_stopped_restored_and_removed(house: House, knock: Knock, venue: Venue) -> None:
    client, show = knock(house.manager), f"/venue/{venue.code}"
    path = f"{show}/station/{venue.stations[1].code}"
    assert client.post(path, show, action="stop").status_code == 303
    assert "可用 2 个，共 3 个" in client.get(show).get_data(as_text=True)
    assert client.post(path, show, action="restore").status_code == 303
    assert "确认删除" in client.get(path).get_data(as_text=True)
    assert client.post(path, action="remove").status_code == 303
    assert "可用 2 个，共 2 个" in client.get(show).get_data(as_text=True)
    assert client.get(path).status_code == 404
    assert client.post(f"{show}/stations", show, count="0").status_code == 422
    assert client.post(f"{show}/stations", show, count="499").status_code == 409


def test_a_place_is_closed_unless_it_is_needed_and_reopened(house: House, knock: Knock, venue: Venue) -> None:
    with transaction():
        activity = factories.activity()
        activity.sessions[0].venue_id = venue.id
    client, show = knock(house.manager), f"/venue/{venue.code}"
    answer = client.post(f"{show}/close")
    assert answer.status_code == 409 and "1 场" in answer.get_data(as_text=True)
    with transaction():
        activity.sessions[0].venue_id = None
    assert client.post(f"{show}/close").status_code == 303
    assert "机械厂车间" not in client.get("/venue").get_data(as_text=True)
    assert "机械厂车间" in client.get("/venue?closed=1").get_data(as_text=True)
    assert client.post(f"{show}/reopen", show).status_code == 303
    assert "机械厂车间" in client.get("/venue").get_data(as_text=True)
