"""The demonstration: a made-up district at work, the same for the same seed and day.

What happens is written first, without a database (`world`, `people`, `programme`, `story`); then the verbs of the
platform do it, each at its own moment (`scenes`, `load`), so that every page agrees with every other. All of it is
marked 演示数据 and none of it can be loaded where the platform is in production.
"""

from flask import Flask

from app.config import Config
from app.demo import accounts


def init_app(app: Flask, config: Config) -> None:
    """Let the sign-in page offer each role, in the demo alone."""
    if config.env == "demo":
        app.extensions["demo_accounts"] = accounts.choices
