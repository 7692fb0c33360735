"""Doors of a unit's list: asked for, allotted, locked; what each page shows."""

import re

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.activity import EntryMode, Track
from models.base import db
from models.organisation import Organisation
from models.party import Party, State
from models.person import Category
from models.registration import Registration
from models.registration import State as Entry
from services import organisation as organisations
from services import party as parties
from services import questionnaire as questionnaires
from services import registration as registrations
from services.questionnaire import Condition, Field
from services.questionnaire import Kind as FieldKind
from services.registration import Entry as Answers
from services.transaction import transaction
from tests.support import factories
from tests.support.doors import Client


class Scene:
    """A unit with its manager, and a track that units enter."""

    def __init__(self, app: Flask, **more: object) -> None:
        self.app = app
        with transaction():
            self.unit: Organisation = factories.organisation("示例机床厂")
            self.manager: Account = factories.account(factories.person())
            organisations.join(self.unit, self.manager, as_manager=True, stamp=factories.stamp())
            host = factories.organisation("示例主办单位")
            self.organiser = factories.account(factories.person())
            factories.grant(self.organiser, Role.ORGANISER, ScopeKind.ORGANISATION, host.code)
            activity = factories.activity("示例竞赛", organiser=host)
            self.track: Track = factories.track(
                activity, **({"mode": EntryMode.UNIT, "unit_limit": 2} | more)
            )
            self.stranger = factories.account(factories.person())
            other = factories.organisation("别的厂")
            organisations.join(other, self.stranger, as_manager=True, stamp=factories.stamp())
        self.http, self.other = Client(app, self.manager), Client(app, self.stranger)

    def list(self, people: int = 3) -> Party:
        with transaction():
            stamp = factories.stamp(self.manager)
            party = parties.make_list(self.track, self.unit, by=self.manager, stamp=stamp)
            for _each in range(people):
                parties.add(party, factories.person(), Answers(), by=self.manager, stamp=stamp)
        return party


@pytest.fixture
def scene(context: Flask) -> Scene:
    return Scene(context)


def test_a_manager_locks_and_sees_how_each_stands(scene: Scene) -> None:
    party = scene.list()
    page = scene.http.get(f"/list/{party.code}").get_data(as_text=True)
    assert "锁定并报送" in page
    assert "以下为替补" in page
    refused = scene.http.post(f"/list/{party.code}/lock", opinion="同意")
    assert refused.status_code == 422
    answer = scene.http.post(f"/list/{party.code}/lock", opinion="同意推荐", promise="y")
    assert answer.status_code == 303
    assert db.session.get_one(Party, party.id).state is State.SENT
    shown = scene.http.get(f"/list/{party.code}")
    assert shown.status_code == 200
    assert "本人未确认" in shown.get_data(as_text=True)
    row = parties.entries(party)[0]
    for path in ("replace", "withdraw", "mend"):
        assert scene.http.get(f"/list/{party.code}/entry/{row.code}/{path}").status_code in (200, 404)
        assert scene.http.get(f"/party/{party.code}/entry/{row.code}/{path}").status_code in (200, 404)


def test_who_went_leaves_no_gap_in_the_order(scene: Scene) -> None:
    party = scene.list()
    scene.http.post(f"/list/{party.code}/lock", opinion="同意推荐", promise="y")
    with transaction():
        stamp = factories.stamp(scene.manager)
        registrations.withdraw(parties.entries(party)[0], stamp=stamp)
    page = scene.http.get(f"/list/{party.code}").get_data(as_text=True)
    assert re.findall(r'roster-rank num">([^<]+)<', page) == ["1", "2", "—"]


def test_seats_of_a_sent_list_say_why_they_stay(scene: Scene) -> None:
    party = scene.list()
    with transaction():
        party.asked = party.allotted = 2
    scene.http.post(f"/list/{party.code}/lock", opinion="同意推荐", promise="y")
    page = Client(scene.app, scene.organiser).get(f"/desk/activities/{scene.track.activity.code}/seats")
    assert "名单已报送，不再调整" in page.get_data(as_text=True)


