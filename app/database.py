"""How connections behave, on both databases (R71). The transaction rule itself is in `services.transaction`."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

log = logging.getLogger("yongjiang")

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15000, "synchronous": 2}
"""synchronous 2 is FULL: what was acknowledged survives a loss of power."""

STATEMENT_TIMEOUT_MS = 10_000


def engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 15}}
    timeout = f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={STATEMENT_TIMEOUT_MS}"
    return {
        "pool_pre_ping": True,
        "pool_size": 8,
        "max_overflow": 8,
        "connect_args": {"options": timeout, "connect_timeout": 5},
    }


@sa.event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # we send BEGIN ourselves
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")


@sa.event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def verify(engine: Engine) -> None:
    """Ask a connection of its own, and leave none behind: the process may fork. A database that cannot be opened is
    not this question; `/readyz` says so.
    """
    try:
        with engine.connect() as connection:
            verify_settings(connection)
    except sa.exc.OperationalError as away:
        log.warning("database", extra={"fault": type(away).__name__})
    finally:
        engine.dispose()


def verify_settings(connection: Connection) -> None:
    """Refuse to start on an SQLite connection that is not as safe as we think."""
    if connection.dialect.name != "sqlite":
        return
    for name, wanted in PRAGMAS.items():
        found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        if str(found).lower() != str(wanted):
            raise RuntimeError(f"SQLite {name} is {found}, not {wanted}")
