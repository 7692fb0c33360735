"""Reading an entry: every rule about one person that needs no second row (R26, R27, rulings "Minors")."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from models import vault
from models.person import DocumentType, Sex
from services.person import documents, phones
from services.person.entry import PersonEntry
from services.person.reasons import BadEntry, GuardianNeeded, TooYoung
from services.text import BadText, Sentence, _, clean_line, clean_name

YOUNGEST: Final = 14
OF_AGE: Final = 18
WORKPLACE_LIMIT: Final = 100

T = TypeVar("T")


@dataclass(frozen=True)
class Checked:
    """An entry whose every part may be kept."""

    name: str
    document_type: DocumentType | None
    document_number: str
    birth_date: dt.date | None
    sex: Sex | None
    phone: str | None
    workplace: str | None
    guardian_name: str | None
    guardian_phone: str | None
    warnings: tuple[Sentence, ...] = ()

    def __repr__(self) -> str:
        return "Checked(…)"

    @property
    def has_document(self) -> bool:
        return self.document_type is not None


def check(entry: PersonEntry, today: dt.date) -> Checked:
    """Raises `BadEntry` with the field, `TooYoung`, `GuardianNeeded`."""
    name = _read("name", lambda: clean_name(entry.name))
    document = None
    if entry.document_type is not None and entry.document_number.strip():
        type = entry.document_type
        document = _read(
            "document_number",
            lambda: documents.check(type, entry.document_number, today, stated_sex=entry.sex),
        )
    birth_date = document.birth_date if document and document.birth_date else entry.birth_date
    if birth_date is not None and not dt.date(today.year - documents.OLDEST - 1, 1, 1) < birth_date <= today:
        raise BadEntry("birth_date", _("出生日期不对，请核对。"))
    if document is not None and birth_date is None:
        raise BadEntry("birth_date", _("这类证件的号码不含出生日期，请填写出生日期。"))
    phone = (
        _read("phone", lambda: phones.check(entry.phone, entry.document_type))
        if entry.phone.strip()
        else None
    )
    workplace = (
        _read("workplace", lambda: clean_line(entry.workplace, WORKPLACE_LIMIT))
        if entry.workplace.strip()
        else None
    )
    guardian_name, guardian_phone = _guardian(entry, phone, birth_date, today)
    return Checked(
        name=name,
        document_type=entry.document_type if document else None,
        document_number=document.number if document else "",
        birth_date=birth_date,
        sex=document.sex if document and document.sex else entry.sex,
        phone=phone,
        workplace=workplace,
        guardian_name=guardian_name,
        guardian_phone=guardian_phone,
        warnings=document.warnings if document else (),
    )


def age_on(birth_date: dt.date, day: dt.date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def document_index(type: DocumentType, number: str) -> str:
    """The keyed index of a normalised number, by type (R38)."""
    return vault.blind_index(f"document.{type.value}", number)


def document_indexes(type: DocumentType, number: str) -> tuple[str, ...]:
    return vault.blind_indexes(f"document.{type.value}", number)


def _guardian(
    entry: PersonEntry, phone: str | None, birth_date: dt.date | None, today: dt.date
) -> tuple[str | None, str | None]:
    """Name and phone of the guardian where one is needed; otherwise neither is kept."""
    if birth_date is None:
        return None, None
    age = age_on(birth_date, today)
    if age < YOUNGEST:
        raise TooYoung
    if age >= OF_AGE:
        return None, None
    if not entry.guardian_name.strip() or not entry.guardian_phone.strip():
        raise GuardianNeeded
    name = _read("guardian_name", lambda: clean_name(entry.guardian_name))
    guardian_phone = _read("guardian_phone", lambda: phones.check(entry.guardian_phone, entry.document_type))
    if guardian_phone == phone:
        raise GuardianNeeded
    return name, guardian_phone


def _read(field: str, clean: Callable[[], T]) -> T:
    try:
        return clean()
    except BadText as bad:
        raise BadEntry(field, bad.sentence) from None
