import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.account import Account, Role, ScopeKind
from models.activity import Activity, State
from models.base import db
from services import activity as activities
from services import indicator as indicators
from services.stamp import machine
from services.transaction import transaction
from tests.support import factories
from tests.support.application import Hand
from tests.support.plan import document
from tests.support.staff import NOW, Staff, ask, hidden, sign_in, staff


@pytest.fixture
def house(context: Flask, clock: Hand) -> Staff:
    clock.set(NOW)
    return staff()


@pytest.fixture
def plans(house: Staff) -> None:
    with transaction():
        for code in ("yongchuan-2023", "demo-continuation"):
            indicators.load(document(code), stamp=machine("test"))


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = ask(client, "GET", path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def post(client: FlaskClient, path: str, seen: str, status: int = 303, **values: object) -> str:
    fields = hidden(read(client, seen)) | values
    answer = ask(client, "POST", path, fields)
    page = answer.get_data(as_text=True)
    said = re.findall(r"field-error.*?</div>|error-summary.*?</div>", page, re.DOTALL)
    assert answer.status_code == status, (path, answer.status_code, said)
    return page if status != 303 else answer.location


FACTS = {
    "kind": "training_class",
    "title": "果树修剪班 <b>A&B<C</b>",
    "summary": "三天学会",
    "starts_at": "2026-12-05T09:00",
    "ends_at": "2026-12-07T17:00",
    "level": "district",
    "clause": "14",
    "tags": ["rural"],
    "audience": ["rural_worker"],
    "contact_phone": "023-49800000",
}


@pytest.mark.usefixtures("plans")
def test_an_organiser_makes_an_activity_and_an_approver_lets_it_out(
    app: Flask, client: FlaskClient, house: Staff
) -> None:
    sign_in(client, house.organiser)
    assert "没有等您办理的事" in read(client, "/desk")
    with transaction():
        house.lead.department_code = "agri"
    units = {"organiser": house.unit.code, "host": house.lead.code, "lead": ""}
    shown = post(client, "/desk/activity/new", "/desk/activity/new", **FACTS, **units)
    page = read(client, shown)
    assert "果树修剪班 &lt;b&gt;A&amp;B&lt;C&lt;/b&gt;" in page
    assert "<b>A&B" not in page
    assert "还没有报名项目" in page
    assert "乡村" in page
    made = db.session.scalars(sa.select(Activity)).one()
    assert made.lead_id == house.lead.id
    code = made.code

    track = {
        "name": "学员",
        "capacity": "30",
        "opens_at": "2026-11-20T09:00",
        "closes_at": "2026-12-01T18:00",
        "has_waiting_list": "y",
    }
    post(client, f"/desk/activity/{code}/track", f"/desk/activity/{code}/track", **track)
    session = {"title": "第一课", "starts_at": "2026-12-05T09:00", "ends_at": "2026-12-05T12:00"}
    session["venue"] = house.venue.code
    post(client, f"/desk/activity/{code}/session", f"/desk/activity/{code}/session", **session)
    page = read(client, shown)
    assert "内容齐全" in page
    post(client, f"/desk/activity/{code}/submit", shown)
    assert read(client, shown)

    other = app.test_client()
    sign_in(other, house.approver)
    assert "活动待审批" in read(other, "/desk")
    approve = f"/desk/activity/{code}/approve"
    post(other, approve, approve, status=409, decision="send_back", note="")
    post(other, approve, approve, decision="approve")

    post(client, f"/desk/activity/{code}/publish", shown)
    assert "果树修剪班" in read(app.test_client(), "/")
    assert "2026-11-20" not in read(app.test_client(), f"/activity/{code}")
    assert read(client, "/desk/activities?state=published")
    cancel = f"/desk/activity/{code}/cancel"
    post(client, cancel, cancel, reason="寒潮")
    db.session.rollback()
    assert made.state is State.CANCELLED
    assert "寒潮" in read(app.test_client(), f"/activity/{code}")


def test_a_draft_that_is_not_ready_is_refused_in_place(app: Flask, client: FlaskClient, house: Staff) -> None:
    made = house.drafted(tracks=0)
    sign_in(client, house.organiser)
    page = post(client, f"/desk/activity/{made.code}/submit", f"/desk/activity/{made.code}/edit", status=409)
    assert "还没有报名项目" in page


def test_two_editors_do_not_overwrite_each_other(app: Flask, client: FlaskClient, house: Staff) -> None:
    made = house.drafted()
    sign_in(client, house.organiser)
    path = f"/desk/activity/{made.code}/edit"
    seen = hidden(read(client, path))
    units = {"host": house.lead.code, "organiser": house.unit.code, "lead": house.lead.code}
    facts = FACTS | units | {"tags": [], "clause": "", "kind": "lecture"}
    fresh = hidden(read(client, path))
    assert ask(client, "POST", path, facts | fresh | {"title": "甲改"}).status_code == 303
    answer = ask(client, "POST", path, facts | seen | {"title": "乙改"})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "已被他人修改" in page
    assert "乙改" in page
    db.session.rollback()
    assert made.title == "甲改"


EXTRA = {
    "state": "published",
    "approved_by_id": "1",
    "approved_at": "2026-01-01",
    "published_at": "2026-01-01",
    "created_by_id": "99",
    "is_demo": "y",
    "id": "77",
    "code": "0" * 16,
    "organiser_id": "1",
    "taken": "9",
    "waiting": "9",
    "role": "activity_approver",
    "submitted_by_id": "3",
    "decision_note": "好",
    "lead_id": "1",
    "host_id": "1",
    "person_id": "1",
    "cancelled_at": "2026-01-01",
    "submitted_at": "2026-01-01",
    "created_at": "2020-01-01",
}
WRITTEN = {"title", "summary", "contact_phone", "starts_at", "ends_at", "version", "level", "kind"}
WRITTEN |= {"contact_name", "audience"}


def columns(row: object) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs}


