"""Doors of accounts: entering and leaving, one's own page, identity, rights, badges."""

from blueprints.account import badges, entering, identity, me, proving, rights
from blueprints.account.browser import door

__all__ = ["badges", "door", "entering", "identity", "me", "proving", "rights"]
