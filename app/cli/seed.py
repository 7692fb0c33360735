"""`flask --app app seed …`: rows for tests of rights, made by the verbs."""

import json

import click
from flask.cli import AppGroup

from app.demo import security

group = AppGroup("seed", help="Rows for tests, with their addresses and one-time secrets.")


@group.command("security")
@click.option("--seed", default=1, show_default=True, help="the same seed, the same addresses")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def both_sides(seed: int, as_json: bool) -> None:
    """Two accounts a role in two units and two activities, and one thing of each kind on either side.

    Only when APP_ENV is test. Passwords and cookies are shown once.
    """
    try:
        made = security.seed(seed)
    except security.NotHere as no:
        raise click.ClickException(str(no)) from no
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False, indent=1))
        return
    for account in made["accounts"]:
        click.echo(f"{account['side']}  {account['role']:20} {account['phone']}  {account['password']}")
