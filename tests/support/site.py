"""A running site: real server processes on a free port of this machine, with a database of their own."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from flask import Flask

from app import create_app
from app.config import Config
from tests.support.application import environment, let_go
from tests.support.database import Store

ROOT = Path(__file__).parents[2]
Command = Sequence[str]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Site:
    """One site. ``base_url`` to ask, ``log`` to read, ``settings`` it runs with."""

    def __init__(self, folder: Path, database_url: str, workers: int, settings: dict[str, str]) -> None:
        self.folder = folder
        self.database_url = database_url
        self.workers = workers
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "site.log"
        self.settings = environment(
            folder, database_url, **{"PUBLIC_BASE_URL": self.base_url, "PORT": str(self.port), **settings}
        )
        self.application = "app.wsgi:application"
        self.process: subprocess.Popen[bytes] | None = None
        self._app: Flask | None = None

    @property
    def app(self) -> Flask:
        """An application in the test's process on the site's database, for verbs and counts."""
        if self._app is None:
            self._app = create_app(Config.from_env({**self.settings, "SCHEDULER": "off"}))
        return self._app

    def flask(self, *words: str, expect: int = 0) -> str:
        """Run ``flask --app app …`` as the site would; what it printed."""
        command = [sys.executable, "-m", "flask", "--app", "app", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self._env(), capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == expect, (
            f"{' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    def start(self, ready: str = "/readyz", within: float = 60) -> None:
        """Start the server processes and wait until the site says that it is ready."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", str(self.workers), "--blocking-threads", "4"]
        command += ["--respawn-failed-workers", "--no-access-log", self.application]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._env(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait(ready, within)

    def pids(self) -> list[int]:
        """The server processes that answer, without the one that watches them."""
        assert self.process is not None, "not started"
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]

    def stop(self) -> None:
        """End the processes that were started here, politely first."""
        if self.process is None:
            return
        family = [self.process.pid, *self.pids()] if self.process.poll() is None else []
        if family:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        for pid in family[1:]:
            if psutil.pid_exists(pid) and os.getpgid(pid) == family[0]:
                os.kill(pid, signal.SIGKILL)
        self.process = None

    def close(self) -> None:
        self.stop()
        if self._app is not None:
            let_go(self._app)

    def _env(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.settings}

    def _wait(self, path: str, within: float) -> None:
        assert self.process is not None
        last: object = None
        end = time.monotonic() + within
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.base_url + path, timeout=2):  # noqa: S310 - our own address
                    return
            except urllib.error.HTTPError as error:
                last = f"{error.code} {error.read(500)!r}"
            except OSError as error:
                last = error
            time.sleep(0.1)
        self.stop()
        tail = self.log.read_text(errors="replace")[-4000:]
        pytest.fail(f"{path} was not ready within {within} s: {last}\n{tail}")


@pytest.fixture(scope="module")
def live_site(worker_app: Flask, store: Store, folder: Path) -> Iterator[Callable[..., Site]]:
    """Start sites that last until the module's tests are done.

    ``live_site(workers=2, before=[("plan", "load", "app/plans/…")], APP_CLOCK="…")``: the commands of
    ``before`` run on the migrated database before the start; ``application`` is what the server loads instead of
    the site itself, for negative controls; further names are settings.
    """
    numbers = itertools.count()
    made: list[tuple[str, Site]] = []

    def start(
        workers: int = 1,
        before: Sequence[Command] = (),
        ready: str = "/readyz",
        application: str = "",
        **settings: str,
    ) -> Site:
        name = f"site{next(numbers)}"
        place = folder / name
        (place / "storage").mkdir(parents=True, exist_ok=True)
        site = Site(place, store.copy(name), workers, {"SCHEDULER": "embedded", **settings})
        site.application = application or site.application
        made.append((name, site))
        for command in before:
            site.flask(*command)
        site.start(ready)
        return site

    yield start
    for name, site in made:
        site.close()
        store.drop(name)
