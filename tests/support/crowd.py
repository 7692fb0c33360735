"""Several processes that do the same thing at once, each with an application of its own on one database."""

import multiprocessing
import queue
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier as Meeting
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.config import Config
from tests.support.application import environment, let_go

Work = Callable[..., Any]
PATIENCE = 60.0

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["app"])  # imported once, before any thread or connection


def _live(
    settings: dict[str, str], work: Work, arguments: tuple[Any, ...], ready: Any, go: Any, out: Any
) -> None:
    app = create_app(Config.from_env(settings))
    ready.put(True)
    go.wait()
    with app.app_context():
        answer = work(*arguments)
    let_go(app)
    out.put(answer)


def in_threads(app: Flask, threads: int, work: Work, *arguments: Any) -> list[Any]:
    """The same in threads of one process, each with a context and so a session of its own."""

    def one(_number: int) -> Any:
        with app.app_context():
            return work(*arguments)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


class Crowd:
    """``crowd.run(4, work, …)``: what each process answered. ``crowd.begin`` leaves them running, to be killed."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings
        self.alive: list[BaseProcess] = []

    def run(self, count: int, work: Work, *arguments: Any, **settings: str) -> list[Any]:
        processes, out = self._start(count, work, arguments, settings)
        answers: list[Any] = []
        end = time.monotonic() + PATIENCE
        while len(answers) < count:
            try:
                answers.append(out.get(timeout=0.2))
            except queue.Empty:
                dead = [process.exitcode for process in processes if process.exitcode not in (None, 0)]
                assert not dead, f"a process ended with {dead}"
                assert time.monotonic() < end, "the processes did not end"
        for process in processes:
            process.join(PATIENCE)
        return answers

    def meeting(self, count: int) -> Meeting:
        """Where ``count`` processes wait for each other, so that what a control shows does not hang on luck."""
        return _context.Barrier(count, timeout=PATIENCE)

    def begin(self, count: int, work: Work, *arguments: Any, **settings: str) -> list[BaseProcess]:
        return self._start(count, work, arguments, settings)[0]

    def _start(
        self, count: int, work: Work, arguments: tuple[Any, ...], settings: dict[str, str]
    ) -> tuple[list[BaseProcess], Any]:
        ready, go, out = _context.Queue(), _context.Event(), _context.Queue()
        given = ({**self.settings, **settings}, work, arguments, ready, go, out)
        processes: list[BaseProcess] = [_context.Process(target=_live, args=given) for _ in range(count)]
        self.alive += processes
        for process in processes:
            process.start()
        for _ in processes:
            ready.get(timeout=PATIENCE)
        go.set()
        return processes, out

    def close(self) -> None:
        for process in self.alive:
            if process.is_alive():
                process.kill()
            process.join(10)


@pytest.fixture
def crowd(app: Flask, folder: Path, database_url: str) -> Iterator[Crowd]:
    """Processes on the test's database; those still alive at its end are ended."""
    made = Crowd(environment(folder, database_url))
    yield made
    made.close()
