"""Units of every type, their members, and the papers by which a unit account is opened."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Coded, UTCDateTime, choice
from models.upload import Upload
from models.vault import Sealed


class Type(StrEnum):
    """单位类型"""

    PARTY = "party"
    GOVERNMENT = "government"
    PUBLIC_INSTITUTION = "public_institution"
    PARK = "park"
    TOWN_STREET = "town_street"
    ENTERPRISE = "enterprise"
    HIGHER_VOCATIONAL = "higher_vocational"
    SECONDARY_VOCATIONAL = "secondary_vocational"
    TECHNICIAN_COLLEGE = "technician_college"
    SCHOOL = "school"
    TRAINING_PROVIDER = "training_provider"
    ASSESSMENT_BODY = "assessment_body"
    ASSOCIATION = "association"
    UNION_LEAGUE = "union_league"
    OUTSIDE = "outside"


class Organisation(Coded):
    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    short_name: Mapped[str] = mapped_column(sa.String(40), default="")
    type: Mapped[Type] = mapped_column(choice(Type))
    department_code: Mapped[str | None] = mapped_column(sa.String(24), unique=True)
    """Code of the plan's department, where this unit is one."""
    credit_code: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    town: Mapped[str] = mapped_column(sa.String(20), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    members: Mapped[list["Member"]] = relationship(back_populates="organisation", order_by="Member.id")

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Member(Coded):
    """An account that belongs to a unit. What it may do there is a grant."""

    __tablename__ = "member"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(40), default="")
    joined_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    left_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    claim: Mapped[str | None] = mapped_column(sa.String(48), unique=True)
    """organisation:account while they belong to it; empty afterwards. It makes "once" a constraint."""

    organisation: Mapped[Organisation] = relationship(back_populates="members")
    account: Mapped[Account] = relationship()

    @property
    def is_current(self) -> bool:
        return self.left_at is None


class ApplicationState(StrEnum):
    SUBMITTED = "submitted"
    OPENED = "opened"
    REFUSED = "refused"


class Application(Coded):
    """A person asks for a unit account, with the unit's credit code and a letter of authority."""

    __tablename__ = "organisation_application"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    type: Mapped[Type] = mapped_column(choice(Type))
    credit_code: Mapped[str] = mapped_column(sa.String(18), index=True)
    town: Mapped[str] = mapped_column(sa.String(20), default="")
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"))
    state: Mapped[ApplicationState] = mapped_column(
        choice(ApplicationState), default=ApplicationState.SUBMITTED
    )
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    claim: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    """The credit code while it waits; empty afterwards. One open application a unit is a constraint."""

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    letter: Mapped[Upload] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class Invitation(Coded):
    """The bureau, or a unit's manager, asks somebody in by phone or e-mail."""

    __tablename__ = "invitation"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    contact_sealed: Mapped[str] = mapped_column(sa.Text)
    contact_index: Mapped[str] = mapped_column(sa.String(64), index=True)
    as_manager: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    contact = Sealed("contact_sealed", required=True)

    organisation: Mapped[Organisation] = relationship()
    invited_by: Mapped[Account] = relationship()

    def is_open(self, moment: dt.datetime) -> bool:
        return self.accepted_at is None and moment < self.expires_at
