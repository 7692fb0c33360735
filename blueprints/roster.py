"""Doors of the lists of names that go out as files."""

from typing import Any

from flask import Response, request

from blueprints import policy, web
from blueprints.download import as_file
from services import roster as rosters
from services.errors import Missing
from services.export import MEDIA_TYPES
from services.roster import READERS, Kind
from services.transaction import transaction

door = web.Door("roster", __name__)

readers = policy.holding(*READERS)


@door.get("/activity/<code>/list/summary.xlsx", policy=readers)
def summary(code: str) -> Any:
    """报名汇总表"""
    return _file(Kind.SUMMARY, code)


@door.get("/activity/<code>/list/call.xlsx", policy=readers)
def call(code: str) -> Any:
    """检录表"""
    return _file(Kind.CALL, code)


@door.get("/activity/<code>/list/signing.xlsx", policy=readers)
def signing(code: str) -> Any:
    """签到册"""
    return _file(Kind.SIGNING, code)


def _file(kind: Kind, code: str) -> Response:
    """The whole activity for its organisers, a unit's own people for its manager; `?as=csv` as text."""
    asked = request.args
    ending = asked.get("as", "xlsx")
    if ending not in MEDIA_TYPES:
        raise Missing
    of = rosters.source(web.principal(), code, track=asked.get("track", ""), unit=asked.get("unit", ""))
    name = rosters.file_name(kind, of, web.stamp(), ending)
    with transaction():
        data = rosters.take(kind, of, ending=ending, stamp=web.stamp())
    return as_file(data, MEDIA_TYPES[ending], name)
