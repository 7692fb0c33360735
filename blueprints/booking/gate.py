"""What all doors of booking share."""

import datetime as dt

from flask import request

from blueprints import policy, web
from models.booking import School
from services import booking as bookings
from services.booking import BOOKERS, CENTRE

door = web.Door("booking", __name__)

bookers = policy.holding(*BOOKERS)
centre = policy.holding(*CENTRE)


def schools() -> list[School]:
    """The schools for which the visitor books, the one they asked for first."""
    found = bookings.schools_of(web.principal())
    asked = request.values.get("school", "")
    return sorted(found, key=lambda each: each.organisation.code != asked)


def week_asked(today: dt.date) -> dt.date:
    """The Monday of `?week=`; this week's where it says nothing that can be read."""
    try:
        asked = dt.date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        asked = today
    if not dt.date(2000, 1, 10) <= asked <= dt.date(2190, 1, 1):
        asked = today
    return bookings.monday(asked)
