"""Consistency, counted: every counter is 0 in health."""

import json
import sys

import click
from flask.cli import AppGroup

from services import invariants

group = AppGroup("check", help="Checks of the running system.")


@group.command("invariants")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def check(as_json: bool) -> None:
    """Count what should not be; exits with 1 if anything is found."""
    counters = invariants.count()
    if as_json:
        click.echo(json.dumps(counters, indent=1))
    else:
        for name, found in counters.items():
            click.echo(f"{found:6}  {name}")
    if any(counters.values()):
        sys.exit(1)
