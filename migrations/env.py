"""Runs revisions on the application's database. Revisions never import models: a table may change, a revision not."""

from logging.config import fileConfig
from typing import Any

from alembic import context
from flask import current_app

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name, disable_existing_loggers=False)

db = current_app.extensions["migrate"].db


def portable(kind: str, item: Any, _autogen: Any) -> Any:
    """Write our own types as what the database sees, so that a revision stands alone."""
    if kind == "type" and type(item).__name__ == "UTCDateTime":
        return "sa.DateTime()"
    return False


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=portable,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
