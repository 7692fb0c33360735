"""Revisions: what they build is what the models say, up and down, on the database at hand (R70)."""

import ast
import datetime as dt
from collections.abc import Callable, Iterable
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


def test_rows_made_before_a_revision_live_through_it_up_and_down(new_app: Callable[..., Flask]) -> None:
    """From the first revision, filled, to the last, down and up again: nobody is lost, every entry gets a pass."""
    with new_app().app_context():
        flask_migrate.upgrade(revision="2026_11_23_first")
        filled = fill()
        flask_migrate.upgrade()
        assert counts(filled) == filled
        with db.engine.connect() as connection:
            passes = connection.execute(sa.text("SELECT pass_code FROM registration")).scalars().all()
        assert len(set(passes)) == filled["registration"] and all(len(code) == 8 for code in passes)
        flask_migrate.downgrade(revision="2026_11_23_first")
        assert counts(filled) == filled
        flask_migrate.upgrade()
        assert counts(filled) == filled


def fill() -> dict[str, int]:
    """A few rows in each table that later revisions change, with all that they hang on. How many, by table."""
    now = "2026-11-01 08:00:00.000000"
    with db.engine.begin() as connection:
        known = sa.MetaData()
        known.reflect(connection)
        given: dict[str, dict[str, object]] = {
            "organisation": {"name": "单位", "type": "enterprise"},
            "person": {"name": "张三", "category": "citizen", "skill_level": "none"},
            "activity": {"kind": "lecture", "title": "讲座", "level": "district", "state": "published"},
            "track": {"name": "现场", "capacity": 10},
            "batch": {"source": "self", "size": 1},
            "registration": {"state": "accepted", "claim": None},
        }
        for name, values in given.items():
            for number in (1, 2, 3):
                row = {"id": number, "code": f"{name[:4]}{number:012}", **values}
                for column in known.tables[name].columns:
                    if column.name in row or column.nullable:
                        continue
                    row[column.name] = _filler(column, number, now)
                if name == "organisation":
                    row["name"] = f"单位{number}"
                if name == "track":
                    row["name"] = f"现场{number}"
                connection.execute(known.tables[name].insert(), row)
        return dict.fromkeys(given, 3)


def _filler(column: sa.Column[object], number: int, now: str) -> object:
    if column.foreign_keys:
        return number
    if isinstance(column.type, sa.DateTime):
        return dt.datetime.fromisoformat(now)
    if isinstance(column.type, sa.JSON):
        return []
    return False if isinstance(column.type, sa.Boolean) else 0 if isinstance(column.type, sa.Integer) else ""


def counts(names: Iterable[str]) -> dict[str, int]:
    with db.engine.connect() as connection:
        tables = [sa.table(name) for name in names]
        query = sa.select(sa.func.count())
        return {table.name: connection.execute(query.select_from(table)).scalar_one() for table in tables}


def test_revisions_never_import_the_models() -> None:
    for path in Path(MIGRATIONS, "versions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] in {"models", "services", "app"}], (
                path.name
            )
