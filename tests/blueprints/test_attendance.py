"""The pass and the check-in desk over HTTP, as a phone without scripts would use them."""

import datetime as dt
import io
import re
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image, ImageFilter

from certificates import pass_image
from certificates.reading import read_codes
from models.account import Account, Role, ScopeKind
from models.activity import Activity, Session
from models.activity import State as ActivityState
from models.attendance import Attendance, Way
from models.base import db
from models.registration import Registration, State
from services import attendance as attendances
from services.transaction import transaction
from tests.support import factories as make
from tests.support.doors import BASE_URL, Client, outside

HOUR = dt.timedelta(hours=1)


@dataclass
class Hall:
    app: Flask
    activity: Activity
    session: Session
    helper: Account
    holder: Account
    entry: Registration
    other: Registration

    @property
    def path(self) -> str:
        return f"/desk/activity/{self.activity.code}/checkin"

    def client(self, who: Account | None = None) -> Client:
        return Client(self.app, who)

    def rows(self) -> list[Attendance]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(Attendance).order_by(Attendance.id)))


@pytest.fixture
def hall(app: Flask, context: Flask) -> Hall:
    with transaction():
        activity = make.activity("数控铣技能竞赛", starts_in=HOUR)
        track = make.track(activity)
        helper = make.account(make.person("示例助手"))
        make.grant(helper, Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, activity.code)
        holder = make.account(make.person("示例选手"))
        entry, other = make.accepted(track, holder.person), make.accepted(track, make.person("示例同伴"))
    return Hall(app, activity, activity.sessions[0], helper, holder, entry, other)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def photo(said: str) -> bytes:
    """A phone's picture of a pass: turned, blurred, small in a grey room."""
    drawn = Image.open(io.BytesIO(pass_image.draw(said, "K3F9 7QXD"))).convert("L").resize((430, 490))
    room = Image.new("L", (1200, 1600), 120)
    turned = drawn.rotate(17, expand=True, fillcolor=120, resample=Image.Resampling.BICUBIC)
    room.paste(turned, (330, 480))
    out = io.BytesIO()
    room.filter(ImageFilter.GaussianBlur(2)).save(out, "JPEG", quality=70)
    return out.getvalue()


# --- the pass --------------------------------------------------------------------------------------


def test_a_pass_says_nothing_to_strangers_and_nothing_more_where_there_is_none(hall: Hall) -> None:
    with transaction():
        stranger = make.account(make.person())
        elsewhere = make.account(make.person())
        make.grant(elsewhere, Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, make.activity().code)
    for who in (None, stranger, elsewhere):
        client = hall.client(who)
        good, none, no_code = (text(client, f"/pass/{c}") for c in (hall.entry.pass_code, "00000000", "x"))
        plain = [re.sub('name="csrf_token" value="[^"]*"', "", page) for page in (good, none, no_code)]
        assert plain[0] == plain[1] == plain[2]
        assert "示例选手" not in good
        assert "请在入口处向工作人员出示" in good


def test_staff_without_a_sign_in_are_led_there_and_back(hall: Hall) -> None:
    answer = hall.client().get(f"/pass/{hall.entry.pass_code}?staff")
    assert answer.status_code == 302
    assert answer.location.endswith(f"/sign-in?next=/pass/{hall.entry.pass_code}")


def test_the_holder_is_led_to_their_entry_with_the_pass_first(hall: Hall) -> None:
    client = hall.client(hall.holder)
    answer = client.get(f"/pass/{hall.entry.pass_code}")
    assert answer.location.endswith(f"/registration/{hall.entry.code}")
    for path in (f"/registration/{hall.entry.code}", "/me/registrations"):
        page = text(client, path)
        assert attendances.say_pass(hall.entry) in page
        assert page.index("pass.png") < page.index("报名成功，请按时参加")
    drawn = client.get(f"/registration/{hall.entry.code}/pass.png")
    assert drawn.content_type == "image/png"
    assert read_codes(drawn.get_data()) == [f"{BASE_URL}/pass/{hall.entry.pass_code}"]


def test_the_picture_is_the_holders_only_and_while_it_is_of_use(hall: Hall) -> None:
    path = f"/registration/{hall.entry.code}/pass.png"
    text(hall.client(hall.helper), path, 404)
    with transaction():
        hall.entry.state = State.SUBMITTED
    text(hall.client(hall.holder), path, 404)
    assert "pass.png" not in text(hall.client(hall.holder), f"/registration/{hall.entry.code}")
    with transaction():
        hall.entry.state, hall.activity.state = State.ACCEPTED, ActivityState.HELD
    text(hall.client(hall.holder), path, 404)


