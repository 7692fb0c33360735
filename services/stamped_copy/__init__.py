"""盖章回传: the filled form and list as they are printed, and their stamped copies as they come back."""

from models.stamped_copy import StampedCopy

__all__ = ["StampedCopy"]
