"""A unit account is applied for and decided on, over HTTP."""

import io
import random

import pytest
import sqlalchemy as sa

from models.base import db
from models.organisation import Application, ApplicationState, Organisation
from models.upload import Upload
from services import organisation as organisations
from services.organisation import credit_code
from tests.blueprints.organisation.conftest import Knock
from tests.services.organisation.conftest import House, principal
from tests.support import factories
from tests.support.doors import EXTRA, changed, tables
from tests.support.files import paper, picture, pixel_flood

DICE = random.Random(11)
MARK = "示例申请厂"


def filled(data: bytes = b"", name: str = "授权书.pdf", **more: str) -> dict[str, object]:
    return {
        "name": MARK,
        "type": "enterprise",
        "credit_code": credit_code.demo_code(DICE),
        "town": "三教镇",
        "promise": "y",
        "letter": (io.BytesIO(data or paper()), name),
        **more,
    }


def made() -> Application:
    db.session.rollback()
    return db.session.scalars(sa.select(Application)).one()


@pytest.fixture
def waiting(house: House, knock: Knock) -> Application:
    assert knock(house.member).post("/organisation/apply", **filled()).status_code == 303
    return made()


def test_the_road_from_application_to_unit(house: House, knock: Knock) -> None:
    applicant = knock(house.member)
    page = applicant.get("/organisation/apply").get_data(as_text=True)
    assert 'enctype="multipart/form-data"' in page
    answer = applicant.post("/organisation/apply", **filled(picture("JPEG"), "../../授权书.html"))
    assert answer.status_code == 303
    row = made()
    assert answer.location == f"/organisation/application/{row.code}"
    assert row.letter.name == "授权书.jpg"
    assert "正在审核" in applicant.get(answer.location).get_data(as_text=True)
    assert MARK in applicant.get("/organisation").get_data(as_text=True)

    desk = knock(house.desk)
    assert MARK in desk.get("/organisation/applications").get_data(as_text=True)
    path = f"/organisation/applications/{row.code}"
    assert MARK in desk.get(path).get_data(as_text=True)
    assert desk.post(path, outcome="open").status_code == 303
    page = applicant.get(f"/organisation/application/{row.code}").get_data(as_text=True)
    assert "已开通" in page
    unit = made().organisation
    assert unit is not None
    assert applicant.get(f"/organisation/{unit.code}/invite").status_code == 200
    assert "已开通" in desk.get(path).get_data(as_text=True)


def test_a_refusal_needs_a_reason_and_shows_it(house: House, knock: Knock, waiting: Application) -> None:
    desk, path = knock(house.desk), f"/organisation/applications/{waiting.code}"
    answer = desk.post(path, outcome="refuse")
    assert answer.status_code == 422 and "请写明原因" in answer.get_data(as_text=True)
    assert desk.post(path, outcome="perhaps").status_code == 422
    assert desk.post(path, outcome="refuse", reason="公章不清").status_code == 303
    page = knock(house.member).get(f"/organisation/application/{waiting.code}").get_data(as_text=True)
    assert "公章不清" in page
    assert desk.bare(path, outcome="open").status_code == 409
    assert made().state is ApplicationState.REFUSED


def test_the_same_code_again_is_refused_in_place_and_names_nobody(
    house: House, knock: Knock, waiting: Application
) -> None:
    values = filled(name="b.pdf", credit_code=waiting.credit_code)
    values["name"] = "另一名称"
    answer = knock(house.manager).post("/organisation/apply", **values)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert 'value="另一名称"' in page and "正在审核" in page
    assert house.member.display_name not in page.replace("manager", "") and MARK not in page
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Upload)).all()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "厂" * 101),
        ("name", "厂\u202e名"),
        ("type", ""),
        ("type", "bank"),
        ("credit_code", "91500199MA5UEXAM00"),
        ("town", "别处"),
        ("promise", ""),
    ],
)
def test_what_is_not_right_is_said_at_its_field(house: House, knock: Knock, field: str, value: str) -> None:
    values = filled()
    values[field] = value
    answer = knock(house.member).post("/organisation/apply", **values)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>",
        b"<svg onload=alert(1)>",
        pixel_flood(),
        paper(b"/OpenAction << /S /JavaScript /JS (1) >>"),
        picture("JPEG") + paper(),
    ],
)
def test_a_hostile_letter_is_refused_at_its_field(house: House, knock: Knock, data: bytes) -> None:
    answer = knock(house.member).post("/organisation/apply", **filled(data, "授权书.png"))
    assert answer.status_code == 409
    assert 'id="letter-error"' in answer.get_data(as_text=True)
    assert db.session.scalars(sa.select(Upload)).all() == []


