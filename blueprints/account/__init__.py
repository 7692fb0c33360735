"""Doors of accounts: entering and leaving, one's own page, rights, badges, claims."""

from blueprints.account import entering, me
from blueprints.account.browser import door

__all__ = ["door", "entering", "me"]
