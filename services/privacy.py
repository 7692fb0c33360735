"""What must reach every room that speaks of a person. Two records that are one person become one here.

Stands on top, so that no room has to call upward. Facts are not touched: whoever counts persons counts the record that
goes on (`participations.canonical`).
"""

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.person import Document, Person
from models.privacy import Merge
from services import audit as audits
from services import certificate as certificates
from services import pipeline as pipelines
from services import registration as registrations
from services.errors import Refused
from services.stamp import Stamp
from services.text import _


class AlreadyMerged(Refused):
    sentence = _("其中一份人员记录已并入另一份，请刷新后重新核对。")


class SameRecord(Refused):
    sentence = _("这是同一份人员记录，不需要合并。")


class TwoAccounts(Refused):
    sentence = _("两份人员记录各有一个账号。请先由本人停用其中一个账号，再合并。")


def merge(old: Person, new: Person, reason: str, *, stamp: Stamp) -> None:
    """`old` becomes `new`: documents, account, entries, certificates and the place in the reserve. What was recorded
    of `old` counts for `new` from now on, each once. There is no way back, so the caller knows it is one person.

    Raises SameRecord, AlreadyMerged, TwoAccounts.
    """
    if old.id == new.id:
        raise SameRecord
    _hold(old, new)
    _one_account(old, new)
    _hand_on(old, new)
    registrations.take_over(old, new, stamp=stamp)
    pipelines.take_over(old, new, stamp=stamp)  # facts before certificates, as whoever corrects a result
    certificates.take_over(old, new, stamp=stamp)
    db.session.execute(sa.update(Person).where(Person.merged_into_id == old.id).values(merged_into_id=new.id))
    old.merged_into_id = new.id
    db.session.add(
        Merge(old_id=old.id, new_id=new.id, reason=reason[:300], at=stamp.when, by_id=stamp.account_id)
    )
    audits.record("person.merged", old, stamp=stamp, into=new.code, reason=reason[:300])
    db.session.flush()


def _hold(*people: Person) -> None:
    keys = [person.id for person in people]
    wanted = sa.select(Person.id).where(Person.id.in_(keys)).order_by(Person.id)
    db.session.execute(wanted.with_for_update(key_share=True))  # rows that name them may be written meanwhile
    for person in people:
        db.session.refresh(person)
        if person.merged_into_id is not None:
            raise AlreadyMerged


def _one_account(old: Person, new: Person) -> None:
    accounts = db.session.scalars(sa.select(Account).where(Account.person_id.in_([old.id, new.id]))).all()
    if len(accounts) > 1:
        raise TwoAccounts
    for account in accounts:
        account.person_id = new.id


def _hand_on(old: Person, new: Person) -> None:
    """Documents, and what the one record knows and the other does not. Never the phone: it opens a record to a
    claim.
    """
    db.session.execute(sa.update(Document).where(Document.person_id == old.id).values(person_id=new.id))
    db.session.expire(old, ["documents"])
    db.session.expire(new, ["documents"])
    for name in ("sex", "birth_date", "workplace"):
        if getattr(new, name) is None:
            setattr(new, name, getattr(old, name))
