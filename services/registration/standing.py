"""What an entry needs before it is accepted: the unit's recommendation, the person's yes."""

import sqlalchemy as sa

from models.account import Account
from models.activity import EntryMode
from models.base import db
from models.registration import LIVE, Consent, Registration
from models.stamped_copy import StampedCopy
from models.stamped_copy import State as CopyState
from services import audit as audits
from services import hold
from services.registration.refusals import NotRecommended, Unconfirmed, WrongState
from services.stamp import Stamp
from services.text import clean_line


def recommend(registration: Registration, opinion: str, *, by: Account, stamp: Stamp) -> None:
    """单位推荐: the unit stands behind the entry, in its words. Raises `WrongState`."""
    hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.state not in LIVE:
        raise WrongState(registration)
    registration.opinion = clean_line(opinion, 300) if opinion.strip() else ""
    registration.recommended_at, registration.recommended_by_id = stamp.when, by.id
    audits.record("registration.recommended", registration, stamp=stamp)


def must_stand(registration: Registration) -> None:
    """Raises `NotRecommended` or `Unconfirmed` where an entry cannot be accepted yet. Paper with a stamp that was
    accepted says both: that the unit recommends, and that the person signed. Nothing outweighs the person's no.
    """
    if registration.consent is Consent.OBJECTED:
        raise Unconfirmed
    needs_unit = registration.track.mode is EntryMode.UNIT and registration.recommended_at is None
    if not (needs_unit or registration.is_unconfirmed) or has_stamp(registration):
        return
    raise NotRecommended if needs_unit else Unconfirmed


def has_stamp(registration: Registration) -> bool:
    """Whether a stamped copy was accepted: of the entry, of its batch, or of its party. A list speaks of those who
    were on it when it came back, not of whoever took a place later.
    """
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    StampedCopy.state == CopyState.ACCEPTED,
                    sa.or_(
                        StampedCopy.registration_id == registration.id,
                        StampedCopy.batch_id == registration.batch_id,
                        sa.and_(
                            StampedCopy.party_id.is_not(None),
                            StampedCopy.party_id == registration.party_id,
                            StampedCopy.sent_at >= registration.batch.made_at,
                        ),
                    ),
                )
            )
        )
    )
