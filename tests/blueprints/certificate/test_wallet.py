"""One's own certificates: shown, drawn, named, and nobody else's."""

import io
from urllib.parse import unquote

from PIL import Image
from pypdf import PdfReader

from services import certificate as certificates
from services.transaction import transaction
from tests.blueprints.certificate.conftest import Room
from tests.support import factories as make
from tests.support import honours


def test_the_wallet_shows_what_is_mine(room: Room) -> None:
    text = room.client(room.account).get("/certificate/mine").get_data(as_text=True)
    assert room.row.number in text and "一等奖" in text and f"/certificate/{room.row.code}.pdf" in text
    empty = room.client(room.other).get("/certificate/mine").get_data(as_text=True)
    assert room.row.number not in empty and "您还没有证书" in empty


def test_the_paper_has_the_words_that_were_given(room: Room) -> None:
    answer = room.client(room.account).get(f"/certificate/{room.row.code}.pdf")
    assert answer.status_code == 200 and answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; ") and said.isascii()
    assert unquote(said.partition("UTF-8''")[2]) == f"荣誉证书 张㛃喆淼 {room.row.number}.pdf"
    read = "".join(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.get_data())).pages).split()
    )
    facts = certificates.facts(room.row)
    assert facts.words in read
    assert room.row.number in read and facts.issuer in read
    assert len(answer.get_data()) <= 80_000


def test_a_hostile_name_is_only_a_name(room: Room) -> None:
    names = ["<img src=x>&<Li>", 'a"b\\c;x', "=cmd()", "Ünï ﬀ".replace("ﬀ", "ff")]
    with transaction():
        people = [make.person(name) for name in names]
        accounts = [make.account(person) for person in people]
    rows = honours.issued([honours.order(room.activity, person) for person in people], room.officer)
    for row, account, name in zip(rows, accounts, names, strict=True):
        client = room.client(account)
        answer = client.get(f"/certificate/{row.code}.pdf")
        said = answer.headers["Content-Disposition"]
        assert said.isascii() and said.count('"') == 2
        assert unquote(said.partition("UTF-8''")[2]) == f"荣誉证书 {name} {row.number}.pdf"
        assert f"<img src=x>{''}" not in client.get("/certificate/mine").get_data(as_text=True)


def test_the_page_is_a_picture_for_phones(room: Room) -> None:
    client = room.client(room.account)
    page = client.get(f"/certificate/{room.row.code}").get_data(as_text=True)
    assert f'src="/certificate/{room.row.code}.png"' in page and "长按" in page
    answer = client.get(f"/certificate/{room.row.code}.png")
    assert answer.content_type == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    with Image.open(io.BytesIO(answer.get_data())) as image:
        assert image.width > image.height > 800


def test_another_finds_nothing(room: Room) -> None:
    with transaction():
        stranger = make.account(make.person())
        elsewhere = honours.officer(honours.contest("别的比赛"))
    for account in (stranger, elsewhere):
        client = room.client(account)
        for path in ("", ".pdf", ".png"):
            assert client.get(f"/certificate/{room.row.code}{path}").status_code == 404, path
    assert room.anybody.get(f"/certificate/{room.row.code}.pdf").status_code == 302
    assert room.client(room.officer).get(f"/certificate/{room.row.code}.pdf").status_code == 200


def test_a_record_that_was_changed_is_drawn_on_no_paper(room: Room) -> None:
    with transaction():
        room.row.facts = room.row.facts.replace("一等奖", "特等奖")
    client = room.client(room.account)
    for ending in (".pdf", ".png"):
        answer = client.get(f"/certificate/{room.row.code}{ending}")
        assert answer.status_code == 409
        assert "数字签名验证未通过" in answer.get_data(as_text=True)


def test_what_is_not_signed_or_no_longer_holds_is_not_drawn(room: Room) -> None:
    with transaction():
        waiting = certificates.issue(
            [honours.order(room.activity, room.winner)], by=room.officer, stamp=make.stamp()
        )[0]
        certificates.fall(room.row.subject, "更正", stamp=make.stamp())
    client = room.client(room.account)
    for row, said in ((waiting, "正在签署"), (room.row, "已撤销")):
        assert client.get(f"/certificate/{row.code}.pdf").status_code == 409
        page = client.get(f"/certificate/{row.code}")
        assert page.status_code == 200 and said in page.get_data(as_text=True)
        assert ".png" not in page.get_data(as_text=True)
