"""Outcomes: what the people of a track reached, entered by one person and confirmed by another; then they are facts.

Knows entries, who was present, facts and certificates. Does not know which indicators are fed, nor the reserve.

    from services import outcome as outcomes
    sheet = outcomes.sheet_of(track, stamp=stamp)
    outcomes.enter(sheet, {registration.code: Entry(Verdict.COMPLETED, hours=Decimal(32))}, by=account, stamp=stamp)
"""

from services.outcome.announcing import draft_notice, unit_of
from services.outcome.confirming import call_off, confirm, is_over, say_line
from services.outcome.correcting import ask_correction, decide_correction
from services.outcome.entering import enter, has_begun, missing, seen_version, send_back, sheet_of, submit
from services.outcome.finding import (
    CERTIFY,
    CONFIRM,
    ENTER,
    find_final,
    find_sheet,
    get_correction,
    get_line,
    get_track,
    lines_of,
    open_corrections,
    people_of,
    sheets_of,
    to_confirm,
    to_decide,
    to_enter,
    uncertified,
    whole_lines,
)
from services.outcome.presence import present_codes
from services.outcome.refusals import (
    Decided,
    HasOutcomes,
    Incomplete,
    NamesChanged,
    NoReason,
    NoSheet,
    NotBegun,
    NotHeld,
    NothingChanges,
    NotOver,
    SameAsker,
    SamePerson,
    Unidentified,
    Waits,
    WrongState,
)
from services.outcome.shape import (
    VERDICTS,
    Entry,
    Shape,
    entry_of,
    faults,
    has_sheet,
    propose,
    say,
    shape_of,
)
from services.outcome.waiting import waiting

__all__ = [
    "CERTIFY",
    "CONFIRM",
    "ENTER",
    "VERDICTS",
    "Decided",
    "Entry",
    "HasOutcomes",
    "Incomplete",
    "NamesChanged",
    "NoReason",
    "NoSheet",
    "NotBegun",
    "NotHeld",
    "NotOver",
    "NothingChanges",
    "SameAsker",
    "SamePerson",
    "Shape",
    "Unidentified",
    "Waits",
    "WrongState",
    "ask_correction",
    "call_off",
    "confirm",
    "decide_correction",
    "draft_notice",
    "enter",
    "entry_of",
    "faults",
    "find_final",
    "find_sheet",
    "get_correction",
    "get_line",
    "get_track",
    "has_begun",
    "has_sheet",
    "is_over",
    "lines_of",
    "missing",
    "open_corrections",
    "people_of",
    "present_codes",
    "propose",
    "say",
    "say_line",
    "seen_version",
    "send_back",
    "shape_of",
    "sheet_of",
    "sheets_of",
    "submit",
    "to_confirm",
    "to_decide",
    "to_enter",
    "uncertified",
    "unit_of",
    "waiting",
    "whole_lines",
]
