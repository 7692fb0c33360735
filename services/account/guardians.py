"""Guardians of those between 14 and 18: confirmed by a code to the guardian's phone (rulings, "Minors")."""

from models.account import Account, Purpose
from models.person import Person
from services import audit as audits
from services.account import codes, consents
from services.account.contacts import Contact, ContactKind
from services.account.reasons import GuardianNeeded, WrongState
from services.person import names
from services.stamp import Stamp


def contact(person: Person) -> Contact:
    """Where the code goes. Raises `GuardianNeeded` where no guardian was named."""
    if not person.guardian_name or not person.guardian_phone:
        raise GuardianNeeded
    return Contact(ContactKind.PHONE, person.guardian_phone)


def send_code(person: Person, *, bound_to: str, stamp: Stamp) -> None:
    """Ask `codes.admit(contact(person))` before. Raises `GuardianNeeded`, `WrongState`."""
    if person.guardian_confirmed_at is not None:
        raise WrongState
    codes.send(
        Purpose.GUARDIAN,
        contact(person),
        bound_to=bound_to,
        subject=person.code,
        stamp=stamp,
        name=names.mask_name(person.name),
    )


def confirm_code(account: Account, person: Person, proof: codes.Proof, *, stamp: Stamp) -> None:
    """The guardian has agreed and passed the code on; their consent is recorded. Raises `BadCode`."""
    if proof.subject != person.code:
        raise WrongState
    codes.spend(proof, stamp=stamp)
    person.guardian_confirmed_at = stamp.when
    consents.record(account, consents.ConsentPurpose.PRIVACY, by=consents.GivenBy.GUARDIAN, stamp=stamp)
    audits.record("person.guardian_confirmed", person, stamp=stamp, by="code")
