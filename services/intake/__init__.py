"""Batch import: a list is read, checked, mended and entered whole, through the same verbs as a single entry."""

from models.intake import Intake

__all__ = ["Intake"]
