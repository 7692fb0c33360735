"""Finding and opening accounts."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import vault
from models.account import Account, Kind
from models.base import db
from models.person import Person
from services import audit as audits
from services.account.contacts import Contact, ContactKind
from services.account.reasons import Taken
from services.errors import Missing
from services.person import phones
from services.stamp import Stamp
from services.text import BadText, clean_name, escape_like

MOST_FOUND = 20


def find(contact: Contact) -> Account | None:
    """The account that a phone or an e-mail belongs to."""
    column = Account.phone_index if contact.is_phone else Account.email_index
    return db.session.scalars(sa.select(Account).where(column.in_(contact.indexes))).one_or_none()


def find_by_phone(phone: str) -> Account | None:
    """By a phone as typed; None too where it can be no phone."""
    return find(Contact(ContactKind.PHONE, phones.normalise(phone)))


def get(code: str) -> Account:
    """Raises `Missing`."""
    found = db.session.scalars(sa.select(Account).where(Account.code == code)).one_or_none()
    if found is None:
        raise Missing
    return found


def search(text: str) -> Sequence[Account]:
    """For those who grant: by the whole phone or e-mail, else by part of a name; at most 20, newest first."""
    query = sa.select(Account).where(Account.kind == Kind.PERSONAL)
    try:
        contact = Contact.read(text)
    except BadText:
        pattern = f"%{escape_like(text.strip())}%"
        query = query.outerjoin(Account.person).where(
            sa.or_(Account.display_name.like(pattern, escape="\\"), Person.name.like(pattern, escape="\\"))
        )
    else:
        column = Account.phone_index if contact.is_phone else Account.email_index
        query = query.where(column.in_(contact.indexes))
    return db.session.scalars(query.order_by(Account.id.desc()).limit(MOST_FOUND)).all()


def open_account(
    display_name: str,
    phone: str | None = None,
    email: str | None = None,
    person: Person | None = None,
    *,
    language: str = "zh",
    stamp: Stamp,
) -> Account:
    """A personal account for a phone or e-mail that is known to be theirs. Raises `Taken`, `BadText`."""
    account = Account(
        kind=Kind.PERSONAL,
        display_name=clean_name(display_name),
        language=language,
        created_at=stamp.when,
        person_id=person.id if person is not None else None,
    )
    for contact in (Contact.phone(phone) if phone else None, Contact.email(email) if email else None):
        if contact is not None:
            if find(contact) is not None:
                raise Taken
            set_contact(account, contact, stamp=stamp)
    add(account)
    audits.record("account.opened", account, stamp=stamp)
    return account


def set_contact(account: Account, contact: Contact, *, stamp: Stamp) -> None:
    """Give an account a phone or e-mail that was shown to be theirs. Uniqueness is the caller's to ask
    first.
    """
    if contact.is_phone:
        account.phone, account.phone_index = contact.value, contact.index
    else:
        account.email, account.email_index = contact.value, contact.index
        account.email_verified_at = stamp.when


def add(account: Account) -> None:
    """Store a new account, or the new phone or e-mail of one. Raises `Taken` where somebody was faster."""
    try:
        with db.session.begin_nested():
            db.session.add(account)
            db.session.flush()
    except IntegrityError:
        raise Taken from None


def badge_index(token: str) -> str:
    return vault.blind_index("badge", token)
