"""What somebody says about a person, before anything of it is believed."""

import datetime as dt
from dataclasses import dataclass

from models.person import Category, DocumentType, Sex, SkillLevel


@dataclass(frozen=True)
class PersonEntry:
    """Text as typed, choices as chosen. Without a document a person is known by name and phone.

    Birth date and sex follow from numbers that carry them; what is typed beside such a number counts for
    nothing. The representation is empty, since it ends up in logs.
    """

    name: str
    document_type: DocumentType | None = None
    document_number: str = ""
    birth_date: dt.date | None = None
    sex: Sex | None = None
    phone: str = ""
    category: Category = Category.OTHER
    skill_level: SkillLevel = SkillLevel.NONE
    workplace: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""

    def __repr__(self) -> str:
        return "PersonEntry(…)"

    @property
    def has_document(self) -> bool:
        return self.document_type is not None and bool(self.document_number.strip())
