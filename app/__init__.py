"""The composition root: puts configuration, database, doors and jobs together. Nothing imports this package."""

import datetime as dt
import os

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, cookies, database, demo, errors, headers, limits, logs, policies, senders, templating
from app.config import Config
from blueprints import BLUEPRINTS, web
from certificates import fonts
from models import activity, indicator, organisation, vault, venue
from models.base import db
from services import audit, page, storage, transaction
from services import indicator as indicators
from services.audit import checkpoints
from services.stamp import clock

PUBLIC_TABLES = (
    activity.Activity,
    activity.Track,
    activity.Session,
    activity.Notice,
    activity.Annex,
    organisation.Organisation,
    venue.Venue,
    indicator.Plan,
    indicator.Indicator,
)


def create_app(config: Config | None = None) -> Flask:
    """The site. Raises `BadConfig` for a weak environment, RuntimeError for an endpoint without a policy and for SQLite
    connections that are not as safe as we think.
    """
    config = config or Config.from_env(os.environ)
    config.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("app", instance_path=str(config.instance))
    app.extensions["yongjiang"] = config
    app.config |= {
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(config.database_url),
        "SESSION_COOKIE_NAME": "__Host-yongjiang" if config.is_https else "yongjiang",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        # The cookie outlives a sign-in, which ends by its row: it remembers the language and the known device.
        "PERMANENT_SESSION_LIFETIME": dt.timedelta(days=90),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "TRUSTED_HOSTS": list(config.trusted_hosts),
        "PREFERRED_URL_SCHEME": "https" if config.is_https else "http",
        "SEND_FILE_MAX_AGE_DEFAULT": 86400,
        "WTF_CSRF_TIME_LIMIT": None,
        "DEBUG": False,
    }
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    if config.clock is not None:
        clock.start_at(config.clock)

    db.init_app(app)
    Migrate(app, db, directory=str(database.MIGRATIONS), render_as_batch=True, compare_type=True)
    vault.install(vault.Keyring.load_or_create(config.keyring_file, may_create=not config.is_production))
    transaction.install([page.close, audit.close])
    checkpoints.install(config.instance / "checkpoints")
    storage.install(config.storage_dir)
    fonts.install(config.fonts_dir)
    senders.install(config)

    logs.init_app(app, verbose=config.is_production)
    headers.init_app(app, config)
    app.session_interface = cookies.Cookies()
    web.csrf.init_app(app)
    web.login.init_app(app)
    limits.init_app(app)
    templating.init_app(app, config)
    app.extensions["forget"].append(indicators.forget)
    errors.init_app(app)
    policies.init_app(app)
    for blueprint in BLUEPRINTS:
        if not (blueprint.name == "loopback" and config.is_production):
            app.register_blueprint(blueprint)
    demo.init_app(app, config)
    cli.init_app(app)
    with app.app_context():
        page.watch(db.session.session_factory, *PUBLIC_TABLES)
        if config.is_sqlite:
            database.verify(db.engine)
    policies.insist(app)
    return app
