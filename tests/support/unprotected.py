"""The site with its protection taken out, for negative controls: count first, then take, in a deferred transaction.

A test that passes against this proves nothing; the burst must fail here.
"""

import time

import sqlalchemy as sa
from flask import Flask

from app.wsgi import application as real
from models.base import Scarce, db
from models.registration import HOLDING, Registration
from services import hold


def take(row: Scarce, places: int = 1, *_conditions: object) -> bool:
    """What looks right on one's own machine."""
    held = db.session.scalar(
        sa.select(sa.func.count()).where(
            Registration.track_id == sa.inspect(row).identity[0], Registration.state.in_(HOLDING)
        )
    )
    time.sleep(0.01)  # another request is always a little faster
    return (held or 0) + places <= row.capacity


def application() -> Flask:
    hold.take = take  # type: ignore[assignment]
    app = real()
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                sa.event.listen(
                    engine, "connect", lambda raw, _record: raw.execute("PRAGMA busy_timeout=200")
                )
    return app
