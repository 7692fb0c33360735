"""The blueprint that the doors of this room hang on."""

from blueprints import web

door = web.Door("indicator", __name__)
