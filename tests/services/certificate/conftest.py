"""An activity with two officers and a winner with an account."""

from dataclasses import dataclass

import pytest
from flask import Flask

from models.account import Account
from models.activity import Activity
from models.person import Person
from services.transaction import transaction
from tests.support import factories as make
from tests.support import honours


@dataclass
class Hall:
    activity: Activity
    officer: Account
    other: Account
    winner: Person
    account: Account
    """Of the winner."""


@pytest.fixture
def hall(context: Flask) -> Hall:
    with transaction():
        activity = honours.contest()
        winner = make.person("张㛃喆淼")
        return Hall(
            activity,
            honours.officer(activity),
            honours.officer(activity),
            winner,
            make.account(winner),
        )
