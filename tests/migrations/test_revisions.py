"""Revisions: what they build is what the models say, up and down, on the database at hand (R70)."""

import ast
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app.database import MIGRATIONS
from models.base import db


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def test_the_upgraded_schema_is_the_metadata(context: Flask) -> None:
    with db.engine.connect() as connection:
        migration = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(migration, db.metadata) == []
    assert tables() - {"alembic_version"} == set(db.metadata.tables)


def test_down_to_nothing_and_up_again(new_app: Callable[..., Flask]) -> None:
    with new_app().app_context():
        flask_migrate.upgrade()
        full = tables()
        flask_migrate.downgrade(revision="base")
        assert tables() <= {"alembic_version"}
        flask_migrate.upgrade()
        assert tables() == full


def test_revisions_never_import_the_models() -> None:
    for path in Path(MIGRATIONS, "versions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] in {"models", "services", "app"}], (
                path.name
            )
