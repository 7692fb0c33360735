"""The inbox: one's own messages, newest first."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Account
from services import notification as notifications
from services.errors import Missing
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories as make

NOON = dt.datetime(2027, 3, 1, 4, 0, tzinfo=dt.UTC)


def at(minutes: int) -> Stamp:
    return Stamp(NOON + dt.timedelta(minutes=minutes), "test")


def told(account: Account, times: int) -> list[str]:
    with transaction():
        rows = [
            notifications.notify(
                account, "registration.withdrawn", stamp=at(number), activity=f"活动{number}"
            )[0]
            for number in range(times)
        ]
        return [row.code for row in rows]


@pytest.fixture
def account(context: Flask) -> Account:
    with transaction():
        return make.account()


@pytest.fixture
def other(context: Flask) -> Account:
    with transaction():
        return make.account()


def test_the_newest_comes_first_in_pages_of_twenty(account: Account) -> None:
    codes = told(account, 45)
    first = notifications.inbox(account.id)
    assert [row.code for row in first.rows] == codes[::-1][:20]
    assert (first.page, first.pages, first.total) == (1, 3, 45)
    assert [row.code for row in notifications.inbox(account.id, 3).rows] == codes[::-1][40:]


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (-7, 1), (4, 3), (10**12, 3)])
def test_a_page_that_is_not_there_becomes_the_nearest(account: Account, asked: int, shown: int) -> None:
    told(account, 45)
    assert notifications.inbox(account.id, asked).page == shown


def test_an_empty_inbox_has_one_empty_page(account: Account) -> None:
    empty = notifications.inbox(account.id)
    assert (list(empty.rows), empty.page, empty.pages, empty.total) == ([], 1, 1, 0)


def test_reading_counts_once(account: Account) -> None:
    codes = told(account, 3)
    assert notifications.unread(account.id) == 3
    for moment in (60, 90):
        with transaction():
            notifications.read(account.id, codes[0], stamp=at(moment))
    assert notifications.unread(account.id) == 2
    assert notifications.get(account.id, codes[0]).read_at == at(60).when


def test_anothers_message_does_not_exist(account: Account, other: Account) -> None:
    (code,) = told(other, 1)
    with pytest.raises(Missing):
        notifications.get(account.id, code)
    with pytest.raises(Missing), transaction():
        notifications.read(account.id, code, stamp=at(60))
    assert notifications.unread(other.id) == 1


def test_all_are_read_but_those_that_came_since_and_those_of_others(account: Account, other: Account) -> None:
    told(account, 5)
    told(other, 2)
    with transaction():
        assert notifications.read_all(account.id, stamp=at(2)) == 3
    assert notifications.unread(account.id) == 2
    assert notifications.unread(other.id) == 2
