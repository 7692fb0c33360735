"""The doors of lists, as a unit's manager uses them; and those of the lists that go out."""

import io
import re

import python_calamine
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.account import Account, Role, ScopeKind
from models.activity import EntryMode
from models.base import db
from models.intake import Intake, State
from models.registration import Registration
from models.registration import State as Entry
from services import party as parties
from services.transaction import transaction
from tests.services.intake.conftest import Unit, unit_of
from tests.support import factories as make
from tests.support import files, lists
from tests.support.staff import ask, hidden, sign_in


def manager(client: FlaskClient) -> Unit:
    unit = unit_of()
    sign_in(client, unit.manager, make.now())
    return unit


def send(client: FlaskClient, unit: Unit, data: bytes, name: str = "名单.xlsx") -> TestResponse:
    page = f"/intake/new?activity={unit.activity.code}"
    fields = hidden(ask(client, "GET", page).text)
    return client.post(page, data=fields | {"file": (io.BytesIO(data), name)})


def only(client: FlaskClient) -> Intake:
    db.session.expire_all()
    return db.session.scalars(sa.select(Intake).order_by(Intake.id.desc())).first() or Intake()


def test_a_list_is_sent_mended_entered_and_undone(client: FlaskClient, context: Flask) -> None:
    unit = manager(client)
    rows = lists.people(6)
    rows[2][1], rows[4][2] = 5.00199197001e17, "123"
    answer = send(client, unit, lists.workbook(rows))
    assert answer.status_code == 303, answer.text
    page = ask(client, "GET", answer.location)
    assert page.status_code == 200
    assert "Excel 只保留前 15 位" in page.text
    assert '<b class="num">B4</b>' in page.text
    assert "导入全部合格的 4 行" in page.text
    assert lists.number(0) not in page.text
    for cell in re.findall(r'href="#(f-\w+-\d+)" title="[^"]+">(?:B4|C6)<', page.text):
        assert f'id="{cell}"' in page.text
    assert len(re.findall(r'href="#f-', page.text)) == 2
    lines = re.findall(r'action="(/intake/\w+/row/\w+)"', page.text)
    assert len(set(lines)) == 2
    mended = ask(client, "POST", lines[0], hidden(page.text) | {"c1": lists.number(2)})
    assert mended.status_code == 303
    page = ask(client, "GET", answer.location)
    assert "导入全部合格的 5 行" in page.text
    entered = ask(client, "POST", f"{answer.location}/enter", hidden(page.text) | {"which": "good"})
    assert entered.status_code == 303
    assert only(client).state is State.ENTERED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 5
    page = ask(client, "GET", f"{answer.location}/undo")
    assert "将撤销 5 人的报名" in page.text
    assert ask(client, "POST", f"{answer.location}/undo", hidden(page.text)).status_code == 303
    states = db.session.scalars(sa.select(Registration.state)).all()
    assert set(states) == {Entry.WITHDRAWN}
    assert "重新检查后再导入" in ask(client, "GET", answer.location).text


def test_a_cell_of_a_fixed_choice_is_mended_from_what_is_offered(client: FlaskClient, context: Flask) -> None:
    unit = manager(client)
    rows = lists.people(2)
    rows[0][3] = "班长"
    page = ask(client, "GET", send(client, unit, lists.workbook(rows)).location)
    box = re.search(r'<input[^>]*value="班长"[^>]*>', page.text)
    assert box is not None
    offer = re.search(r'list="(offer-\d+)"', box[0])
    assert offer is not None
    assert f'<datalist id="{offer[1]}"><option value="企业职工">' in page.text
    one = re.search(r'href="(/intake/\w+/row/\w+)"', page.text)
    assert one is not None
    assert f'list="{offer[1]}"' in ask(client, "GET", one[1]).text


