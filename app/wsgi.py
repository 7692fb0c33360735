"""What the server loads: the site, and in each process a scheduler of which one leads."""

from flask import Flask

from app import create_app, process, worker
from app.config import Config


def application() -> Flask:
    app = create_app()
    config: Config = app.extensions["yongjiang"]
    if config.scheduler == "embedded":
        worker.embed(app)
    process.settle()
    return app
