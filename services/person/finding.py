"""Finding people, by what identifies them."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from models import vault
from models.base import db
from models.person import Document, DocumentType, Person
from services.errors import Missing
from services.person import documents
from services.person.checking import OF_AGE, age_on, document_indexes
from services.text import name_key


def get(code: str) -> Person:
    """Raises `Missing`."""
    row = db.session.scalars(sa.select(Person).where(Person.code == code)).one_or_none()
    if row is None:
        raise Missing
    return row


def find_by_document(type: DocumentType, number: str) -> Person | None:
    """By a number as typed, in whatever spelling."""
    return db.session.scalars(
        sa.select(Person)
        .join(Person.documents)
        .where(
            Document.type == type,
            Document.number_index.in_(document_indexes(type, documents.normalise(type, number))),
        )
    ).one_or_none()


def find_by_phone(name: str, phone: str) -> Person | None:
    """Somebody known by name and phone alone, without a document: a guest, a citizen."""
    rows: Sequence[Person] = db.session.scalars(
        sa.select(Person)
        .where(Person.phone_index.in_(vault.blind_indexes("phone", phone)), ~Person.documents.any())
        .order_by(Person.id)
    ).all()
    return next((row for row in rows if name_key(row.name) == name_key(name)), None)


def needs_guardian(person: Person, day: dt.date) -> bool:
    """Whether a guardian must still agree before this person may enter anything on that day."""
    return (
        person.birth_date is not None
        and age_on(person.birth_date, day) < OF_AGE
        and person.guardian_confirmed_at is None
    )
