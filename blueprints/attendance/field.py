"""The door without a network: a page that a service worker keeps, the signed roster of the day, and the upload.

Everything below `/door/` is within the worker's reach, and nothing else is.
"""

import json
from typing import Any

from flask import Response, abort, current_app, jsonify, send_from_directory
from flask_wtf.csrf import generate_csrf

from blueprints import policy, web
from blueprints.attendance.gate import Stand, checking, door, stand
from forms.attendance import QueueForm
from services.attendance import field as queue
from services.errors import Missing, Refused
from services.stamp import clock

NO_SITTING = "-"


@door.get("/door/worker.js", policy=policy.everyone)
def worker() -> Response:
    """The service worker; its address gives it the reach of `/door/`."""
    folder = current_app.static_folder
    assert folder is not None
    answer = send_from_directory(f"{folder}/js", "door-worker.js", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@door.get("/door/<code>/<place>", policy=checking)
def field(code: str, place: str) -> Any:
    """The page. It carries no names: those are in the roster."""
    at = _stand(code, place)
    return web.page(
        "attendance/field.html",
        at=at,
        activity=at.activity,
        sitting=at.sitting,
        place=place,
        moment=clock.now(),
    )


@door.get("/door/<code>/<place>/roster.json", policy=checking)
def roster_file(code: str, place: str) -> Response:
    """The roster of this sitting for today, with a fresh CSRF token for the upload."""
    at = _stand(code, place)
    made = queue.roster(at.activity, at.sitting, at.point, by=web.visitor().account, now=clock.now())
    return jsonify(made | {"csrf_token": generate_csrf(), "now": int(clock.now().timestamp() * 1000)})


@door.post("/door/<code>/<place>/upload", policy=checking)
def upload(code: str, place: str) -> Any:
    """What a phone noted: an answer to each scan. Sent twice, it is stored once."""
    at = _stand(code, place)
    form = QueueForm()
    if not form.validate_on_submit():
        abort(400)
    scans = _scans(form.scans.data)
    try:
        head = queue.read_head(form.head.data, form.signature.data)
        with web.writing(form) as answer:
            taken = queue.take_in(
                at.activity,
                at.sitting,
                head,
                scans,
                by=web.visitor().account,
                stamp=web.stamp(),
                doors=at.gate.points,
            )
            answer.go("attendance.field", code=code, place=place)
    except Refused as no:
        current_app.extensions["note_refusal"](no)
        return jsonify({"refused": str(no.sentence)}), 409
    return jsonify({"taken": [each.as_json() for each in taken]})


def _scans(text: str) -> list[Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(read, list):
        abort(400)
    return read


def _stand(code: str, place: str) -> Stand:
    at = stand(code, "" if place == NO_SITTING else place)
    if place == NO_SITTING and at.sitting is not None:
        raise Missing
    return at
