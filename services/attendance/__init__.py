"""Who was there: passes, check-ins at the door, and their undoing. Rows are only added.

    from services import attendance as attendances
    done = attendances.admit("k3f9 7qxd", activity, session, way=Way.TYPED, by=account, stamp=stamp)

Knows entries and sittings; not what being there leads to, nor who may open a page.
"""

from models.attendance import Way
from services.attendance.batch import check_in_all
from services.attendance.checking import CheckIn, admit, check_in, undo, why_closed
from services.attendance.listing import (
    CHECKERS,
    Line,
    Roster,
    Tally,
    count,
    get_activity,
    roster,
    sittings,
    usual_sitting,
    waiting,
)
from services.attendance.passes import find_by_pass, pass_link, read_pass, say_pass, shows_pass
from services.attendance.refusals import (
    AlreadyUndone,
    NoPassInPicture,
    NoReason,
    NotAccepted,
    NotOpen,
    OwnPass,
    TooEarly,
    UnknownPass,
    WrongActivity,
    WrongSitting,
)
from services.attendance.standing import arrivals, find, present_codes, was_present

__all__ = [
    "CHECKERS",
    "AlreadyUndone",
    "CheckIn",
    "Line",
    "NoPassInPicture",
    "NoReason",
    "NotAccepted",
    "NotOpen",
    "OwnPass",
    "Roster",
    "Tally",
    "TooEarly",
    "UnknownPass",
    "Way",
    "WrongActivity",
    "WrongSitting",
    "admit",
    "arrivals",
    "check_in",
    "check_in_all",
    "count",
    "find",
    "find_by_pass",
    "get_activity",
    "pass_link",
    "present_codes",
    "read_pass",
    "roster",
    "say_pass",
    "shows_pass",
    "sittings",
    "undo",
    "usual_sitting",
    "waiting",
    "was_present",
    "why_closed",
]
