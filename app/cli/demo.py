"""`flask --app app demo …`: the demonstration, loaded and listed."""

import datetime as dt
import time

import click
from flask.cli import AppGroup

from app.demo import accounts, load

group = AppGroup("demo", help="Made-up data to look at, marked as such.")


@group.command("load")
@click.option("--seed", default=1, show_default=True, help="another seed, another district")
@click.option(
    "--scale", default=1, show_default=True, type=click.IntRange(1, 50), help="so many times as much"
)
@click.option("--anchor", help="the day it is told on (ISO; default today)")
@click.option("--anew", is_flag=True, help="empty the database first")
def load_(seed: int, scale: int, anchor: str | None, anew: bool) -> None:
    """Load the demonstration. Refuses outside APP_ENV demo and test, and where data is."""
    began = time.monotonic()
    try:
        day = dt.date.fromisoformat(anchor) if anchor else None
        if anew:
            load.empty()
        summary = load.load(seed, scale, day)
    except (load.NotHere, ValueError) as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{summary} in {time.monotonic() - began:.1f} s")


@group.command("accounts")
def list_() -> None:
    """One account for each role."""
    for line in accounts.listing():
        click.echo(line)
