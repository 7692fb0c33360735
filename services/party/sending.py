"""Sending a party: all its people are entered at once, or none. The order of a list, and what stands in its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.account import Account
from models.base import db
from models.party import Kind, Party, PartyMember, Role, State
from models.registration import Registration, Source
from services import audit as audits
from services import hold
from services import registration as registrations
from services.party import find, rules
from services.party.refusals import (
    Empty,
    Locked,
    NoSeats,
    SeatsNeeded,
    SeatsUndecided,
    TooFew,
    Unranked,
)
from services.registration import Candidate, Reason
from services.stamp import Stamp


@dataclass(frozen=True)
class Fault:
    """What a rule of the track says against one on the list."""

    member: PartyMember
    reasons: Sequence[Reason]


def faults(party: Party, *, stamp: Stamp) -> list[Fault]:
    """Those who would be refused, with the reasons, before anything is sent."""
    return [Fault(member, reasons) for member, reasons in rules.failing(party, stamp.today)]


def order(party: Party, ranks: Mapping[str, int], *, stamp: Stamp) -> None:
    """Set the order by numbers, by code of the line; equal numbers keep the order they had. Raises `Locked`."""
    find.hold(party)
    _must_gather(party)
    lines = sorted(rules.here(party), key=lambda line: (ranks.get(line.code, line.rank), line.rank, line.id))
    for number, line in enumerate(lines, start=1):
        line.rank = number
    audits.record("party.ordered", party, stamp=stamp)


def move(member: PartyMember, by: int, *, stamp: Stamp) -> None:
    """One step up (-1) or down (1). At the end of the list nothing happens."""
    party = find.hold(member.party)
    _must_gather(party)
    lines = rules.here(party)
    at = lines.index(member)
    to = max(0, min(len(lines) - 1, at + by))
    lines.insert(to, lines.pop(at))
    for number, line in enumerate(lines, start=1):
        line.rank = number
    audits.record("party.ordered", party, stamp=stamp)


def require_ready(party: Party) -> None:
    """Raises why it cannot be sent yet: `TooFew`, `Empty`, `Unranked`, `SeatsUndecided`, `SeatsNeeded`, `NoSeats`."""
    if not rules.here(party):
        raise Empty
    if party.kind is Kind.TEAM:
        found = rules.count(party)
        if found.wanting:
            raise TooFew(found.least, found.members)
    if party.kind is Kind.DELEGATION:
        seats = rules.seats(party)
        if seats is None:
            raise SeatsUndecided if party.asked is not None else SeatsNeeded
        if seats == 0:
            raise NoSeats
        if not rules.is_ranked(party):
            raise Unranked


def send(
    party: Party, opinion: str = "", *, takes_part: bool = False, by: Account, stamp: Stamp
) -> list[Registration]:
    """Enter everybody at once: a team or class whole, of a unit's list the first as many as it has seats, the rest
    standing by. All or none. Raises what `require_ready` and `registrations.register_batch` raise, and `Locked`.
    """
    hold.lock([party.track])
    find.hold(party)
    _must_gather(party)
    require_ready(party)
    lines = rules.here(party)
    for line in lines:
        line.claim = None  # from here on the entry says so
    party.state, party.sent_at, party.opinion = State.SENT, stamp.when, opinion
    party.takes_part = takes_part
    db.session.flush()
    made = registrations.register_batch(
        candidates(party, lines),
        by=by,
        source=Source.SELF if party.kind is Kind.TEAM else Source.UNIT,
        organisation=party.organisation,
        stamp=stamp,
    )
    if party.kind is not Kind.TEAM:
        for entry in made:
            entry.opinion, entry.recommended_at, entry.recommended_by_id = opinion, stamp.when, by.id
    audits.record("party.sent", party, stamp=stamp, people=len(made))
    return made


def candidates(party: Party, lines: Sequence[PartyMember]) -> list[Candidate]:
    """As they are entered, in order. Who came by the link agreed by that; whom a unit put down is asked."""
    seats = rules.seats(party) if party.kind is Kind.DELEGATION else None
    accounts = registrations.accounts_of(line.person_id for line in lines)
    return [
        Candidate(
            party.track,
            line.person,
            rules.entry_of(line),
            organisation=party.organisation,
            party=party,
            role=line.role,
            rank=number,
            stands_by=line.role is Role.SUBSTITUTE or (seats is not None and number > seats),
            has_agreed=rules.came_by_themselves(line, accounts),
        )
        for number, line in enumerate(lines, start=1)
    ]


def _must_gather(party: Party) -> None:
    if party.state is not State.GATHERING:
        raise Locked
