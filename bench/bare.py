"""What the platform is measured against: bare Flask, the same bytes, the same database work and nothing more."""

import sqlalchemy as sa
from flask import Flask, redirect, request
from sqlalchemy.engine import Engine

metadata = sa.MetaData()
offer = sa.Table(
    "offer",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("capacity", sa.Integer),
    sa.Column("taken", sa.Integer),
)
entry = sa.Table(
    "entry", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("words", sa.String(100))
)


def site(pages: dict[str, bytes], engine: Engine) -> Flask:
    """A Flask app that answers these pages, and takes one capacity-checked entry at /enter."""
    app = Flask("bare")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(offer).values(id=1, capacity=1_000_000, taken=0))

    def answer(body: bytes) -> object:
        return lambda: body

    for number, (path, body) in enumerate(pages.items()):
        app.add_url_rule(path, f"page{number}", answer(body), methods=["GET"])  # type: ignore[arg-type]

    @app.post("/enter")
    def enter() -> object:
        with engine.begin() as connection:
            held = connection.execute(
                sa.update(offer).where(offer.c.taken < offer.c.capacity).values(taken=offer.c.taken + 1)
            )
            if held.rowcount != 1:
                return "full", 409
            connection.execute(sa.insert(entry).values(words=request.form["workplace"]))
        return redirect("/entered", 303)

    return app
