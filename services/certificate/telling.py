"""Telling the holder: in their account where they have one, else by the phone in their record."""

import sqlalchemy as sa

from certificates.facts import Facts
from models.account import Account
from models.base import db
from models.certificate import Certificate
from models.person import Person
from services import notification as notifications
from services.stamp import Stamp


def holder(certificate: Certificate) -> Person | None:
    """Who goes on for the person it was issued to."""
    person = certificate.person
    if person is not None and person.merged_into_id is not None:
        return db.session.get_one(Person, person.merged_into_id)
    return person


def tell(certificate: Certificate, what: str, *, stamp: Stamp) -> None:
    person = holder(certificate)
    if person is None:
        return
    account = db.session.scalars(
        sa.select(Account).where(Account.person_id == person.id, Account.disabled_at.is_(None))
    ).first()
    facts = Facts.from_json(certificate.facts)
    notifications.notify(
        account,
        f"certificate.{what}",
        stamp=stamp,
        link=f"/certificate/{certificate.code}",
        phone="" if account else person.phone or "",
        heading=facts.heading,
        activity=facts.activity,
    )
