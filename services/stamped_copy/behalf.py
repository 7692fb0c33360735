"""代填: a list that the organisers entered for a unit or a town. Whose paper it was, who typed it in, whom it names."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account
from models.activity import Activity, Track
from models.base import db
from models.registration import LIVE, Batch, Registration
from services.errors import Missing


@dataclass(frozen=True)
class Behalf:
    """Where an entry truly comes from."""

    batch: Batch
    source: str
    """The unit or town whose paper it was."""
    typed_by: str
    typed_at: dt.datetime


def behalf_of(registration: Registration) -> Behalf | None:
    """Who sent the paper and who typed it in, where somebody else's list was entered. None: nobody's."""
    batch = registration.batch
    if not batch.true_source:
        return None
    by = db.session.get(Account, batch.made_by_id) if batch.made_by_id is not None else None
    return Behalf(batch, batch.true_source, by.display_name if by is not None else "", batch.made_at)


def tracks_of(batch: Batch) -> Sequence[Track]:
    """The tracks that its people were entered for: all of one activity. Raises `Missing` where nobody is left."""
    tracks = db.session.scalars(
        sa.select(Track)
        .where(Track.id.in_(sa.select(Registration.track_id).where(Registration.batch_id == batch.id)))
        .order_by(Track.id)
    ).all()
    if not tracks:
        raise Missing
    return tracks


def activity_of(batch: Batch) -> Activity:
    return tracks_of(batch)[0].activity


def standing(batch: Batch) -> Sequence[Registration]:
    """Those of its people whose entry stands."""
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.batch_id == batch.id, Registration.state.in_(LIVE))
        .options(joinedload(Registration.person), joinedload(Registration.answer))
        .order_by(Registration.id)
    ).all()


def find(code: str) -> Batch | None:
    """A batch that was entered for others, and no other."""
    return db.session.scalars(
        sa.select(Batch).where(Batch.code == code, Batch.true_source != "")
    ).one_or_none()
