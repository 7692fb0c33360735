"""Doors of certificates: what anybody may check, one's own, and the desk of those who issue."""

from blueprints.certificate import office, public, sheets, wallet
from blueprints.certificate.room import door

__all__ = ["door", "office", "public", "sheets", "wallet"]
