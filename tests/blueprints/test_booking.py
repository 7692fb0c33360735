"""Skill experience on the pages: a teacher books, the centre offers, confirms, calls off and closes."""

import datetime as dt
import io
import re

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient

from models.base import db
from models.booking import Booking, School, Slot, SlotState, State, Theme
from models.organisation import Type
from services import booking as bookings
from services.stamp import LOCAL
from services.transaction import transaction
from tests.support import factories as make
from tests.support import season
from tests.support.application import Hand
from tests.support.season import Centre, Pupils
from tests.support.staff import ask, hidden, sign_in

DAY = dt.timedelta(days=1)


@pytest.fixture
def house(context: Flask, clock: Hand) -> Centre:
    made = season.centre()
    clock.set(made.when)
    return made


@pytest.fixture
def own(house: Centre) -> Pupils:
    return season.school()


def get(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = ask(client, "GET", path)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:1500])
    return answer.text


def post(client: FlaskClient, path: str, page: str, status: int = 303, **values: object) -> str:
    """Send the first form of a page, with values; answers where it leads, or the page that refused it."""
    answer = ask(client, "POST", path, hidden(page) | values)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:3000])
    return answer.location if status == 303 else answer.text


def week(slot: Slot) -> str:
    return slot.starts_at.astimezone(LOCAL).date().isoformat()


def test_a_teacher_sees_what_fits_and_books_it(client: FlaskClient, house: Centre, own: Pupils) -> None:
    (slot,) = house.offer("09:00")
    pair = house.offer("14:00", parallel=2)
    assert "登录后可以为班级预约" in get(client, "/booking")
    sign_in(client, own.teacher, house.when)
    assert "先选年级" in get(client, "/booking")
    page = get(client, f"/booking?grade=P5&heads=60&week={week(slot)}")
    assert "本学期贵校已约 0 次，还可约 6 次" in page
    assert "剩 48，不够 60 人" in page
    assert "剩 48 + 48，可分 2 组" in page
    path = f"/booking/slot/{pair[0].code}/keep"
    assert path in page
    fill = post(client, path, page, grade="P5", heads="60")
    page = get(client, fill)
    assert "30 + 30" in page
    values = {"grade": "P5", "heads": "60", "classes": "2", "teachers": "2", "contact_name": "陈老师"}
    page = post(client, fill, page, 409, contact="19900009999", **values)
    assert "每 20 名学生至少 1 名，60 人需要 3 名" in page
    assert "陈老师" in page  # nothing is lost
    assert "只填班号" in post(client, fill, page, 422, contact="19900009999", **{**values, "classes": "张三"})
    agree = post(client, fill, page, contact="19900009999", wheelchair="1", **{**values, "teachers": "3"})
    page = get(client, agree)
    assert "请阅读并同意安全责任书" in post(client, agree, page, 422)
    shown = post(client, agree, page, agreed="y")
    page = get(client, shown)
    assert "体验中心正在确认" in page
    assert "199****9999" in page
    assert "19900009999" not in page
    assert {row.state for row in db.session.query(Booking)} == {State.REQUESTED}
    assert "数据标注" in get(client, "/booking/mine")
    page = get(client, f"{shown}/cancel")
    post(client, f"{shown}/cancel", page)
    db.session.expire_all()
    assert {row.state for row in db.session.query(Booking)} == {State.CANCELLED}
    assert [each.taken for each in pair] == [0, 0]


def test_another_school_and_a_stranger_find_nothing(client: FlaskClient, house: Centre, own: Pupils) -> None:
    (slot,) = house.offer("09:00")
    row = house.send(slot, own)[0].code
    for account in (season.school().teacher, make_somebody()):
        sign_in(client, account, house.when)
        for path in ("", "/cancel", "/fill", "/agree"):
            get(client, f"/booking/{row}{path}", 404)


def make_somebody() -> object:
    with transaction():
        return make.account(make.person())


