"""Doors of skill experience: what a school books, and what the centre offers and decides."""

from blueprints.booking import centre, school, season
from blueprints.booking.gate import door

__all__ = ["centre", "door", "school", "season"]
