"""The reserve's pages: the figure, candidates, members; who may decide, and who may not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.account import Account, Role, ScopeKind
from services import indicator as indicators
from services import pipeline as pipelines
from services.stamp import machine
from services.transaction import transaction
from tests.services.pipeline.conftest import YEAR, District
from tests.support import factories as make
from tests.support.application import Hand
from tests.support.plan import document
from tests.support.staff import NOW, ask, hidden, sign_in


@pytest.fixture
def there(context: Flask, clock: Hand) -> District:
    clock.set(NOW)
    with transaction():
        for code in ("yongchuan-2023", "demo-continuation"):
            indicators.load(document(code), stamp=machine("test"))
        made = District()
        make.grant(made.officer, Role.AGGREGATOR)
        make.grant(made.clerk, Role.AGGREGATOR)
    return made


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = ask(client, "GET", path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, status: int = 303, **values: object) -> str:
    answer = ask(client, "POST", path, hidden(read(client, path)) | values)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_an_empty_reserve_says_what_will_appear(client: FlaskClient, there: District) -> None:
    sign_in(client, there.officer)
    page = read(client, "/pipeline")
    assert "本年还没有储备选手" in page
    assert "/ 1,000 名储备选手" in page
    assert "没有等待确认的人" in read(client, "/pipeline/candidates")
    assert "这一年还没有储备选手" in read(client, "/pipeline/members")


def test_an_officer_confirms_whom_the_platform_proposes(client: FlaskClient, there: District) -> None:
    with transaction():
        first, second = make.person("陈一"), make.person("陈二")
        there.award(first)
        there.award(second, detail="二等奖")
        codes = [first.code, second.code]
    sign_in(client, there.officer)
    assert "待确认 2 人" in read(client, "/pipeline")
    assert "储备选手待确认" in read(client, "/desk")
    page = read(client, "/pipeline/candidates")
    assert "陈一" in page and "一等奖" in page
    assert "请先勾选" in send(client, "/pipeline/candidates", 422)
    send(client, "/pipeline/candidates", people=codes[0])
    assert pipelines.in_reserve(YEAR) == 1
    assert "陈一" in read(client, "/pipeline/members")
    send(client, f"/pipeline/candidates/{codes[1]}", 409, decision="decline", reason="")
    send(client, f"/pipeline/candidates/{codes[1]}", decision="decline", reason="已调离本区")
    assert pipelines.candidates(YEAR) == []
    read(client, f"/pipeline/candidates/{codes[1]}", 404)
    (entry,), _total = pipelines.members(YEAR)
    send(client, f"/pipeline/members/{entry.code}/leave", 422, reason="")
    send(client, f"/pipeline/members/{entry.code}/leave", reason="本人退出")
    assert pipelines.in_reserve(YEAR) == 0


def test_who_recorded_the_award_is_refused_and_keeps_what_was_ticked(
    client: FlaskClient, there: District
) -> None:
    with transaction():
        person = make.person("陈一")
        there.award(person)
        code = person.code
    sign_in(client, there.clerk)
    page = send(client, "/pipeline/candidates", 409, people=code)
    assert "入库须由没有参与" in page and "陈一" in page
    assert f'value="{code}" checked' in page
    assert pipelines.in_reserve(YEAR) == 0


def account_with(role: Role, department: str) -> Account:
    with transaction():
        unit = make.organisation(f"部门{department}", department_code=department)
        made = make.account(make.person())
        make.grant(made, role, ScopeKind.ORGANISATION, unit.code)
    return made


def test_only_the_department_that_leads_the_target_decides(client: FlaskClient, there: District) -> None:
    with transaction():
        there.award(make.person("陈一二"))
    sign_in(client, account_with(Role.LEAD_REVIEWER, "edu"))
    assert "选手梯队" in read(client, "/pipeline")
    read(client, "/pipeline/candidates", 403)
    sign_in(client, account_with(Role.LEAD_REVIEWER, "hrss"))
    assert "陈一二" in read(client, "/pipeline/candidates")


def test_readers_see_masked_names(client: FlaskClient, there: District) -> None:
    with transaction():
        there.award(make.person("陈一二"))
        pipelines.confirm(pipelines.candidates(YEAR), by=there.officer, stamp=make.stamp(there.officer))
    sign_in(client, account_with(Role.REPORTER, "edu"))
    for path in ("/pipeline", "/pipeline/members"):
        page = read(client, path)
        assert "陈*二" in page and "陈一二" not in page
