"""The officers' desk: the register, and changes by two persons."""

import io

import sqlalchemy as sa
from pypdf import PdfReader

from models.base import db
from models.certificate import Certificate, State
from models.outcome import Award, Line, Sheet, Verdict
from models.outcome import State as SheetState
from models.registration import Answer, Batch, Registration, Source
from models.registration import State as Entered
from services import certificate as certificates
from services.transaction import transaction
from tests.blueprints.certificate.conftest import Room
from tests.support import factories as make
from tests.support import honours


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


def confirmed(room: Room, *names: str) -> Sheet:
    """A sheet with a first prize for each name, entered by one person and confirmed by another."""
    first, second = make.account(make.person()), make.account(make.person())
    track = make.track(room.activity, capacity=50)
    sheet = Sheet(
        track_id=track.id,
        activity_id=room.activity.id,
        state=SheetState.CONFIRMED,
        entered_by_id=first.id,
        submitted_by_id=first.id,
        confirmed_by_id=second.id,
        confirmed_at=make.now(),
    )
    db.session.add(sheet)
    db.session.flush()
    for rank, name in enumerate(names, 1):
        person = make.person(name)
        batch = Batch(source=Source.SELF, made_by_id=first.id, size=1, made_at=make.now())
        db.session.add(batch)
        db.session.flush()
        entry = Registration(
            track_id=track.id,
            activity_id=room.activity.id,
            person_id=person.id,
            batch_id=batch.id,
            state=Entered.ACCEPTED,
            claim=f"{room.activity.id}:{person.id}",
            made_at=make.now(),
        )
        entry.answer = Answer(category=person.category.value, workplace="示例精密机械有限公司")
        db.session.add(entry)
        db.session.flush()
        said = {"verdict": Verdict.COMPETED, "award": Award.FIRST_PRIZE, "rank": rank}
        db.session.add(Line(sheet_id=sheet.id, registration_id=entry.id, **said))
    track.taken = len(names)
    db.session.flush()
    return sheet


def test_a_sheet_is_looked_at_issued_signed_and_printed(room: Room) -> None:
    with transaction():
        sheet = confirmed(room, "张三", "买买提·吐尔逊", "李四")
    client, path = room.client(room.officer), f"/desk/certificate/sheet/{sheet.code}"
    assert path in client.get("/desk/certificate").get_data(as_text=True)
    assert "证书待签发" in client.get("/desk").get_data(as_text=True)
    page = client.get(path).get_data(as_text=True)
    assert "签发 3 份证书" in page and "买买提·吐尔逊" in page
    for query in ("", "?longest=1"):
        drawn = client.get(f"{path}/specimen.png{query}")
        assert drawn.content_type == "image/png"
    assert client.get(f"{path}/all.pdf").status_code == 409, "nothing is signed yet"
    assert client.post(path).status_code == 303
    assert "正在签署" in client.get(path).get_data(as_text=True)
    assert certificates.sign_due(stamp=make.stamp()) == 3
    page = client.get(path).get_data(as_text=True)
    assert "3 / 3" in page and "签发 3 份证书" not in page
    assert client.bare(path).status_code == 409, "there is nothing left to issue"
    printed = PdfReader(io.BytesIO(client.get(f"{path}/all.pdf").get_data()))
    assert [("张三" in sheet.extract_text()) for sheet in printed.pages].count(True) == 1
    assert len(printed.pages) == 3
    assert path not in client.get("/desk/certificate").get_data(as_text=True)


def test_a_sheet_with_a_name_that_cannot_be_printed_is_not_issued(room: Room) -> None:
    with transaction():
        sheet = confirmed(room, "张三", "李\U0003134f四\ue000")
    client, path = room.client(room.officer), f"/desk/certificate/sheet/{sheet.code}"
    page = client.get(path).get_data(as_text=True)
    assert "U+E000" in page and "签发 2 份证书" not in page
    answer = client.bare(path)
    assert answer.status_code == 409 and "U+E000" in answer.get_data(as_text=True)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Certificate.id))) == 1, "only the room's own"


def test_who_entered_the_sheet_does_not_issue(room: Room) -> None:
    with transaction():
        sheet = confirmed(room, "张三")
        sheet.entered_by_id = room.officer.id
    path = f"/desk/certificate/sheet/{sheet.code}"
    page = room.client(room.officer).get(path).get_data(as_text=True)
    assert "须由另一位证书管理员签发" in page and "签发 1 份证书" not in page
    assert room.client(room.officer).bare(path).status_code == 409
    assert room.client(room.other).post(path).status_code == 303


def test_a_sheet_of_another_activity_or_not_final_is_not_found(room: Room) -> None:
    with transaction():
        sheet = confirmed(room, "张三")
        stranger = honours.officer(honours.contest("别的比赛"))
    path = f"/desk/certificate/sheet/{sheet.code}"
    assert room.client(stranger).get(path).status_code == 404
    with transaction():
        sheet.state = SheetState.SUBMITTED
    assert room.client(room.officer).get(path).status_code == 404
