"""Units: how their accounts are opened, who belongs to them, who manages them.

Knows accounts and their grants; knows nothing of what a unit does on the platform.
"""

from services.account import Contact
from services.organisation.applications import (
    apply,
    decide,
    decided_applications,
    get_application,
    get_letter,
    own_applications,
    waiting,
    waiting_applications,
)
from services.organisation.invitations import (
    accept,
    contact_of,
    fits,
    get_invitation,
    get_open,
    invite,
    open_invitations,
    take_back,
)
from services.organisation.invitations import admit as admit_invitation
from services.organisation.members import (
    find_member,
    get_member,
    hand_over,
    join,
    leave,
    managers,
    members,
    remove,
)
from services.organisation.refusals import (
    AlreadyMember,
    CreditCodeTaken,
    Decided,
    InvitationOver,
    LastManager,
    NameTaken,
    NoReason,
    OtherContact,
    OwnApplication,
    SameManager,
    Taken,
    TooManyApplications,
    UnitClosed,
)
from services.organisation.towns import TOWNS
from services.organisation.units import (
    DESK,
    Found,
    UnitEntry,
    close,
    edit,
    find_by_name,
    find_department,
    get,
    get_managed,
    get_own,
    is_desk,
    is_member,
    listing,
    manages,
    of_account,
    open,
    require_desk,
    scope_of,
    search,
)

__all__ = [
    "DESK", "TOWNS", "AlreadyMember", "Contact", "CreditCodeTaken", "Decided", "Found", "InvitationOver", "LastManager",
    "NameTaken", "NoReason", "OtherContact", "OwnApplication", "SameManager", "Taken", "TooManyApplications",
    "UnitClosed", "UnitEntry", "accept", "admit_invitation", "apply", "close", "contact_of", "decide",
    "decided_applications",
    "edit", "find_by_name", "find_department", "find_member", "fits", "get", "get_application",
    "get_invitation", "get_letter", "get_managed", "get_member", "get_open", "get_own", "hand_over", "invite",
    "is_desk", "is_member", "join", "leave", "listing", "managers", "manages", "members", "of_account",
    "open", "open_invitations", "own_applications", "remove", "require_desk", "scope_of", "search", "take_back",
    "waiting", "waiting_applications",
]  # fmt: skip
