"""Doors of the site as a whole: language, large text, privacy, accessibility; and what monitors ask."""

from typing import Any

import sqlalchemy as sa
from flask import Response, abort, redirect, session, url_for

from blueprints import policy, web
from models.base import db
from services import gauge
from services import job as jobs
from services.stamp import clock
from services.text import LOCALES

door = web.Door("site", __name__)


def _back() -> Any:
    """To where they were: the page that held the link, if it is ours."""
    return redirect(web.came_from() or url_for("activity.index"), 302)


@door.get("/language/<locale>", policy=policy.everyone)
def language(locale: str) -> Any:
    """The visitor's choice, kept in their own cookie."""
    if locale not in LOCALES:
        abort(404)
    session["locale"] = locale
    session.permanent = True
    return _back()


@door.get("/display/<mode>", policy=policy.everyone)
def display(mode: str) -> Any:
    """长辈版 on or off."""
    if mode not in ("large", "normal"):
        abort(404)
    session["large"] = mode == "large"
    session.permanent = True
    return _back()


@door.get("/privacy", policy=policy.everyone)
def privacy() -> Any:
    return web.page("site/privacy.html")


@door.get("/accessibility", policy=policy.everyone)
def accessibility() -> Any:
    return web.page("site/accessibility.html")


@door.get("/healthz", policy=policy.everyone)
def healthz() -> Any:
    """The process answers."""
    return Response("ok\n", content_type="text/plain")


@door.get("/readyz", policy=policy.everyone)
def readyz() -> Any:
    """Database, migrations, and a worker seen lately."""
    faults = []
    try:
        with db.engine.connect() as connection:
            found = connection.execute(
                sa.text("SELECT version_num FROM alembic_version")
            ).scalar_one_or_none()
        if found is None:
            faults.append("migrations")
        if not jobs.seen_lately(now=clock.now()):
            faults.append("worker")
    except sa.exc.SQLAlchemyError:
        faults.append("database")
    body = "ready\n" if not faults else "not ready: " + ", ".join(faults) + "\n"
    return Response(body, 200 if not faults else 503, content_type="text/plain")


@door.get("/metrics", policy=policy.machine_local)
def metrics() -> Any:
    """For a monitor on the machine itself."""
    return Response(
        gauge.exposition(now=clock.now()), content_type="text/plain; version=0.0.4; charset=utf-8"
    )
