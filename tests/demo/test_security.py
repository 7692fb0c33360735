"""Two of everything for tests of rights: complete, usable, and for tests only."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.demo import load, security
from models.account import Role
from services import invariants
from tests.support.application import hand_in, let_go
from tests.support.database import Store

SEED = 11


@pytest.fixture(scope="module")
def seeded(worker_app: Flask, store: Store) -> Iterator[dict[str, Any]]:
    """Both sides made once, and their database kept to be copied."""
    let_go(worker_app)
    store.copy("main")
    hand_in(worker_app)
    with worker_app.app_context():
        said = security.seed(SEED)
    let_go(worker_app)
    store.duplicate("main", "seeded")
    yield said
    store.drop("seeded")


@pytest.fixture
def made(context: Flask, store: Store, seeded: dict[str, Any]) -> dict[str, Any]:
    """Both sides, in a database that is this test's alone."""
    let_go(context)
    store.duplicate("seeded", "main")
    return seeded


def test_every_role_is_there_on_both_sides(made: dict[str, Any]) -> None:
    roles = {(row["role"], row["side"]) for row in made["accounts"]}
    assert roles >= {(role.value, side) for role in Role for side in "ab"}
    for row in made["accounts"]:
        assert row["password"]
        assert row["cookie"]
        assert row["bearer"].startswith("yj_")
        has_scope = row["role"] not in ("contestant", "claimant")
        assert (row["scope"] is not None) == has_scope
        if row["scope"] and row["scope"]["kind"] != "district":
            assert row["scope"]["code"] in (row["organisation"], row["activity"])


def test_every_kind_of_thing_has_an_owner_on_both_sides(made: dict[str, Any]) -> None:
    for kind, both in made["objects"].items():
        assert set(both) == {"a", "b"}
        assert both["a"]["code"] != both["b"]["code"], kind
        if kind != "draft_activity":
            assert both["a"]["urls"], kind
        assert both["a"]["mark"] != both["b"]["mark"] or not both["a"]["mark"]


def test_every_route_that_names_a_thing_is_known(made: dict[str, Any]) -> None:
    """A new endpoint is added to `app/demo/routes.py` with what its parameters name."""
    assert made["unmapped"] == []
    wanted = {kind for route in made["routes"] for kind in route["objects"].values()}
    assert wanted <= set(made["objects"])


def test_the_cookie_opens_what_is_ones_own_and_nothing_else(context: Flask, made: dict[str, Any]) -> None:
    own = {(row["role"], row["side"]): row for row in made["accounts"]}
    urls = {
        side: next(u["url"] for u in thing["urls"] if u["endpoint"] == "registration.show")
        for side, thing in made["objects"]["registration"].items()
    }
    browser = context.test_client()
    browser.set_cookie(made["cookie"], own["contestant", "a"]["cookie"], domain="localhost")
    assert browser.get(urls["a"]).status_code == 200
    assert browser.get(urls["b"]).status_code == 404


def test_the_same_seed_gives_the_same_addresses(made: dict[str, Any]) -> None:
    first = made
    load.empty()
    again, other = security.seed(SEED), security.seed(SEED + 1)

    def addresses(made: dict[str, Any]) -> dict[str, str]:
        things = {kind: both["a"]["code"] for kind, both in made["objects"].items()}
        return {kind: code for kind, code in things.items() if not kind.endswith("_token")}

    assert addresses(first) == addresses(again)
    assert set(addresses(first).values()).isdisjoint(addresses(other).values())


def test_nothing_is_inconsistent_afterwards(made: dict[str, Any]) -> None:
    assert {name: n for name, n in invariants.count().items() if n} == {}


def test_the_command_prints_it_all_as_json(context: Flask) -> None:
    done = context.test_cli_runner().invoke(args=["seed", "security", "--seed", "5", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["seed"] == 5


def test_outside_tests_it_is_refused(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    config = context.extensions["yongjiang"]
    for env in ("demo", "production"):
        other = type(config)(**{**config.__dict__, "env": env})
        monkeypatch.setitem(context.extensions, "yongjiang", other)
        done = context.test_cli_runner().invoke(args=["seed", "security", "--json"])
        assert done.exit_code == 1
        assert "APP_ENV=test" in done.output
