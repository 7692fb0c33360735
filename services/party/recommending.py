"""单位推荐: entries that people made by themselves and that name a unit."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account
from models.activity import EntryMode, Track
from models.base import db
from models.organisation import Organisation
from models.registration import Answer, Consent, Registration, State
from services import audit as audits
from services import hold
from services import registration as registrations
from services.errors import Missing
from services.party.refusals import NoReason, NotNamed
from services.stamp import Stamp

_STANDS = (State.SUBMITTED, State.RETURNED, State.WAITLISTED, State.OFFERED)


def _naming(organisation: Organisation) -> sa.Select[Registration]:
    named = [name for name in (organisation.name, organisation.short_name) if name]
    return (
        sa.select(Registration)
        .join(Registration.track)
        .outerjoin(Answer, Answer.registration_id == Registration.id)
        .where(
            Track.mode == EntryMode.UNIT,
            Registration.party_id.is_(None),
            Registration.consent == Consent.OWN,
            sa.or_(
                Registration.organisation_id == organisation.id,
                sa.and_(Registration.organisation_id.is_(None), Answer.workplace.in_(named)),
            ),
        )
        .options(
            joinedload(Registration.person),
            joinedload(Registration.answer),
            joinedload(Registration.track).joinedload(Track.activity),
        )
    )


def to_recommend(organisation: Organisation) -> Sequence[Registration]:
    """Those who wait for the unit's word, the oldest first."""
    return db.session.scalars(
        _naming(organisation)
        .where(Registration.recommended_at.is_(None), Registration.state.in_(_STANDS))
        .order_by(Registration.made_at, Registration.id)
        .limit(200)
    ).all()


def recommended(organisation: Organisation) -> Sequence[Registration]:
    """Those it recommended lately."""
    return db.session.scalars(
        _naming(organisation)
        .where(Registration.recommended_at.is_not(None))
        .order_by(Registration.recommended_at.desc())
        .limit(50)
    ).all()


def get_named(organisation: Organisation, code: str) -> Registration:
    """An entry that names this very unit. Raises `Missing`."""
    row = db.session.scalars(_naming(organisation).where(Registration.code == code)).one_or_none()
    if row is None:
        raise Missing
    return row


def recommend(
    registration: Registration, organisation: Organisation, opinion: str, *, by: Account, stamp: Stamp
) -> None:
    """The unit stands behind the entry, which counts on its places from then on. Raises `NotNamed` where that was
    said already, or a `QuotaFull`.
    """
    hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.recommended_at is not None or registration.state not in _STANDS:
        raise NotNamed
    if registration.organisation_id is None:
        registrations.join_unit(registration, organisation, stamp=stamp)
    registrations.recommend(registration, opinion, by=by, stamp=stamp)


def decline(registration: Registration, reason: str, *, by: Account, stamp: Stamp) -> None:
    """The unit does not: it goes back to the person with the reason, who mends the unit or withdraws. Raises
    `NoReason`, `NotNamed`, and `WrongState` where it is not before the reviewers.
    """
    if not reason.strip():
        raise NoReason
    if registration.recommended_at is not None:
        raise NotNamed
    registrations.send_back(registration, reason, by=by, stamp=stamp)
    audits.record("registration.recommendation_declined", registration, stamp=stamp)
