"""CPU a request: the platform beside bare Flask, in one process, one run, on SQLite. Only ratios mean anything."""

import gc
import re
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import create_app, database, process
from app.config import Config
from bench import bare, lists
from models.activity import Activity
from models.base import db
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import environment
from tests.support.visitors import cookie_of

FIELD = re.compile(r'name="(csrf_token|idempotency_key)"[^>]*value="([^"]*)"')
FORM = {"category": "citizen", "workplace": "示例精密机械有限公司", "post": "", "remark": "", "promise": "y"}
ROUNDS, PEOPLE = 300, 150


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = prepare(Path(folder))
        client = app.test_client()
        listing = client.get("/").data
        with app.app_context():
            code = db.session.scalars(sa.select(Activity.code).order_by(Activity.id)).first()
        page = client.get(f"/activity/{code}").data
        plain = bare.site(
            {"/": listing, "/page": page, "/form": page, "/entered": page},
            sa.create_engine(f"sqlite:///{folder}/bare.sqlite"),
        ).test_client()

        print(f"{'':38}{'platform':>10}{'bare':>10}{'ratio':>8}")
        say("anonymous list, from memory", gets(client, "/"), gets(plain, "/"))
        say("activity page, from memory", gets(client, f"/activity/{code}"), gets(plain, "/page"))
        seated, full = crowds(app)
        path, visitors = seated
        say("whole registration (3 requests)", entering(app, path, visitors), bare_entering(plain))
        path, visitors = full
        say("refusal when full (POST alone)", refusals(app, path, visitors), None)
        process.settle()  # as in the process that does it
        lists.run(app, folder, say)


def say(what: str, ours: float, theirs: float | None) -> None:
    """One line: milliseconds of CPU a unit of work."""
    other = f"{theirs * 1e3:9.2f}ms{ours / theirs:7.1f}x" if theirs else ""
    print(f"{what:38}{ours * 1e3:8.2f}ms{other}")


def prepare(folder: Path) -> Flask:
    app = create_app(Config.from_env(environment(folder, f"sqlite:///{folder}/bench.sqlite")))
    with app.app_context():
        flask_migrate.upgrade(directory=str(database.MIGRATIONS))
        with transaction():
            for _ in range(20):
                make.track(make.activity(), capacity=50)
    return app


def crowds(app: Flask) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
    """Two tracks and the cookies of those who want them: one with room for all, one without any."""
    made = []
    with app.app_context(), transaction():
        for capacity in (PEOPLE, 0):
            track = make.track(
                capacity=capacity, has_waiting_list=False, needs_review=False, needs_document=False
            )
            people = [make.account(make.person(documented=False)) for _ in range(PEOPLE)]
            made.append((f"/register/{track.code}", [cookie_of(app, account) for account in people]))
    return made[0], made[1]


def visitor(app: Flask, cookie: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie(*cookie.split("=", 1))
    return client


def timed(work: Iterable[Callable[[], None]]) -> float:
    """CPU seconds a piece of work, with the collector off."""
    pieces = list(work)
    gc.collect()
    gc.disable()
    began = time.process_time()
    for piece in pieces:
        piece()
    spent = time.process_time() - began
    gc.enable()
    return spent / len(pieces)


def gets(client: FlaskClient, path: str) -> float:
    def once() -> None:
        assert client.get(path).status_code == 200

    once()
    return timed([once] * ROUNDS)


def entering(app: Flask, path: str, cookies: list[str]) -> float:
    def life(client: FlaskClient) -> Callable[[], None]:
        def once() -> None:
            fields = dict(FIELD.findall(client.get(path).text))
            answer = client.post(path, data=FORM | fields)
            assert answer.status_code == 303, answer.text
            assert client.get(answer.location).status_code == 200

        return once

    return timed(life(visitor(app, cookie)) for cookie in cookies)


def refusals(app: Flask, path: str, cookies: list[str]) -> float:
    def life(client: FlaskClient) -> Callable[[], None]:
        fields = dict(FIELD.findall(client.get(path).text))

        def once() -> None:
            assert client.post(path, data=FORM | fields).status_code == 409

        return once

    return timed(life(visitor(app, cookie)) for cookie in cookies)


def bare_entering(client: FlaskClient) -> float:
    def once() -> None:
        client.get("/form")
        assert client.post("/enter", data=FORM).status_code == 303
        client.get("/entered")

    return timed([once] * PEOPLE)


if __name__ == "__main__":
    main()