def test_the_manager_lets_it_go_to_the_centre(client: FlaskClient, house: Centre) -> None:
    own = season.school(needs_approval=True)
    (slot,) = house.offer("09:00")
    row = house.send(slot, own)[0]
    sign_in(client, own.manager, house.when)
    page = get(client, f"/booking/{row.code}")
    assert "本校同意" in page
    post(client, f"/booking/{row.code}/approve", page, 409, decision="refuse")
    post(client, f"/booking/{row.code}/approve", page, decision="approve")
    db.session.expire_all()
    assert row.state is State.REQUESTED
    page = get(client, "/booking/mine")
    post(client, f"/booking/school/{own.unit.code}/approval", page, wanted="")
    db.session.expire_all()
    assert own.school.needs_approval is False


def test_the_centre_confirms_and_the_day_is_counted(
    client: FlaskClient, house: Centre, own: Pupils, clock: Hand
) -> None:
    (slot,) = house.offer("09:00")
    row = house.send(slot, own)[0]
    sign_in(client, house.staff, house.when)
    assert own.unit.name in get(client, "/desk/booking/queue")
    path = f"/desk/booking/request/{row.code}"
    page = get(client, path)
    post(client, path, page, 409, decision="refuse")
    post(client, path, page, decision="confirm")
    sign_in(client, own.teacher, house.when)
    page = get(client, f"/booking/{row.code}")
    post(
        client,
        f"/booking/{row.code}/supplement",
        page,
        transport="hired_bus",
        plates="渝C12345",
        insurance="PA2026",
    )
    clock.set(house.when + 21 * DAY)
    sign_in(client, own.teacher, house.when + 21 * DAY)
    page = get(client, f"/booking/{row.code}")
    post(client, f"/booking/{row.code}/arrive", page, heads="38", teachers="2")
    clock.set(house.when + 21 * DAY + dt.timedelta(hours=3))
    sign_in(client, house.staff, house.when + 21 * DAY + dt.timedelta(hours=3))
    assert "1 / 1" in get(client, "/desk/booking/closing")
    page = get(client, f"/desk/booking/slot/{slot.code}")
    post(client, f"/desk/booking/slot/{slot.code}/close", page)
    db.session.expire_all()
    assert (row.state, row.arrived_heads, slot.state) == (State.COMPLETED, 38, SlotState.CLOSED)
    page = get(client, f"/desk/booking/visit/{row.code}/correct")
    post(client, f"/desk/booking/visit/{row.code}/correct", page, heads="37", note="数错了")
    assert "38" not in get(client, f"/desk/booking/season/{house.activity.code}/coverage")


def test_weather_takes_off_what_was_chosen(client: FlaskClient, house: Centre, own: Pupils) -> None:
    morning, afternoon = house.offer("09:00", "14:00")
    row = house.confirm(morning, own)[0]
    sign_in(client, house.staff, house.when)
    path = f"/desk/booking/season/{house.activity.code}/off"
    page = get(client, f"{path}?week={week(morning)}&slot={morning.code}")
    assert "checked" in page
    post(client, path, page, 409, slot=morning.code, note="")
    post(client, path, page, slot=morning.code, note="暴雨红色预警")
    db.session.expire_all()
    assert (row.state, morning.state, afternoon.state) == (
        State.CALLED_OFF, SlotState.CALLED_OFF, SlotState.OPEN,
    )  # fmt: skip
    sign_in(client, own.teacher, house.when)
    page = get(client, f"/booking/{row.code}")
    assert "暴雨红色预警" in page
    made = post(client, f"/booking/{row.code}/move/{afternoon.code}", page)
    assert made != f"/booking/{row.code}"
    assert "体验中心正在确认" in get(client, made)


