"""R20: a request that another site made changes nothing; and a page that is only read changes nothing either."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.rights import registry, tables
from tests.rights.conftest import HERE, Scene
from tests.rights.forms import FORMS, PROGRAMS
from tests.rights.world import Who, csrf_token

READERS = (
    "anonymous",
    "contestant",
    "unit_manager",
    "organiser",
    "district_organiser",
    "certificate_officer",
    "checkin_helper",
    "reporter",
    "aggregator",
    "security_admin",
)


def writing(app: Flask) -> list[Rule]:
    """Every route with a method that may change something."""
    found = [rule for rule in registry.rules(app) if set(registry.methods(rule)) - {"GET"}]
    assert all(set(registry.methods(rule)) <= {"GET", "POST"} for rule in found), "another unsafe method"
    return found


def test_every_writing_door_has_its_form(worker_app: Flask) -> None:
    doors = {rule.endpoint for rule in writing(worker_app)}
    assert sorted(doors - set(FORMS) - set(PROGRAMS)) == [], "doors without a form"
    assert sorted((set(FORMS) | set(PROGRAMS)) - doors) == [], "forms without a door"


@pytest.mark.parametrize("part", range(2))
def test_a_forged_request_is_refused_and_writes_nothing(scene: Scene, part: int) -> None:
    faults, side = [], scene.world.a
    before = tables.dump(scene.app)
    for rule in writing(scene.app)[part::2]:
        if rule.endpoint in PROGRAMS or rule.rule.startswith("/api/"):
            continue
        form = FORMS[rule.endpoint]
        who, path = scene.person(form.who, side), scene.path(rule, side) + f"?{form.query}"
        whole = scene.hidden()
        forged: dict[str, tuple[dict[str, str], dict[str, str]]] = {
            "no token": ({"idempotency_key": "a-key"}, {}),
            "an empty token": (whole | {"csrf_token": ""}, {}),
            "the token of another session": (whole | {"csrf_token": csrf_token(scene.app, "6" * 40)}, {}),
            "a token in the query": ({"idempotency_key": "a-key"}, {}),
            "another origin": (whole, {"Origin": "https://elsewhere.example"}),
            "no origin": (whole, {"Origin": "null"}),
            "the same host by another scheme": (whole, {"Origin": "https://localhost"}),
            "another site": (whole, {"Sec-Fetch-Site": "cross-site"}),
        }
        for name, (hidden, headers) in forged.items():
            address = f"{path}&csrf_token={whole['csrf_token']}" if "query" in name else path
            answer = scene.ask(who, "POST", address, hidden | form.fields(side), headers=headers)
            if answer.status_code not in (400, 403):
                faults.append(f"{rule.rule} with {name}: {answer.status_code}")
        if found := tables.touched(before, tables.dump(scene.app), tables.TRAIL):
            faults.append(f"{rule.rule} wrote {dict(found)}")
            scene.restore()
    assert not faults, "\n".join(faults)


def test_a_door_for_programs_is_shut_to_browsers_and_to_others(scene: Scene) -> None:
    rules = {rule.endpoint: rule for rule in writing(scene.app)}
    for endpoint, facts in PROGRAMS.items():
        path = scene.path(rules[endpoint], scene.world.a)
        told = {"Origin": "https://elsewhere.example"}
        assert scene.ask(scene.nobody, "POST", path, json=facts).status_code == 404
        assert (
            scene.ask(scene.nobody, "POST", path, json=facts, headers=told, address=HERE).status_code == 403
        )
        assert scene.ask(scene.nobody, "POST", path, json=facts, address=HERE).status_code == 202


def test_a_cookie_opens_nothing_of_the_api(scene: Scene) -> None:
    """So no page elsewhere can make a browser write there, and no token of a form is asked."""
    asked = 0
    for rule, method in registry.every(scene.app):
        policy = scene.app.extensions["policies"][rule.endpoint]
        if rule.rule.startswith("/api/") and policy.needs_sign_in:
            who = scene.world.a.people["contestant"]
            only_a_cookie = Who(who.name, who.cookie)
            assert scene.ask(only_a_cookie, method, scene.path(rule, scene.world.a)).status_code == 401, rule
            asked += 1
    assert asked >= 5


@pytest.mark.parametrize("part", range(3))
def test_reading_changes_nothing(scene: Scene, part: int) -> None:
    """Only `sign_in.seen_at`, tallies and the trail of reading may move."""
    pages = [rule for rule in registry.rules(scene.app) if "GET" in registry.methods(rule)]
    before = tables.dump(scene.app)
    for name in READERS[part::3]:
        for rule in pages:
            for side in (scene.world.a, scene.world.b):
                scene.ask(scene.person(name, scene.world.a), "GET", scene.path(rule, side))
                if not rule.arguments:
                    break
        found = tables.touched(before, tables.dump(scene.app), tables.TRAIL)
        assert not found, (name, found)
    trail = {
        row["action"]
        for table, what, row in tables.changes(before, tables.dump(scene.app))
        if table == "trace" and what == "new"
    }
    assert {action for action in trail if not action.endswith((".refused", "_read"))} == set()
    assert part or any(action.endswith("_read") for action in trail), "nothing that is read on record"
