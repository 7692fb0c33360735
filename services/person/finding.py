"""Finding people, by what identifies them."""

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from models import vault
from models.account import Account, Claim, ClaimState
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


def find_by_documents(wanted: Iterable[tuple[DocumentType, str]]) -> dict[str, Person]:
    """Those who have one of these documents, by the number as given; some hundreds of them at a time."""
    numbers = {
        index: number
        for type, number in wanted
        for index in document_indexes(type, documents.normalise(type, number))
    }
    rows = db.session.execute(
        sa.select(Document.number_index, Person)
        .join(Document.person)
        .where(Document.number_index.in_(numbers))
        .options(selectinload(Person.documents))
    )
    return {numbers[index]: person for index, person in rows}


def find_by_phone(name: str, phone: str) -> Person | None:
    """Somebody known by name and phone alone, without a document: a guest, a citizen."""
    rows: Sequence[Person] = db.session.scalars(
        sa.select(Person)
        .where(
            Person.phone_index.in_(vault.blind_indexes("phone", phone)),
            Person.merged_into_id.is_(None),
            ~Person.documents.any(),
        )
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


def open_claim(account: Account) -> Claim | None:
    """The claim of an account that is being checked."""
    return db.session.scalars(
        sa.select(Claim)
        .where(Claim.account_id == account.id, Claim.state == ClaimState.CHECKING)
        .order_by(Claim.id)
    ).first()


def has_open_claim(account: Account) -> bool:
    """Whether it is being checked who this account belongs to, or whose its person is: both sides read the
    same neutral sentence.
    """
    return open_claim(account) is not None or (
        account.person_id is not None and is_contested(account.person_id)
    )


def is_contested(person_id: int) -> bool:
    """Whether an account claims to be this person."""
    return (
        db.session.scalars(
            sa.select(Claim.id).where(Claim.person_id == person_id, Claim.state == ClaimState.CHECKING)
        ).first()
        is not None
    )
