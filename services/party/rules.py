"""What a track asks of a team or a unit's list, and how far this one is. Pure but for the rows it is given."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.account import Account
from models.activity import EntryMode, Track
from models.party import Kind, Party, PartyMember, Role, State
from models.registration import Registration
from services.party.refusals import TeamFull
from services.registration import Entry, Reason, judge
from services.registration.eligibility import failures


@dataclass(frozen=True)
class Count:
    """How many a team has, and what it still needs."""

    members: int
    substitutes: int
    least: int
    most: int
    substitutes_most: int

    @property
    def wanting(self) -> int:
        return max(0, self.least - self.members)

    @property
    def has_room(self) -> bool:
        return self.members < self.most

    @property
    def has_room_aside(self) -> bool:
        return self.substitutes < self.substitutes_most


def here(party: Party) -> list[PartyMember]:
    """Those who are on the list and not entered, in order."""
    return sorted(
        (member for member in party.members if member.claim is not None),
        key=lambda member: (member.role is not Role.CAPTAIN, member.rank, member.id or 0),
    )


def count(party: Party) -> Count:
    roles = Counter(member.role for member in here(party))
    track = party.track
    return Count(
        roles[Role.CAPTAIN] + roles[Role.MEMBER],
        roles[Role.SUBSTITUTE],
        track.team_least,
        max(track.team_most, track.team_least),
        track.substitutes_most,
    )


def must_have_room(party: Party, role: Role) -> None:
    found = count(party)
    if role is Role.SUBSTITUTE and not found.has_room_aside:
        raise TeamFull(found.substitutes_most, substitutes=True)
    if role is not Role.SUBSTITUTE and not found.has_room:
        raise TeamFull(found.most, substitutes=False)


def must_have_room_aside(party: Party, entries: Sequence[Registration]) -> None:
    """Whether one more may come to a team that is sent, beside its live entries and those who came since: for a free
    place, as a substitute, or to take the place of one who cannot come. Raises `TeamFull`.
    """
    found = count(party)
    substitutes = sum(row.party_role is Role.SUBSTITUTE for row in entries)
    free = max(0, found.most - (len(entries) - substitutes))
    room = free + max(found.substitutes_most - substitutes, 0)
    if found.members + found.substitutes >= max(room, 1):
        raise TeamFull(found.substitutes_most, substitutes=True)


def last_rank(party: Party) -> int:
    return max((member.rank for member in party.members), default=0)


def is_ranked(party: Party) -> bool:
    ranks = [member.rank for member in here(party)]
    return all(rank > 0 for rank in ranks) and len(set(ranks)) == len(ranks)


def needs_seats(track: Track) -> bool:
    """Whether a unit must ask for seats there: a limit a unit stands for an answer given to all."""
    return track.mode is EntryMode.UNIT and track.unit_limit is None


def seats(party: Party) -> int | None:
    """How many of a list are entered, the rest standing by; None: not decided yet."""
    if party.kind is not Kind.DELEGATION:
        return len(here(party))
    if party.allotted is not None:
        return party.allotted
    if party.asked is not None:
        return None
    return party.track.unit_limit


def frozen_at(track: Track) -> dt.datetime:
    """From when on the people of a team stay as they are, but for substitution."""
    return track.frozen_at or track.closes_at


def final_at(track: Track) -> dt.datetime:
    """Until when somebody may take another's place."""
    return min(track.final_at or track.activity.starts_at, track.activity.starts_at)


def may_change(party: Party, moment: dt.datetime) -> bool:
    """Whether people of a team that is sent may still come and go."""
    return party.state is State.SENT and moment < min(frozen_at(party.track), final_at(party.track))


def may_replace(party: Party, moment: dt.datetime) -> bool:
    return party.state is State.SENT and moment < final_at(party.track)


def entry_of(member: PartyMember) -> Entry:
    return Entry.from_json(member.entry)


def came_by_themselves(line: PartyMember, accounts: Mapping[int, Account]) -> bool:
    """Whether they put themselves on the list. `accounts`: by person."""
    account = accounts.get(line.person_id)
    return account is not None and account.id == line.added_by_id


def failing(party: Party, day: dt.date) -> list[tuple[PartyMember, Sequence[Reason]]]:
    """Those against whom a rule of the track stands, with the reasons."""
    found: list[tuple[PartyMember, Sequence[Reason]]] = []
    for member in here(party):
        reasons = failures(
            judge(party.track, member.person, entry_of(member), day, organisation=party.organisation)
        )
        if reasons:
            found.append((member, reasons))
    return found
