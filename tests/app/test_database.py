"""The start asks the database whether it is as safe as we think (R71)."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from tests.support.database import Store


@pytest.fixture
def careless() -> Iterator[None]:
    """Connections that do not wait for the disk."""

    def spoil(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous=0")  # type: ignore[attr-defined]

    sa.event.listen(Engine, "connect", spoil)
    yield
    sa.event.remove(Engine, "connect", spoil)


def test_a_changed_setting_of_sqlite_stops_the_start(
    new_app: Callable[..., Flask], store: Store, careless: None
) -> None:
    if store.kind != "sqlite":
        pytest.skip("settings of SQLite")
    with pytest.raises(RuntimeError, match="SQLite synchronous is 0, not 2"):
        new_app()


def test_the_settings_as_they_are_let_it_start(new_app: Callable[..., Flask]) -> None:
    assert new_app().name == "app"
