"""The blueprint that the doors of this room hang on."""

import datetime as dt

from blueprints import web

door = web.Door("organisation", __name__)

DAY = dt.timedelta(days=1)
