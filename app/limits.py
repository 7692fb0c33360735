"""Flask-Limiter on the database: its memory storage counts per process, and admits that many times the limit (R04)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import Flask
from limits.storage import Storage

from blueprints import web
from models.base import db
from models.visit import Tally
from services import throttle
from services.stamp import clock
from services.transaction import transaction


class DatabaseStorage(Storage):
    """The library's storage interface over `services.throttle`."""

    STORAGE_SCHEME = ["yongjiang"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return sa.exc.DBAPIError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        with transaction():
            return throttle.count(f"limit:{key}"[:160], dt.timedelta(seconds=expiry), amount)[0]

    def get(self, key: str) -> int:
        row = self._find(key)
        return row.count if row else 0

    def get_expiry(self, key: str) -> float:
        row = self._find(key)
        return row.expires_at.timestamp() if row else clock.now().timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        with transaction():
            result: Any = db.session.execute(sa.delete(Tally).where(Tally.key.startswith("limit:")))
        return int(result.rowcount)

    def clear(self, key: str) -> None:
        throttle.forget(f"limit:{key}"[:160])

    def _find(self, key: str) -> Tally | None:
        row = db.session.get(Tally, f"limit:{key}"[:160])
        return row if row is not None and row.expires_at > clock.now() else None


def init_app(app: Flask) -> None:
    app.config |= {"RATELIMIT_STORAGE_URI": "yongjiang://", "RATELIMIT_STRATEGY": "fixed-window"}
    web.limiter.init_app(app)
