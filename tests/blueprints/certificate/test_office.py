"""The officers' desk: the register, and changes by two persons."""

from models.base import db
from models.certificate import State
from tests.blueprints.certificate.conftest import Room


def test_the_register_is_searched(room: Room) -> None:
    client = room.client(room.officer)
    assert room.row.number in client.get("/desk/certificate").get_data(as_text=True)
    assert room.row.number in client.get("/desk/certificate?q=张㛃").get_data(as_text=True)
    assert room.row.number not in client.get("/desk/certificate?q=李四").get_data(as_text=True)
    assert room.row.number not in client.get("/desk/certificate?state=revoked").get_data(as_text=True)


def test_a_change_takes_two(room: Room) -> None:
    path = f"/desk/certificate/{room.row.code}"
    mine, theirs = room.client(room.officer), room.client(room.other)
    assert mine.post(f"{path}/change", wish="revoke", reason="").status_code == 422
    assert mine.post(f"{path}/change", wish="revoke", reason="成绩有误").status_code == 303
    assert mine.post(f"{path}/change", wish="reissue", reason="再来").status_code == 409
    page = mine.get(path).get_data(as_text=True)
    assert "须由另一位证书管理员复核" in page and "/decide" not in page
    assert mine.bare(f"{path}/decide", decision="accept").status_code == 409
    db.session.refresh(room.row)
    assert room.row.state is State.ISSUED
    assert theirs.post(f"{path}/decide", path, decision="decline", note="").status_code == 422
    assert theirs.post(f"{path}/decide", path, decision="accept").status_code == 303
    db.session.refresh(room.row)
    assert room.row.state is State.REVOKED
    assert theirs.bare(f"{path}/decide", decision="accept").status_code == 409
    assert "成绩有误" in theirs.get(path).get_data(as_text=True)


def test_a_reissue_leads_to_the_new_version(room: Room) -> None:
    path = f"/desk/certificate/{room.row.code}"
    assert room.client(room.officer).post(f"{path}/change", wish="reissue", reason="更名").status_code == 303
    answer = room.client(room.other).post(f"{path}/decide", path, decision="accept")
    assert answer.status_code == 303
    assert answer.headers["Location"] != path
    page = room.client(room.other).get(answer.headers["Location"]).get_data(as_text=True)
    assert "签发第 2 版" in page and "正在签署" in page


def test_the_holder_has_no_desk(room: Room) -> None:
    client = room.client(room.account)
    assert client.get("/desk/certificate").status_code == 403
    assert client.get(f"/desk/certificate/{room.row.code}").status_code == 403
    assert "证书查验" in client.get("/certificate").get_data(as_text=True)
