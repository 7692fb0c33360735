"""One demonstration for all tests of this folder: loading it takes its time."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import Config
from app.demo import load
from tests.support.application import environment, let_go
from tests.support.database import Store

ANCHOR = dt.date(2026, 11, 23)


@pytest.fixture(scope="session")
def told(worker_app: Flask, store: Store, folder: Path) -> Iterator[Flask]:
    """An application on a database in which the demonstration was loaded with seed 1."""
    (folder / "demo").mkdir(exist_ok=True)
    settings = environment(folder, store.copy("demo"), STORAGE_DIR=str(folder / "demo" / "storage"))
    app = create_app(Config.from_env(settings))
    with app.app_context():
        load.load(seed=1, anchor=ANCHOR)
    let_go(app)
    yield app
    let_go(app)
    store.drop("demo")


@pytest.fixture
def demo(told: Flask) -> Iterator[Flask]:
    with told.app_context():
        yield told
