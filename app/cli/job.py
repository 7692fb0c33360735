"""Jobs, by hand."""

import datetime as dt
import sys

import click
from flask.cli import AppGroup

from app.jobs import JOBS
from app.worker import run
from services.stamp import clock

group = AppGroup("job", help="Jobs by hand.")


@group.command("run")
@click.argument("name", type=click.Choice(sorted(JOBS)))
@click.option("--at", help="as if at this moment (ISO, with a zone)")
def run_one(name: str, at: str | None) -> None:
    """One job now. A slot that was done is not done again."""
    moment = dt.datetime.fromisoformat(at) if at else clock.now()
    if moment.tzinfo is None:
        click.echo("--at needs a zone, such as +08:00", err=True)
        sys.exit(2)
    done = run(JOBS[name], owner="command", at=moment)
    click.echo("done" if done else "nothing to do")


@group.command("list")
def listing() -> None:
    """The names of all jobs."""
    for job in JOBS.values():
        click.echo(f"{job.name}  every {job.every or job.poll}")
