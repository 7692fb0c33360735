"""Entering people for activities: places, waiting lists, review, withdrawal.

Knows tracks, persons and what they say. Does not know who may open a page, and changes an activity only by the
activity's own verbs, where the entries follow.
"""

from services import quota as _quotas
from services.registration.change import call_off, edit_track
from services.registration.consenting import confirm, find_by_consent, new_consent_token
from services.registration.consequences import Consequences, consequences
from services.registration.eligibility import (
    RULE_WORDS,
    Reason,
    Verdict,
    failures,
    judge,
    judge_all,
    judge_entry,
)
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
from services.registration.waivers import (
    AlreadyWaived,
    NotWaivable,
    OwnWaiver,
    WaiverReason,
    end_waiver,
    get_waiver,
    rules_of,
    waive,
    waivers_of,
)

_quotas.fill_by(fill_all)


__all__ = [
    "REVIEWERS",
    "RULE_WORDS",
    "AlreadyAnswered",
    "AlreadyRegistered",
    "AlreadyWaived",
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
    "NotWaivable",
    "NotYetOpen",
    "OfferOver",
    "Over",
    "OwnEntry",
    "OwnWaiver",
    "Reason",
    "TooLate",
    "TooMany",
    "Unconfirmed",
    "Verdict",
    "WaiverReason",
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
    "end_waiver",
    "expire_due",
    "failures",
    "fill",
    "fill_all",
    "find_by_consent",
    "find_live",
    "get_own",
    "get_review",
    "get_waiver",
    "judge",
    "judge_all",
    "judge_entry",
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
    "rules_of",
    "send_back",
    "take_over",
    "to_mend",
    "to_review",
    "unmask",
    "waiting_counts",
    "waive",
    "waivers_of",
    "withdraw",
    "withdraw_all",
]