def test_anothers_list_is_none(scene: Scene) -> None:
    party = scene.list()
    line = parties.here(party)[0]
    for path in ("", "/add", "/pick", "/lock", f"/member/{line.code}/mend"):
        assert scene.other.get(f"/list/{party.code}{path}").status_code == 404
    assert scene.other.get(f"/organisation/{scene.unit.code}/entries").status_code == 404
    assert scene.other.bare(f"/list/{party.code}/lock", opinion="x", promise="y").status_code == 404
    assert db.session.get_one(Party, party.id).state is State.GATHERING


def test_one_of_a_class_does_not_answer_for_all(context: Flask) -> None:
    scene = Scene(context, mode=EntryMode.SINGLE, unit_limit=None, capacity=2, has_waiting_list=True)
    with transaction():
        stamp = factories.stamp(scene.manager)
        before = [
            registrations.register(scene.track, factories.person(), Answers(), by=None, stamp=stamp)
            for _each in range(2)
        ]
        one = factories.person()
        pupil = factories.account(one)
        party = parties.make_list(scene.track, scene.unit, "示例班", by=scene.manager, stamp=stamp)
        for person in (one, factories.person()):
            parties.add(party, person, Answers(), by=scene.manager, stamp=stamp)
        first, _second = parties.send(party, "", by=scene.manager, stamp=stamp)
    with transaction():
        registrations.withdraw_all(before, stamp=factories.stamp())
    assert first.state is Entry.OFFERED
    client = Client(context, pupil)
    assert "确认参加" not in client.get(f"/registration/{first.code}").get_data(as_text=True)
    assert client.bare(f"/registration/{first.code}/offer").status_code == 403
    db.session.expire_all()
    assert first.state is Entry.OFFERED


def earlier(scene: Scene, name: str, answers: Answers) -> Registration:
    return registrations.register(
        factories.track(factories.activity("去年的竞赛")),
        factories.person(name),
        answers,
        by=scene.manager,
        organisation=scene.unit,
        stamp=factories.stamp(scene.manager),
    )


def test_who_was_entered_before_is_picked_with_what_this_form_asks(scene: Scene) -> None:
    own = Field(
        "own_bed",
        FieldKind.TEXT,
        "住宿要求",
        required=True,
        is_own=True,
        shown_when=Condition("category", ("citizen",)),
    )
    with transaction():
        form = questionnaires.of(scene.track.activity)
        questionnaires.save(
            scene.track.activity, (*form.fields, own), seen=form.mark, by=None, stamp=factories.stamp()
        )
        whole = earlier(
            scene, "张全", Answers(Category.ENTERPRISE_EMPLOYEE, post="钳工", values={"own_old": "上午"})
        )
        more = earlier(scene, "李缺", Answers(Category.CITIZEN))
    party = scene.list(people=0)
    page = f"/list/{party.code}/pick"
    assert scene.http.post(page, people=[whole.code, more.code]).status_code == 303
    (line,) = parties.here(db.session.get_one(Party, party.id))
    said = Answers.from_json(line.entry)
    assert (line.person_id, said.post, said.values) == (whole.person_id, "钳工", {})
    assert said.questionnaire_id == questionnaires.of(scene.track.activity).id
    told = scene.http.get(f"/list/{party.code}").get_data(as_text=True)
    assert "已添加 1 人" in told
    assert "李缺" in told


def test_what_follows_is_said_before_a_list_or_one_of_it_goes(scene: Scene) -> None:
    party = scene.list()
    gathering = scene.http.get(f"/party/{party.code}/dissolve").get_data(as_text=True)
    assert "what-follows" not in gathering
    scene.http.post(f"/list/{party.code}/lock", opinion="同意推荐", promise="y")
    (row, *_rest) = parties.entries(party, live=True)
    for path, places in (("dissolve", 2), (f"entry/{row.code}/withdraw", 1)):
        page = scene.http.get(f"/party/{party.code}/{path}").get_data(as_text=True)
        assert f"{places} 个名额将空出" in page, path
