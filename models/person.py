"""One natural person, whatever accounts, units and entries speak of them; and the documents that identify them."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Coded, UTCDateTime, choice
from models.vault import Sealed


class DocumentType(StrEnum):
    RESIDENT_ID = "resident_id"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    HM_PERMIT = "hm_permit"
    TW_PERMIT = "tw_permit"
    PR_CARD = "pr_card"
    PASSPORT = "passport"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Category(StrEnum):
    """参与者类别"""

    ENTERPRISE_EMPLOYEE = "enterprise_employee"
    VOCATIONAL_STUDENT = "vocational_student"
    VOCATIONAL_TEACHER = "vocational_teacher"
    PUPIL = "pupil"
    CITIZEN = "citizen"
    FLEXIBLE_WORKER = "flexible_worker"
    RURAL_WORKER = "rural_worker"
    JOBSEEKER = "jobseeker"
    PUBLIC_STAFF = "public_staff"
    EXPERT = "expert"
    OTHER = "other"


class SkillLevel(StrEnum):
    """职业技能等级, the new eight levels, in rising order; `none` first."""

    NONE = "none"
    APPRENTICE_WORKER = "apprentice_worker"
    JUNIOR_WORKER = "junior_worker"
    INTERMEDIATE_WORKER = "intermediate_worker"
    ADVANCED_WORKER = "advanced_worker"
    TECHNICIAN = "technician"
    SENIOR_TECHNICIAN = "senior_technician"
    SPECIAL_TECHNICIAN = "special_technician"
    CHIEF_TECHNICIAN = "chief_technician"

    @property
    def order(self) -> int:
        return list(SkillLevel).index(self)

    @property
    def is_highly_skilled(self) -> bool:
        """高技能人才: advanced worker and above."""
        return self.order >= SkillLevel.ADVANCED_WORKER.order


class Person(Coded):
    __tablename__ = "person"

    name: Mapped[str] = mapped_column(sa.String(64), index=True)
    sex: Mapped[Sex | None] = mapped_column(choice(Sex))
    birth_date: Mapped[dt.date | None]
    category: Mapped[Category] = mapped_column(choice(Category), default=Category.OTHER)
    skill_level: Mapped[SkillLevel] = mapped_column(choice(SkillLevel), default=SkillLevel.NONE)
    phone_sealed: Mapped[str | None] = mapped_column(sa.Text)
    phone_index: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    workplace: Mapped[str | None] = mapped_column(sa.String(100))
    guardian_name: Mapped[str | None] = mapped_column(sa.String(64))
    guardian_phone_sealed: Mapped[str | None] = mapped_column(sa.Text)
    guardian_confirmed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """The record that goes on where two were found to be one person. Never a record that was itself merged, so that
    one step leads to the person who is counted."""

    phone = Sealed("phone_sealed")
    guardian_phone = Sealed("guardian_phone_sealed")

    documents: Mapped[list["Document"]] = relationship(back_populates="person", order_by="Document.id")

    @property
    def document(self) -> "Document | None":
        """The document that identifies them on paper: the first one given."""
        return self.documents[0] if self.documents else None

    def age_on(self, day: dt.date) -> int | None:
        """Full years on a day; None where the birth date is not known."""
        if self.birth_date is None:
            return None
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (not had_birthday)

    def is_minor_on(self, day: dt.date) -> bool:
        age = self.age_on(day)
        return age is not None and age < 18


class Document(Coded):
    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint("type", "number_index"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    type: Mapped[DocumentType] = mapped_column(choice(DocumentType))
    number_sealed: Mapped[str] = mapped_column(sa.Text)
    number_index: Mapped[str] = mapped_column(sa.String(64))

    number = Sealed("number_sealed", required=True)

    person: Mapped[Person] = relationship(back_populates="documents")