def test_columns_that_nobody_knows_are_asked_for_and_remembered(client: FlaskClient, context: Flask) -> None:
    unit = manager(client)
    headings = ["序号", "选手大名", "身份证号", "联系电话", "岗位类型", "车牌"]
    rows = [[str(n), row[0], row[1], row[2], "职工", "渝A"] for n, row in enumerate(lists.people(3), 1)]
    answer = send(client, unit, lists.workbook(rows, headings, titles=["某厂报名表", "填表日期"]))
    page = ask(client, "GET", answer.location)
    assert (page.status_code, page.location) == (302, f"{answer.location}/columns")
    page = ask(client, "GET", f"{answer.location}/columns")
    assert "必填的列" in page.text
    no = ask(client, "POST", f"{answer.location}/columns", hidden(page.text) | {"c2": "document_number"})
    assert no.status_code == 409
    chosen = {"c1": "name", "c2": "document_number", "c3": "phone", "c4": "category", "c5": ""}
    done = ask(client, "POST", f"{answer.location}/columns", hidden(page.text) | chosen)
    assert done.status_code == 303
    assert only(client).good == 3
    again = send(client, unit, lists.workbook(rows[:2], headings, titles=["某厂报名表"]))
    assert "导入全部 2 行" in ask(client, "GET", again.location).text


def test_what_is_no_list_is_refused_in_place(client: FlaskClient, context: Flask) -> None:
    unit = manager(client)
    for data, name, said in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "名单.xls", "另存为 .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "名单.et", "WPS 表格自己的格式"),
        ("姓名,证件号码\n".encode(), "名单.csv", ".csv"),
        (files.paper(), "名单.xlsx", "不是电子表格"),
        (b"", "名单.xlsx", "文件是空的"),
    ):
        answer = send(client, unit, data, name)
        assert answer.status_code in (409, 422), name
        assert said in answer.text, name
    assert only(client).id is None


def test_another_unit_finds_no_list(client: FlaskClient, context: Flask) -> None:
    unit = manager(client)
    path = send(client, unit, lists.workbook(lists.people(1))).location
    with transaction():
        stranger: Account = make.account(make.person())
        make.grant(stranger, Role.UNIT_MANAGER, ScopeKind.ORGANISATION, make.organisation().code)
    sign_in(client, stranger, make.now())
    for page in ("", "/columns", "/undo", "/drop", "/errors.xlsx", "/progress"):
        assert ask(client, "GET", path + page).status_code == 404


def test_template_and_report_are_workbooks(client: FlaskClient, context: Flask) -> None:
    unit = manager(client)
    template = ask(client, "GET", f"/intake/template.xlsx?activity={unit.activity.code}")
    assert template.status_code == 200
    answer = send(client, unit, template.data)
    assert "没有找到名单" in answer.text
    rows = lists.people(2)
    rows[0][0] = ""
    path = send(client, unit, lists.workbook(rows)).location
    report = ask(client, "GET", f"{path}/errors.xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(report.data))
    found = book.get_sheet_by_index(0).to_python()
    assert found[1] == ["行", "单元格", "栏目", "问题和办法", "处理"]
    assert found[2][:4] == ["2", "A2", "姓名", "没有填姓名。"]


def test_lists_go_out_with_the_headings_of_their_forms(client: FlaskClient, context: Flask) -> None:
    unit = manager(client)
    path = send(client, unit, lists.workbook(lists.people(3))).location
    page = ask(client, "GET", path)
    ask(client, "POST", f"{path}/enter", hidden(page.text) | {"which": "good"})
    own = ask(client, "GET", f"/activity/{unit.activity.code}/list/summary.xlsx")
    assert own.status_code == 200
    rows = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(own.data)).get_sheet_by_index(0).to_python()
    )
    assert rows[1] == [
        "序号", "代表队", "姓名", "性别", "证件号", "单位", "赛项", "组别", "教练", "手机", "领队及电话", "备注",
    ]  # fmt: skip
    assert len(rows) == 5
    assert all("*" in row[4] and "*" in row[9] for row in rows[2:])
    call = ask(client, "GET", f"/activity/{unit.activity.code}/list/signing.xlsx?as=csv")
    assert call.data.startswith(b"\xef\xbb\xbf")
    assert "证件号(后四位)" in call.text
    with transaction():
        stranger = make.account(make.person())
        make.grant(stranger, Role.ORGANISER, ScopeKind.ORGANISATION, make.organisation().code)
    sign_in(client, stranger, make.now())
    assert ask(client, "GET", f"/activity/{unit.activity.code}/list/summary.xlsx").status_code == 404


