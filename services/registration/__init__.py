"""Entering people for activities: places, waiting lists, review, withdrawal.

Knows tracks, persons and what they say. Does not know who may open a page, and changes an activity only by the
activity's own verbs, where the entries follow.
"""

from services import quota as _quotas
from services.registration.change import call_off, edit_track
from services.registration.consenting import confirm, find_by_consent, new_consent_token
from services.registration.consequences import Consequences, consequences
from services.registration.eligibility import Reason, Verdict, judge
from services.registration.entering import (
    amend,
    answer_of,
    register,
    register_batch,
    withdraw,
    withdraw_all,
)
from services.registration.entry import Candidate, Entry
from services.registration.listing import (
    REVIEWERS,
    accounts_of,
    find_live,
    get_own,
    get_review,
    live_of,
    of_person,
    queue,
    to_mend,
    to_review,
    waiting_counts,
)
from services.registration.objecting import object
from services.registration.parting import part
from services.registration.refusals import (
    AlreadyAnswered,
    AlreadyRegistered,
    Changed,
    Closed,
    Full,
    ListFinal,
    MendingOver,
    NoReason,
    NotEligible,
    NotOfParty,
    NotRecommended,
    NotReplaceable,
    NotYetOpen,
    OfferOver,
    Over,
    OwnEntry,
    TooLate,
    TooMany,
    Unconfirmed,
    WrongState,
)
from services.registration.replacing import replace
from services.registration.review import (
    accept,
    accept_all,
    reject,
    require_version,
    send_back,
    unmask,
)
from services.registration.standing import must_stand, recommend
from services.registration.taking_over import take_over
from services.registration.waiting import accept_offer, expire_due, fill, fill_all, place_in_line

_quotas.fill_by(fill_all)

__all__ = [
    "REVIEWERS",
    "AlreadyAnswered",
    "AlreadyRegistered",
    "Candidate",
    "Changed",
    "Closed",
    "Consequences",
    "Entry",
    "Full",
    "ListFinal",
    "MendingOver",
    "NoReason",
    "NotEligible",
    "NotOfParty",
    "NotRecommended",
    "NotReplaceable",
    "NotYetOpen",
    "OfferOver",
    "Over",
    "OwnEntry",
    "Reason",
    "TooLate",
    "TooMany",
    "Unconfirmed",
    "Verdict",
    "WrongState",
    "accept",
    "accept_all",
    "accept_offer",
    "accounts_of",
    "amend",
    "answer_of",
    "call_off",
    "confirm",
    "consequences",
    "edit_track",
    "expire_due",
    "fill",
    "fill_all",
    "find_by_consent",
    "find_live",
    "get_own",
    "get_review",
    "judge",
    "live_of",
    "must_stand",
    "new_consent_token",
    "object",
    "of_person",
    "part",
    "place_in_line",
    "queue",
    "recommend",
    "register",
    "register_batch",
    "reject",
    "replace",
    "require_version",
    "send_back",
    "take_over",
    "to_mend",
    "to_review",
    "unmask",
    "waiting_counts",
    "withdraw",
    "withdraw_all",
]
