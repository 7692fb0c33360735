"""What may follow once a party is sent: somebody takes another's place or leaves, all do, an offer is answered."""

from collections.abc import Sequence

from models.account import Account
from models.base import db
from models.party import Kind, Party, PartyMember, Role, State
from models.registration import Registration, Source
from models.registration import State as Entry
from services import audit as audits
from services import hold
from services import registration as registrations
from services.party import find, rules
from services.party.refusals import BelowLeast, Frozen, Locked, NotSent, TeamFull
from services.registration import Candidate, shortage
from services.stamp import Stamp


def replace(
    party: Party, out: Registration, to: PartyMember | Registration, *, by: Account, note: str, stamp: Stamp
) -> Registration:
    """更换选手: `out` goes, the other takes their very place: somebody who stands by, or who is on the list and not
    entered. Raises `Locked` once the list of names is final, and what `registrations.replace` raises.
    """
    hold.lock([party.track])
    find.hold(party)
    if not rules.may_replace(party, stamp.when):
        raise Locked if party.state is State.SENT else NotSent
    comes: Candidate | Registration = to if isinstance(to, Registration) else _candidate(party, to, out)
    was_captain = out.party_role is Role.CAPTAIN
    if isinstance(to, PartyMember):
        to.claim = None
        db.session.flush()
    made = registrations.replace(out, comes, by=by, note=note, stamp=stamp)
    made.party_role = Role.MEMBER if was_captain else out.party_role
    made.rank = out.rank
    if party.kind is not Kind.TEAM and made.recommended_at is None:  # as all of the list, when it was sent
        made.opinion, made.recommended_at, made.recommended_by_id = party.opinion, stamp.when, by.id
    audits.record("party.replaced", party, stamp=stamp)
    return made


def _candidate(party: Party, line: PartyMember, out: Registration) -> Candidate:
    return Candidate(
        party.track,
        line.person,
        rules.entry_of(line),
        organisation=party.organisation,
        party=party,
        role=out.party_role,
        rank=out.rank,
        has_agreed=_agreed(line),
    )


def _agreed(line: PartyMember) -> bool:
    return rules.came_by_themselves(line, registrations.accounts_of([line.person_id]))


def add_late(party: Party, line: PartyMember, *, by: Account, stamp: Stamp) -> Registration:
    """Before a team is frozen, somebody who came by the link is entered beside those who are. Raises `Frozen`,
    `TeamFull`, and what entering raises.
    """
    hold.lock([party.track])
    find.hold(party)
    if party.kind is not Kind.TEAM or not rules.may_change(party, stamp.when):
        raise Frozen(party.track)
    team = [row for row in find.entries(party, live=True) if row.party_role is not Role.SUBSTITUTE]
    if len(team) >= max(party.track.team_most, party.track.team_least):
        raise TeamFull(party.track.team_most, substitutes=False)
    line.claim, line.role = None, Role.MEMBER
    db.session.flush()
    candidate = Candidate(
        party.track,
        line.person,
        rules.entry_of(line),
        organisation=party.organisation,
        party=party,
        role=Role.MEMBER,
        rank=len(team) + 1,
        has_agreed=_agreed(line),
    )
    (made,) = registrations.register_batch(
        [candidate], by=by, source=Source.SELF, organisation=party.organisation, stamp=stamp
    )
    audits.record("party.member_entered", party, stamp=stamp)
    return made


def left_without(party: Party, out: Registration) -> int:
    """How many full members a team would have left."""
    return shortage.left(party.id, [out.id])


def withdraw_one(party: Party, out: Registration, note: str, *, stamp: Stamp) -> None:
    """One of a party goes. A team that would be too small is refused: it substitutes, or goes whole."""
    hold.lock([party.track])
    find.hold(party)
    if party.kind is Kind.TEAM and out.party_role is not Role.SUBSTITUTE and out.is_live:
        left = left_without(party, out)
        if left < party.track.team_least:
            raise BelowLeast(party.track.team_least, left)
    registrations.withdraw(out, note=note, stamp=stamp)
    audits.record("party.member_withdrawn", party, stamp=stamp)


def withdraw_all(party: Party, note: str, *, stamp: Stamp) -> int:
    """整队退出: every place goes to the next in line. Answers how many went."""
    hold.lock([party.track])
    find.hold(party)
    if party.state is not State.SENT:
        raise NotSent
    rows = find.entries(party, live=True)
    registrations.withdraw_all(rows, note=note, stamp=stamp)
    party.state, party.claim, party.token_hash, party.token = State.DISSOLVED, None, None, None
    for line in party.members:
        line.claim = None
    audits.record("party.withdrawn", party, stamp=stamp, people=len(rows))
    return len(rows)


def offered(party: Party) -> list[Registration]:
    return [row for row in find.entries(party, live=True) if row.state is Entry.OFFERED]


def accept_offer(party: Party, keep: Sequence[Registration] | None = None, *, stamp: Stamp) -> None:
    """Take the places that were offered: all, or for those who come (`keep`), the rest waiting on."""
    rows = offered(party)
    if not rows:
        raise NotSent
    if keep is None or {row.id for row in keep} >= {row.id for row in rows}:
        registrations.accept_offer(rows[0], stamp=stamp)
    else:
        registrations.part(party, keep, stamp=stamp)
    audits.record(
        "party.offer_taken", party, stamp=stamp, people=len(keep) if keep is not None else len(rows)
    )
