"""Where SMS and e-mail end outside production: kept in a small file, and shown on a page marked as a demo.

The door is not there in production (the composition root leaves it out).
"""

import datetime as dt
import fcntl
import json
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, request

from blueprints import policy, web
from services.stamp import clock

door = web.Door("loopback", __name__)

MOST = 500
SHOWN = 50
FIELDS = {"id": 40, "to": 254, "text": 5000, "title": 200}


@door.get("/loopback", policy=policy.everyone)
def index() -> Any:
    """What was sent, newest first; the page asks again by itself."""
    return web.page("loopback/index.html", letters=[shown(one) for one in kept()[: -SHOWN - 1 : -1]])


@door.post("/loopback/sms", policy=policy.machine_local)
def receive() -> Any:
    """The gateway: takes {id, to, text}, with a title where it is an e-mail."""
    facts = request.get_json(silent=True)
    if not isinstance(facts, dict) or not all(
        isinstance(facts.get(name), str) for name in ("id", "to", "text")
    ):
        abort(400)
    letter = {name: str(facts[name])[:most] for name, most in FIELDS.items() if name in facts}
    keep(letter | {"at": clock.now().isoformat()})
    return Response("accepted\n", 202, content_type="text/plain")


web.csrf.exempt(receive)


def kept() -> list[dict[str, str]]:
    """All that is kept, oldest first."""
    try:
        lines = _file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines]


def shown(letter: dict[str, str]) -> dict[str, Any]:
    """A letter with its moment as one."""
    return {**letter, "at": dt.datetime.fromisoformat(letter["at"])}


def keep(letter: dict[str, str]) -> None:
    """Add one, and forget those beyond the last 500. Several processes may do so at once."""
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        letters = [*kept(), letter][-MOST:]
        draft = path.with_suffix(".draft")
        draft.write_text(
            "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in letters), encoding="utf-8"
        )
        draft.replace(path)


def _file() -> Path:
    return Path(current_app.instance_path) / "loopback.jsonl"
