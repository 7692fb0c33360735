"""The reviewer looks at a stamped paper. Accepted, it is the unit's recommendation and the person's signature."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.registration import LIVE, Batch, Consent, Registration
from models.stamped_copy import StampedCopy, State
from services import audit as audits
from services import hold
from services import notification as notifications
from services.errors import Refused
from services.stamp import Stamp
from services.stamped_copy.finding import Owner, owner_of, page_of, pages_of, title_of, tracks_of
from services.text import _


class NoReason(Refused):
    sentence = _("请写明原因，回传人会看到这段文字。")


class SettledAlready(Refused):
    sentence = _("这份盖章件已有人核对，请刷新页面。")


class SamePerson(Refused):
    sentence = _("盖章件须由回传人以外的另一人核对。")


class OwnCopy(Refused):
    sentence = _("不能核对自己的报名表，请由其他审核员处理。")


def decide(
    copy: StampedCopy, is_accepted: bool, note: str = "", *, by: Account, stamp: Stamp
) -> list[StampedCopy]:
    """Accept or refuse all pages of one sending. Who sent it does not decide on it.

    Raises NoReason, SettledAlready, SamePerson, OwnCopy.
    """
    if not is_accepted and not note.strip():
        raise NoReason
    owner = owner_of(copy)
    hold.lock(tracks_of(owner))
    pages = pages_of(copy)
    for page in pages:
        db.session.refresh(page, with_for_update={"of": StampedCopy})
        if page.state is not State.RECEIVED:
            raise SettledAlready
    entries = _entries(owner, copy.sent_at)
    _must_be_another(copy, owner, entries, by)
    for page in pages:
        page.state = State.ACCEPTED if is_accepted else State.REFUSED
        page.decided_at, page.decided_by_id, page.note = stamp.when, by.id, note
    db.session.flush()
    audits.record("stamped_copy.decided", copy, stamp=stamp, accepted=is_accepted, pages=len(pages))
    if is_accepted:
        for entry in entries:
            _stands(entry, copy, isinstance(owner, Registration), by, stamp)
    _tell(copy, is_accepted, note, stamp)
    return pages


def _must_be_another(copy: StampedCopy, owner: Owner, entries: Sequence[Registration], by: Account) -> None:
    """Neither who sent it, nor who typed the list in, nor anybody named on it."""
    if by.person_id is None or by.person_id == copy.sent_by.person_id:
        raise SamePerson
    if isinstance(owner, Batch) and by.id == owner.made_by_id:
        raise SamePerson
    named = {entry.person_id for entry in entries}
    if isinstance(owner, Registration):
        named.add(owner.person_id)
    if by.person_id in named:
        raise OwnCopy


def _entries(owner: Owner, sent_at: dt.datetime) -> Sequence[Registration]:
    """Whom the paper speaks of, read anew: who came onto the list after it was sent is not on it."""
    if isinstance(owner, Registration):
        wanted = Registration.id == owner.id
    elif isinstance(owner, Batch):
        wanted = Registration.batch_id == owner.id
    else:
        wanted = Registration.party_id == owner.id
    return db.session.scalars(
        sa.select(Registration)
        .join(Batch, Batch.id == Registration.batch_id)
        .where(wanted, Registration.state.in_(LIVE), Batch.made_at <= sent_at)
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    ).all()


def _stands(entry: Registration, copy: StampedCopy, is_form: bool, by: Account, stamp: Stamp) -> None:
    """The unit recommends; on a form of their own the person signed too."""
    if entry.recommended_at is None:
        entry.opinion = str(_("%(unit)s盖章推荐", unit=copy.stamped_by))[:300]
        entry.recommended_at, entry.recommended_by_id = stamp.when, by.id
        audits.record("registration.recommended", entry, stamp=stamp, paper=copy.code)
    if is_form and entry.consent is Consent.ASKED:
        entry.consent, entry.consent_at, entry.consent_hash = Consent.CONFIRMED, stamp.when, None
        audits.record("registration.confirmed", entry, stamp=stamp, paper=copy.code)
    db.session.flush()


def _tell(copy: StampedCopy, is_accepted: bool, note: str, stamp: Stamp) -> None:
    owner = owner_of(copy)
    notifications.notify(
        copy.sent_by,
        "stamped_copy.accepted" if is_accepted else "stamped_copy.refused",
        stamp=stamp,
        link=page_of(owner),
        activity=title_of(owner),
        note=note,
    )
