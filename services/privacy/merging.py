"""Two records are one person: everything of the one becomes the other's, and what moved is kept."""

from typing import Any

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.certificate import Certificate
from models.party import Kind, PartyMember
from models.person import Document, Person
from models.pipeline import ReserveEntry
from models.privacy import Merge
from models.registration import LIVE, Registration, Waiver
from services import audit as audits
from services import certificate as certificates
from services import notification as notifications
from services import participation as participations
from services import pipeline as pipelines
from services import registration as registrations
from services.errors import Refused
from services.privacy.collisions import beside
from services.stamp import Stamp
from services.text import _

KNOWN = ("sex", "birth_date", "workplace")
"""What one record may know and the other not. Never the phone: it opens a record to a claim."""

CARRIED: dict[str, type[Any]] = {
    "document": Document,
    "account": Account,
    "registration": Registration,
    "reserve_entry": ReserveEntry,
    "certificate": Certificate,
    "party_member": PartyMember,
    "waiver": Waiver,
}
"""Rows that change hands, by table."""


class AlreadyMerged(Refused):
    sentence = _("其中一份人员记录已并入另一份，请刷新后重新核对。")


class SameRecord(Refused):
    sentence = _("这是同一份人员记录，不需要合并。")


class TwoAccounts(Refused):
    sentence = _("两份人员记录各有一个账号。请先由本人停用其中一个账号，再合并。")


def merge(old: Person, new: Person, reason: str, *, stamp: Stamp) -> Merge:
    """`old` becomes `new`: documents, account, entries, certificates and the place in the reserve. What was recorded
    of `old` counts for `new` from now on, each once. `unmerge` is the way back, for thirty days.

    Raises SameRecord, AlreadyMerged, TwoAccounts.
    """
    if old.id == new.id:
        raise SameRecord
    hold_both(old, new)
    before = {table: _keys(kind, old) for table, kind in CARRIED.items()}
    live = _live(before["registration"])
    standing = _standing(before["reserve_entry"])
    merged = list(db.session.scalars(sa.select(Person.id).where(Person.merged_into_id == old.id)))
    _one_account(old, new)
    filled = _hand_on(old, new)
    ended = _end_lines(old, new, stamp)
    registrations.take_over(old, new, stamp=stamp)
    _hand_parties(old, new)
    pipelines.take_over(old, new, stamp=stamp)  # facts before certificates, as whoever corrects a result
    certificates.take_over(old, new, stamp=stamp)
    db.session.execute(sa.update(Person).where(Person.merged_into_id == old.id).values(merged_into_id=new.id))
    old.merged_into_id = new.id
    moved: dict[str, Any] = {
        table: sorted(set(before[table]) - set(_keys(kind, old))) for table, kind in CARRIED.items()
    }
    moved |= {
        "person": merged,
        "filled": filled,
        "lines": ended,
        "ended": sorted(set(live) - set(_live(before["registration"]))),
        "fallen": sorted(set(standing) - set(_standing(before["reserve_entry"]))),
    }
    row = Merge(
        old_id=old.id, new_id=new.id, moved=moved, reason=reason[:300], at=stamp.when, by_id=stamp.account_id
    )
    db.session.add(row)
    audits.record("person.merged", old, stamp=stamp, into=new.code, reason=reason[:300])
    db.session.flush()
    return row


def hold_both(old: Person, new: Person) -> None:
    """Hold both records, in key order, read anew. Raises AlreadyMerged."""
    lock(old, new)
    if old.merged_into_id is not None or new.merged_into_id is not None:
        raise AlreadyMerged


def lock(*people: Person) -> None:
    keys = [person.id for person in people]
    wanted = sa.select(Person.id).where(Person.id.in_(keys)).order_by(Person.id)
    db.session.execute(wanted.with_for_update(key_share=True))  # rows that name them may be written meanwhile
    for person in people:
        db.session.refresh(person)


def _keys(kind: type[Any], person: Person) -> list[int]:
    db.session.flush()
    return list(db.session.scalars(sa.select(kind.id).where(kind.person_id == person.id)))


def _live(keys: list[int]) -> list[int]:
    """Those of some entries that stand."""
    wanted = sa.select(Registration.id).where(Registration.id.in_(keys), Registration.state.in_(LIVE))
    return list(db.session.scalars(wanted))


def _standing(keys: list[int]) -> list[int]:
    """Those of some reserve entries whose fact stands."""
    rows = db.session.scalars(sa.select(ReserveEntry).where(ReserveEntry.id.in_(keys)))
    return [row.id for row in rows if participations.is_standing(row.fact)]


def _one_account(old: Person, new: Person) -> None:
    accounts = db.session.scalars(sa.select(Account).where(Account.person_id.in_([old.id, new.id]))).all()
    if len(accounts) > 1:
        raise TwoAccounts
    for account in accounts:
        account.person_id = new.id


def _hand_on(old: Person, new: Person) -> dict[str, str]:
    """Documents, and what the one record knows and the other does not; the latter is answered, to be emptied again."""
    db.session.execute(sa.update(Document).where(Document.person_id == old.id).values(person_id=new.id))
    db.session.expire(old, ["documents"])
    db.session.expire(new, ["documents"])
    filled = {}
    for name in KNOWN:
        if getattr(new, name) is None and getattr(old, name) is not None:
            setattr(new, name, getattr(old, name))
            filled[name] = str(getattr(old, name))
    return filled


def _end_lines(old: Person, new: Person, stamp: Stamp) -> list[int]:
    """Places in what is not sent, of a person who would stand there twice, are no more; the parties they were in.
    Whoever speaks for a team is told.
    """
    lines = beside(old, new)
    for line in lines:
        audits.record("party.member_ended", line.party, stamp=stamp)
        if line.party.kind is Kind.TEAM:
            notifications.notify(
                line.party.owner,
                "party.left",
                stamp=stamp,
                link=f"/party/{line.party.code}",
                name=line.person.name,
                party=line.party.name,
            )
        db.session.delete(line)
    db.session.flush()
    for line in lines:
        db.session.expire(line.party, ["members"])
    return [line.party_id for line in lines]


def _hand_parties(old: Person, new: Person) -> None:
    """Their place in a team that gathers; and the rules waived for them, where the other has none of the same."""
    for member in db.session.scalars(sa.select(PartyMember).where(PartyMember.person_id == old.id)):
        member.person_id, member.claim = new.id, _with(member.claim, old, new)
    waived = sa.select(Waiver.track_id, Waiver.rule).where(Waiver.person_id == new.id)
    theirs = {(track_id, rule) for track_id, rule in db.session.execute(waived)}
    for waiver in db.session.scalars(sa.select(Waiver).where(Waiver.person_id == old.id)):
        if (waiver.track_id, waiver.rule) not in theirs:
            waiver.person_id = new.id
    db.session.flush()


def _with(claim: str | None, old: Person, new: Person) -> str | None:
    """The claim of a member with the other record's key in it: activity:person or activity:person:track."""
    if claim is None:
        return None
    activity, _person, *rest = claim.split(":")
    return ":".join([activity, str(new.id), *rest])
