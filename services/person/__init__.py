"""People: one natural person, one row, whoever speaks of them.

Knows documents, names and phones. Knows accounts only as rows: who may sign in is decided above.
"""

from services.person import documents, names, phones
from services.person.checking import OF_AGE, YOUNGEST, Checked, check, document_index
from services.person.entering import admit, correct, enter, enter_all, enter_checked, hold, identify
from services.person.entry import PersonEntry
from services.person.finding import (
    find_by_document,
    find_by_phone,
    get,
    has_open_claim,
    is_contested,
    needs_guardian,
    open_claim,
)
from services.person.reasons import AlreadyIdentified, BadEntry, GuardianNeeded, IdentityChecking, TooYoung

__all__ = [
    "OF_AGE",
    "YOUNGEST",
    "AlreadyIdentified",
    "BadEntry",
    "Checked",
    "GuardianNeeded",
    "IdentityChecking",
    "PersonEntry",
    "TooYoung",
    "admit",
    "check",
    "correct",
    "document_index",
    "documents",
    "enter",
    "enter_all",
    "enter_checked",
    "find_by_document",
    "find_by_phone",
    "get",
    "has_open_claim",
    "hold",
    "identify",
    "is_contested",
    "names",
    "needs_guardian",
    "open_claim",
    "phones",
]
