"""R05: staff who have not given their second factor are nobody's staff yet, whatever the door."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from services.access import SECOND_FACTOR
from tests.rights import registry
from tests.rights.conftest import Scene
from tests.rights.world import Who


@pytest.fixture
def production(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    config = scene.app.extensions["yongjiang"]
    monkeypatch.setitem(scene.app.extensions, "yongjiang", replace(config, env="production"))
    return scene


def half(who: Who) -> Who:
    """The same person in the browser without a second factor."""
    return replace(who, cookie=who.half_cookie)


def page(scene: Scene, who: Who, path: str) -> str:
    answer = scene.ask(who, "GET", path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_every_door_of_staff_leads_to_it_first(production: Scene) -> None:
    side = production.world.a
    asked = 0
    for role in SECOND_FACTOR:
        who = side.people[role.value]
        for rule, method in registry.every(production.app):
            policy = production.app.extensions["policies"][rule.endpoint]
            if method != "GET" or not policy.roles or not policy.admits(who.principal):
                continue
            answer = production.ask(half(who), method, production.path(rule, side))
            asked += 1
            assert answer.status_code == 302, (rule, role)
            assert urlsplit(answer.location).path == "/second-factor", (rule, role)
    assert asked > 50


def test_a_pass_shows_nobody_before_it(production: Scene) -> None:
    side = production.world.a
    who = side.people["organiser"]
    for code in (side.codes["pass"], "00000000"):
        answer = production.ask(half(who), "GET", f"/pass/{code}")
        assert (answer.status_code, urlsplit(answer.location).path) == (302, "/second-factor")
    assert "A示例member" in page(production, who, f"/pass/{side.codes['pass']}")


def test_the_facts_behind_a_figure_are_shut_before_it(production: Scene) -> None:
    path = "/indicator/T07.reserve_contestants"
    for name in ("aggregator", "auditor"):
        who = production.world.a.people[name]
        assert 'id="facts"' in page(production, who, path)
        assert 'id="facts"' not in page(production, half(who), path)
