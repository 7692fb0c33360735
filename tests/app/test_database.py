"""The start asks the database whether it is as safe as we think (R71)."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine


@pytest.fixture
def careless() -> Iterator[None]:
    """Connections that do not wait for the disk."""

    def spoil(connection: object, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous=0")

    sa.event.listen(Engine, "connect", spoil)
    yield
    sa.event.remove(Engine, "connect", spoil)


@pytest.mark.usefixtures("careless")
def test_a_changed_setting_of_sqlite_stops_the_start(new_app: Callable[..., Flask], tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="SQLite synchronous is 0, not 2"):
        new_app(f"sqlite:///{tmp_path / 'careless.sqlite'}")


def test_the_settings_as_they_are_let_it_start(new_app: Callable[..., Flask]) -> None:
    assert new_app().name == "app"
