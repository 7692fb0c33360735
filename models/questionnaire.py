"""What a registration asks: the fields of an activity's form, version by version."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.activity import Activity
from models.base import Coded, UTCDateTime


class Questionnaire(Coded):
    """One version. A draft's is edited in place; once the activity is published a change is a new row that only adds,
    and answers keep the version they were given to. An activity without a row asks what its kind always asks.
    """

    __tablename__ = "questionnaire"
    __table_args__ = (sa.UniqueConstraint("activity_id", "number"),)

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    number: Mapped[int]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    """In order; the shape of each is `services.questionnaire.Field`."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    activity: Mapped[Activity] = relationship()
