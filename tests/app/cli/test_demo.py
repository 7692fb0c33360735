"""`flask demo load --anew` beside a running site."""

from pathlib import Path

from flask import Flask

from app.config import Config
from app.demo import load
from models.base import db
from services import job as jobs
from services.stamp import clock
from services.transaction import transaction
from tests.support import factories as make


def test_a_database_under_a_running_site_is_not_thrown_away(app: Flask) -> None:
    config: Config = app.extensions["yongjiang"]
    if not config.is_sqlite:
        return
    with app.app_context():
        with transaction():
            make.organisation("示例单位")
        assert jobs.lead("site", now=clock.now())
    refused = app.test_cli_runner().invoke(args=["demo", "load", "--anew"])
    assert (refused.exit_code, "stop the site first" in refused.output) == (1, True)
    with app.app_context():
        assert not load.is_empty()
        jobs.give_back("site")
        load.empty()
        assert load.is_empty()


def test_a_file_without_tables_is_nobodys(app: Flask) -> None:
    config: Config = app.extensions["yongjiang"]
    if not config.is_sqlite:
        return
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
            Path(str(engine.url.database)).unlink()
        load.empty()
        assert load.is_empty()