def test_a_helper_checks_in_from_the_link_of_the_pass(hall: Hall) -> None:
    client, path = hall.client(hall.helper), f"/pass/{hall.entry.pass_code}"
    page = text(client, path)
    document = hall.entry.person.document
    assert document is not None
    assert "示例选手" in page
    assert document.number not in page
    assert document.number[-4:] in page
    fields = {"pass_code": hall.entry.pass_code, "sitting": hall.session.code, "way": "link"}
    answer = client.post(hall.path, path, **fields)
    assert answer.status_code == 303
    assert "签到成功" in text(client, answer.location)
    assert [row.way for row in hall.rows()] == [Way.LINK]
    again = client.post(hall.path, path, **fields)
    assert re.search(r"\d\d:\d\d 已签到", text(client, again.location))
    assert len(hall.rows()) == 1
    assert "已签到" in text(hall.client(hall.holder), "/me/registrations")


def test_a_link_of_an_entry_that_is_not_accepted_says_why(hall: Hall) -> None:
    with transaction():
        hall.entry.state = State.WAITLISTED
    client, path = hall.client(hall.helper), f"/pass/{hall.entry.pass_code}"
    assert "还在候补" in text(client, path)
    fields = {"pass_code": hall.entry.pass_code, "sitting": hall.session.code, "way": "link"}
    answer = client.post(hall.path, hall.path, **fields)
    assert answer.status_code == 409
    assert "还在候补" in answer.get_data(as_text=True)
    assert hall.rows() == []


# --- the desk --------------------------------------------------------------------------------------


def test_a_typed_code_checks_in_and_a_second_one_says_when(hall: Hall) -> None:
    client = hall.client(hall.helper)
    assert "示例同伴" in text(client, hall.path)
    typed = attendances.say_pass(hall.entry)
    answer = client.post(hall.path, pass_code=typed, sitting=hall.session.code, way="typed")
    page = text(client, answer.location)
    assert "签到成功" in page
    assert "1 / 2" in page
    answer = client.post(hall.path, pass_code=typed, sitting=hall.session.code, way="typed")
    page = text(client, answer.location)
    assert 'data-tone="warn"' in page
    assert len(hall.rows()) == 1


def test_the_same_form_sent_twice_is_one_check_in_with_one_answer(hall: Hall) -> None:
    client = hall.client(hall.helper)
    fields = client.hidden(hall.path) | {"pass_code": hall.entry.pass_code, "way": "typed"}
    first, second = (client._send(hall.path, fields) for _each in "12")
    assert first.location == second.location
    assert "done=" in first.location
    assert len(hall.rows()) == 1


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [("", 422, "请输入入场码"), ("00000000", 409, "没有这个入场码"), ("你好", 409, "没有这个入场码")],
)
def test_a_wrong_code_is_said_in_place_with_what_was_typed(
    hall: Hall, said: str, status: int, sentence: str
) -> None:
    answer = hall.client(hall.helper).post(hall.path, pass_code=said, way="typed")
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    assert sentence in page
    assert 'data-tone="full"' in page
    assert hall.rows() == []


def test_a_pass_of_another_activity_shows_nobody(hall: Hall) -> None:
    with transaction():
        foreign = make.accepted(make.track(make.activity(starts_in=HOUR)), make.person("示例外人"))
    answer = hall.client(hall.helper).post(hall.path, pass_code=foreign.pass_code, way="typed")
    page = answer.get_data(as_text=True)
    assert "不是本活动的" in page
    assert "示例外人" not in page


def test_a_refusal_names_who_it_is_about(hall: Hall) -> None:
    with transaction():
        hall.other.state = State.RETURNED
    answer = hall.client(hall.helper).post(hall.path, pass_code=hall.other.pass_code, way="typed")
    page = answer.get_data(as_text=True)
    assert "退回补正" in page
    assert "示例同伴" in page


