"""What must reach every room that speaks of a person. Two records that are one person become one here, and two again.

Stands on top, so that no room has to call upward. Facts are not touched: whoever counts persons counts the record that
goes on (`participations.canonical`).
"""

from models.privacy import Merge
from services.account.claims import DECIDERS
from services.privacy.collisions import Collisions, collisions
from services.privacy.merging import AlreadyMerged, SameRecord, TwoAccounts, merge
from services.privacy.twins import (
    Twins,
    get_merge,
    get_pair,
    likely_twins,
    looks_alike,
    may_compare,
    may_decide,
    part,
    recent_merges,
    standing_twins,
)
from services.privacy.undoing import UNDO, MergedOn, UndoneAlready, UndoOver, may_undo, unmerge

__all__ = [
    "DECIDERS", "UNDO", "AlreadyMerged", "Collisions", "Merge", "MergedOn", "SameRecord", "Twins", "TwoAccounts",
    "UndoOver", "UndoneAlready", "collisions", "get_merge", "get_pair", "likely_twins", "looks_alike", "may_compare",
    "may_decide", "may_undo", "merge", "part", "recent_merges", "standing_twins", "unmerge",
]  # fmt: skip
