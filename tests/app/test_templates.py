"""Templates as text: every address they name exists, every one compiles."""

import re
from pathlib import Path

from flask import Flask

TEMPLATES = Path(__file__).parents[2] / "app" / "templates"
ENDPOINT = re.compile(r"""url_for\(\s*["']([a-z_.]+)["']""")
GUARDED = {"booking.index", "certificate.index"}  # asked for with exists() until their rooms are built


def test_every_template_compiles(app: Flask) -> None:
    for path in TEMPLATES.rglob("*.html"):
        app.jinja_env.get_template(str(path.relative_to(TEMPLATES)))


def test_every_address_exists(app: Flask) -> None:
    unknown = {
        f"{path.name}: {name}"
        for path in TEMPLATES.rglob("*.html")
        for name in ENDPOINT.findall(path.read_text(encoding="utf-8"))
        if name not in app.view_functions and name not in GUARDED
    }
    assert not unknown
