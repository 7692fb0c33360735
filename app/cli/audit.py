"""The audit chain, from the shell."""

import sys

import click
from flask.cli import AppGroup

from services import audit as audits

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
def verify() -> None:
    """Walk the hash chain; says what does not fit and exits with 1."""
    faults = list(audits.verify())
    for fault in faults[:100]:
        click.echo(f"{fault.number}: {fault.what}")
    if faults:
        click.echo(f"{len(faults)} faults")
        sys.exit(1)
    click.echo("the chain is whole")