def test_a_theme_and_its_slots_are_offered(client: FlaskClient, house: Centre) -> None:
    sign_in(client, house.staff, house.when)
    code = house.activity.code
    assert house.activity.title in get(client, "/desk/booking")
    path = f"/desk/booking/season/{code}/theme/new"
    page = get(client, path)
    values = {"title": "茶艺", "capacity": "30", "minutes": "60", "grades": ["P4", "P5"], "least": "10"}
    repeat = post(client, path, page, **values)
    page = get(client, repeat)
    first = house.day
    values = {
        "first": first.isoformat(), "last": (first + 13 * DAY).isoformat(), "weekdays": ["0", "2"],
        "times": "09:00、14:00", "parallel": "2",
    }  # fmt: skip
    shown = ask(client, "POST", repeat, hidden(page) | values)
    assert shown.status_code == 200, shown.text[:2000]
    assert "将新排 16 场" in shown.text
    assert db.session.query(Slot).count() == 0
    assert 'name="seen" type="hidden" value="16"' in shown.text
    post(client, repeat, shown.text, seen="16", **values)
    assert db.session.query(Slot).count() == 16
    theme = db.session.query(Theme).filter_by(title="茶艺").one()
    path = f"/desk/booking/season/{code}/theme/{theme.code}"
    page = get(client, path)
    post(client, path, page, title="茶艺与礼仪", capacity="30", minutes="60", least="0")
    post(client, f"{path}/close", get(client, path))
    path = f"/desk/booking/season/{code}/terms"
    page = get(client, path)
    values = dict(re.findall(r'name="(\w+)"[^>]*value="(\d+)"', page)) | {
        "closures": "2027-01-01 到 2027-01-03 元旦"
    }
    post(client, path, page, **values)
    db.session.expire_all()
    assert house.season.closures == [{"from": "2027-01-01", "to": "2027-01-03", "why": "元旦"}]
    assert "这一行看不懂" in post(client, path, get(client, path), 422, **{**values, "closures": "过年"})


def test_schools_come_from_the_commissions_list(client: FlaskClient, house: Centre) -> None:
    with transaction():
        known = make.organisation("永川示例小学", Type.SCHOOL).name
    rows = [
        ("学校名称", "学段", "所在镇街", "城乡"),
        (known, "小学", "中山路街道", ""),
        ("永川示例九年制学校", "九年一贯制", "朱沱镇", ""),
        ("永川示例中学", "幼儿园", "", ""),
    ]
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    sign_in(client, house.staff, house.when)
    page = get(client, "/desk/booking/schools")
    answer = client.post(
        "/desk/booking/schools", data=hidden(page) | {"file": (io.BytesIO(data.getvalue()), "名单.xlsx")}
    )
    assert answer.status_code == 200, answer.text[:2000]
    assert "学段“幼儿园”看不懂" in answer.text
    found = {row.organisation.name: row for row in db.session.query(School)}
    assert set(found) == {known, "永川示例九年制学校"}
    assert (found[known].is_rural, found["永川示例九年制学校"].is_rural) == (False, True)
    assert len(found["永川示例九年制学校"].grades) == 9


def test_a_citizen_books_alone(client: FlaskClient, house: Centre) -> None:
    with transaction():
        house.theme.takes_citizens = True
        citizen = make.account(make.person())
    (slot,) = house.offer("09:00")
    sign_in(client, citizen, house.when)
    path = f"/booking/slot/{slot.code}/single"
    page = get(client, path)
    shown = post(client, path, page, contact_name="李四", contact="19900001234")
    assert "已确认" in get(client, shown)


def test_a_master_is_asked_into_the_schools_own_room(client: FlaskClient, house: Centre, own: Pupils) -> None:
    with transaction():
        theme = bookings.add_theme(
            house.season,
            bookings.ThemeEntry("大师进校园", is_visiting=True, capacity=50),
            stamp=house.stamp(),
        )
    sign_in(client, own.teacher, house.when)
    assert "送课进校" in get(client, "/booking?grade=P5&heads=40")
    path = f"/booking/theme/{house.activity.code}/{theme.code}/propose"
    page = get(client, path)
    shown = post(
        client, path, page, starts_at=f"{house.day}T10:00", room="综合楼 302", grade="P5", classes="1", heads="40",
        teachers="2", contact_name="陈老师", contact="19900009999",
    )  # fmt: skip
    row = db.session.query(Booking).one()
    assert shown.endswith(row.code)
    assert row.slot.state is SlotState.PROPOSED
    sign_in(client, house.staff, house.when)
    path = f"/desk/booking/request/{row.code}"
    post(client, path, get(client, path), decision="confirm")
    db.session.expire_all()
    assert (row.state, row.slot.state) == (State.CONFIRMED, SlotState.OPEN)