def test_a_script_gets_the_two_parts_that_change(hall: Hall) -> None:
    client = hall.client(hall.helper)
    fields = client.hidden(hall.path) | {"pass_code": hall.entry.pass_code, "way": "camera"}
    with outside():
        answer = client.http.post(
            hall.path,
            base_url=BASE_URL,
            data=fields,
            headers={"HX-Request": "true"},
            follow_redirects=True,
        )
    page = answer.get_data(as_text=True)
    assert "<html" not in page
    assert page.count("data-part=") == 2
    assert "示例选手" in page
    assert [row.way for row in hall.rows()] == [Way.CAMERA]


def test_a_blurred_photo_of_a_turned_pass_checks_in(hall: Hall) -> None:
    client = hall.client(hall.helper)
    link = attendances.pass_link(hall.entry, "https://skills.yongchuan.example")
    file = (io.BytesIO(photo(link)), "IMG_0001.jpg")
    answer = client.post(hall.path, photo=file, way="photo", sitting=hall.session.code)
    assert answer.status_code == 303
    assert "示例选手" in text(client, answer.location)
    assert [row.way for row in hall.rows()] == [Way.PHOTO]


def test_a_photo_without_a_pass_says_what_to_do(hall: Hall) -> None:
    client = hall.client(hall.helper)
    for data, sentence in (
        (photo("https://example.org/nothing"), "照片里没有认出入场码"),
        (b"no picture at all", "不是能识别的照片"),
        (b"", "请选择照片"),
    ):
        answer = client.post(hall.path, photo=(io.BytesIO(data), "a.jpg" if data else ""), way="photo")
        assert answer.status_code in (409, 422)
        assert sentence in answer.get_data(as_text=True)
    assert hall.rows() == []


def test_somebody_is_found_in_the_list_ticked_and_undone(hall: Hall) -> None:
    client = hall.client(hall.helper)
    page = text(client, f"{hall.path}?q=同伴")
    assert "示例选手" not in page
    answer = client.post(hall.path, pass_code=hall.other.pass_code, way="list", sitting=hall.session.code)
    page = text(client, answer.location)
    undo = re.findall(r'href="([^"]*/undo)"', page)[0]
    assert client.post(undo, reason="").status_code == 422
    answer = client.post(undo, reason="扫错了人")
    assert answer.status_code == 303
    assert "0 / 2" in text(client, answer.location)
    assert [(row.turn, row.reason, row.way) for row in hall.rows()] == [
        (1, "", Way.LIST),
        (2, "扫错了人", Way.LIST),
    ]
    assert client.post(undo, reason="再来").status_code == 409


def test_the_desk_of_an_activity_shows_how_many_are_there(hall: Hall) -> None:
    page = text(hall.client(hall.helper), f"/desk/activity/{hall.activity.code}")
    assert f"{hall.path}?session={hall.session.code}" in page
    assert "0 / 2" in page


def test_a_helper_of_another_activity_finds_no_door(hall: Hall) -> None:
    with transaction():
        elsewhere = make.account(make.person())
        make.grant(elsewhere, Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, make.activity().code)
        reviewer = make.account(make.person())
        make.grant(reviewer, Role.REVIEWER, ScopeKind.ACTIVITY, hall.activity.code)
    text(hall.client(elsewhere), hall.path, 404)
    text(hall.client(reviewer), hall.path, 403)
    answer = hall.client(elsewhere).bare(hall.path, pass_code=hall.entry.pass_code, way="typed")
    assert answer.status_code == 404
    text(hall.client(hall.helper), f"{hall.path}?session=0123456789abcdef", 404)
    assert hall.rows() == []


def test_the_camera_is_allowed_on_this_site_only(hall: Hall) -> None:
    answer = hall.client(hall.helper).get(hall.path)
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


# --- hours -------------------------------------------------------------------------------------------


def test_an_organiser_takes_the_hours_along_as_a_file(hall: Hall) -> None:
    with transaction():
        organiser = make.account(make.person())
        make.grant(organiser, Role.ORGANISER, ScopeKind.ACTIVITY, hall.activity.code)
    client, page = hall.client(organiser), f"/desk/activity/{hall.activity.code}/hours"
    assert f"{page}.xlsx" in text(client, page)
    assert client.get(f"{page}.xlsx").data.startswith(b"PK")
    assert "学时合计" in client.get(f"{page}.xlsx?as=csv").data.decode("utf-8-sig")
    assert client.get(f"{page}.xlsx?as=pdf").status_code == 404
    assert hall.client(hall.helper).get(f"{page}.xlsx").status_code == 403
