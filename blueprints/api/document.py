"""The OpenAPI 3.1 document."""

from typing import Any

from flask import jsonify

from blueprints import policy
from blueprints.api import room
from blueprints.api.room import door
from blueprints.api.shape import DocumentSchema


@door.get("/openapi.json", policy=policy.everyone, answers=DocumentSchema, tags=["document"])
def document(_asked: dict[str, Any]) -> Any:
    """This document."""
    return jsonify(room.document())
