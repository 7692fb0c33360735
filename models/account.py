"""Accounts: who may sign in, with which rights, since when, and what they agreed to."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, UTCDateTime, choice
from models.person import Person
from models.vault import Sealed


class Role(StrEnum):
    CONTESTANT = "contestant"
    UNIT_MANAGER = "unit_manager"
    TEACHER = "teacher"
    ORGANISER = "organiser"
    REVIEWER = "reviewer"
    CHECKIN_HELPER = "checkin_helper"
    ACTIVITY_APPROVER = "activity_approver"
    CODING_JUDGE = "coding_judge"
    SCORING_JUDGE = "scoring_judge"
    CHIEF_JUDGE = "chief_judge"
    SCORE_CLERK = "score_clerk"
    SUPERVISOR = "supervisor"
    ARBITRATOR = "arbitrator"
    CERTIFICATE_OFFICER = "certificate_officer"
    REPORTER = "reporter"
    LEAD_REVIEWER = "lead_reviewer"
    AGGREGATOR = "aggregator"
    COACH = "coach"
    AUDITOR = "auditor"
    EXPERT = "expert"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""三员: one account holds at most one of them."""


class ScopeKind(StrEnum):
    DISTRICT = "district"
    ORGANISATION = "organisation"
    ACTIVITY = "activity"
    TRACK = "track"  # a reviewer of one contest
    UNIT = "unit"  # a reviewer of the entries of one unit
    DOOR = "door"  # a helper at one check-in point


class Kind(StrEnum):
    PERSONAL = "personal"
    BADGE = "badge"  # opened for one day by a badge QR and a PIN


class PasswordWay(StrEnum):
    """How a password was last set: what it proves beside the phone."""

    OWN = "own"  # by somebody who was signed in, or signing up
    MAIL = "mail"  # reset by a code by e-mail
    SMS = "sms"  # reset by a code by SMS: it proves no more than the phone does


class Account(Coded):
    """A sign-in. A personal one is known by phone or e-mail; a badge by its token."""

    __tablename__ = "account"

    kind: Mapped[Kind] = mapped_column(choice(Kind), default=Kind.PERSONAL)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    display_name: Mapped[str] = mapped_column(sa.String(64))
    phone_sealed: Mapped[str | None] = mapped_column(sa.Text)
    phone_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    email_sealed: Mapped[str | None] = mapped_column(sa.Text)
    email_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    email_verified_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    password_set_by: Mapped[PasswordWay | None] = mapped_column(choice(PasswordWay))
    totp_sealed: Mapped[str | None] = mapped_column(sa.Text)
    totp_last_step: Mapped[int | None]
    factor_lost: Mapped[bool] = mapped_column(default=False)
    """Its password was reset while its rights asked for a second factor: the phone alone sets up no new one."""
    badge_index: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    language: Mapped[str] = mapped_column(sa.String(8), default="zh")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    phone = Sealed("phone_sealed")
    email = Sealed("email_sealed")
    totp_secret = Sealed("totp_sealed")

    person: Mapped[Person | None] = relationship()
    grants: Mapped[list["Grant"]] = relationship(
        back_populates="account", foreign_keys="Grant.account_id", order_by="Grant.id"
    )

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None

    @property
    def has_second_factor(self) -> bool:
        return self.totp_sealed is not None or self.phone_sealed is not None


class Grant(Coded):
    """Role × scope × time. The scope names a thing by its public code; the district has none."""

    __tablename__ = "account_grant"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    scope_kind: Mapped[ScopeKind] = mapped_column(choice(ScopeKind))
    scope_code: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    awaits_second: Mapped[bool] = mapped_column(default=False)
    """An administrator's role is good only once a second person has agreed (R16)."""
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])
    granted_by: Mapped[Account | None] = relationship(foreign_keys=[granted_by_id])

    def is_in_force(self, moment: dt.datetime) -> bool:
        return (
            self.revoked_at is None
            and not self.awaits_second
            and self.starts_at <= moment
            and (self.ends_at is None or moment < self.ends_at)
        )


class FirstFactor(StrEnum):
    """How a sign-in began; the second factor must be of another kind."""

    CODE = "code"  # by SMS
    MAIL = "mail"  # code by e-mail
    PASSWORD = "password"  # noqa: S105  the name of a way in
    BADGE = "badge"  # the badge and its PIN: two factors by themselves
    DEMO = "demo"


class SignIn(Coded):
    """A server-side session. The cookie carries a 256-bit token; the row keeps its hash (R18)."""

    __tablename__ = "sign_in"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    started_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    proven_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    """When the person last proved who they are (R07)."""
    first_factor: Mapped[FirstFactor] = mapped_column(choice(FirstFactor), default=FirstFactor.CODE)
    second_factor_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    device: Mapped[str] = mapped_column(sa.String(120), default="")
    address: Mapped[str] = mapped_column(sa.String(45), default="")

    account: Mapped[Account] = relationship()


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"
    RESET = "reset"
    SECOND_FACTOR = "second_factor"
    PROVE = "prove"
    CONFIRM = "confirm"
    GUARDIAN = "guardian"
    CLAIM = "claim"
    INVITE = "invite"
    FIRST_ADMIN = "first_admin"


class OneTime(Coded):
    """A code or token for one purpose, kept as a digest, usable once and for minutes (R05, R06)."""

    __tablename__ = "one_time"

    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    subject_index: Mapped[str] = mapped_column(sa.String(64), index=True)
    """Blind index of the phone or e-mail it went to, or the code of the thing it opens."""
    bound_to: Mapped[str] = mapped_column(sa.String(64), default="")
    """Hash of the browser session that asked; a code works nowhere else."""
    digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class Consent(Base):
    """What a person agreed to: purpose, the text's version and hash, when, and who agreed for them (R42)."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(40))
    text_version: Mapped[str] = mapped_column(sa.String(20))
    text_hash: Mapped[str] = mapped_column(sa.String(64))
    given_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    given_by: Mapped[str] = mapped_column(sa.String(20), default="self")


class ClaimState(StrEnum):
    CHECKING = "checking"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Claim(Coded):
    """An account says it is a person who was entered before. Until it is decided neither side learns more."""

    __tablename__ = "claim"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[ClaimState] = mapped_column(choice(ClaimState), default=ClaimState.CHECKING)
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    person: Mapped[Person] = relationship()