def test_too_large_a_letter_is_413(house: House, knock: Knock) -> None:
    answer = knock(house.member).post("/organisation/apply", **filled(b"%PDF-1.7" + b"0" * 10_000_000))
    assert answer.status_code == 413


def test_two_megabytes_pass_only_where_files_are_taken(house: House, knock: Knock) -> None:
    data = paper() + b"\n" * 2_000_000
    data = (
        data[: data.rindex(b"startxref")]
        + b" " * 2_000_000
        + data[data.rindex(b"startxref") :].rstrip()
        + b"\n"
    )
    assert knock(house.member).post("/organisation/apply", **filled(data)).status_code == 303
    other = knock(house.manager).post(f"/organisation/{house.unit.code}/invite", contact="1" * 2_000_000)
    assert other.status_code == 413


def test_extra_fields_change_nothing_else(house: House, knock: Knock) -> None:
    before = tables()
    assert knock(house.member).post("/organisation/apply", **filled(), **EXTRA).status_code == 303
    assert changed(before) == {"organisation_application+", "upload+"}
    row = made()
    assert row.account_id == house.member.id and row.state is ApplicationState.SUBMITTED
    before = tables()
    path = f"/organisation/applications/{row.code}"
    assert knock(house.desk).post(path, outcome="open", **EXTRA).status_code == 303
    assert changed(before) == {
        "organisation+", "member+", "account_grant+", "organisation_application.state",
        "organisation_application.decided_at", "organisation_application.decided_by_id",
        "organisation_application.claim", "organisation_application.organisation_id",
    }  # fmt: skip
    unit = made().organisation
    assert unit is not None and unit.department_code is None


def test_strangers_find_neither_application_nor_letter(
    house: House, knock: Knock, waiting: Application
) -> None:
    for account in (house.manager, house.stranger, house.half_desk):
        client = knock(account)
        for path in ("", "/letter"):
            answer = client.get(f"/organisation/application/{waiting.code}{path}")
            assert answer.status_code == 404
            assert MARK not in answer.get_data(as_text=True)
    for path in ("", "/letter"):
        answer = knock(None).get(f"/organisation/application/{waiting.code}{path}")
        assert answer.status_code == 302 and "/sign-in" in answer.location


def test_whoever_is_not_of_the_desk_decides_nothing(house: House, knock: Knock, waiting: Application) -> None:
    for account in (house.member, house.manager, house.half_desk):
        client = knock(account)
        assert client.get("/organisation/applications").status_code == 403
        path = f"/organisation/applications/{waiting.code}"
        assert client.get(path).status_code == 403
        assert client.bare(path, outcome="open").status_code == 403
        assert client.get("/organisation/open").status_code == 403
    assert made().state is ApplicationState.SUBMITTED


def test_the_letter_leaves_as_a_download_in_a_sandbox(
    house: House, knock: Knock, waiting: Application
) -> None:
    for account in (house.member, house.desk):
        answer = knock(account).get(f"/organisation/application/{waiting.code}/letter")
        assert answer.status_code == 200 and answer.data == paper()
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="file.pdf"; ')
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_application_sent_twice_is_one(house: House, knock: Knock) -> None:
    client = knock(house.member)
    key = {"idempotency_key": "the-same-key-for-both"}
    first = client.post("/organisation/apply", **(filled() | key))
    second = client.post("/organisation/apply", **(filled() | key))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert made()


def test_the_desk_opens_a_unit_and_asks_its_manager_in(house: House, knock: Knock) -> None:
    desk = knock(house.desk)
    answer = desk.post("/organisation/open", name="示例中学", type="school", contact="19912345678", **EXTRA)
    assert answer.status_code == 303
    db.session.rollback()
    unit = db.session.scalars(sa.select(Organisation).where(Organisation.name == "示例中学")).one()
    (asked,) = organisations.open_invitations(unit, factories.stamp())
    assert asked.as_manager
    page = desk.get(answer.location).get_data(as_text=True)
    assert "199****5678" in page and "19912345678" not in page
    again = desk.post("/organisation/open", name="示例中学", type="school")
    assert again.status_code == 409 and "name-error" in again.get_data(as_text=True)
    assert not organisations.manages(principal(house.desk), unit)
