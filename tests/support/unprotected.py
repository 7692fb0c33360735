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
    wanted = (Registration.track_id == row.id, Registration.state.in_(HOLDING))  # type: ignore[attr-defined]
    held = db.session.query(Registration).filter(*wanted).count()
    time.sleep(0.01)  # another request is always a little faster
    return held + places <= row.capacity


def application() -> Flask:
    hold.take = take
    app = real()
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                sa.event.listen(
                    engine, "connect", lambda raw, _record: raw.execute("PRAGMA busy_timeout=200")
                )
    return app
