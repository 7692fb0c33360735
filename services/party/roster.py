"""Who is in a party: joined, left, handed over. A person is in one party an activity while nothing is sent."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from models.account import Account
from models.activity import Track
from models.base import db
from models.party import Kind, Party, PartyMember, Role, State
from models.person import Person
from services import audit as audits
from services import notification as notifications
from services import registration as registrations
from services.party import find, rules
from services.party.refusals import (
    AlreadyHere,
    CaptainStays,
    Dissolved,
    InAnotherParty,
    InAnotherTeam,
    Locked,
    NoAccountYet,
    NotForUnits,
)
from services.registration import Entry, listing
from services.registration.refusals import not_open
from services.stamp import Stamp


def join(party: Party, person: Person, entry: Entry, role: Role, *, by: Account, stamp: Stamp) -> PartyMember:
    """By the captain's link. Into a team that is sent they come to stand aside, until the captain lets them take a
    place. Raises `LinkClosed`-like refusals of the door's loader, `TeamFull`, `InAnotherTeam`, `NotEligible`.
    """
    find.hold(party)
    must_stand(party)
    if party.state is State.SENT:
        role = Role.SUBSTITUTE
        if stamp.when >= rules.final_at(party.track):
            raise Locked
        rules.must_have_room_aside(party, find.entries(party, live=True))
    else:
        role = Role.SUBSTITUTE if role is Role.SUBSTITUTE else Role.MEMBER
        rules.must_have_room(party, role)
    made = enter(party, person, entry, role, by=by, stamp=stamp)
    notifications.notify(
        party.owner,
        "party.joined",
        stamp=stamp,
        link=f"/party/{party.code}",
        name=person.name,
        party=party.name,
    )
    return made


def add(
    party: Party, person: Person, entry: Entry, *, by: Account, rank: int = 0, stamp: Stamp
) -> PartyMember:
    """A unit puts somebody on its list, at its end unless a rank is given. On a list that was sent they stand aside
    until they take another's place. Raises `InAnotherParty`, `AlreadyHere`, `Locked`.
    """
    find.hold(party)
    must_stand(party)
    if party.kind is Kind.TEAM:
        raise NotForUnits
    if party.state is State.SENT and stamp.when >= rules.final_at(party.track):
        raise Locked
    return enter(
        party, person, entry, Role.MEMBER, by=by, rank=rank or rules.last_rank(party) + 1, stamp=stamp
    )


def enter(
    party: Party, person: Person, entry: Entry, role: Role, *, by: Account, rank: int = 0, stamp: Stamp
) -> PartyMember:
    """Put somebody into a party that is held, or was made just now."""
    track, own = party.track, party.kind is Kind.TEAM
    if party.state is State.GATHERING and not track.is_open(stamp.when):
        raise not_open(track, stamp.when)
    if any(member.person_id == person.id and member.claim is not None for member in party.members):
        raise AlreadyHere
    if registrations.find_live(party.activity_id, person.id, _within(track)) is not None:
        raise registrations.AlreadyRegistered if own else InAnotherParty
    if own:
        failed = registrations.failures(
            registrations.judge(track, person, entry, stamp.today, organisation=party.organisation)
        )
        if failed:
            raise registrations.NotEligible(failed)
    member = _line(party, person, entry, role, by=by, rank=rank, stamp=stamp)
    _store(party, [member], stamp)
    return member


def add_all(
    party: Party, people: Sequence[tuple[Person, Entry]], *, by: Account, stamp: Stamp
) -> list[PartyMember]:
    """A unit puts many on its list at once, in their order at its end: all or none, and in as many statements for
    thousands as for one. Raises what `add` raises.
    """
    find.hold(party)
    must_stand(party)
    track = party.track
    if party.kind is Kind.TEAM:
        raise NotForUnits
    if party.state is State.SENT:
        raise Locked
    if not track.is_open(stamp.when):
        raise not_open(track, stamp.when)
    claims = [registrations.claim_key(track, person.id) for person, _entry in people]
    here = {member.claim for member in party.members}
    if len(set(claims)) < len(claims) or here.intersection(claims):
        raise AlreadyHere
    if listing.live_claims(claims):
        raise InAnotherParty
    rank = rules.last_rank(party)
    made = [
        _line(party, person, entry, Role.MEMBER, by=by, rank=number, stamp=stamp)
        for number, (person, entry) in enumerate(people, start=rank + 1)
    ]
    _store(party, made, stamp)
    return made


def remove_all(party: Party, members: Sequence[PartyMember], *, stamp: Stamp) -> None:
    """Take many off a unit's list that is not sent, at once. Raises `Locked`."""
    find.hold(party)
    if party.state is not State.GATHERING or party.kind is Kind.TEAM:
        raise Locked
    for member in members:
        db.session.delete(member)
        audits.record("party.member_removed", party, stamp=stamp, itself=False)
    db.session.flush()
    db.session.expire(party, ["members"])


