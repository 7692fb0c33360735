"""Copies that came back, and who may see and send them: the person, the unit's manager, those who review the entry."""

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.activity import Activity
from models.base import db
from models.party import Party
from models.registration import LIVE, Registration
from models.stamped_copy import StampedCopy, State
from services import organisation as organisations
from services import party as parties
from services import registration as registrations
from services.access import Principal, Scope
from services.errors import Missing
from services.registration import REVIEWERS
from services.text import _
from services.waiting import Waiting

Owner = Registration | Party

MOST = 500
"""Pages listed at once; what was decided makes room for the rest."""


def get_entry(principal: Principal, code: str) -> Registration:
    """An entry for which they may print and send paper. Raises `Missing` for another's."""
    row = db.session.scalars(sa.select(Registration).where(Registration.code == code)).one_or_none()
    if row is None or not may_have(principal, row):
        raise Missing
    return row


def get_party(principal: Principal, code: str) -> Party:
    """A party for which they may print and send paper. Raises `Missing` for another's."""
    row = db.session.scalars(sa.select(Party).where(Party.code == code)).one_or_none()
    if row is None or not may_have(principal, row):
        raise Missing
    return row


def get(principal: Principal, code: str) -> StampedCopy:
    """A copy that they may see. Raises `Missing` for another's."""
    row = _find(code)
    if row is None or not may_have(principal, owner_of(row)):
        raise Missing
    return row


def get_decide(principal: Principal, code: str) -> StampedCopy:
    """A copy that they may decide on. Raises `Missing` where the right is lacking."""
    row = _find(code)
    if row is None or not may_review(principal, owner_of(row)):
        raise Missing
    return row


def may_have(principal: Principal, owner: Owner) -> bool:
    if not principal.is_signed_in:
        return False
    if isinstance(owner, Party):
        return parties.may_manage(principal, owner) or may_review(principal, owner)
    if principal.person_id is not None and principal.person_id == owner.person_id:
        return True
    unit = owner.organisation
    if unit is not None and organisations.manages(principal, unit):
        return True
    if owner.party is not None and parties.may_manage(principal, owner.party):
        return True
    return may_review(principal, owner)


def may_review(principal: Principal, owner: Owner) -> bool:
    """Those who may review the entry; of a party, who may review all of its activity or track."""
    return principal.may(REVIEWERS, _scopes(owner))


def _scopes(owner: Owner) -> Iterable[Scope]:
    if isinstance(owner, Registration):
        return registrations.scopes_of(owner)
    return registrations.party_scopes_of(owner)


def owner_of(copy: StampedCopy) -> Owner:
    owner = copy.registration or copy.party
    if owner is None:
        raise Missing
    return owner


def entries_of(owner: Owner) -> Sequence[Registration]:
    """Whom a paper speaks of: the entry, or those of the party that stand."""
    if isinstance(owner, Registration):
        return [owner]
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.party_id == owner.id, Registration.state.in_(LIVE))
        .order_by(Registration.rank, Registration.id)
    ).all()


def copies_of(owner: Owner) -> Sequence[StampedCopy]:
    """Every page that came back, the newest sending first, its pages in order."""
    return db.session.scalars(
        sa.select(StampedCopy)
        .where(_belongs(owner))
        .options(joinedload(StampedCopy.upload), joinedload(StampedCopy.sent_by))
        .order_by(StampedCopy.sent_at.desc(), StampedCopy.id)
    ).all()


def sendings(owner: Owner) -> list[list[StampedCopy]]:
    """The same, the pages of one sending together."""
    found: dict[tuple[dt.datetime, int], list[StampedCopy]] = {}
    for row in copies_of(owner):
        found.setdefault((row.sent_at, row.sent_by_id), []).append(row)
    return list(found.values())


def pages_of(copy: StampedCopy) -> list[StampedCopy]:
    """All pages that were sent with this one: they are decided on together."""
    rows = copies_of(owner_of(copy))
    return [row for row in rows if (row.sent_at, row.sent_by_id) == (copy.sent_at, copy.sent_by_id)]


def has_accepted(registration: Registration) -> bool:
    """Whether a stamped form of this entry, or a stamped list that it is on, was accepted."""
    return registrations.has_stamp(registration)


def to_decide(principal: Principal) -> list[Waiting]:
    """盖章件待核对: the desk's row."""
    if not principal.may(REVIEWERS):
        return []
    sendings = _received(principal).with_only_columns(StampedCopy.sent_at, StampedCopy.sent_by_id).distinct()
    count = db.session.scalar(sa.select(sa.func.count()).select_from(sendings.subquery()))
    if not count:
        return []
    return [
        Waiting(
            count,
            _("盖章报名表待核对"),
            _("核对盖章和签名；核对无误即视为单位推荐"),
            "stamped_copy.queue",
            _("核对"),
        )
    ]


def waiting_copies(principal: Principal) -> Sequence[StampedCopy]:
    """What waits to be looked at, the oldest first: one page of each sending stands for all."""
    rows = db.session.scalars(
        _received(principal).order_by(StampedCopy.sent_at, StampedCopy.id).limit(MOST)
    ).all()
    found: dict[tuple[dt.datetime, int], StampedCopy] = {}
    for row in rows:
        found.setdefault((row.sent_at, row.sent_by_id), row)
    return list(found.values())


def _received(principal: Principal) -> sa.Select[StampedCopy]:
    """Pages nobody decided on yet, of entries and of parties that they may review."""
    return (
        sa.select(StampedCopy)
        .outerjoin(Registration, Registration.id == StampedCopy.registration_id)
        .outerjoin(Party, Party.id == StampedCopy.party_id)
        .join(Activity, Activity.id == sa.func.coalesce(Registration.activity_id, Party.activity_id))
        .where(
            StampedCopy.state == State.RECEIVED,
            sa.or_(registrations.in_reach(principal), registrations.in_reach(principal, Party)),
        )
    )


def _belongs(owner: Owner) -> sa.ColumnElement[bool]:
    if isinstance(owner, Party):
        return StampedCopy.party_id == owner.id
    return StampedCopy.registration_id == owner.id


def _find(code: str) -> StampedCopy | None:
    return db.session.scalars(sa.select(StampedCopy).where(StampedCopy.code == code)).one_or_none()
