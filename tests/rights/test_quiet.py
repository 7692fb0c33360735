"""What stays behind in a browser, a proxy and a log says nobody's name: titles, addresses, headers, file names."""

import re
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from models.base import db
from models.person import Person
from tests.rights import registry
from tests.rights.conftest import Scene

TITLE = re.compile("<title>(.*?)</title>", re.DOTALL)
PEOPLE = (
    "contestant",
    "organiser",
    "checkin_helper",
    "certificate_officer",
    "reporter",
    "lead_reviewer",
    "aggregator",
)
PUBLIC = frozenset(
    {"static", "bootstrap.static", "notice.annex", "certificate.key_file", "certificate.revoked_file"}
)
"""Files for everybody."""
NAMED = frozenset({"certificate.pdf", "certificate.picture"})
"""Files that bear the name of whom they are for; only the holder and the officers have them."""


def names(scene: Scene) -> set[str]:
    with scene.app.app_context():
        return set(db.session.scalars(sa.select(Person.name)))


@pytest.mark.parametrize("person", PEOPLE)
def test_what_stays_behind_names_nobody_and_is_kept_by_nobody(scene: Scene, person: str) -> None:
    known, faults, seen = names(scene), [], 0
    who = scene.world.a.people[person]
    for rule in registry.rules(scene.app):
        policy = scene.app.extensions["policies"][rule.endpoint]
        if "GET" not in registry.methods(rule) or not policy.admits(who.principal):
            continue
        answer = scene.ask(who, "GET", scene.path(rule, scene.world.a))
        kept = {part.strip() for part in answer.headers.get("Cache-Control", "").split(",")}
        if not {"no-store", "private"} & kept and rule.endpoint not in PUBLIC:
            faults.append(f"{rule.rule}: {sorted(kept)}")
        said = [unquote(value) for _name, value in answer.headers if rule.endpoint not in NAMED]
        if answer.mimetype == "text/html":
            said += TITLE.findall(answer.get_data(as_text=True))
        faults += [f"{rule.rule}: {name}" for name in known if any(name in text for text in said)]
        seen += 1
    assert seen > 40
    assert not faults, "\n".join(faults)


def test_pages_behind_a_secret_are_for_no_search_engine(scene: Scene) -> None:
    for endpoint in ("attendance.show", "certificate.proof", "certificate.index"):
        rule = next(rule for rule in registry.rules(scene.app) if rule.endpoint == endpoint)
        answer = scene.ask(scene.nobody, "GET", scene.path(rule, scene.world.a))
        told = answer.headers.get("X-Robots-Tag", "") + answer.get_data(as_text=True)
        assert "noindex" in told, endpoint
