"""Issuing: a verb that judges, numbers and freezes. Signing is a job of its own, where the key is (`signing`)."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from certificates import number
from models.account import Account
from models.base import db
from models.certificate import Certificate, State
from services import audit as audits
from services.certificate import numbering
from services.certificate.checking import faults_of
from services.certificate.finding import live_of
from services.certificate.order import Order, facts_of
from services.certificate.reasons import (
    AlreadyIssued,
    BadOrders,
    NothingToIssue,
    SamePerson,
    Unidentified,
)
from services.stamp import Stamp


def issue(orders: Iterable[Order], *, by: Account, stamp: Stamp) -> list[Certificate]:
    """Number and freeze certificates; within seconds a job signs them and tells the holders. All or none.

    Raises Unidentified, SamePerson where `by` had a hand in an order, BadOrders with every row that cannot be printed,
    AlreadyIssued where a subject has a live certificate.
    """
    wanted = list(orders)
    if not wanted:
        raise NothingToIssue
    if by.person_id is None:
        raise Unidentified
    if any(by.person_id in order.not_by for order in wanted):
        raise SamePerson
    if faults := faults_of(wanted, stamp=stamp):
        raise BadOrders(faults)
    year = stamp.today.year
    in_books = sorted(wanted, key=lambda order: order.activity.code)  # the order in which books are held
    held = {
        code: numbering.take(group[0].activity, year, len(group))
        for code, group in (
            (code, list(part)) for code, part in groupby(in_books, key=lambda order: order.activity.code)
        )
    }
    subjects = [order.subject for order in wanted]
    if len(set(subjects)) < len(subjects) or live_of(subjects):
        raise AlreadyIssued
    before = _last_of(subjects)
    rows = []
    for order in wanted:
        place, serial = held[order.activity.code]
        held[order.activity.code] = place, serial + 1
        fresh = number.compose(numbering.series_of(order.kind), year, place, serial)
        rows.append(_row(order, fresh, before.get(order.subject), by, stamp))
    db.session.add_all(rows)
    try:
        db.session.flush()
    except IntegrityError:  # two at once, from books of different years
        raise AlreadyIssued from None
    for row in rows:
        audits.record("certificate.queued", row, stamp=stamp, number=row.number, version=row.version_no)
    return rows


def _row(order: Order, fresh: str, last: Certificate | None, by: Account, stamp: Stamp) -> Certificate:
    """A subject whose certificate was revoked keeps its number where the kind is the same; versions go on."""
    given = last.number if last is not None and last.kind is order.kind else fresh
    version = last.version_no + 1 if last is not None else 1
    return Certificate(
        number=given,
        version_no=version,
        kind=order.kind,
        subject=order.subject,
        claim=order.subject,
        person_id=order.person.id if order.person else None,
        registration_id=order.registration.id if order.registration else None,
        activity_id=order.activity.id,
        issuer_id=order.issuer.id,
        facts=facts_of(order, number=given, version=version, day=stamp.today).to_json(),
        state=State.QUEUED,
        queued_at=stamp.when,
        queued_by_id=by.id,
        replaces_id=last.id if last is not None else None,
    )


def _last_of(subjects: Sequence[str]) -> dict[str, Certificate]:
    """The newest certificate of each subject that had one."""
    rows = db.session.scalars(
        sa.select(Certificate).where(Certificate.subject.in_(subjects)).order_by(Certificate.version_no)
    )
    return {row.subject: row for row in rows}
