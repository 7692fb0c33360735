"""R12, R17: another's object looks like none, and nothing of it is in the answer; nor does a wrong path lead to it.

Every route with parameters is asked for side A's object by people of side B who hold the same roles, by an organiser of
another activity of the same unit, and by a plain member; then with codes that nothing has, and with an object of A
below one of B and the other way round.
"""

import itertools
import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.rights import registry, tables
from tests.rights.conftest import ELSEWHERE, Scene
from tests.rights.registry import PLACES, Place
from tests.rights.world import Side, Who

MARK = re.compile("zqzq[0-9]+z")
"""Long enough that no token holds one by chance."""
NOWHERE = ("0123456789abcdef", "1", "x" * 300, "%00%ff%fe..")
STRANGERS = (
    "unit_manager",
    "organiser",
    "reviewer",
    "activity_approver",
    "certificate_officer",
    "contestant",
    "teacher",
    "activity_organiser",
    "checkin_helper",
    "reporter",
    "lead_reviewer",
)
OPEN = frozenset({"account.badge", "account.appoint", "attendance.show"})
"""Pages that look alike whether or not the token of their path is good (R03)."""


_numbers = itertools.count()


def mark(_table: str, _column: str, _row: int) -> str:
    return f"zqzq{next(_numbers)}z"


@pytest.fixture
def marked(scene: Scene) -> Scene:
    """The world with a text of its own in every field that people write."""
    assert tables.plant(scene.app, mark) > 300
    return scene


def with_objects(app: Flask) -> list[tuple[Rule, str, Place]]:
    """Every route with an object in its path."""
    return [
        (rule, method, PLACES[rule.endpoint])
        for rule, method in registry.every(app)
        if rule.arguments and not PLACES[rule.endpoint].fixed
    ]


def test_every_parameter_is_known(worker_app: Flask) -> None:
    with_parameters = {rule.endpoint: rule for rule in registry.rules(worker_app) if rule.arguments}
    assert sorted(set(with_parameters) - set(PLACES)) == [], "endpoints the registry does not know"
    assert sorted(set(PLACES) - set(with_parameters)) == [], "entries without an endpoint"
    for endpoint, rule in with_parameters.items():
        assert len(PLACES[endpoint].kinds) == len(rule.arguments), endpoint


def test_no_path_carries_a_number(worker_app: Flask) -> None:
    """Public identifiers are codes of 80 random bits, never keys of the database."""
    for rule in registry.rules(worker_app):
        assert "int" not in {type(c).__name__ for c in rule._converters.values()}, rule
        assert not any(type(c).__name__ == "IntegerConverter" for c in rule._converters.values()), rule


SIBLINGS = {
    "draft": "approved",
    "notice": "bare_notice",
    "report.draft": "report.handed",
    "report.final": "report.handed",
}
"""Another of the same side and kind."""


class Asker:
    """Asks, and keeps what should not have been answered."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.faults, self.asked = scene, [], 0
        self.own: dict[str, set[str]] = {}

    def ask(self, who: Who, rule: Rule, method: str, path: str, expected: set[int]) -> None:
        answer = self.scene.ask(who, method, path, address=ELSEWHERE)
        self.asked += 1
        name = f"{method} {rule.rule} as {who.name} ({path[:90]})"
        if answer.status_code not in expected:
            self.faults.append(f"{name}: {answer.status_code}, not {sorted(expected)}")
        if answer.status_code < 400 and method != "GET":
            self.scene.restore()
            tables.plant(self.scene.app, mark)
            self.own.clear()
        elif shown := set(MARK.findall(answer.get_data().decode("utf-8", "replace"))) - self.of(who):
            self.faults.append(f"{name} shows {sorted(shown)[:5]}")

    def of(self, who: Who) -> set[str]:
        """What stands on every page of theirs: their name and unit."""
        if who.name not in self.own:
            page = self.scene.ask(who, "GET", "/nothing/here").get_data(as_text=True)
            self.own[who.name] = set(MARK.findall(page))
        return self.own[who.name]

    def done(self) -> None:
        assert self.asked > 50
        assert not self.faults, "\n".join(self.faults)


def test_a_stranger_finds_nothing(marked: Scene) -> None:
    asker, world = Asker(marked), marked.world
    people = [world.b.people[name] for name in STRANGERS]
    people += [world.a.people["other_organiser"], world.a.people["signed_in"]]
    for rule, method, place in with_objects(marked.app):
        policy = marked.app.extensions["policies"][rule.endpoint]
        path = marked.path(rule, world.a)
        if place.hidden:
            hidden = registry.fill(rule, world.a.codes, place.hidden)
            for who in (marked.nobody, world.a.people["organiser"], world.a.people["member"], *people):
                outside = who is marked.nobody and policy.needs_sign_in
                asker.ask(who, rule, method, hidden, {302} if outside else {404})
        if place.secret or (not place.owners and not place.desk):
            continue
        for who in people:
            denied = place.desk or not policy.admits(who.principal)
            asker.ask(who, rule, method, path, {403} if denied else {404})
            if place.desk:  # denied alike where there is nothing: the answer does not tell
                nowhere = registry.put(rule, [NOWHERE[0]] * len(place.kinds))
                asker.ask(who, rule, method, nowhere, {403})
        if "member" not in place.owners:
            admitted = policy.admits(world.a.people["member"].principal) and not place.desk
            same_unit = place.kinds[0] == "unit"
            asker.ask(
                world.a.people["member"],
                rule,
                method,
                path,
                {403} if same_unit or not admitted else {404},
            )
    asker.done()


def entitled(place: Place, side: Side, rule: Rule, app: Flask) -> list[Who]:
    """Those who may have such an object: the first of its owners, and whoever may have anybody's."""
    names = [*place.owners[:1], *(name for name in ("district_organiser",) if name in place.owners)]
    if not names:
        policy = app.extensions["policies"][rule.endpoint]
        names = [
            name
            for name in ("security_admin", "district_organiser", "organiser", "unit_manager")
            if policy.admits(side.people[name].principal)
        ][:1]
    return [side.people[name] for name in names]


