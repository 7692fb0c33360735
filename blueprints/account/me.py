"""One's own page."""

from typing import Any

from blueprints import policy, web
from blueprints.account.browser import door


@door.get("/me", policy=policy.signed_in_anyhow)
def show() -> Any:
    return web.page("stub.html")
