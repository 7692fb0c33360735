"""What an account finds when it comes back. Only its own messages: another's do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from models.base import db
from models.notification import Channel, Message
from services import audit as audits
from services.errors import Missing
from services.stamp import Stamp

PER_PAGE = 20


@dataclass(frozen=True)
class Inbox:
    """One page of it, newest first."""

    rows: Sequence[Message]
    page: int
    pages: int
    total: int


def unread(account_id: int) -> int:
    return (
        db.session.scalar(sa.select(sa.func.count()).where(*_own(account_id), Message.read_at.is_(None))) or 0
    )


def inbox(account_id: int, page: int = 1) -> Inbox:
    """A page from 1 on; beyond the last one, the last one."""
    total = db.session.scalar(sa.select(sa.func.count()).where(*_own(account_id))) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        sa.select(Message)
        .where(*_own(account_id))
        .order_by(Message.made_at.desc(), Message.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Inbox(rows, page, pages, total)


def get(account_id: int, code: str) -> Message:
    """One of an account's own messages. Raises `Missing`."""
    row = db.session.scalars(sa.select(Message).where(*_own(account_id), Message.code == code)).one_or_none()
    if row is None:
        raise Missing
    return row


def read(account_id: int, code: str, *, stamp: Stamp) -> Message:
    """They opened it. The first time counts. Raises `Missing`."""
    row = get(account_id, code)
    if row.is_unread:
        row.read_at = stamp.when
    audits.record("notification.read", row, stamp=stamp)
    return row


def read_all(account_id: int, *, stamp: Stamp) -> int:
    """They have seen enough: all that came up to now is read."""
    result = db.session.execute(
        sa.update(Message)
        .where(*_own(account_id), Message.read_at.is_(None), Message.made_at <= stamp.when)
        .values(read_at=stamp.when)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    count = cast("sa.CursorResult[object]", result).rowcount
    audits.record("notification.all_read", "message", stamp=stamp, count=count)
    return count


def _own(account_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (Message.account_id == account_id, Message.channel == Channel.INBOX)
