"""Places beside those of a track: of the whole activity, of a unit, kept for a group, of an option of the form.

    from services import quota as quotas
    quotas.keep(track, "学生预留", [Category.VOCATIONAL_STUDENT], 10, released_at, stamp=stamp)

Knows rows of places and which an entry needs; not how one enters or waits, which the room of entries above it does.
"""

from services.quota.book import Book, Seat, Wish, drop_holds, free, held_by, keep_holds
from services.quota.finding import left, of_activity, release_due
from services.quota.refusals import (
    BadQuota,
    BelowHeld,
    ChoiceFull,
    GroupFull,
    KeptTooMany,
    NoChoice,
    NoGroup,
    QuotaFull,
    TotalFull,
    UnitFull,
)
from services.quota.setting import allot, fill_by, follow, keep, set_choice, set_total
from services.quota.wording import Lack, chose, key_of, name, refusal

__all__ = [
    "BadQuota",
    "BelowHeld",
    "Book",
    "ChoiceFull",
    "GroupFull",
    "KeptTooMany",
    "Lack",
    "NoChoice",
    "NoGroup",
    "QuotaFull",
    "Seat",
    "TotalFull",
    "UnitFull",
    "Wish",
    "allot",
    "chose",
    "drop_holds",
    "fill_by",
    "follow",
    "free",
    "held_by",
    "keep",
    "keep_holds",
    "key_of",
    "left",
    "name",
    "of_activity",
    "refusal",
    "release_due",
    "set_choice",
    "set_total",
]
