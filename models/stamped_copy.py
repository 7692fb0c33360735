"""盖章回传: a printed form, stamped, sent back as photo or PDF to the entry or the list it belongs to."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Coded, UTCDateTime, choice
from models.party import Party
from models.registration import Batch, Registration
from models.upload import Upload


class Kind(StrEnum):
    FORM = "form"  # 报名表 of one person
    LIST = "list"  # 报名汇总表 of a unit


class State(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class StampedCopy(Coded):
    __tablename__ = "stamped_copy"

    kind: Mapped[Kind] = mapped_column(choice(Kind))
    registration_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("party.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"), index=True)
    """What it belongs to: exactly one of the three."""
    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"))
    stamped_by: Mapped[str] = mapped_column(sa.String(100))
    """Whose stamp is on it: the unit, or the town that speaks for a flexible worker."""
    state: Mapped[State] = mapped_column(choice(State), default=State.RECEIVED)
    sent_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    registration: Mapped[Registration | None] = relationship()
    party: Mapped[Party | None] = relationship()
    batch: Mapped[Batch | None] = relationship()
    upload: Mapped[Upload] = relationship()
    sent_by: Mapped[Account] = relationship(foreign_keys=[sent_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
