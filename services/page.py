"""The version of what the public sees. Cached pages carry it; a commit that touches what they show raises it.

The counter is raised in the same transaction, last of all, beside the audit chain's head: a page made from what a
transaction changed can never carry the number from before it.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.base import Base, db
from models.visit import Once, PageVersion

_shown: set[type[Base]] = set()


def watch(session_factory: Any, *kinds: type[Base]) -> None:
    """Raise the version whenever a row of these tables is written."""
    _shown.update(kinds)
    if not sa.event.contains(session_factory, "after_flush", _notice):
        sa.event.listen(session_factory, "after_flush", _notice)


def _notice(session: Session, _context: object) -> None:
    if any(type(row) in _shown for rows in (session.new, session.dirty, session.deleted) for row in rows):
        session.info["public"] = True


def touch() -> None:
    """Say that the running transaction changes a public page by other means than a row's attributes."""
    db.session().info["public"] = True


def close(session: Session) -> None:
    """Raise the version if anything public was touched: a closer of `transaction`."""
    if session.info.pop("public", False):
        session.execute(sa.update(PageVersion).values(version=PageVersion.version + 1))


def version() -> int:
    return db.session.scalars(sa.select(PageVersion.version)).one_or_none() or 0


def sweep_answers(*, now: dt.datetime, keep: dt.timedelta = dt.timedelta(days=2)) -> int:
    """Forget the first answers to one-time keys that no open form can still carry."""
    result = db.session.execute(sa.delete(Once).where(Once.at < now - keep))
    assert isinstance(result, sa.CursorResult)
    return result.rowcount
