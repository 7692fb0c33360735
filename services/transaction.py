"""The only commit. Doors, jobs and commands write `with transaction(): verb(..., stamp=stamp)`.

It ends the read transaction that loading the user began, then begins its own: on SQLite BEGIN IMMEDIATE, asked for
before anything is read, since later it is silently ignored. What must be the last thing in a transaction (closing the
audit chain, raising the version of the public pages) is a closer; the composition root hands them in, in lock order.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from models.base import db

Closer = Callable[[Session], None]

_closers: list[Closer] = []


def install(closers: list[Closer]) -> None:
    """Set what runs at the end of each transaction, after all holds."""
    _closers[:] = closers


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction: all of it is durable when the block ends, none of it when it raises."""
    session = db.session()
    if session.info.get("in_transaction"):
        raise RuntimeError("a transaction inside a transaction")
    session.rollback()
    session.info.clear()
    session.info["in_transaction"] = True
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session
        session.flush()
        for close in _closers:
            close(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        after = session.info.pop("after", [])
        session.info.clear()
    for call in after:
        call()


def afterwards(call: Callable[[], Any]) -> None:
    """Do something once the running transaction is durable: wake the sender, say. Never for what must not be lost."""
    db.session().info.setdefault("after", []).append(call)
