import datetime as dt
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services import indicator as indicators
from services.stamp import machine
from services.transaction import transaction
from tests.support.plan import document

if TYPE_CHECKING:
    from tests.support.application import Hand


@pytest.fixture
def plans(app: Flask, clock: "Hand") -> None:
    clock.set(dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC))
    with app.app_context(), transaction():
        for code in ("yongchuan-2023", "demo-continuation"):
            indicators.load(document(code), stamp=machine("test"))


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


@pytest.mark.usefixtures("app")
def test_without_a_plan_the_page_says_what_will_appear(client: FlaskClient) -> None:
    assert "还没有载入建设方案" in text(client, "/indicator")


@pytest.mark.usefixtures("plans")
def test_the_page_opens_on_the_plan_of_the_day_and_marks_the_demo(client: FlaskClient) -> None:
    page = text(client, "/indicator")
    assert page.count("/indicator/T") + page.count("/indicator/G") >= 52
    assert "演示用的延续期" in page
    assert "目标任务完成情况" in page
    assert "2026 年度" in page


@pytest.mark.usefixtures("plans")
def test_the_real_plan_bears_its_number_and_no_demo_mark(client: FlaskClient) -> None:
    page = text(client, "/indicator?plan=yongchuan-2023")
    assert "永川府办发〔2023〕48号" in page
    assert "演示用的延续期" not in page


@pytest.mark.usefixtures("plans")
def test_filters_narrow_the_list(client: FlaskClient) -> None:
    page = text(client, "/indicator?clause=7&source=auto")
    assert "T07.reserve_contestants" in page
    assert "T07.ws_national_base" not in page
    assert "T05.trained" not in page
    assert "没有符合所选条件的目标" in text(client, "/indicator?clause=1&department=edu")


@pytest.mark.usefixtures("plans")
def test_one_indicator_says_its_rule_and_who_answers(client: FlaskClient) -> None:
    page = text(client, "/indicator/T14.rural_high_skilled?plan=yongchuan-2023")
    for words in ("区农业农村委", "高级工", "乡村技能人才", "不少于 200 人", "其中,高技能人才200人"):
        assert words in page


@pytest.mark.usefixtures("plans")
def test_every_indicator_has_its_page(client: FlaskClient) -> None:
    for row in document()["indicator"]:
        assert row["plan_quote"] in text(client, f"/indicator/{row['code']}?plan=yongchuan-2023")


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize(
    "path",
    [
        "/indicator?plan=other",
        "/indicator?clause=99",
        "/indicator?clause=x",
        "/indicator?clause=²",
        "/indicator?department=nobody",
        "/indicator?source=rumour",
        "/indicator?state=splendid",
        "/indicator?year=2023",
        "/indicator?year=x",
        "/indicator/T99.nothing",
        "/indicator/T05.trained?plan=other",
    ],
)
def test_what_the_plan_does_not_have_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
