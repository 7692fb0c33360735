"""Lists that units send: read in a process of their own, understood, checked row by row, mended, entered, taken back.

Knows people, tracks and how one enters. Files of any other kind are `services.upload`'s.

    from services import intake as intakes
    sheet = intakes.read(data, name)                      # slow, before the transaction
    intake = intakes.start(activity, track, unit, sheet, by=account, stamp=stamp)
    intakes.work_soon(intake, stamp=stamp)                # after it
"""

from services.intake.cells import say, text_of
from services.intake.columns import Column, columns_of, files_of, lacking
from services.intake.finding import (
    OPEN,
    SENDERS,
    Page,
    Target,
    counts,
    get,
    get_line,
    lines,
    of,
    target,
    units_of,
    waiting,
    waiting_of_units,
)
from services.intake.forgetting import forget
from services.intake.life import check_again, drop, enter, name_columns, scan_of, start
from services.intake.mending import drop_line, mend
from services.intake.reading import Sheet, read
from services.intake.refusals import (
    ByDelegation,
    ByTeam,
    Doubled,
    NoRows,
    NoScan,
    NoSource,
    NotAllGood,
    NotASheet,
    NothingGood,
    NotTheirs,
    OtherTemplate,
    TooMuch,
    Unmapped,
    Unreadable,
    WrongFormat,
    WrongStep,
)
from services.intake.report import Found, found
from services.intake.report import workbook as report
from services.intake.slices import opened
from services.intake.template import workbook as template
from services.intake.undoing import Kept, Undo, preview, undo
from services.intake.vocabulary import HEADINGS
from services.intake.working import AT_ONCE, run, work, work_soon

__all__ = [
    "AT_ONCE", "HEADINGS", "OPEN", "SENDERS", "ByDelegation", "ByTeam", "Column", "Doubled", "Found", "Kept", "NoRows",
    "NoScan", "NoSource", "NotASheet", "NotAllGood", "NotTheirs", "NothingGood", "OtherTemplate", "Page", "Sheet",
    "Target", "TooMuch", "Undo", "Unmapped", "Unreadable", "WrongFormat", "WrongStep", "check_again",
    "columns_of", "counts", "drop", "drop_line", "enter", "files_of", "forget", "found", "get", "get_line",
    "lacking", "lines",
    "mend", "name_columns", "of", "opened", "preview", "read", "report", "run", "say", "scan_of", "start",
    "target", "template", "text_of", "undo", "units_of", "waiting", "waiting_of_units",
    "work", "work_soon",
]  # fmt: skip
