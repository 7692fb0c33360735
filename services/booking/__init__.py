"""Skill experience: what the centre offers, and how schools and citizens book it. Pupils are head counts (R43, R44).

    from services import booking as bookings
    parts = bookings.keep(slot, Grade.P5, 45, school=school, by=teacher, stamp=stamp)
    bookings.fill(parts, Details(...), stamp=stamp)
    bookings.send(parts, agreed=True, by=teacher, is_manager=False, stamp=stamp)

A visit is one class in one slot, or split over parallel ones; every verb takes all its parts.
"""

from services.booking.arriving import arrive, close, correct
from services.booking.asking import (
    Details,
    approve,
    book_single,
    class_of,
    drop,
    fill,
    keep,
    propose,
    send,
    wait,
)
from services.booking.deciding import (
    alternatives,
    call_off,
    cancel,
    confirm,
    is_watched,
    merge,
    move,
    refuse,
    small,
    supplement,
)
from services.booking.finding import (
    BOOKERS,
    CENTRE,
    Record,
    find_school,
    find_season,
    get,
    get_decide,
    get_own,
    get_run,
    get_run_slot,
    get_season,
    get_slot,
    get_theme,
    goes_first,
    may_approve,
    may_change,
    may_decide,
    of_schools,
    of_slot,
    parallel,
    parts_of,
    queue,
    record_of,
    run_by,
    schools_of,
    seasons,
    slots_between,
    whole_visit,
)
from services.booking.fitting import Class, Fit, Offer, judge, say_class, say_grades, split
from services.booking.grid import Week, monday, week_of
from services.booking.lapsing import decide_small, forget, lapse_due
from services.booking.line import place_of
from services.booking.offering import (
    Repeat,
    TermsEntry,
    ThemeEntry,
    add_slots,
    add_theme,
    close_theme,
    edit_theme,
    open_season,
    planned,
    remove_slot,
    set_terms,
    side_by_side,
)
from services.booking.refusals import NotASchool
from services.booking.schools import Coverage, Line, coverage, enter_list, listing, read_lines, set_approval
from services.booking.terms import Closure, closures_of, is_late, may_change_until, teachers_needed
from services.booking.waiting import to_approve, to_close, waiting

__all__ = [
    "BOOKERS", "CENTRE", "Class", "Closure", "Coverage", "Details", "Fit", "Line", "NotASchool", "Offer",
    "Record", "Repeat", "TermsEntry", "ThemeEntry", "Week", "add_slots", "add_theme", "alternatives",
    "approve", "arrive", "book_single", "call_off", "cancel", "class_of", "close", "close_theme",
    "closures_of", "confirm", "correct", "coverage", "decide_small", "drop", "edit_theme", "enter_list",
    "fill", "find_school", "find_season", "forget", "get", "get_decide", "get_own", "get_run",
    "get_run_slot", "get_season", "get_slot", "get_theme", "goes_first", "is_late", "is_watched", "judge",
    "keep", "lapse_due", "listing", "may_approve", "may_change", "may_change_until", "may_decide", "merge",
    "monday", "move", "of_schools", "of_slot", "open_season", "parallel", "parts_of", "place_of",
    "planned", "propose", "queue", "read_lines", "record_of", "refuse", "remove_slot", "run_by",
    "say_class", "say_grades", "schools_of", "seasons", "send", "set_approval", "set_terms",
    "side_by_side", "slots_between", "small", "split", "supplement", "teachers_needed", "to_approve",
    "to_close", "wait", "waiting", "week_of", "whole_visit",
]  # fmt: skip