def test_fields_that_no_form_has_change_nothing(app: Flask, client: FlaskClient, house: Staff) -> None:
    made = house.drafted()
    sign_in(client, house.organiser)
    before = columns(made), columns(made.tracks[0])
    units = {"host": house.lead.code, "organiser": house.other.code, "lead": house.lead.code}
    facts = FACTS | units | {"tags": [], "clause": "", "kind": "lecture"}
    path = f"/desk/activity/{made.code}/edit"
    post(client, path, path, 422, **facts, **EXTRA)
    facts["organiser"] = house.unit.code
    post(client, path, path, **facts, **EXTRA)
    db.session.rollback()
    after = columns(made)
    assert {name for name, value in after.items() if value != before[0][name]} <= WRITTEN
    track = f"/desk/activity/{made.code}/track/{made.tracks[0].code}"
    terms = {
        "name": "现场",
        "capacity": "50",
        "opens_at": "2026-11-20T09:00",
        "closes_at": "2026-12-01T18:00",
    }
    post(client, track, track, **terms, **EXTRA)
    db.session.rollback()
    changed = {name for name, value in columns(made.tracks[0]).items() if value != before[1][name]}
    assert changed <= {
        "name",
        "capacity",
        "opens_at",
        "closes_at",
        "has_waiting_list",
        "needs_review",
        "needs_document",
    }


def doors(activity: Activity) -> list[tuple[str, str]]:
    base = f"/desk/activity/{activity.code}"
    track, session = f"{base}/track/{activity.tracks[0].code}", f"{base}/session/{activity.sessions[0].code}"
    both = [f"{base}/{word}" for word in ("edit", "track", "session", "approve", "cancel")] + [track, session]
    posts = [f"{base}/{word}" for word in ("submit", "publish", "held", "archive")]
    posts += [f"{track}/remove", f"{session}/remove"]
    return [("GET", base), *(("GET", path) for path in both), *(("POST", path) for path in both + posts)]


@pytest.mark.parametrize("state", ["draft", "published"])
def test_another_units_organiser_finds_nothing(
    app: Flask, client: FlaskClient, house: Staff, state: str
) -> None:
    made = house.drafted() if state == "draft" else house.published()
    sign_in(client, house.stranger)
    keys = hidden(read(client, "/desk/activity/new"))
    for method, path in doors(made):
        answer = ask(client, method, path, keys if method == "POST" else None)
        assert answer.status_code == 404, (method, path)
        assert made.title not in answer.get_data(as_text=True), path


