"""People who enter together: teams that gather by a link, units that nominate, ranked lists, classes.

Knows entries, which it makes, replaces and withdraws by their own verbs; not who may open a page.

    from services import party as parties
    parties.send(party, opinion, by=account, stamp=stamp)
"""

from models.party import Party, PartyMember
from services.party.after import (
    accept_offer,
    add_late,
    left_without,
    offered,
    replace,
    withdraw_all,
    withdraw_one,
)
from services.party.find import (
    by_token,
    entries,
    get,
    get_entry,
    get_managed,
    get_member,
    get_own,
    known_people,
    list_of,
    listed_elsewhere,
    lists_of,
    may_manage,
    member_of,
    path_of,
    speakers,
    team_for,
    teams_of,
)
from services.party.links import close_link, renew_link
from services.party.making import TeamEntry, call_off, dissolve, edit, make_list, make_team
from services.party.recommending import decline, get_named, recommend, recommended, to_recommend
from services.party.refusals import (
    AlreadyHere,
    BelowLeast,
    Frozen,
    InAnotherParty,
    InAnotherTeam,
    LinkClosed,
    Locked,
    NotForTeams,
    OverAllotted,
    TooFew,
    WrongDigits,
)
from services.party.roster import add, add_all, answer, hand_over, join, remove, remove_all, set_role
from services.party.rules import (
    Count,
    count,
    entry_of,
    final_at,
    frozen_at,
    here,
    is_ranked,
    may_change,
    may_replace,
    needs_seats,
)
from services.party.rules import seats as seats_of
from services.party.seats import Decision, allot, allotted, ask, requests
from services.party.sending import Fault, faults, move, order, require_ready, send
from services.party.waiting import open_to_units, waiting

__all__ = [
    "AlreadyHere", "BelowLeast", "Count", "Decision", "Fault", "Frozen", "InAnotherParty", "InAnotherTeam",
    "LinkClosed", "Locked", "NotForTeams", "OverAllotted", "Party", "PartyMember", "TeamEntry", "TooFew",
    "WrongDigits", "accept_offer", "add", "add_all", "add_late", "allot", "allotted", "answer", "ask",
    "by_token", "call_off", "close_link", "count", "decline", "dissolve", "edit", "entries", "entry_of",
    "faults", "final_at", "frozen_at", "get", "get_entry", "get_managed", "get_member", "get_named",
    "get_own", "hand_over", "here", "is_ranked", "join", "known_people", "left_without", "list_of",
    "listed_elsewhere", "lists_of", "make_list", "make_team", "may_change", "may_manage", "may_replace",
    "member_of", "move", "needs_seats", "offered", "open_to_units", "order", "path_of", "recommend",
    "recommended", "remove", "remove_all", "renew_link", "replace", "requests", "require_ready", "seats_of",
    "send", "set_role", "speakers", "team_for", "teams_of", "to_recommend", "waiting", "withdraw_all",
    "withdraw_one",
]  # fmt: skip
