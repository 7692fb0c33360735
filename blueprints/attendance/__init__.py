"""Doors of attendance: passes, the desk of an activity, its check-in points, and the ways in without a network."""

from blueprints.attendance import desk, field, group, hours, paper, points, room
from blueprints.attendance.gate import door

__all__ = ["desk", "door", "field", "group", "hours", "paper", "points", "room"]
