"""盖章回传: the filled form and list as they are printed, and their stamped copies as they come back.

Knows entries and parties, and who may send for them; draws through `certificates`. A copy that was accepted is the
unit's recommendation, and says that the person signed.

    from services import stamped_copy as stamped_copies
    stamped_copies.form_pdf(registration)
    stamped_copies.receive(registration, sounds, stamped_by="示例单位", by=account, stamp=stamp)
"""

from models.stamped_copy import Kind, StampedCopy, State
from services.stamped_copy.behalf import Behalf, behalf_of
from services.stamped_copy.deciding import NoReason, OwnCopy, SamePerson, SettledAlready, decide
from services.stamped_copy.finding import (
    copies_of,
    entries_of,
    get,
    get_batch,
    get_decide,
    get_entry,
    get_party,
    has_accepted,
    may_have,
    name_of,
    owner_of,
    pages_of,
    sendings,
    title_of,
    to_decide,
    waiting_copies,
)
from services.stamped_copy.printing import CannotPrint, form_pdf, link_of, list_pdf
from services.stamped_copy.sending import (
    MOST_PAGES,
    NoPages,
    TooLate,
    TooMany,
    WhoseStamp,
    receive,
    usual_stamp,
)

__all__ = [
    "MOST_PAGES", "Behalf", "CannotPrint", "Kind", "NoPages", "NoReason", "OwnCopy", "SamePerson", "SettledAlready",
    "StampedCopy", "State", "TooLate", "TooMany", "WhoseStamp", "behalf_of", "copies_of", "decide", "entries_of",
    "form_pdf", "get", "get_batch", "get_decide", "get_entry", "get_party", "has_accepted", "link_of", "list_pdf",
    "may_have", "name_of", "owner_of", "pages_of", "receive", "sendings", "title_of", "to_decide", "usual_stamp",
    "waiting_copies",
]  # fmt: skip