def test_a_manager_without_a_desk_finds_import_lists_and_what_waits(
    client: FlaskClient, context: Flask
) -> None:
    unit = manager(client)
    home = f"/organisation/{unit.organisation.code}/entries"
    page = ask(client, "GET", home)
    assert page.status_code == 200, page.text
    door = f"/intake/new?activity={unit.activity.code}&amp;track={unit.track.code}&amp;unit={unit.organisation.code}"
    assert door in page.text
    assert ask(client, "GET", door.replace("&amp;", "&")).status_code == 200
    assert "名单下载" not in page.text
    path = send(client, unit, lists.workbook(lists.people(2))).location
    for place in (home, "/me/registrations"):
        waiting = ask(client, "GET", place).text
        assert "名单已检查，还没有导入" in waiting
        assert path in waiting
    ask(client, "POST", f"{path}/enter", hidden(ask(client, "GET", path).text) | {"which": "good"})
    page = ask(client, "GET", home)
    assert "名单已检查，还没有导入" not in page.text
    out = f"/activity/{unit.activity.code}/list/call.xlsx?unit={unit.organisation.code}"
    assert out in page.text
    assert ask(client, "GET", out).status_code == 200


def test_the_desk_page_of_an_activity_offers_import_and_lists(client: FlaskClient, context: Flask) -> None:
    unit = unit_of()
    with transaction():
        organiser = make.account(make.person())
        make.grant(organiser, Role.ORGANISER, ScopeKind.ORGANISATION, unit.activity.organiser.code)
    sign_in(client, organiser, make.now())
    page = ask(client, "GET", f"/desk/activity/{unit.activity.code}")
    assert page.status_code == 200
    assert f"/intake/new?activity={unit.activity.code}" in page.text
    for kind in ("summary", "call", "signing"):
        out = f"/activity/{unit.activity.code}/list/{kind}.xlsx"
        assert out in page.text
        assert ask(client, "GET", out).status_code == 200


def test_a_units_list_for_a_nominated_track_is_led_through_its_delegation(
    client: FlaskClient, context: Flask
) -> None:
    unit = unit_of(mode=EntryMode.UNIT)
    sign_in(client, unit.manager, make.now())
    home, page = (
        f"/organisation/{unit.organisation.code}/entries",
        f"/intake/new?activity={unit.activity.code}",
    )
    assert home in ask(client, "GET", "/intake").text
    wait = ask(client, "GET", page)
    assert (wait.status_code, "名单文件" in wait.text) == (200, False)
    assert f"{home}/{unit.track.code}" in wait.text
    blind = client.post(
        page,
        data=hidden(ask(client, "GET", home).text) | {"file": (io.BytesIO(lists.workbook([])), "名单.xlsx")},
    )
    assert blind.status_code in (409, 422)
    with transaction():
        party = parties.ask(unit.track, unit.organisation, 2, "", by=unit.manager, stamp=unit.stamp)
    assert "名单文件" in ask(client, "GET", page).text
    answer = send(client, unit, lists.workbook(lists.people(2)))
    assert answer.status_code == 303, answer.text
    assert only(client).party_id == party.id
    with transaction():
        party.allotted, party.note = 0, "名额已分完"
    refused = ask(client, "GET", page).text
    assert "没有给本单位分配名额" in refused
    assert "名额已分完" in refused


def test_the_page_of_lists_without_any_shows_organisers_the_desk(client: FlaskClient, context: Flask) -> None:
    unit = unit_of()
    with transaction():
        organiser = make.account(make.person())
        make.grant(organiser, Role.ORGANISER, ScopeKind.ORGANISATION, unit.activity.organiser.code)
    sign_in(client, organiser, make.now())
    page = ask(client, "GET", "/intake").text
    assert "/desk/activities" in page
    assert f"/organisation/{unit.organisation.code}/entries" not in page
