"""R47, R50: what anybody may check, and what the answers do not tell."""

import io
import re
from collections.abc import Callable
from random import Random
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

import pypdfium2 as pdfium
import pytest

from certificates import number, reading, revocation, signature, viewer
from certificates.verify import check
from models.base import db
from models.certificate import Wish
from services import certificate as certificates
from services.transaction import transaction
from tests.blueprints.certificate.conftest import Room
from tests.support import factories as make
from tests.support import honours

SAME = re.compile('(name="(csrf_token|idempotency_key)"[^>]*value=)"[^"]*"')


def body(room: Room, path: str, **values: str) -> tuple[int, str]:
    answer = room.anybody.post(path, **values)
    return answer.status_code, SAME.sub(r"\1", answer.get_data(as_text=True))


def revoke(room: Room, wish: Wish = Wish.REVOKE) -> None:
    with transaction():
        asked = certificates.ask_change(
            room.row, wish, "姓名有误", by=room.officer, stamp=make.stamp(room.officer)
        )
    with transaction():
        certificates.decide_change(asked, True, by=room.other, stamp=make.stamp(room.other))
    certificates.sign_due(stamp=make.stamp())
    db.session.rollback()


def test_the_qr_of_the_paper_leads_to_the_page_that_says_valid(room: Room) -> None:
    """The code is read from the page as a scanner sees it, at 200 dots an inch."""
    pdf = room.client(room.account).get(f"/certificate/{room.row.code}.pdf").get_data()
    with io.BytesIO() as file:
        page = pdfium.PdfDocument(pdf)[0]
        page.render(scale=200 / 72).to_pil().save(file, "PNG")
        links = reading.read_codes(file.getvalue())
    assert len(links) == 1
    link = urlsplit(links[0])
    assert f"{link.scheme}://{link.netloc}" == "http://localhost"
    assert link.fragment == room.row.signature
    answer = room.anybody.get(link.path)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "证书有效" in text and "数字签名验证通过" in text
    for said in ("张**淼", "一等奖", "永川区第三届职业技能大赛 · 数控铣工（职工组）", room.row.number):
        assert said in text, said
    assert room.row.issuer.name in text
    for hidden in ("㛃", "喆", room.row.code, str(room.row.signature)):
        assert hidden not in text


def test_the_fields_on_the_page_are_the_signed_ones(room: Room) -> None:
    said = certificates.statement(room.row)
    text = room.anybody.get(f"/v/{room.row.token}").get_data(as_text=True)
    for name in ("name", "award", "heading", "activity", "contest", "issuer", "number"):
        assert said[name] in text, name
    day = said["issued_on"].split("-")
    assert f"{int(day[0])}年{int(day[1])}月{int(day[2])}日" in text


def test_a_page_whose_record_was_changed_says_so_and_shows_nothing(room: Room) -> None:
    with transaction():
        room.row.facts = room.row.facts.replace("一等奖", "特等奖")
    text = room.anybody.get(f"/v/{room.row.token}").get_data(as_text=True)
    assert "数字签名验证未通过" in text
    assert "证书有效" not in text and "特等奖" not in text and "一等奖" not in text


def test_the_page_is_kept_by_nobody_and_found_by_no_search(room: Room) -> None:
    for path in (f"/v/{room.row.token}", "/certificate", "/v/" + "x" * 22):
        headers = room.anybody.get(path).headers
        assert headers["Cache-Control"] == "no-store", path
        assert "noindex" in headers["X-Robots-Tag"]


def test_looking_is_not_limited_by_address(room: Room) -> None:
    assert {room.anybody.get(f"/v/{room.row.token}").status_code for _ in range(60)} == {200}


def test_an_unknown_token_is_a_neutral_page_of_the_same_shape(room: Room) -> None:
    for token in ("x" * 22, room.row.token[:-1], "%00", "1", room.row.code):
        answer = room.anybody.get(f"/v/{token}")
        text = answer.get_data(as_text=True)
        assert answer.status_code == 404
        if token != "%00":
            assert "未查到这份证书" in text and "localhost" in text
        assert "核对姓名" not in text


def test_a_revoked_one_says_so_at_once_and_not_why(room: Room) -> None:
    assert "证书有效" in room.anybody.get(f"/v/{room.row.token}").get_data(as_text=True)
    revoke(room)
    text = room.anybody.get(f"/v/{room.row.token}").get_data(as_text=True)
    assert "证书已撤销" in text and "证书有效" not in text
    assert "姓名有误" not in text and "核对姓名" not in text
    assert "不一致" in body(room, "/certificate", number=room.row.number, name="张㛃喆淼")[1]


def test_a_reissued_one_leads_to_its_new_version_only_by_the_new_code(room: Room) -> None:
    with transaction():
        room.winner.name = "张洁喆淼"
    old = room.row.token
    revoke(room, Wish.REISSUE)
    new = certificates.versions_of(room.row)[0]
    was = room.anybody.get(f"/v/{old}").get_data(as_text=True)
    assert "证书已换发" in was and "证书有效" not in was and new.token not in was
    now = room.anybody.get(f"/v/{new.token}").get_data(as_text=True)
    assert "证书有效" in now and "第 2 版" in now


