"""R14: a form takes the fields it shows. Twenty more, named like columns, change nothing."""

import pytest
from werkzeug.routing import Rule

from tests.rights import tables
from tests.rights.conftest import Scene
from tests.rights.forms import FORMS, PROGRAMS
from tests.rights.test_forgery import writing

EXTRA = {
    "role": "security_admin",
    "status": "approved",
    "state": "accepted",
    "score": "100",
    "org_id": "2",
    "organisation_id": "2",
    "approved": "1",
    "blind_code": "0000",
    "version": "99",
    "created_by": "1",
    "created_by_id": "1",
    "id": "1",
    "code": "0123456789abcdef",
    "taken": "0",
    "capacity_used": "0",
    "person_id": "1",
    "account_id": "1",
    "claim": "x",
    "is_admin": "1",
    "published_at": "2020-01-01T00:00",
    "as_manager": "y",
    "lead_id": "1",
    "credit_code": "91500199K8PBRNYT4W",
}


@pytest.mark.parametrize("part", range(2))
def test_fields_that_a_form_does_not_show_change_nothing(scene: Scene, part: int) -> None:
    faults, before = [], tables.dump(scene.app)
    for rule in writing(scene.app)[part::2]:
        if rule.endpoint in PROGRAMS:
            continue
        (plain, said), (full, told) = (_post(scene, rule, before, extra) for extra in ({}, EXTRA))
        writes = FORMS[rule.endpoint].writes
        if writes and plain >= 400:
            faults.append(f"{rule.rule}: {plain}, so nothing was tried: {said}")
        if rule.rule.startswith("/api/"):  # a program is told of a field that nobody knows
            if full != 422 or tables.made(told):
                faults.append(f"{rule.rule}: with more fields {full}, {dict(told)}")
            continue
        if plain != full:
            faults.append(f"{rule.rule}: {plain}, with more fields {full}")
        if said != told:
            faults.append(f"{rule.rule}: without {dict(said - told)}, with {dict(told - said)}")
    assert not faults, "\n".join(faults)


def _post(
    scene: Scene, rule: Rule, before: tables.Rows, extra: dict[str, str]
) -> tuple[int, "tables.Counter[str]"]:
    form, side = FORMS[rule.endpoint], scene.world.a
    scene.restore()
    fields = form.fields(side)
    more = {name: value for name, value in extra.items() if name not in fields}
    who = scene.person(form.who, side)
    answer = scene.ask(
        who, "POST", scene.path(rule, side) + f"?{form.query}", {**fields, **more, **scene.hidden()}
    )
    return answer.status_code, tables.touched(before, tables.dump(scene.app), frozenset({"once"}))
