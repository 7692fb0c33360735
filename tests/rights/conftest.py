"""The world of two sides, built once a worker and put back whenever a request has changed it."""

import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from services.stamp import clock as watch
from tests.rights.registry import fill
from tests.rights.world import CSRF, NOW, Builder, Side, Who, World, cookie, csrf_token
from tests.support.application import Hand, hand_in, let_go
from tests.support.database import Store

ELSEWHERE = "203.0.113.7"
HERE = "127.0.0.1"
HIDDEN = ("csrf_token", "idempotency_key")


@dataclass
class Saved:
    world: World
    files: Path


@pytest.fixture(scope="session")
def saved(worker_app: Flask, store: Store, folder: Path) -> Saved:
    """The built world as a database to be copied, and its files."""
    let_go(worker_app)
    store.copy("main")
    shutil.rmtree(folder / "storage", ignore_errors=True)
    (folder / "storage").mkdir()
    hand_in(worker_app)
    watch.set(NOW)
    try:
        with worker_app.app_context():
            world = Builder(worker_app).world()
    finally:
        watch.reset()
    let_go(worker_app)
    store.duplicate("main", "world")
    files = folder / "world-files"
    shutil.copytree(folder / "storage", files)
    return Saved(world, files)


class Scene:
    """The world, and somebody knocking at its doors without a browser."""

    def __init__(self, app: Flask, store: Store, folder: Path, saved: Saved) -> None:
        self.app, self.store, self.folder, self.saved = app, store, folder, saved
        self.world = saved.world
        self.client = app.test_client(use_cookies=False)
        self.keys = itertools.count()
        self.nobody = Who("anonymous", cookie(app))

    def restore(self) -> None:
        """As it was built."""
        let_go(self.app)
        self.store.duplicate("world", "main")
        storage = self.folder / "storage"
        if sum(1 for _ in storage.rglob("*")) != sum(1 for _ in self.saved.files.rglob("*")):
            shutil.rmtree(storage, ignore_errors=True)
            shutil.copytree(self.saved.files, storage)
        for forget in self.app.extensions.get("forget", ()):
            forget()

    def hidden(self, csrf: str = CSRF) -> dict[str, str]:
        """What every form carries."""
        return {
            "csrf_token": csrf_token(self.app, csrf),
            "idempotency_key": f"one-time-key-{next(self.keys)}",
        }

    def ask(
        self,
        who: Who,
        method: str,
        path: str,
        data: Any = None,
        *,
        headers: dict[str, str] | None = None,
        address: str = ELSEWHERE,
        **more: Any,
    ) -> TestResponse:
        """One request; a writing one carries token and key unless `data` is given.

        To the API the same goes as JSON, with a bearer token and the key in a header.
        """
        told = {"Accept-Language": "zh-CN", "Cookie": who.cookie}
        if method not in ("GET", "HEAD", "OPTIONS") and data is None and "json" not in more:
            data = self.hidden()
        if path.startswith("/api/"):
            told |= {"Authorization": f"Bearer {who.bearer}"} if who.bearer else {}
            if data is not None:
                more["json"] = {name: value for name, value in data.items() if name not in HIDDEN}
                told["Idempotency-Key"], data = data.get("idempotency_key", ""), None
        return self.client.open(
            path,
            method=method,
            data=data,
            headers=told | (headers or {}),
            environ_base={"REMOTE_ADDR": address},
            **more,
        )

    def person(self, name: str, side: Side) -> Who:
        return self.nobody if name == "anonymous" else side.people[name]

    def path(self, rule: Any, side: Side) -> str:
        return fill(rule, side.codes)


@pytest.fixture
def scene(app: Flask, store: Store, folder: Path, saved: Saved, clock: Hand) -> Scene:
    made = Scene(app, store, folder, saved)
    made.restore()
    clock.set(NOW)
    return made