def test_a_code_that_nothing_has_leads_nowhere(marked: Scene) -> None:
    asker, side = Asker(marked), marked.world.a
    for rule, method, place in with_objects(marked.app):
        if place.secret and rule.endpoint in OPEN:
            continue
        right = [side.codes[kind] for kind in place.kinds]
        for at in range(len(right)):
            for code in NOWHERE:
                path = registry.put(rule, [*right[:at], code, *right[at + 1 :]])
                for who in entitled(place, side, rule, marked.app):
                    asker.ask(who, rule, method, path, {404, 400})
    asker.done()


ANYBODYS = frozenset({"party.ask", "party.begin"})
"""Doors below one's own unit to a track of anybody's published activity: units enter where they like."""


def test_what_belongs_to_something_else_is_not_found_below_it(marked: Scene) -> None:
    asker, a, b = Asker(marked), marked.world.a, marked.world.b
    nested = [
        (rule, method, place) for rule, method, place in with_objects(marked.app) if len(place.kinds) > 1
    ]
    assert len(nested) > 10
    for rule, method, place in nested:
        if rule.endpoint in ANYBODYS:
            continue
        outer, *between, inner = place.kinds
        middle = [a.codes[kind] for kind in between]
        mixed = [
            (a.codes[outer], *middle, b.codes[inner]),
            (b.codes[outer], *middle, a.codes[inner]),
        ]
        sibling = inner.replace(outer, SIBLINGS.get(outer, outer), 1)
        if sibling != inner:
            mixed.append((a.codes[outer], *middle, a.codes[sibling]))
        for codes in mixed:
            for who in entitled(place, a, rule, marked.app):
                asker.ask(who, rule, method, registry.put(rule, codes), {404})
    asker.done()


GONE = {
    "desk.remove_track": "desk.edit_track",
    "desk.remove_session": "desk.edit_session",
    "notice.remove_annex": "notice.own_annex",
    "notice.withdraw": "notice.show",
    "organisation.remove": "organisation.hand_over",
    "organisation.close": "organisation.show",
    "account.end_sign_in": "account.end_sign_in",
}


@pytest.mark.parametrize("verb", sorted(GONE))
def test_what_was_taken_away_is_gone(scene: Scene, verb: str) -> None:
    by_name = {rule.endpoint: rule for rule in registry.rules(scene.app)}
    rule, place, side = by_name[verb], PLACES[verb], scene.world.a
    who = side.people[place.owners[0] if place.owners else "security_admin"]
    path = registry.fill(rule, side.codes)
    if verb == "account.end_sign_in":
        assert scene.ask(who, "POST", path).status_code == 303
        assert scene.ask(who, "GET", "/me").status_code == 302
        return
    assert scene.ask(who, "POST", path).status_code == 303
    after = registry.fill(by_name[GONE[verb]], side.codes, place.kinds)
    reader = side.people["unit_manager"] if verb == "organisation.close" else who
    assert scene.ask(reader, "GET", after).status_code == 404
    assert scene.ask(who, "POST", path).status_code in (404, 409)
