"""Two records were taken for one person and are two: what moved goes back, where nobody changed it since."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.party import Party, PartyMember
from models.person import Person
from models.pipeline import ReserveEntry
from models.privacy import Merge
from models.registration import Registration
from services import audit as audits
from services import hold
from services import pipeline as pipelines
from services.account import sign_ins
from services.errors import Refused
from services.privacy.merging import CARRIED, KNOWN, lock
from services.registration import claim_of
from services.stamp import Stamp
from services.text import Sentence, _

UNDO = dt.timedelta(days=30)


class UndoneAlready(Refused):
    sentence = _("这次合并已经撤销。")


class UndoOver(Refused):
    sentence = _("合并已超过 30 天，不能再撤销。")


class MergedOn(Refused):
    sentence = _("合并后的记录又并入了另一份记录，请先撤销后一次合并。")


def may_undo(merge: Merge, moment: dt.datetime) -> bool:
    return merge.undone_at is None and moment <= merge.at + UNDO


def unmerge(merge: Merge, *, stamp: Stamp) -> list[Sentence]:
    """Both records go on by themselves again, and each counts for itself. Answers what does not come back by itself.

    Raises UndoneAlready, UndoOver, MergedOn.
    """
    old, new = merge.old, merge.new
    lock(old, new)
    db.session.refresh(merge, with_for_update={"of": Merge})
    if merge.undone_at is not None:
        raise UndoneAlready
    if not may_undo(merge, stamp.when):
        raise UndoOver
    if new.merged_into_id is not None or old.merged_into_id != new.id:
        raise MergedOn
    moved = merge.moved
    left = _entries(moved, old, new)
    for table, kind in CARRIED.items():
        if table not in ("registration", "reserve_entry", "party_member"):
            _rows_back(kind, moved.get(table, []), old, new, stamp)
    left += _reserve(moved, old, new)
    left += _parties(moved, old, new)
    _empty(moved, new)
    db.session.execute(
        sa.update(Person)
        .where(Person.id.in_(moved.get("person", [])), Person.merged_into_id == new.id)
        .values(merged_into_id=old.id)
    )
    old.merged_into_id = None
    merge.undone_at, merge.undone_by_id = stamp.when, stamp.account_id
    db.session.flush()
    for person in (old, new):
        db.session.expire(person, ["documents"])
    audits.record("person.unmerged", old, stamp=stamp, out_of=new.code, left=len(left))
    return left


def _rows_back(kind: type[Any], keys: list[int], old: Person, new: Person, stamp: Stamp) -> None:
    rows = db.session.scalars(
        sa.select(kind).where(kind.id.in_(keys), kind.person_id == new.id).order_by(kind.id)
    )
    for row in rows:
        row.person_id = old.id
        if isinstance(row, Account):
            sign_ins.end_all(row, stamp=stamp)  # it speaks for another person from now on
    db.session.flush()
    for row in db.session.scalars(sa.select(kind).where(kind.id.in_(keys))):
        db.session.expire(row, ["person"])


def _entries(moved: dict[str, Any], old: Person, new: Person) -> list[Sentence]:
    """Entries go back as they stand now; one that ended with the merge stays ended, since its place was given on."""
    keys = moved.get("registration", [])
    rows = db.session.scalars(
        sa.select(Registration).where(Registration.id.in_(keys), Registration.person_id == new.id)
    ).all()
    hold.lock(row.track for row in rows)
    left = []
    for row in sorted(rows, key=lambda row: row.id):
        db.session.refresh(row)
        row.person, row.person_id = old, old.id
        row.claim = claim_of(row)
        if row.id in moved.get("ended", []):
            left.append(
                _(
                    "“%(activity)s”的一份报名在合并时退出，名额已释放，需要重新报名",
                    activity=row.track.full_name,
                )
            )
    db.session.flush()
    return left


def _reserve(moved: dict[str, Any], old: Person, new: Person) -> list[Sentence]:
    """Places in the reserve; a fact that fell with the merge is recorded anew by whoever confirms, not by this."""
    rows = db.session.scalars(
        sa.select(ReserveEntry).where(
            ReserveEntry.id.in_(moved.get("reserve_entry", [])), ReserveEntry.person_id == new.id
        )
    ).all()
    theirs = {
        row.year: row
        for row in db.session.scalars(sa.select(ReserveEntry).where(ReserveEntry.person_id == old.id))
    }
    for row in rows:
        other = theirs.get(row.year)
        if other is not None:
            pipelines.swap(row, other)
        else:
            row.person, row.person_id = old, old.id
    db.session.flush()
    fallen = db.session.scalars(sa.select(ReserveEntry).where(ReserveEntry.id.in_(moved.get("fallen", []))))
    return [
        _("%(year)s 年度储备（%(skill)s）在合并时只计一次，需要重新确认入库", year=row.year, skill=row.skill)
        for row in fallen
    ]


def _parties(moved: dict[str, Any], old: Person, new: Person) -> list[Sentence]:
    """Places in teams and on lists; one that ended with the merge stays ended."""
    rows = db.session.scalars(
        sa.select(PartyMember).where(
            PartyMember.id.in_(moved.get("party_member", [])), PartyMember.person_id == new.id
        )
    )
    for row in rows:
        row.person_id = old.id
        if row.claim is not None:
            activity, _person, *rest = row.claim.split(":")
            row.claim = ":".join([activity, str(old.id), *rest])
    db.session.flush()
    left = sa.select(Party).where(Party.id.in_(moved.get("lines", []))).order_by(Party.id)
    return [
        _("“%(party)s”名单中的位置在合并时取消，需要重新加入", party=party.name)
        for party in db.session.scalars(left)
    ]


def _empty(moved: dict[str, Any], new: Person) -> None:
    """What the one record learnt from the other, unless it was changed since."""
    filled = moved.get("filled", {})
    for name in KNOWN:
        if name in filled and str(getattr(new, name)) == filled[name]:
            setattr(new, name, None)
