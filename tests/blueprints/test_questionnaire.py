"""报名表设置 and the form that is made of it: moves, own fields, conditions, versions, files, waivers."""

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.account import Account, Role
from models.activity import Activity, Kind
from models.base import db
from models.person import Person
from models.questionnaire import Questionnaire
from models.quota import Quota
from models.registration import Answer, Registration, Waiver
from models.upload import Upload
from services import questionnaire as questionnaires
from services.activity import TrackEntry
from services.transaction import transaction
from tests.support import factories as make
from tests.support import files
from tests.support.application import Hand
from tests.support.staff import NOW, Staff, ask, hidden, sign_in, staff


@pytest.fixture
def house(context: Flask, clock: Hand) -> Staff:
    clock.set(NOW)
    return staff()


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = ask(client, "GET", path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def post(client: FlaskClient, path: str, seen: str = "", status: int = 303, **values: Any) -> str:
    page = read(client, seen or path)
    fields = hidden(page) | {"seen": seen_of(page)} | values
    answer = ask(client, "POST", path, fields)
    said = answer.get_data(as_text=True)
    why = re.findall(r"field-error.*?</div>|error-summary.*?</div>", said, re.DOTALL)
    assert answer.status_code == status, (path, answer.status_code, why)
    return said if status != 303 else answer.location


def seen_of(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def move(client: FlaskClient, activity: Activity, verb: str, key: str, status: int = 303) -> str:
    at = f"/desk/activity/{activity.code}/form"
    return post(client, f"{at}/move", at, status, move=verb, key=key)


def keys(activity: Activity) -> list[str]:
    db.session.rollback()
    return [field.key for field in questionnaires.of(activity).fields]


OWN = {"label": "是否住宿", "kind": "choice", "options": "住 | 2\n不住", "purpose": "安排住宿", "required": "y"}
OWN |= {"sensitivity": "open", "retention": "day"}


def add(client: FlaskClient, activity: Activity, status: int = 303, **values: Any) -> str:
    return post(client, f"/desk/activity/{activity.code}/form/field", status=status, **OWN | values)


def own_key(activity: Activity, label: str = "是否住宿") -> str:
    db.session.rollback()
    return next(field.key for field in questionnaires.of(activity).fields if str(field.label) == label)


def test_a_preset_is_chosen_with_one_press_and_fields_are_picked_ordered_and_demanded(
    client: FlaskClient, house: Staff
) -> None:
    made = house.drafted(kind=Kind.COMPETITION, series="district")
    sign_in(client, house.organiser)
    assert "正在使用" in read(client, f"/desk/activity/{made.code}/form")
    assert db.session.query(Questionnaire).count() == 0
    move(client, made, "preset", "unit")
    assert "employment_proof" in keys(made)
    move(client, made, "pick", "diet")
    assert keys(made)[-2:] == ["diet", "remark"]
    move(client, made, "up", "diet")
    assert keys(made)[-3:] == ["diet", "employment_proof", "remark"]
    move(client, made, "demand", "diet")
    move(client, made, "drop", "coach")
    assert "coach" not in keys(made)
    move(client, made, "drop", "category")
    move(client, made, "up", "workplace")
    assert keys(made)[0] == "category"
    assert questionnaires.of(made).find("diet").required  # type: ignore[union-attr]
    (row,) = db.session.scalars(sa.select(Questionnaire))
    assert row.number == 1, "a draft's form is edited in place"
    assert read(client, f"/desk/activity/{made.code}/form/preview")


def test_what_nobody_offers_is_not_taken(client: FlaskClient, house: Staff) -> None:
    made = house.drafted()
    sign_in(client, house.organiser)
    before = keys(made)
    move(client, made, "explode", "coach", status=422)
    for verb, key in (("pick", "nonsense"), ("pick", "category"), ("up", "x"), ("preset", "nonsense")):
        move(client, made, verb, key)
    assert keys(made) == before
    at = f"/desk/activity/{made.code}/form"
    fields = hidden(read(client, at)) | {"move": "pick", "key": "diet", "seen": "7.7"}
    late = ask(client, "POST", f"{at}/move", fields).get_data(as_text=True)
    assert "已被他人修改" in late
    read(client, f"{at}/field/nonsense", 404)


def test_an_own_choice_has_places_of_its_own_and_hangs_on_another_field(
    client: FlaskClient, house: Staff
) -> None:
    made = house.drafted()
    sign_in(client, house.organiser)
    add(client, made)
    key = own_key(made)
    db.session.rollback()
    (quota,) = db.session.scalars(sa.select(Quota))
    assert (quota.key, quota.capacity) == (f"{key}:o1", 2)
    bad = add(client, made, 422, label="房型", options="单间", when=[f"{key}=o1"])
    assert "至少写两个选项" in bad
    bad = add(client, made, 422, label="房型", options="单间\n标间", when=[f"{key}=o1", "category=citizen"])
    assert "只勾选同一个项目" in bad
    add(client, made, label="房型", options="单间\n标间", when=[f"{key}=o1"])
    page = read(client, f"/desk/activity/{made.code}/form")
    assert f'data-show-when="{key}=o1"' in page
    assert "“是否住宿”为住时显示" in page
    below = own_key(made, "房型")
    move(client, made, "up", below)
    assert keys(made).index(below) == keys(made).index(key) + 1, "it stays below what it hangs on"
    move(client, made, "drop", key)
    assert questionnaires.of(made).find(below).shown_when is None  # type: ignore[union-attr]
    db.session.rollback()
    assert db.session.scalars(sa.select(Quota)).all() == []


def test_another_units_organiser_finds_nothing(client: FlaskClient, house: Staff) -> None:
    made = house.drafted()
    sign_in(client, house.stranger)
    for path in ("form", "form/preview", "form/field", f"track/{made.tracks[0].code}/waivers"):
        read(client, f"/desk/activity/{made.code}/{path}", 404)


def test_a_public_form_only_grows_and_answers_keep_their_version(
    app: Flask, client: FlaskClient, house: Staff
) -> None:
    made = house.published(when=NOW)
    track = made.tracks[0].code
    visitor, account = applicant(app)
    enter(visitor, track, remark="第一版")
    sign_in(client, house.organiser)
    for verb, key in (("drop", "remark"), ("demand", "remark"), ("down", "post"), ("up", "post")):
        no = move(client, made, verb, key, 409)
        assert "只能增加项目或选项" in no
    add(client, made)
    add(client, made, label="房型", options="单间\n标间")
    assert [row.number for row in db.session.scalars(sa.select(Questionnaire))] == [1, 2]
    key = own_key(made)
    edit = f"/desk/activity/{made.code}/form/field/{key}"
    assert "只能增加" in post(client, edit, status=409, **OWN | {"label": "住不住"})
    assert "只能增加" in post(client, edit, status=409, **OWN | {"options": "不住\n再说"})
    post(client, edit, **OWN | {"options": "住 | 3\n不住\n再说"})
    row = db.session.scalars(sa.select(Registration)).one()
    assert row.answer is not None and row.answer.questionnaire_id is None
    assert "是否住宿" not in read(visitor, f"/registration/{row.code}/edit")
    assert [str(field.label) for field, _said in questionnaires.answers_of(row)][-1] == "备注"
    second, _other = applicant(app)
    assert "请选择" in enter(second, track, 422)
    enter(second, track, **{key: "o1", own_key(made, "房型"): "o2"})
    assert account.person_id == row.person_id


def applicant(app: Flask) -> tuple[FlaskClient, Account]:
    with transaction():
        account = make.account(make.person())
    other = app.test_client()
    sign_in(other, account)
    return other, account


ENTRY = {"category": "enterprise_employee", "workplace": "示例精密机械有限公司", "promise": "y"}


def enter(client: FlaskClient, track: str, status: int = 303, **values: Any) -> str:
    return post(client, f"/register/{track}", status=status, **ENTRY | values)


def test_conditions_hold_on_the_server_and_what_was_typed_stays(
    app: Flask, client: FlaskClient, house: Staff
) -> None:
    made = house.drafted()
    sign_in(client, house.organiser)
    add(client, made)
    key = own_key(made)
    add(client, made, label="房号要求", kind="text", options="", when=[f"{key}=o1"])
    below = own_key(made, "房号要求")
    publish(made, house)
    visitor, _account = applicant(app)
    track = made.tracks[0].code
    page = enter(visitor, track, 422, **{key: "o1", "remark": "靠近车站<b>"})
    assert "请填写房号要求" in page
    assert "靠近车站&lt;b&gt;" in page
    assert 'value="示例精密机械有限公司"' in page
    assert "请从所列选项中选择" in enter(visitor, track, 422, **{key: "o9"})
    enter(visitor, track, **{key: "o2", below: "偷偷填的", "own_forged": "1", "state": "accepted"})
    answer = db.session.scalars(sa.select(Answer)).one()
    assert answer.values == {key: "o2"}
    for _ in range(2):
        enter(applicant(app)[0], track, **{key: "o1", below: "朝南"})
    assert "选项“住”" in enter(applicant(app)[0], track, 409, **{key: "o1", below: "朝南"})
    db.session.rollback()
    quota = db.session.scalars(sa.select(Quota)).one()
    assert (quota.taken, quota.capacity) == (2, 2)


def publish(made: Activity, house: Staff) -> None:
    from services import activity as activities

    mine, theirs = house.stamp(house.organiser), house.stamp(house.approver)
    with transaction():
        activities.submit(made, by=house.by(house.organiser), stamp=mine)
    with transaction():
        activities.approve(made, by=house.by(house.approver), stamp=theirs)
    with transaction():
        activities.publish(made, stamp=mine)


def test_a_photo_is_redrawn_sealed_kept_on_edit_and_read_by_few(
    app: Flask, client: FlaskClient, house: Staff
) -> None:
    made = house.drafted()
    sign_in(client, house.organiser)
    move(client, made, "pick", "photo")
    move(client, made, "demand", "photo")
    publish(made, house)
    visitor, _account = applicant(app)
    track = made.tracks[0].code
    assert "请上传近期照片" in enter(visitor, track, 422)
    assert "不支持这种文件" in enter(visitor, track, 422, photo=(io.BytesIO(files.paper()), "a.pdf"))
    assert "请上传近期照片" in enter(visitor, track, 422, photo="0123456789abcdef")
    assert db.session.query(Upload).count() == 0
    enter(visitor, track, photo=(io.BytesIO(files.picture()), "me.png"))
    row = db.session.scalars(sa.select(Registration)).one()
    upload = db.session.scalars(sa.select(Upload)).one()
    assert row.answer is not None
    assert row.answer.values == {}
    assert upload.code in (row.answer.private or "")
    post(visitor, f"/registration/{row.code}/edit", **ENTRY | {"workplace": "另一家"})
    db.session.refresh(row.answer)
    assert upload.code in (row.answer.private or "")
    path = f"/registration/{row.code}/file/photo"
    sent = ask(visitor, "GET", path)
    assert (sent.status_code, sent.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert ask(client, "GET", path).status_code == 200
    for other in (applicant(app)[0],):
        read(other, path, 404)
    read(visitor, f"/registration/{row.code}/file/workplace", 404)


def test_a_rule_is_waived_for_one_person_with_who_and_why(
    app: Flask, client: FlaskClient, house: Staff
) -> None:
    made = house.drafted(tracks=0)
    from services import activity as activities

    entry: TrackEntry = house.track(rules=({"kind": "years", "least": 5},))
    with transaction():
        activities.add_track(made, entry, stamp=house.stamp(house.organiser))
        move_fields = questionnaires.pick(questionnaires.of(made).fields, "years_at_work")
        questionnaires.save(made, move_fields, seen="0.0", by=None, stamp=house.stamp(house.organiser))
    publish(made, house)
    track = made.tracks[0]
    visitor, account = applicant(app)
    page = read(visitor, f"/register/{track.code}")
    assert "从事本职业满 5 年" in page
    assert "暂不符合报名条件" in enter(visitor, track.code, 409, years_at_work="3")
    sign_in(client, house.organiser)
    door = f"/desk/activity/{made.code}/track/{track.code}/waivers"
    person = db.session.get_one(Person, account.person_id)
    document = person.document
    assert document is not None
    who = {"name": person.name, "document_type": "resident_id", "document_number": document.number}
    said = {"rule": "years", "reason": "世赛集训队推荐"}
    assert "没有找到" in post(client, door, status=409, **who | said | {"name": "别人"})
    post(client, door, status=422, **who | said | {"reason": ""})
    post(client, door, status=422, **who | said | {"rule": "age"})
    post(client, door, **who | said, evidence=(io.BytesIO(files.paper()), "批复.pdf"))
    assert "已经豁免" in post(client, door, status=409, **who | said)
    page = read(client, door)
    assert document.number not in page
    waiver = db.session.scalars(sa.select(Waiver)).one()
    assert ask(client, "GET", f"{door}/{waiver.code}/evidence").status_code == 200
    assert "已豁免：世赛集训队推荐" in read(visitor, f"/register/{track.code}")
    post(client, f"{door}/{waiver.code}/end", door)
    assert db.session.scalars(sa.select(Waiver)).all() == []
    enter(visitor, track.code, 409, years_at_work="3")
    post(client, door, **who | said)
    enter(visitor, track.code, years_at_work="3")
    with transaction():
        mine = db.session.get_one(Person, house.organiser.person_id)
        own = mine.document
        assert own is not None
        own_who = {"name": mine.name, "document_type": "resident_id", "document_number": own.number}
    assert "不能为自己" in post(client, door, status=409, **own_who | said)
    row = db.session.scalars(sa.select(Registration)).one()
    with transaction():
        make.grant(db.session.merge(house.organiser), Role.REVIEWER)
    assert row.person.name in read(client, f"{door}?entry={row.code}")
