"""Entering people for activities: places, waiting lists, review, withdrawal.

Knows tracks, persons and what they say. Does not know who may open a page, and changes an activity only by the
activity's own verbs, where the entries follow.
"""

from services.registration.change import call_off, edit_track
from services.registration.eligibility import Reason, Verdict, judge
from services.registration.entering import amend, register, register_batch, withdraw
from services.registration.entry import Candidate, Entry
from services.registration.listing import (
    REVIEWERS,
    accounts_of,
    find_live,
    get_own,
    get_review,
    of_person,
    queue,
    to_mend,
    to_review,
    waiting_counts,
)
from services.registration.refusals import (
    AlreadyRegistered,
    Changed,
    Closed,
    Full,
    MendingOver,
    NoReason,
    NotEligible,
    NotYetOpen,
    OfferOver,
    Over,
    OwnEntry,
    TooLate,
    WrongState,
)
from services.registration.review import (
    accept,
    accept_all,
    reject,
    require_version,
    send_back,
    unmask,
)
from services.registration.taking_over import take_over
from services.registration.waiting import accept_offer, expire_due, fill, place_in_line

__all__ = [
    "REVIEWERS",
    "AlreadyRegistered",
    "Candidate",
    "Changed",
    "Closed",
    "Entry",
    "Full",
    "MendingOver",
    "NoReason",
    "NotEligible",
    "NotYetOpen",
    "OfferOver",
    "Over",
    "OwnEntry",
    "Reason",
    "TooLate",
    "Verdict",
    "WrongState",
    "accept",
    "accept_all",
    "accept_offer",
    "accounts_of",
    "amend",
    "call_off",
    "edit_track",
    "expire_due",
    "fill",
    "find_live",
    "get_own",
    "get_review",
    "judge",
    "of_person",
    "place_in_line",
    "queue",
    "register",
    "register_batch",
    "reject",
    "require_version",
    "send_back",
    "take_over",
    "to_mend",
    "to_review",
    "unmask",
    "waiting_counts",
    "withdraw",
]