def test_an_organisers_track_of_another_activity_is_no_track_of_this(
    app: Flask, client: FlaskClient, house: Staff
) -> None:
    one, two = house.drafted(), house.drafted(title="另一项")
    sign_in(client, house.organiser)
    read(client, f"/desk/activity/{one.code}/track/{two.tracks[0].code}", 404)
    read(client, f"/desk/activity/{one.code}/session/{two.sessions[0].code}", 404)


@pytest.mark.parametrize(
    ("role", "opens", "reads"),
    [
        (Role.CONTESTANT, 302, 403),
        (Role.UNIT_MANAGER, 302, 403),
        (Role.REVIEWER, 200, 200),
        (Role.ORGANISER, 200, 200),
        (Role.ACTIVITY_APPROVER, 200, 200),
        (Role.SYSTEM_ADMIN, 200, 403),
    ],
)
def test_who_may_come_to_the_desk(
    app: Flask, client: FlaskClient, house: Staff, role: Role, opens: int, reads: int
) -> None:
    with transaction():
        account: Account = factories.account(factories.person())
        factories.grant(account, role, ScopeKind.ORGANISATION, house.unit.code)
    sign_in(client, account)
    assert ask(client, "GET", "/desk").status_code == opens
    read(client, "/desk/activities", reads)
    may_write = 200 if role is Role.ORGANISER else 403
    read(client, "/desk/activity/new", may_write)


def test_a_reviewer_reads_and_changes_nothing(app: Flask, client: FlaskClient, house: Staff) -> None:
    made = house.drafted()
    with transaction():
        account = factories.account(factories.person())
        factories.grant(account, Role.REVIEWER, ScopeKind.ORGANISATION, house.unit.code)
    sign_in(client, account)
    page = read(client, f"/desk/activity/{made.code}")
    assert "提交审批" not in page
    read(client, f"/desk/activity/{made.code}/edit", 403)


@pytest.mark.usefixtures("plans")
def test_the_form_says_which_indicators_will_be_fed(app: Flask, client: FlaskClient, house: Staff) -> None:
    sign_in(client, house.organiser)
    page = read(client, "/desk/activity/feeds?kind=training_class&tags=rural&audience=rural_worker")
    assert "/indicator/" in page
    assert "<html" not in page
    assert "不计入任何指标" in read(client, "/desk/activity/feeds?kind=job_fair")
    for odd in ("kind=x", "kind=competition&series=%01&clause=9999999999999&tags=%25", "clause=١"):
        read(client, f"/desk/activity/feeds?{odd}")


def test_raising_the_places_offers_them_to_those_who_wait(
    app: Flask, client: FlaskClient, house: Staff
) -> None:
    from models.registration import Registration
    from models.registration import State as Stands
    from services import registration as registrations
    from services.registration import Entry

    made = house.published()
    sign_in(client, house.organiser)
    with transaction():
        activities.edit_track(made.tracks[0], house.track(capacity=1), stamp=house.stamp(house.organiser))
    for _number in range(2):
        with transaction():
            person = factories.person()
            account = factories.account(person)
            entry = Entry(category=person.category)
            registrations.register(made.tracks[0], person, entry, by=account, stamp=house.stamp(account))
    path = f"/desk/activity/{made.code}/track/{made.tracks[0].code}"
    terms = {
        "name": "现场参加",
        "capacity": "2",
        "opens_at": "2026-11-20T09:00",
        "closes_at": "2026-12-01T18:00",
    }
    terms |= {"has_waiting_list": "y", "needs_review": "y", "needs_document": "y"}
    post(client, path, path, 422, **(terms | {"capacity": "0"}))
    post(client, path, path, **terms)
    db.session.rollback()
    states = set(db.session.scalars(sa.select(Registration.state)))
    assert states == {Stands.SUBMITTED, Stands.OFFERED}


def test_the_desk_takes_few_statements_however_much_there_is(client: FlaskClient, house: Staff) -> None:
    house.published(title="讲座")
    sign_in(client, house.organiser)
    for path in ("/desk", "/desk/activities"):
        read(client, path)
    few = {path: count(client, path) for path in ("/desk", "/desk/activities")}
    for number in range(8):
        house.published(title=f"讲座{number}", tracks=3)
    assert {path: count(client, path) for path in few} == few


def count(client: FlaskClient, path: str) -> int:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    read(client, path)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
