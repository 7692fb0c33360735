"""Doors of units: one's own and applying for one, members, invitations, and the desk that decides."""

from blueprints.organisation import application, desk, invitation, unit
from blueprints.organisation.room import door

__all__ = ["application", "desk", "door", "invitation", "unit"]
