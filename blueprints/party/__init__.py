"""Doors of those who enter together: teams and their links, units and their lists, seats, consent."""

from blueprints.party import after, consent, join, recommending, roll, roster, seats, team, unit
from blueprints.party.room import door

__all__ = ["after", "consent", "door", "join", "recommending", "roll", "roster", "seats", "team", "unit"]
