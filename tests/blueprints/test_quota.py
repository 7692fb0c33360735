"""名额设置 over HTTP: what an organiser sets stands on the page, and what cannot be is said at its field."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.activity import Activity
from models.person import Category
from models.quota import Kind
from services import quota as quotas
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand
from tests.support.staff import NOW, Staff, ask, hidden, sign_in, staff


@pytest.fixture
def house(context: Flask, clock: Hand) -> Staff:
    clock.set(NOW)
    return staff()


def test_an_organiser_sets_places_of_every_kind(client: FlaskClient, house: Staff) -> None:
    with transaction():
        activity: Activity = make.activity(organiser=house.unit)
        track = make.track(activity, capacity=10)
        made = [
            registrations.register(
                track, make.person(), Entry(category=Category.CITIZEN), by=None, stamp=make.stamp()
            )
            for _ in range(3)
        ]
    assert len(made) == 3
    path = f"/desk/activity/{activity.code}/quotas"
    code, unit = track.code, house.lead.name
    sign_in(client, house.organiser)

    def send(status: int, **values: object) -> str:
        page = ask(client, "GET", path).get_data(as_text=True)
        answer = ask(client, "POST", path, hidden(page) | values)
        assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
        return answer.get_data(as_text=True)

    assert "没有另设名额" in ask(client, "GET", path).get_data(as_text=True)
    send(303, kind="total", capacity="8")
    assert "不能少于这个数" in send(409, kind="total", capacity="2")
    send(303, kind="group", track=code, name="学生", categories=["vocational_student"], capacity="4")
    send(303, kind="unit", track=code, unit=unit, capacity="2")
    assert "没有找到这些单位" in send(409, kind="unit", track=code, unit="没有的单位", capacity="2")
    found = {quota.kind: (quota.capacity, quota.taken) for quota in quotas.of_activity(activity)}
    assert found == {Kind.TOTAL: (8, 3), Kind.GROUP: (4, 0), Kind.OPEN: (6, 3), Kind.UNIT: (2, 0)}
    shown = ask(client, "GET", path).get_data(as_text=True)
    assert "预留：学生" in shown
    send(303, kind="group", track=code, name="学生", capacity="")
    send(303, kind="total", capacity="")
    assert [quota.kind for quota in quotas.of_activity(activity)] == [Kind.UNIT]
