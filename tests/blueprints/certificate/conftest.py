"""A signed certificate, its holder, two officers, and clients for each."""

from dataclasses import dataclass
from functools import cached_property

import pytest
from flask import Flask

from models.account import Account
from models.activity import Activity
from models.certificate import Certificate
from models.person import Person
from services import throttle
from services.stamp import clock
from services.transaction import transaction
from tests.support import factories as make
from tests.support import honours
from tests.support.doors import Client


@dataclass
class Room:
    app: Flask
    activity: Activity
    officer: Account
    other: Account
    winner: Person
    account: Account
    row: Certificate

    def client(self, account: Account | None = None) -> Client:
        return Client(self.app, account)

    @cached_property
    def anybody(self) -> Client:
        return Client(self.app)

    def forgive(self) -> None:
        """Forget how often was tried."""
        with transaction():
            throttle.sweep(now=clock.now() + throttle.dt.timedelta(days=1))


@pytest.fixture
def room(context: Flask) -> Room:
    with transaction():
        activity = honours.contest()
        winner = make.person("张㛃喆淼")
        account = make.account(winner)
        officer, other = honours.officer(activity), honours.officer(activity)
    row = honours.issued([honours.order(activity, winner)], officer)[0]
    return Room(context, activity, officer, other, winner, account, row)
