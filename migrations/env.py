"""Runs revisions on the application's database. Revisions never import models: a table may change, a revision not."""

from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import fileConfig
from typing import Any

import sqlalchemy as sa
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


@contextmanager
def unbound(connection: sa.Connection) -> Iterator[None]:
    """Foreign keys rest while SQLite makes a table anew, since it would take the old one's end for a deletion of its
    rows; what they say is checked before they hold again.
    """
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if broken := raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows point at nothing after the revision: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    with db.engine.connect() as connection, unbound(connection):
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