def test_the_name_on_the_paper_is_checked_by_yes_and_no(room: Room) -> None:
    path = f"/v/{room.row.token}"
    status, yes = body(room, path, name="张㛃喆淼")
    assert status == 200 and "不一致，" not in yes and 'class="note open"' in yes
    status, no = body(room, path, name="张洁喆淼")
    assert status == 200 and "不一致，" in no
    assert "㛃" not in no and "张洁" not in no
    assert body(room, path, name="")[0] == 422


def test_names_are_not_to_be_guessed(room: Room) -> None:
    path = f"/v/{room.row.token}"
    statuses = [body(room, path, name=f"张{turn}")[0] for turn in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert room.anybody.get(path).status_code == 200, "looking goes on"


def test_number_and_name_agree_or_do_not(room: Room) -> None:
    assert "一致" in body(room, "/certificate", number=room.row.number, name="张㛃喆淼")[1]
    assert 'class="verdict open"' in body(room, "/certificate", number=room.row.number, name="张㛃喆淼")[1]


def test_a_name_that_was_changed_in_the_record_does_not_agree(room: Room) -> None:
    with transaction():
        room.row.facts = room.row.facts.replace("张㛃喆淼", "张三")
    for name in ("张三", "张㛃喆淼"):
        assert "不一致" in body(room, "/certificate", number=room.row.number, name=name)[1]


def test_every_no_is_the_same_no(room: Room) -> None:
    other = honours.issued([honours.order(room.activity, name="李四")], room.officer)[0]
    unknown = number.compose("JS", 2026, 77, 3)
    asked = [
        (unknown, "张㛃喆淼"),
        ("not a number", "张㛃喆淼"),
        (room.row.number[:-1] + ("A" if room.row.number[-1] != "A" else "B"), "张㛃喆淼"),
        (other.number, "张㛃喆淼"),
        (room.row.number, "张三"),
        ("<script>", "<img>"),
    ]
    answers = {body(room, "/certificate", number=number, name=name) for number, name in asked}
    assert len(answers) == 1
    status, text = answers.pop()
    assert status == 200 and "不一致" in text


def test_ten_a_minute_and_address_are_admitted(room: Room) -> None:
    statuses = [body(room, "/certificate", number="x", name="x")[0] for _ in range(13)]
    assert statuses == [200] * 10 + [429] * 3
    page = room.anybody.http.post(
        "/certificate",
        data={**room.anybody.hidden("/certificate"), "number": "x", "name": "x"},
        base_url="http://localhost",
    )
    assert int(page.headers["Retry-After"]) > 0


def test_random_numbers_hit_nothing(room: Room, rounds: Callable[[int, int], int]) -> None:
    dice = Random(20261123)
    tried = 0
    for _turn in range(rounds(300, 10_000)):
        guess = number.compose(
            dice.choice(list(number.Series)), 2026, dice.randint(1, 30), dice.randint(1, 999)
        )
        tried += 1
        assert not certificates.agrees(guess, "王伟")
    assert tried == rounds(300, 10_000)


@pytest.mark.soak
def test_every_no_takes_the_same_time(room: Room) -> None:
    """Median of many, within five milliseconds of each other."""
    unknown = number.compose("JS", 2026, 77, 3)
    asked = {"known": room.row.number, "unknown": unknown, "malformed": "x" * len(unknown)}
    times: dict[str, list[float]] = {name: [] for name in asked}
    hidden = room.anybody.hidden("/certificate")
    for _turn in range(200):
        for name, given in asked.items():
            room.forgive()
            began = perf_counter()
            room.anybody._send("/certificate", {**hidden, "number": given, "name": "张三"})
            times[name].append(perf_counter() - began)
    medians = {name: median(found) * 1000 for name, found in times.items()}
    assert max(medians.values()) - min(medians.values()) <= 5, medians


def test_the_files_given_out_check_the_paper_without_the_site(room: Room) -> None:
    pdf = room.client(room.account).get(f"/certificate/{room.row.code}.pdf").get_data()
    keys = signature.read_keys(room.anybody.get("/certificate/keys.json").get_data(as_text=True))
    listed = revocation.read(room.anybody.get("/certificate/revoked.json").get_data(), keys)
    verdict = check(pdf, keys, listed)
    assert verdict.is_valid, verdict.message
    assert verdict.statement == certificates.statement(room.row)
    assert check(viewer.attachment(pdf, "facts.json") or b"", keys, listed).is_valid
    text = certificates.link(room.row)
    assert check(text, keys, listed, facts=viewer.attachment(pdf, "facts.json")).is_valid
    assert not check(text.replace("/v/", "/v/x"), keys, facts=viewer.attachment(pdf, "facts.json")).is_valid
    revoke(room)
    listed = revocation.read(room.anybody.get("/certificate/revoked.json").get_data(), keys)
    assert check(pdf, keys, listed).status == 1


def test_a_form_from_elsewhere_is_refused(room: Room) -> None:
    bare = room.anybody.http.post(
        "/certificate", data={"number": "x", "name": "x"}, base_url="http://localhost"
    )
    assert bare.status_code == 400
