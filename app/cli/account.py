"""Accounts, from the shell."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from app.config import Config
from services.account import first
from services.account.reasons import AdministratorExists
from services.stamp import machine
from services.transaction import transaction

group = AppGroup("account", help="Accounts.")


@group.command("create-admin")
@click.option("--force", is_flag=True, help="even where there is a security administrator already")
def create_admin(force: bool) -> None:
    """Print a link that makes whoever opens it first, signed in, the security administrator. Valid 30
    minutes.
    """
    config: Config = current_app.extensions["yongjiang"]
    try:
        with transaction():
            token = first.invite(force=force, stamp=machine("create-admin"))
    except AdministratorExists as no:
        click.echo(str(no.sentence), err=True)
        sys.exit(1)
    click.echo(f"{config.public_base_url}/first/{token}")
    click.echo("valid for 30 minutes, once", err=True)
