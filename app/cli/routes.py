"""Every route with its policy."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from app import policies


@click.command("routes-policy")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
@with_appcontext
def command(as_json: bool) -> None:
    """Rule, methods, endpoint, policy and object parameters of every route."""
    rows = policies.listing(current_app)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{','.join(row['methods']):10} {row['rule']:50} {row['policy']}")
