"""Every endpoint has a policy, or the site does not start (R10); and policies do what they say."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from app import policies
from blueprints import policy, web
from models.account import Role, ScopeKind
from services.access import ANONYMOUS, Principal, Right


def test_a_bare_route_stops_the_start(new_app: Callable[..., Flask]) -> None:
    app = new_app()
    policies.insist(app)
    app.add_url_rule("/bare", "bare", lambda: "open")
    with pytest.raises(policies.NoPolicy, match="bare"):
        policies.insist(app)


def test_two_policies_for_one_endpoint_are_a_mistake(new_app: Callable[..., Flask]) -> None:
    app = new_app()
    web.declare(app, "site.healthz", policy.everyone)
    with pytest.raises(RuntimeError, match="two policies"):
        web.declare(app, "site.healthz", policy.signed_in)


def test_a_door_without_a_policy_cannot_be_written() -> None:
    door = web.Door("careless", __name__)
    with pytest.raises(TypeError):
        door.get("/careless")  # type: ignore[call-arg]


def test_the_listing_names_every_route_with_its_policy(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["routes-policy", "--json"])
    rows = json.loads(done.output)
    assert {row["endpoint"] for row in rows} == {rule.endpoint for rule in app.url_map.iter_rules()}
    assert all(row["policy"] for row in rows)
    messages = next(row for row in rows if row["endpoint"] == "notification.open_one")
    assert (messages["policy"], messages["objects"], messages["methods"]) == ("signed_in", ["code"], ["POST"])


def test_what_only_the_machine_may_ask_looks_like_nothing_from_outside(app: Flask) -> None:
    far = app.test_client().post("/loopback/sms", json={}, environ_base={"REMOTE_ADDR": "10.0.0.7"})
    assert far.status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_back(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/messages?page=2")
    assert answer.status_code == 302
    assert (
        answer.headers["Location"] == "/sign-in?next=/messages?page%3D2"
        or "next=" in answer.headers["Location"]
    )


PEOPLE = {
    "nobody": ANONYMOUS,
    "anybody": Principal(account_id=1, account_code="a"),
    "reviewer": Principal(
        account_id=2, account_code="b", rights=frozenset({Right(Role.REVIEWER, (ScopeKind.ACTIVITY, "x"))})
    ),
}
ADMITTED = {
    policy.everyone: {"nobody", "anybody", "reviewer"},
    policy.signed_in: {"anybody", "reviewer"},
    policy.signed_in_anyhow: {"anybody", "reviewer"},
    policy.signed_in_fresh: {"anybody", "reviewer"},
    policy.holding(Role.REVIEWER): {"reviewer"},
    policy.holding(Role.REVIEWER, Role.ORGANISER): {"reviewer"},
    policy.holding(Role.SYSTEM_ADMIN): set(),
}


@pytest.mark.parametrize("wanted", ADMITTED, ids=lambda wanted: wanted.name)
def test_who_may_knock(wanted: policy.Policy) -> None:
    assert {name for name, who in PEOPLE.items() if wanted.admits(who)} == ADMITTED[wanted]
