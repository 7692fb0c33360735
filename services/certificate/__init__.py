"""Certificates: issued from orders, numbered, frozen, signed, shown, revoked and reissued.

An `Order` comes from the room that knows why somebody deserves one; this room does not ask. What a certificate says
is frozen as facts when it is issued; its public part is signed by a job where the key is, and checked at each view.
Paper is drawn from the facts on demand (`certificates`).
"""

from services.certificate.changing import ask_change, decide_change, fall, get_change, take_over
from services.certificate.checking import faults_of
from services.certificate.finding import (
    OFFICERS,
    Register,
    agrees,
    changes_of,
    find_by_token,
    get_run,
    get_seen,
    is_holder,
    is_named,
    live_of,
    may_issue,
    of_person,
    open_changes,
    register,
    unsigned,
    versions_of,
    waiting,
)
from services.certificate.issuing import issue
from services.certificate.order import Order
from services.certificate.printing import bundle, pdf, picture, specimen
from services.certificate.reasons import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadyIssued,
    BadOrders,
    Fault,
    NoReason,
    NotGenuine,
    NothingToIssue,
    NotLive,
    NotSigned,
    NotValid,
    SamePerson,
    Unidentified,
)
from services.certificate.revoked import listing as revoked_listing
from services.certificate.signing import facts, is_genuine, keys, link, sign_due, site, statement

__all__ = [
    "OFFICERS",
    "AlreadyAsked",
    "AlreadyDecided",
    "AlreadyIssued",
    "BadOrders",
    "Fault",
    "NoReason",
    "NotGenuine",
    "NotLive",
    "NotSigned",
    "NotValid",
    "NothingToIssue",
    "Order",
    "Register",
    "SamePerson",
    "Unidentified",
    "agrees",
    "ask_change",
    "bundle",
    "changes_of",
    "decide_change",
    "facts",
    "fall",
    "faults_of",
    "find_by_token",
    "get_change",
    "get_run",
    "get_seen",
    "is_genuine",
    "is_holder",
    "is_named",
    "issue",
    "keys",
    "link",
    "live_of",
    "may_issue",
    "of_person",
    "open_changes",
    "pdf",
    "picture",
    "register",
    "revoked_listing",
    "sign_due",
    "site",
    "specimen",
    "statement",
    "take_over",
    "unsigned",
    "versions_of",
    "waiting",
]
