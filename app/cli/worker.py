"""Scheduler and outbox as a process of its own; any number may run."""

import signal
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app import process
from app.worker import Worker


@click.command("worker")
@with_appcontext
def command() -> None:
    """Run the jobs whenever this process holds the lease."""
    worker = Worker(current_app._get_current_object())  # type: ignore[attr-defined]

    def stop(_signal: int, _frame: Any) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    process.settle()
    worker.run()
