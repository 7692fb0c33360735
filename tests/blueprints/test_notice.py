import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.activity import Notice, NoticeKind
from services import activity as activities
from services.activity import notice as notices
from services.activity.prose import Block, blocks
from services.transaction import transaction
from tests.support.application import Hand
from tests.support.staff import NOW, Staff, ask, hidden, sign_in, staff

PDF_NAME = "竞赛规程.pdf"


@pytest.fixture
def house(context: Flask, clock: Hand) -> Staff:
    clock.set(NOW)
    return staff()


def drafted(house: Staff, activity: str | None = None, title: str = "关于举办大赛的通知") -> Notice:
    entry = activities.NoticeEntry(
        kind=NoticeKind.NOTICE,
        title=title,
        body="各单位：\n\n一、时间\n12月5日。\n- 甲\n- <b>乙</b>",
        organisation=house.unit.code,
        activity=activity,
    )
    with transaction():
        return notices.draft(entry, by=house.by(house.organiser), stamp=house.stamp(house.organiser))


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = ask(client, "GET", path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def paper() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.drawString(100, 700, "rules")
    canvas.save()
    return made.getvalue()


def test_a_notice_is_written_given_annexes_published_and_withdrawn(
    app: Flask, client: FlaskClient, house: Staff
) -> None:
    sign_in(client, house.organiser)
    new = "/desk/notice/new"
    facts = {
        "kind": "notice",
        "organisation": house.unit.code,
        "title": "通知 <b>甲</b>",
        "body": "一\n\n- 乙\n- 丙",
    }
    answer = ask(client, "POST", new, hidden(read(client, new)) | facts)
    assert answer.status_code == 303
    path = answer.location
    code = path.rsplit("/", 1)[1]
    annex = hidden(read(client, path)) | {"title": "竞赛规程", "file": (io.BytesIO(paper()), PDF_NAME)}
    assert ask(client, "POST", f"{path}/annex", annex).status_code == 303
    visitor = app.test_client()
    read(visitor, f"/notice/{code}", 404)
    assert ask(client, "POST", f"{path}/publish", hidden(read(client, path))).status_code == 303
    page = read(visitor, f"/notice/{code}")
    assert "通知 &lt;b&gt;甲&lt;/b&gt;" in page
    assert "<li>乙</li>" in page
    assert "通知" in read(visitor, "/notice")
    href = page.split('class="attachments"', 1)[1].split('href="', 1)[1].split('"', 1)[0]
    file = ask(visitor, "GET", href)
    assert file.status_code == 200
    assert file.data.startswith(b"%PDF-")
    assert "attachment" in file.headers["Content-Disposition"]
    assert "通知 <b>甲</b>" in read(visitor, f"/notice/{code}/text")
    sent = hidden(read(client, path)) | facts | {"title": "改"}
    assert ask(client, "POST", path, sent).status_code == 409
    assert ask(client, "POST", f"{path}/withdraw", hidden(read(client, path))).status_code == 303
    read(visitor, f"/notice/{code}", 404)
    read(visitor, href, 404)
    assert "甲" not in read(visitor, "/notice")
    assert ask(client, "POST", f"{path}/publish", hidden(read(client, new))).status_code == 409


def test_a_file_that_is_none_is_refused_in_place(client: FlaskClient, house: Staff) -> None:
    notice = drafted(house)
    path = f"/desk/notice/{notice.code}"
    sign_in(client, house.organiser)
    bad = hidden(read(client, path)) | {"title": "木马", "file": (io.BytesIO(b"MZ\x90"), "a.pdf")}
    answer = ask(client, "POST", f"{path}/annex", bad)
    assert answer.status_code == 409
    assert "不支持这种文件" in answer.get_data(as_text=True)
    none = hidden(read(client, path)) | {"title": ""}
    assert ask(client, "POST", f"{path}/annex", none).status_code == 422


def test_another_units_organiser_finds_no_notice(client: FlaskClient, house: Staff) -> None:
    notice = drafted(house, title="机密通知")
    path = f"/desk/notice/{notice.code}"
    sign_in(client, house.stranger)
    keys = hidden(read(client, "/desk/notice/new"))
    assert "机密通知" not in read(client, path, 404)
    for word in ("", "/publish", "/withdraw", "/annex", "/annex/0000000000000000/remove"):
        answer = ask(client, "POST", path + word, keys)
        assert answer.status_code == 404, word
    read(client, f"{path}/annex/0000000000000000", 404)
    made = house.drafted()
    read(client, f"/desk/notice/new?activity={made.code}", 404)
    facts = {"kind": "notice", "organisation": house.unit.code, "title": "冒名", "body": "一"}
    assert ask(client, "POST", "/desk/notice/new", keys | facts).status_code == 422
    assert "机密通知" not in read(client, "/desk/notices")


def test_a_notice_about_a_secret_activity_stays_secret_with_it(client: FlaskClient, house: Staff) -> None:
    made = house.drafted()
    notice = drafted(house, activity=made.code)
    with transaction():
        notices.publish(notice, stamp=house.stamp(house.organiser))
    read(client, f"/notice/{notice.code}", 404)
    assert notice.title not in read(client, "/notice")
    assert notice.title not in read(client, "/")


def test_an_activity_page_lists_its_notices(client: FlaskClient, house: Staff) -> None:
    made = house.published()
    notice = drafted(house, activity=made.code)
    draft = drafted(house, activity=made.code, title="还没好")
    with transaction():
        notices.publish(notice, stamp=house.stamp(house.organiser))
    page = read(client, f"/activity/{made.code}")
    assert notice.title in page
    assert draft.title not in page
    assert notice.title in read(client, "/")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("甲\n乙\n\n丙", [Block("paragraph", ("甲", "乙")), Block("paragraph", ("丙",))]),
        ("- 甲\n• 乙", [Block("bullets", ("甲", "乙"))]),
        ("2. 甲\n3、乙", [Block("numbers", ("甲", "乙"), 2)]),
        ("一、时间\n12月", [Block("heading", ("一、时间",)), Block("paragraph", ("12月",))]),
        ("一、这是一句话。", [Block("paragraph", ("一、这是一句话。",))]),
        ("3.5 万人", [Block("paragraph", ("3.5 万人",))]),
        ("---", [Block("paragraph", ("---",))]),
        ("", []),
    ],
)
def test_plain_text_is_laid_out(text: str, wanted: list[Block]) -> None:
    assert blocks(text) == wanted
