"""`flask --app app plan …`: load or update a plan, list what is loaded."""

from pathlib import Path

import click
from flask.cli import AppGroup

from services import indicator as indicators
from services.errors import Refused
from services.stamp import machine
from services.transaction import transaction

group = AppGroup("plan", help="Plans: what is asked, by when, and how it is counted.")


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Load FILE (TOML as in app/plans/), or update its plan. A file with a mistake changes nothing."""
    try:
        with transaction():
            result = indicators.load(indicators.read(file), stamp=machine("plan load"))
            plan = result.plan
            said = f"{plan.code}: {len(plan.indicators)} indicators, {len(plan.deliverables)} deliverables; "
            said += f"{result.added} rows added, {result.changed} changed"
    except indicators.BadPlan as bad:
        raise click.ClickException("\n".join([str(file), *map(str, bad.problems)])) from bad
    except Refused as no:
        raise click.ClickException(f"{file}: {no.sentence}") from no
    click.echo(said)


@group.command("list")
def list_() -> None:
    """The plans that are loaded, the earliest first."""
    for plan in indicators.list_plans():
        marks = [f"continues {plan.continues}"] if plan.continues else []
        marks += ["demo"] if plan.is_demo else []
        years = f"{plan.years[0]}-{plan.years[-1]}"
        click.echo("  ".join([plan.code, years, f"{len(plan.indicators)} indicators", *marks]))
