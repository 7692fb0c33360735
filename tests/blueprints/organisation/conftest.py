"""The house of `tests/services/organisation`, and its people at the doors."""

from collections.abc import Callable

import pytest
from flask import Flask

from models.account import Account
from tests.services.organisation.conftest import House, house
from tests.support.doors import Client

__all__ = ["House", "house", "knock"]

Knock = Callable[[Account | None], Client]


@pytest.fixture
def knock(app: Flask) -> Knock:
    return lambda account: Client(app, account)
