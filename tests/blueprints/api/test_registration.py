"""Entering, following and leaving by a program: the same rules and the same hold as behind the form."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models.account import Account
from models.activity import Track
from models.base import db
from models.person import Category
from models.registration import Registration, State
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make
from tests.support.doors import EXTRA, changed, tables
from tests.support.program import Program

ENTRY = {"category": "enterprise_employee", "workplace": "示例精密机械有限公司", "promise": True}


@pytest.fixture
def account(context: Flask) -> Account:
    with transaction():
        return make.account(make.person())


@pytest.fixture
def program(context: Flask, account: Account) -> Program:
    return Program(context, account)


def track(**more: Any) -> Track:
    with transaction():
        return make.track(**more)


def fill(of: Track) -> None:
    """Somebody else takes a place."""
    with transaction():
        entry = Entry(category=Category.ENTERPRISE_EMPLOYEE)
        registrations.register(of, make.person(), entry, by=None, stamp=make.stamp())


def enter(program: Program, of: Track, key: str | None = None, **more: Any) -> TestResponse:
    return program.post("/registrations", {**ENTRY, "track": of.code, **more}, key)


def test_an_entry_is_made_and_can_be_followed(program: Program) -> None:
    wanted = track(capacity=2)
    answer = enter(program, wanted)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    said = answer.get_json()
    assert (said["state"], said["state_label"]) == ("submitted", "待审核")
    assert said["answer"]["workplace"] == "示例精密机械有限公司"
    assert answer.headers["Location"] == f"/api/v1/registrations/{said['code']}"
    assert program.get(f"/registrations/{said['code']}").get_json() == said
    (listed,) = program.get("/me/registrations").get_json()["items"]
    assert listed["code"] == said["code"]
    db.session.refresh(wanted)
    assert wanted.taken == 1


def test_a_repeat_gets_the_first_answer(program: Program) -> None:
    wanted = track()
    first, again = enter(program, wanted, "once"), enter(program, wanted, "once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert first.headers["Location"] == again.headers["Location"]
    assert db.session.query(Registration).count() == 1
    assert enter(program, wanted, "another").get_json()["reason"] == "already_registered"


def test_the_same_key_of_another_account_is_another_key(context: Flask, program: Program) -> None:
    wanted = track()
    with transaction():
        other = make.account(make.person())
    codes = {enter(who, wanted, "once").get_json()["code"] for who in (program, Program(context, other))}
    assert len(codes) == 2


def test_a_refused_try_leaves_its_key_free(program: Program) -> None:
    wanted = track(capacity=1, has_waiting_list=False)
    fill(wanted)
    assert enter(program, wanted, "once").status_code == 409
    with transaction():
        wanted.capacity = 2
    assert enter(program, wanted, "once").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_is_needed(program: Program, key: str) -> None:
    answer = enter(program, track(), key)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.get_json()["errors"]


def test_a_full_track_refuses_and_says_why(program: Program) -> None:
    wanted = track(capacity=1, has_waiting_list=False)
    fill(wanted)
    answer = enter(program, wanted)
    assert answer.status_code == 409
    assert answer.get_json()["reason"] == "full"
    assert "名额已满" in answer.get_json()["message"]


def test_who_finds_no_place_waits_in_line(program: Program) -> None:
    wanted = track(capacity=1)
    fill(wanted)
    answer = enter(program, wanted)
    assert answer.status_code == 201
    assert (answer.get_json()["state"], answer.get_json()["place_in_line"]) == ("waitlisted", 1)


def test_a_closed_track_and_a_rule_that_says_no_are_told_apart(program: Program) -> None:
    closed = track(closes_at=make.now() - dt.timedelta(hours=1))
    picky = track(categories=[Category.PUPIL.value])
    assert enter(program, closed).get_json()["reason"] == "closed"
    assert enter(program, picky).get_json()["reason"] == "not_eligible"


@pytest.mark.parametrize("name", [*EXTRA, "person", "version", "idempotency_key", "csrf_token"])
def test_extra_fields_are_refused_and_change_nothing(program: Program, name: str) -> None:
    wanted, before = track(), tables()
    answer = enter(program, wanted, **{name: "1"})
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == {name: ["没有这一项。"]}
    assert changed(before) - {"api_token.used_at"} == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("promise", False),
        ("promise", None),
        ("category", "king"),
        ("category", 1),
        ("workplace", "x" * 101),
        ("workplace", "a\u0000b"),
        ("workplace", ["a"]),
        ("post", "\u202e"),
        ("coach", "示例教练"),  # a lecture does not ask for one
        ("years_at_work", 3),
        ("name", "别人"),
        ("track", None),
        ("track", {"code": 1}),
    ],
)
def test_what_the_form_would_refuse_is_refused_by_name(program: Program, field: str, value: Any) -> None:
    answer = enter(program, track(), **{field: value})
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]


@pytest.mark.parametrize("body", ["{", '{"a":', "\ud800".encode("utf-8", "surrogatepass"), "[" * 100_000])
def test_what_is_no_json_is_malformed(program: Program, body: str | bytes) -> None:
    answer = program.http.post(
        "/api/v1/registrations",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {program.secret}", "Idempotency-Key": "k"},
        base_url="http://localhost",
    )
    assert answer.status_code == 400


def test_a_list_or_nothing_is_no_entry(program: Program) -> None:
    assert program.post("/registrations", [1]).status_code == 422
    assert set(program.post("/registrations").get_json()["errors"]) == {"track", "promise", "category"}


@pytest.mark.parametrize("code", ["0" * 16, "x", "a\u0000", "../../x"])
def test_a_track_that_is_not_there_is_not_found(program: Program, code: str) -> None:
    assert program.post("/registrations", {**ENTRY, "track": code}).status_code == 404


def test_another_persons_entry_looks_like_none(context: Flask, program: Program) -> None:
    mine = enter(program, track()).get_json()["code"]
    with transaction():
        other = make.account(make.person())
    stranger, before = Program(context, other), tables()
    seen = [
        stranger.get(f"/registrations/{mine}"),
        stranger.post(f"/registrations/{mine}/withdraw"),
        stranger.post(f"/registrations/{mine}/accept-offer"),
    ]
    none = stranger.get(f"/registrations/{'0' * 16}")
    assert [answer.status_code for answer in seen] == [404] * 3
    assert {answer.get_data() for answer in (*seen, none)} == {none.get_data()}
    assert changed(before) - {"api_token.used_at"} == set()


def test_withdrawing_frees_the_place_once(program: Program) -> None:
    wanted = track(capacity=1)
    code = enter(program, wanted).get_json()["code"]
    path = f"/registrations/{code}/withdraw"
    first, again = (program.post(path, {"note": "有事"}, "once") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.get_json()["state"] == again.get_json()["state"] == "withdrawn"
    db.session.refresh(wanted)
    assert wanted.taken == 0
    assert program.post(path).get_json()["reason"] == "wrong_state"
    assert program.post(path, {"state": "accepted"}).status_code == 422


def test_an_offer_is_accepted_once_it_is_made(program: Program) -> None:
    wanted = track(capacity=1, needs_review=False)
    fill(wanted)
    code = enter(program, wanted).get_json()["code"]
    path = f"/registrations/{code}/accept-offer"
    assert program.post(path).status_code == 409
    with transaction():
        holder = db.session.query(Registration).filter(Registration.state == State.ACCEPTED).one()
        registrations.withdraw(holder, stamp=make.stamp())
    assert program.get(f"/registrations/{code}").get_json()["due_at"].endswith("+08:00")
    answer = program.post(path)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "accepted")


def test_an_account_without_a_person_gives_its_name_as_in_the_form(context: Flask) -> None:
    with transaction():
        account = make.account(name="示例乙")
    program, wanted = Program(context, account), track(needs_document=False)
    assert enter(program, wanted).get_json()["errors"].keys() == {"name"}
    answer = enter(program, wanted, name="示例乙")
    assert answer.status_code == 201
    assert answer.get_json()["person"]["name"] == "示例乙"
    with transaction():
        other = make.account(name="示例丙")
    refused = enter(Program(context, other), track(), name="示例丙")
    assert refused.get_json()["reason"] == "not_eligible"
