"""A file somebody sent: what it is and who may open it. Its bytes are behind the storage, never in the database."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Coded, UTCDateTime


class Upload(Coded):
    __tablename__ = "upload"

    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