def _within(track: Track) -> int | None:
    """Where people may enter several tracks, an entry stands in the way on its own track only."""
    return track.id if track.activity.takes_several else None


def _line(
    party: Party, person: Person, entry: Entry, role: Role, *, by: Account, rank: int, stamp: Stamp
) -> PartyMember:
    member = PartyMember(
        party_id=party.id,
        person_id=person.id,
        role=role,
        rank=rank,
        joined_at=stamp.when,
        added_by_id=by.id,
        claim=registrations.claim_key(party.track, person.id),
    )
    member.entry = entry.to_json()
    return member


def _store(party: Party, members: Sequence[PartyMember], stamp: Stamp) -> None:
    """Keep new lines; the database knows whether one of these people stands elsewhere. Raises `InAnotherTeam`,
    `InAnotherParty`.
    """
    try:
        with db.session.begin_nested():
            db.session.add_all(members)
            db.session.flush()
    except IntegrityError:
        raise (InAnotherTeam if party.kind is Kind.TEAM else InAnotherParty) from None
    db.session.expire(party, ["members"])
    for member in members:
        audits.record("party.member_added", party, stamp=stamp, role=member.role.value)


def answer(member: PartyMember, entry: Entry, *, stamp: Stamp) -> None:
    """Mend what was answered, while nothing is sent. Raises `Locked`."""
    party = find.hold(member.party)
    if member.claim is None:
        raise Locked
    member.entry = entry.to_json()
    audits.record("party.member_answered", party, stamp=stamp)


def remove(member: PartyMember, *, by: Account, stamp: Stamp) -> None:
    """Take off the list somebody who is not entered; or they leave by themselves. Raises `Locked`, `CaptainStays`."""
    party = find.hold(member.party)
    if member.claim is None:
        raise Locked
    if member.role is Role.CAPTAIN:
        raise CaptainStays
    person, itself = member.person, by.person_id == member.person_id
    db.session.delete(member)
    db.session.flush()
    db.session.expire(party, ["members"])
    audits.record("party.member_removed", party, stamp=stamp, itself=itself)
    if party.kind is not Kind.TEAM:
        return
    account = party.owner if itself else registrations.accounts_of([person.id]).get(person.id)
    if account is not None:
        notifications.notify(
            account,
            "party.left" if itself else "party.removed",
            stamp=stamp,
            link=f"/party/{party.code}" if itself else "",
            name=person.name,
            party=party.name,
        )


def set_role(member: PartyMember, role: Role, *, stamp: Stamp) -> None:
    """Member or substitute, while the team gathers. Raises `Locked`, `TeamFull`."""
    party = find.hold(member.party)
    if party.state is not State.GATHERING or member.claim is None:
        raise Locked
    if member.role is Role.CAPTAIN or role is Role.CAPTAIN:
        raise CaptainStays
    if role is member.role:
        return
    rules.must_have_room(party, role)
    member.role = role
    audits.record("party.role_set", party, stamp=stamp, role=role.value)


def hand_over(party: Party, to: Person, *, stamp: Stamp) -> None:
    """Another of the team is captain from now on, sent or not. Raises `NoAccountYet`."""
    find.hold(party)
    must_stand(party)
    account = registrations.accounts_of([to.id]).get(to.id)
    if account is None:
        raise NoAccountYet
    former = party.owner.person_id
    party.owner_id = account.id
    for line in party.members:
        line.role = _role_after(line.person_id, line.role, to, former)
    for entry in find.entries(party):
        entry.party_role = _role_after(entry.person_id, entry.party_role or Role.MEMBER, to, former)
    db.session.flush()
    db.session.expire(party, ["owner"])
    audits.record("party.handed_over", party, stamp=stamp, account=account.code)
    notifications.notify(
        account, "party.captain", stamp=stamp, link=f"/party/{party.code}", party=party.name,
        activity=party.track.full_name,
    )  # fmt: skip


def _role_after(person_id: int, role: Role, captain: Person, former: int | None) -> Role:
    """As what somebody is in a team once another is its captain."""
    if person_id == captain.id:
        return Role.CAPTAIN
    return Role.MEMBER if person_id == former and role is Role.CAPTAIN else role


def must_stand(party: Party) -> None:
    """Raises `Dissolved`."""
    if party.state is State.DISSOLVED:
        raise Dissolved
