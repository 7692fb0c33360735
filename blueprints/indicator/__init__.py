"""Doors of the plan's targets: what everybody reads, and the desk where units report and others accept."""

from blueprints.indicator import deciding, page, reporting
from blueprints.indicator.room import door

__all__ = ["deciding", "door", "page", "reporting"]
