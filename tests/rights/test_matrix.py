"""R11: role × endpoint × method, each cell asked of the site itself and compared with a column written by hand.

R13 on the way: no page of any cell shows a whole document number or phone of anybody.
"""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models.account import Role
from tests.rights import registry
from tests.rights.conftest import ELSEWHERE, HERE, Scene
from tests.rights.world import Who

FILE = Path(__file__).with_name("matrix.toml")
UNSAFE = ("DELETE", "PATCH", "POST", "PUT")
PARTS = 12
ENTRANCES = {"/sign-in", "/sign-up"}


class Matrix:
    """The file, read: what every column expects of every door."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.columns = [*document["columns"], *(role.value for role in Role)]
        groups = {name: text.split() for name, text in document["groups"].items()}
        self.patterns = {
            name: self._spread(pattern, groups) for name, pattern in document["patterns"].items()
        }
        self.doors = document["doors"]

    def _spread(self, pattern: dict[str, str], groups: dict[str, list[str]]) -> dict[str, str]:
        found: dict[str, str] = {}
        rest = ""
        for answer, text in pattern.items():
            for word in text.split():
                if word == "rest":
                    rest = answer
                    continue
                for column in groups.get(word, [word]):
                    assert column in self.columns, column
                    assert column not in found, f"{column} twice in {pattern}"
                    found[column] = answer
        return {column: found.get(column) or rest for column in self.columns}

    def expected(self, door: str) -> dict[str, str]:
        return self.patterns[self.doors[door]]


MATRIX = Matrix(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(answer: TestResponse, endpoint: str) -> str:
    """The class of an answer."""
    status = answer.status_code
    if status == 401 or (status in (302, 303) and urlsplit(answer.location or "").path in ENTRANCES):
        return "sign_in"
    if status >= 500 and not (status == 503 and endpoint == "site.readyz"):
        return f"broken ({status})"
    return {400: "malformed", 403: "denied", 404: "missing", 405: "no such method"}.get(status, "ok")


def who(scene: Scene, column: str) -> Who:
    return scene.nobody if column in ("anonymous", "local") else scene.world.a.people[column]


def test_the_file_has_a_line_for_each_door_and_no_other(worker_app: Flask) -> None:
    doors = {registry.name(rule, method) for rule, method in registry.every(worker_app)}
    assert sorted(doors - set(MATRIX.doors)) == [], "doors without a line"
    assert sorted(set(MATRIX.doors) - doors) == [], "lines without a door"
    assert set(MATRIX.patterns) >= set(MATRIX.doors.values())
    assert set(MATRIX.patterns) == set(MATRIX.doors.values()), "patterns that no door uses"


def part_of(part: int) -> list[str]:
    """Some of the doors, so that several workers may share them."""
    return sorted(MATRIX.doors)[part::PARTS]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_cell_answers_as_written(scene: Scene, part: int) -> None:
    rules = {registry.name(rule, method): rule for rule, method in registry.every(scene.app)}
    faults, cells = [], 0
    for door in part_of(part):
        if door not in rules:
            continue  # said by the test of the file
        rule, method = rules[door], door.split(" ")[1]
        path = scene.path(rule, scene.world.a)
        for column, expected in MATRIX.expected(door).items():
            answer = scene.ask(
                who(scene, column), method, path, address=HERE if column == "local" else ELSEWHERE
            )
            found = read(answer, rule.endpoint)
            cells += 1
            if found != expected:
                faults.append(f"{door} for {column}: {found} ({answer.status_code}), not {expected}")
            body = answer.get_data().decode("utf-8", "replace")
            own = scene.world.own(column)
            faults += [
                f"{door} for {column} shows {said}"
                for said in scene.world.secrets
                if said in body and said not in own
            ]
            if method != "GET" and answer.status_code < 400:
                scene.restore()
    assert cells == len(part_of(part)) * len(MATRIX.columns) >= 500
    assert not faults, "\n".join(faults)


def test_a_method_that_a_door_does_not_have_opens_nothing(scene: Scene) -> None:
    faults = []
    person = scene.world.a.people["security_admin"]
    had: dict[str, set[str]] = {}
    for rule in registry.rules(scene.app):
        had.setdefault(rule.rule, set()).update(registry.methods(rule))
    for rule in registry.rules(scene.app):
        for method in UNSAFE:
            if method in had[rule.rule]:
                continue
            answer = scene.ask(person, method, scene.path(rule, scene.world.a))
            if answer.status_code != 405:
                faults.append(f"{method} {rule.rule}: {answer.status_code}")
    assert not faults, "\n".join(faults)


def test_a_door_that_wants_a_fresh_proof_leads_to_it_after_ten_minutes(scene: Scene, clock: Any) -> None:
    clock.advance(minutes=11)
    asked = 0
    for rule, method in registry.every(scene.app):
        policy = scene.app.extensions["policies"][rule.endpoint]
        if not policy.fresh:
            continue
        asked += 1
        answer = scene.ask(scene.world.a.people["security_admin"], method, scene.path(rule, scene.world.a))
        assert answer.status_code == 302, rule
        assert urlsplit(answer.location).path == "/prove", rule
    assert asked > 10
