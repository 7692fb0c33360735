"""Revoking and reissuing, by two persons: one asks with a reason, another decides (R16).

A certificate whose subject falls (an award corrected, a verdict taken back) is revoked by `fall`: the two persons stand
behind the verb that calls it.
"""

from dataclasses import replace

import sqlalchemy as sa

from certificates.facts import Facts
from models.account import Account
from models.base import db
from models.certificate import Certificate, ChangeRequest, State, Wish, new_token
from models.person import Person
from services import audit as audits
from services.certificate.checking import fault_of
from services.certificate.order import new_salt
from services.certificate.reasons import (
    AlreadyAsked,
    AlreadyDecided,
    BadOrders,
    Fault,
    NoReason,
    NotLive,
    SamePerson,
    Unidentified,
)
from services.certificate.telling import holder, tell
from services.stamp import Stamp
from services.text import BadText, clean_line

LIMIT = 300


def fall(subject: str, reason: str, *, stamp: Stamp) -> Certificate | None:
    """Revoke the live certificate of a subject, because what it certifies fell. None where there is none."""
    live = sa.select(Certificate).where(Certificate.claim == subject)
    while (row := db.session.scalars(live).one_or_none()) is not None:
        _hold(row)
        if row.is_live:
            _end(row, State.REVOKED, reason, stamp)
            return row
        # It was reissued while it was waited for: its next version says the same, and falls.
    return None


def take_over(old: Person, new: Person, *, stamp: Stamp) -> int:
    """Two records turn out to be one person: the holder of `old`'s certificates is `new`. What they say stays."""
    rows = db.session.scalars(sa.select(Certificate).where(Certificate.person_id == old.id)).all()
    for row in rows:
        row.person, row.person_id = new, new.id
        audits.record("certificate.taken_over", row, stamp=stamp)
    db.session.flush()
    return len(rows)


def ask_change(
    certificate: Certificate, wish: Wish, reason: str, *, by: Account, stamp: Stamp
) -> ChangeRequest:
    """Ask to revoke or reissue. Raises Unidentified, NoReason, NotLive, AlreadyAsked."""
    if by.person_id is None:
        raise Unidentified
    reason = _said(reason)
    if not reason:
        raise NoReason
    _hold(certificate)
    if not certificate.is_live:
        raise NotLive
    waiting = sa.select(ChangeRequest.id).where(ChangeRequest.claim == certificate.code)
    if db.session.scalar(waiting) is not None:
        raise AlreadyAsked
    row = ChangeRequest(
        certificate_id=certificate.id,
        claim=certificate.code,
        wish=wish,
        reason=reason,
        asked_by_id=by.id,
        asked_at=stamp.when,
    )
    db.session.add(row)
    db.session.flush()
    audits.record("certificate.change_asked", certificate, stamp=stamp, wish=wish.value)
    return row


def decide_change(
    change: ChangeRequest, accept: bool, note: str = "", *, by: Account, stamp: Stamp
) -> Certificate:
    """Do what was asked, or not; answers the certificate that holds from now on: the new version of a reissued one.

    Raises Unidentified, SamePerson, NoReason where it is declined without one, AlreadyDecided, NotLive, BadOrders.
    """
    if by.person_id is None:
        raise Unidentified
    note = _said(note)
    if not accept and not note:
        raise NoReason
    certificate = change.certificate
    _hold(certificate)
    db.session.refresh(change)
    if not change.is_open:
        raise AlreadyDecided
    if change.asked_by.person_id in (None, by.person_id):
        raise SamePerson
    _close(change, accept, note, by, stamp)
    audits.record(
        "certificate.change_decided", certificate, stamp=stamp, wish=change.wish.value, accepted=accept
    )
    if not accept:
        return certificate
    if not certificate.is_live:
        raise NotLive
    if change.wish is Wish.REVOKE:
        _end(certificate, State.REVOKED, change.reason, stamp)
        return certificate
    return _reissue(certificate, change.reason, by, stamp)


def get_change(certificate: Certificate) -> ChangeRequest | None:
    """What was asked about it and waits."""
    return db.session.scalars(
        sa.select(ChangeRequest).where(ChangeRequest.claim == certificate.code)
    ).one_or_none()


# --- inside ---------------------------------------------------------------------------------------


def _hold(certificate: Certificate) -> None:
    """Its row is held while it is judged and changed."""
    db.session.refresh(certificate, with_for_update={"of": Certificate})


def _end(certificate: Certificate, state: State, reason: str, stamp: Stamp) -> None:
    if not certificate.may_become(state):
        raise NotLive
    was_issued = certificate.is_valid
    certificate.state = state
    certificate.claim = None
    certificate.ended_at = stamp.when
    certificate.end_reason = reason[:LIMIT]
    open_one = get_change(certificate)
    if open_one is not None:
        _close(open_one, False, "", None, stamp)
    db.session.flush()
    audits.record(f"certificate.{state.value}", certificate, stamp=stamp, number=certificate.number)
    if state is State.REVOKED and was_issued:
        tell(certificate, "revoked", stamp=stamp)


def _close(change: ChangeRequest, accept: bool, note: str, by: Account | None, stamp: Stamp) -> None:
    change.claim = None
    change.decided_at = stamp.when
    change.decided_by_id = by.id if by else None
    change.is_accepted = accept
    change.note = note
    db.session.flush()


def _reissue(old: Certificate, reason: str, by: Account, stamp: Stamp) -> Certificate:
    """The same number, the next version, another token, and the name that the person has now."""
    facts = _new_facts(old)
    if fault := fault_of(facts):
        raise BadOrders([Fault(1, facts.name, fault)])
    _end(old, State.REISSUED, reason, stamp)
    person = holder(old)
    new = Certificate(
        number=old.number,
        version_no=old.version_no + 1,
        token=new_token(),
        kind=old.kind,
        subject=old.subject,
        claim=old.subject,
        person_id=person.id if person else None,
        registration_id=old.registration_id,
        activity_id=old.activity_id,
        issuer_id=old.issuer_id,
        facts=facts.to_json(),
        state=State.QUEUED,
        queued_at=stamp.when,
        queued_by_id=by.id,
        replaces_id=old.id,
    )
    db.session.add(new)
    db.session.flush()
    audits.record("certificate.queued", new, stamp=stamp, number=new.number, version=new.version_no)
    return new


def _new_facts(old: Certificate) -> Facts:
    """The next version's: as before but for the name, where it is a person's; the day of the honour stays."""
    before, person = Facts.from_json(old.facts), holder(old)
    name = person.name if person is not None else before.name
    return replace(before, version=old.version_no + 1, name=name, salt=new_salt())


def _said(text: str) -> str:
    try:
        return clean_line(text, LIMIT) if text.strip() else ""
    except BadText:
        return ""
