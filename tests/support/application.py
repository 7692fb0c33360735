"""The application under test: one object a worker, with a fresh database for each test that asks for it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app, senders
from app.config import Config
from certificates import fonts
from models import vault
from models.base import db
from services import stamp, storage
from services.audit import checkpoints
from tests.support.database import Store
from tests.support.paper import fonts_folder

BASE_URL = "http://localhost"


def environment(folder: Path, database_url: str, **more: str) -> dict[str, str]:
    """The settings of a test application whose files lie in a folder."""
    return {
        "APP_ENV": "test",
        "DATABASE_URL": database_url,
        "INSTANCE_DIR": str(folder),
        "KEYRING_FILE": str(folder / "keyring.json"),
        "STORAGE_DIR": str(folder / "storage"),
        "FONTS_DIR": str(fonts_folder()),
        "SCHEDULER": "off",
        "PUBLIC_BASE_URL": BASE_URL,
        **more,
    }


def hand_in(app: Flask) -> None:
    """Give the rooms again what the composition root gave them: a test, or another application, may have taken it."""
    config: Config = app.extensions["yongjiang"]
    vault.install(vault.Keyring.load(config.keyring_file))
    checkpoints.install(config.instance / "checkpoints")
    storage.install(config.storage_dir)
    fonts.install(config.fonts_dir)
    senders.install(config)


def let_go(app: Flask) -> None:
    """Close every connection of an application."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def migrate(app: Flask) -> None:
    """Bring the application's database to the newest revision."""
    with app.app_context():
        flask_migrate.upgrade()
    let_go(app)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """This worker's place for keyring, storage and logs."""
    made = Path(tempfile.mkdtemp(prefix="yongjiang-test-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def worker_app(store: Store, folder: Path) -> Flask:
    """The worker's one application; its first database, built by the migrations, becomes the template."""
    app = create_app(Config.from_env(environment(folder, store.empty("main"))))
    migrate(app)
    store.keep_as_template("main")
    return app


@pytest.fixture
def database_url(worker_app: Flask, store: Store) -> str:
    """URL of a database as the migrations leave it, which is this test's alone."""
    return store.copy("main")


@pytest.fixture
def app(worker_app: Flask, database_url: str, folder: Path) -> Iterator[Flask]:
    """The application on a fresh database and an empty storage folder.

    What it remembers outside the database is forgotten by the functions in ``extensions["forget"]``.
    """
    storage = folder / "storage"
    shutil.rmtree(storage, ignore_errors=True)
    storage.mkdir()
    shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    (folder / "loopback.jsonl").unlink(missing_ok=True)
    for forget in worker_app.extensions.get("forget", ()):
        forget()
    hand_in(worker_app)
    yield worker_app
    let_go(worker_app)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed, for tests of nouns and verbs."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a browser."""
    return app.test_client()


@pytest.fixture
def new_app(store: Store, folder: Path) -> Iterator[Callable[..., Flask]]:
    """Make a further application: ``new_app(url, SMTP_URL="…")``; without a URL on an empty database."""
    made: list[Flask] = []

    def make(database_url: str | None = None, **settings: str) -> Flask:
        url = database_url or store.empty(f"further{len(made)}")
        made.append(create_app(Config.from_env(environment(folder, url, **settings))))
        return made[-1]

    yield make
    for number, app in enumerate(made):
        let_go(app)
        store.drop(f"further{number}")


class Hand:
    """The platform's clock in the test's hand. It goes by itself until it is set, and stands from then on."""

    def set(self, moment: datetime) -> None:
        """Stop at an aware moment."""
        stamp.clock.set(moment)

    @property
    def now(self) -> datetime:
        return stamp.clock.now()

    def advance(self, **span: float) -> datetime:
        """Let time pass: ``clock.advance(days=3)``."""
        self.set(self.now + timedelta(**span))
        return self.now


@pytest.fixture
def clock() -> Iterator[Hand]:
    yield Hand()
    stamp.clock.reset()


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often to repeat: ``rounds(5, 200)`` is 5, and 200 under --soak."""
    return lambda few, full: full if request.config.getoption("--soak") else few
