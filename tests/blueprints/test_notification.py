"""消息: one's own, read by a button, never by looking."""

import pytest
from flask import Flask

from models.account import Account
from models.base import db
from services import notification as notifications
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories as make
from tests.support.hand import HIDDEN
from tests.support.visitors import cookie_of


class Reader:
    """Somebody signed in, with a browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        with app.app_context(), transaction():
            account = make.account(make.person())
            self.id = account.id
            name, _, value = cookie_of(app, account).partition("=")
        self.client.set_cookie(name, value)

    def tell(self, kind: str = "registration.withdrawn", link: str = "", **values: object) -> str:
        with self.app.app_context(), transaction():
            account = db.session.get_one(Account, self.id)
            row = notifications.notify(
                account, kind, stamp=Stamp(), link=link, **(values or {"activity": "数控铣"})
            )[0]
            return row.code

    def page(self, path: str = "/messages") -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def press(self, path: str) -> tuple[int, str]:
        hidden = dict(HIDDEN.findall(self.page()))
        answer = self.client.post(path, data=hidden)
        return answer.status_code, answer.headers.get("Location", "")

    @property
    def unread(self) -> int:
        with self.app.app_context():
            return notifications.unread(self.id)


@pytest.fixture
def reader(app: Flask) -> Reader:
    return Reader(app)


def test_a_stranger_has_no_messages(app: Flask) -> None:
    answer = app.test_client().get("/messages")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_an_empty_inbox_says_what_will_come(reader: Reader) -> None:
    assert "还没有消息" in reader.page()


def test_looking_reads_nothing(reader: Reader) -> None:
    reader.tell()
    for _ in range(2):
        assert "已退出报名：数控铣" in reader.page()
    assert reader.unread == 1


def test_opening_reads_and_leads_there(reader: Reader) -> None:
    code = reader.tell(link="/me/registrations")
    reader.tell()
    assert reader.press(f"/messages/{code}/open") == (303, "/me/registrations")
    assert reader.unread == 1


def test_a_message_that_leads_nowhere_comes_back(reader: Reader) -> None:
    code = reader.tell()
    assert reader.press(f"/messages/{code}/open") == (303, "/messages")
    assert reader.unread == 0


def test_all_are_read_at_once(reader: Reader) -> None:
    for _ in range(3):
        reader.tell()
    assert reader.press("/messages/read-all") == (303, "/messages")
    assert reader.unread == 0
    assert "全部标为已读" not in reader.page()


def test_anothers_message_is_not_found_and_stays_unread(app: Flask, reader: Reader) -> None:
    other = Reader(app)
    code = other.tell()
    reader.tell()
    assert reader.press(f"/messages/{code}/open")[0] == 404
    assert reader.press("/messages/0000000000000000/open")[0] == 404
    assert other.unread == 1


def test_what_people_wrote_is_shown_as_text(reader: Reader) -> None:
    reader.tell(
        "registration.rejected", activity="<script>hook()</script>", note="{{7*7}}<img src=x onerror=hook()>"
    )
    page = reader.page()
    assert "<script>hook" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;hook" in page
    assert "{{7*7}}" in page


def test_pages_beyond_the_end_are_the_last(reader: Reader) -> None:
    for _ in range(21):
        reader.tell()
    assert reader.page("/messages?page=2").count("<article") == 1
    assert reader.page("/messages?page=99").count("<article") == 1
    assert reader.page("/messages?page=-1").count("<article") == 20
    assert reader.page("/messages?page=x").count("<article") == 20


def test_the_bell_counts(reader: Reader) -> None:
    for _ in range(3):
        reader.tell()
    assert "3 条未读" in reader.page()
