"""People who enter together: teams that gather, units that nominate. Knows entries; not who may open a page."""

from models.party import Party

__all__ = ["Party"]
