"""R10: no endpoint without a policy; without one the site does not start."""

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask

import app as house
from app.policies import NoPolicy
from blueprints import policy, web


def test_every_endpoint_has_a_policy(worker_app: Flask) -> None:
    endpoints = {rule.endpoint for rule in worker_app.url_map.iter_rules()}
    policies = worker_app.extensions["policies"]
    assert endpoints <= set(policies)
    assert all(isinstance(policies[endpoint], policy.Policy) for endpoint in endpoints)


def test_a_bare_route_stops_the_start(new_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    bare = Blueprint("bare", __name__)
    bare.add_url_rule("/bare", "page", lambda: "open to all")
    monkeypatch.setattr(house, "BLUEPRINTS", (*house.BLUEPRINTS, bare))
    with pytest.raises(NoPolicy, match=r"bare\.page"):
        new_app()


def test_one_endpoint_has_one_policy(new_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    door = web.Door("twice", __name__)
    door.get("/once", policy=policy.everyone, endpoint="page")(lambda: "")
    door.post("/again", policy=policy.signed_in, endpoint="page")(lambda: "")
    monkeypatch.setattr(house, "BLUEPRINTS", (*house.BLUEPRINTS, door))
    with pytest.raises((RuntimeError, AssertionError)):
        new_app()
