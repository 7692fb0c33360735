"""How a room counts what must never be among its rows: nothing, in health (`services.invariants`)."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from models.base import db

Counters = dict[str, Callable[[], int]]
"""By name, `<what>.<fault>`."""

SAMPLE = 500
"""The newest rows that are looked at one by one."""


def rows(query: sa.Select[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def text(value: InstrumentedAttribute[int]) -> sa.ColumnElement[str]:
    return sa.cast(value, sa.String)
