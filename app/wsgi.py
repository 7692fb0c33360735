"""What the server loads: the site, and in each process a scheduler of which one leads."""

import gc

from flask import Flask

from app import create_app, worker
from app.config import Config


def application() -> Flask:
    app = create_app()
    config: Config = app.extensions["yongjiang"]
    if config.scheduler == "embedded":
        worker.embed(app)
    gc.collect()
    gc.freeze()  # the site itself is never garbage: the collector need not walk over it with every request
    return app
