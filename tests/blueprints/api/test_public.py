"""Activities, notices and plans: what programs read without a token."""

import datetime as dt
import re

import pytest
from flask import Flask

from models.activity import Kind, Notice, State, Track
from models.base import db
from services import indicator as indicators
from services.stamp import machine
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand
from tests.support.plan import document
from tests.support.program import Program

NOBODY = "0" * 16


@pytest.fixture
def program(context: Flask, clock: Hand) -> Program:
    clock.set(dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC))
    return Program(context)


@pytest.fixture
def track(program: Program) -> Track:
    with transaction():
        made = make.track(make.activity("果树修剪讲座"), capacity=7)
        make.activity("还在起草", state=State.DRAFT)
        make.activity("技能竞赛", kind=Kind.COMPETITION)
    return made


def titles(program: Program, query: str = "") -> list[str]:
    answer = program.get(f"/activities{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [row["title"] for row in answer.get_json()["items"]]


def test_the_list_shows_what_the_public_may_see_and_filters_as_the_page_does(
    program: Program, track: Track
) -> None:
    assert sorted(titles(program)) == ["技能竞赛", "果树修剪讲座"]
    assert titles(program, "?kind=lecture") == ["果树修剪讲座"]
    assert titles(program, "?q=修剪") == ["果树修剪讲座"]
    assert titles(program, "?when=past") == []
    assert titles(program, "?month=2027-05") == []


def test_codes_have_labels_in_the_language_that_was_asked_for(program: Program, track: Track) -> None:
    (row,) = program.get("/activities?kind=lecture").get_json()["items"]
    assert (row["kind"], row["kind_label"]) == ("lecture", "讲座")
    assert re.fullmatch(r"2026-12-03T09:30:00\+08:00", row["starts_at"])
    assert row["standing"]["code"] == "open"
    assert row["seats"] == {"capacity": 7, "taken": 0, "left": 7, "waiting": 0}
    answer = program.get("/activities?kind=lecture", **{"Accept-Language": "en"})
    assert answer.get_json()["items"][0]["kind"] == "lecture"
    assert "Accept-Language" in answer.headers["Vary"]


def test_pages_are_linked_and_end(program: Program, track: Track) -> None:
    answer = program.get("/activities?per_page=1&q=")
    assert {name: answer.get_json()[name] for name in ("page", "pages", "total")} == {
        "page": 1,
        "pages": 2,
        "total": 2,
    }
    link = answer.headers["Link"]
    assert re.findall('rel="(.*?)"', link) == ["first", "next", "last"]
    assert "http://localhost/api/v1/activities?" in link and "page=2" in link and "per_page=1" in link
    assert program.get("/activities?per_page=1&page=2").status_code == 200
    assert program.get("/activities?per_page=1&page=3").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=party", "kind"),
        ("page=0", "page"),
        ("page=x", "page"),
        ("per_page=101", "per_page"),
        ("month=2026-13", "month"),
        ("when=never", "when"),
        ("role=security_admin", "role"),
        ("q=" + "x" * 61, "q"),
    ],
)
def test_a_question_of_the_wrong_shape_is_told_by_name(program: Program, query: str, field: str) -> None:
    answer = program.get(f"/activities?{query}")
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]
    assert not re.search("[A-Z][a-z]+ ", str(answer.get_json()["errors"][field]))


def test_one_activity_shows_tracks_sittings_and_places(program: Program, track: Track) -> None:
    said = program.get(f"/activities/{track.activity.code}").get_json()
    assert [row["code"] for row in said["tracks"]] == [track.code]
    assert said["tracks"][0]["seats"]["left"] == 7
    assert said["sessions"][0]["room"] == "2 号车间"
    assert said["url"] == f"http://localhost/activity/{track.activity.code}"
    assert "created_by" not in said and "id" not in said


def test_what_is_not_public_is_not_there(program: Program, track: Track) -> None:
    with transaction():
        draft = make.activity(state=State.DRAFT).code
    for path in (f"/activities/{draft}", f"/activities/{NOBODY}", f"/notices/{NOBODY}"):
        answer = program.get(path)
        assert answer.status_code == 404, path
        assert answer.get_json()["reason"] == "missing"


def test_the_character_nul_finds_nothing(program: Program) -> None:
    for path in ("/activities?q=%00", "/activities/%00"):
        assert program.get(path).status_code in (400, 404)


def test_notices_are_listed_and_read(program: Program) -> None:
    with transaction():
        unit = make.organisation("示例局")
        row = Notice(
            organisation=unit,
            title="关于举办讲座的通知",
            body="正文",
            created_at=make.now(),
            published_at=make.now(),
        )
        hidden = Notice(organisation=unit, title="未发布", body="正文", created_at=make.now())
        db.session.add_all([row, hidden])
    said = program.get("/notices?kind=notice").get_json()
    assert [(item["title"], item["kind_label"]) for item in said["items"]] == [
        ("关于举办讲座的通知", "通知公告")
    ]
    assert said["items"][0]["activity"] is None
    assert program.get(f"/notices/{row.code}").get_json()["body"] == "正文"
    assert program.get(f"/notices/{hidden.code}").status_code == 404


def test_plans_and_their_indicators_are_read(program: Program) -> None:
    with transaction():
        indicators.load(document("yongchuan-2023"), stamp=machine("test"))
    (plan,) = program.get("/plans").get_json()["items"]
    assert plan["code"] == "yongchuan-2023"
    said = program.get("/plans/yongchuan-2023/indicators").get_json()["items"]
    assert len(said) == len(document()["indicator"])
    row = next(item for item in said if item["code"] == "T14.rural_high_skilled")
    assert (row["comparator"], row["target"], row["target_label"]) == (">=", 200.0, "不少于 200 人")
    assert row["lead"][0]["name"]
    few = program.get("/plans/yongchuan-2023/indicators?clause=14&source=auto").get_json()["items"]
    assert {item["clause"]["number"] for item in few} <= {14}
    for path in ("/plans/other/indicators", "/plans/yongchuan-2023/indicators?clause=99"):
        assert program.get(path).status_code == 404
