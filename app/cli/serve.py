"""`make run`: everything the site needs, made where it is missing, then the server."""

import os
import socket
import sys
import tomllib
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext

from app.config import Config
from app.demo import accounts as demo_accounts
from app.demo import load
from models.base import db
from services import indicator as indicators
from services.stamp import machine
from services.transaction import transaction

PLANS = Path(__file__).resolve().parent.parent / "plans"


@click.command("serve")
@click.option("--workers", default=2, show_default=True, help="server processes")
@click.option("--threads", default=4, show_default=True, help="threads a process")
@with_appcontext
def command(workers: int, threads: int) -> None:
    """Migrate, load the plan, in the demo its data, and serve."""
    config: Config = current_app.extensions["yongjiang"]
    if is_taken(config.port):
        raise click.ClickException(f"port {config.port} is in use; stop what listens there, or say PORT=…")
    flask_migrate.upgrade()
    prepare(config)
    click.echo(f"\n  永川区职业技能竞赛与活动平台 · Yongjiang\n  {config.public_base_url}\n")
    if config.env == "demo":
        click.echo("  demo accounts (one click each on the sign-in page):")
        for line in demo_accounts.listing():
            click.echo(f"    {line}")
        click.echo("")
    sys.stdout.flush()
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
    os.execv(sys.executable, server_command(config, workers, threads))  # noqa: S606  our own interpreter


def is_taken(port: int) -> bool:
    """Whether somebody listens there already: the server would share the port and answer every other request."""
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # connections that just ended do not count
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def prepare(config: Config) -> None:
    """Load the plan; into an empty demo its continuation and data."""
    with transaction():
        indicators.load(
            tomllib.loads((PLANS / "yongchuan-2023.toml").read_text("utf-8")), stamp=machine("serve")
        )
    if config.env == "demo" and load.is_empty():
        click.echo("  loading the demo data …")
        load.load(seed=1)


def server_command(config: Config, workers: int, threads: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--factory",
        "--host",
        "127.0.0.1",
        "--port",
        str(config.port),
        "--workers",
        str(workers),
        "--blocking-threads",
        str(threads),
        "--respawn-failed-workers",
        "--no-access-log",
        "--log-level",
        "warning",
        "app.wsgi:application",
    ]
