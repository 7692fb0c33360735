"""Entering people and correcting what is known of them: one natural person, one row, whoever enters it."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import vault
from models.account import Account, Claim, ClaimState, Kind
from models.base import db
from models.person import Document, Person
from services import audit as audits
from services import throttle
from services.errors import Denied
from services.person import finding
from services.person.checking import Checked, check, document_index
from services.person.entry import PersonEntry
from services.person.reasons import AlreadyIdentified, BadEntry, IdentityChecking
from services.stamp import Stamp
from services.text import _, name_key


def admit(account_code: str) -> None:
    """Count one attempt to say who one is. Raises `TooOften`: ten a day, so that nobody tries numbers."""
    throttle.admit(
        (f"identify:{account_code}", 10, dt.timedelta(days=1)),
        sentence=_("今天提交身份信息的次数过多，请明天再试，或联系区人力社保局。"),
    )


def hold(account: Account) -> Person | None:
    """Who is behind an account, which is held from here on: of two who say at once who that is, the second sees what
    the first said.
    """
    db.session.refresh(account, ["person_id"], with_for_update={"key_share": True})
    db.session.expire(account, ["person"])
    return account.person


def identify(account: Account, entry: PersonEntry, *, stamp: Stamp) -> Person | Claim:
    """Say who is behind an account. A person who is known already is not handed over: a claim is made, to be
    checked, unless the account's own phone is the one in the record.

    Raises `BadEntry`, `TooYoung`, `GuardianNeeded`, `AlreadyIdentified`, and `Denied` for a badge, which is nobody.
    """
    if account.kind is not Kind.PERSONAL:
        raise Denied
    own = hold(account)
    if own is not None and own.documents:
        raise AlreadyIdentified
    checked = check(entry, stamp.today)
    if not checked.has_document and (account.phone is None or checked.phone not in (None, account.phone)):
        raise BadEntry("phone", _("没有登记证件时，须以本账号验证过的手机号登记。请先绑定手机号。"))
    known = _find(checked, account)
    if own is not None and (known is None or known.id == own.id):
        return correct(own, entry, stamp=stamp)
    if known is None:
        try:
            known, is_new = _store(checked, entry, stamp=stamp), True
        except _JustEntered as other:
            known, is_new = other.person, False
    else:
        is_new = False
    if is_new or _is_plainly_theirs(account, known, checked):
        return _take(account, known, is_new=is_new, stamp=stamp)
    return _claim(account, known, stamp=stamp)


def enter(entry: PersonEntry, *, guardian_confirmed: bool = False, stamp: Stamp) -> Person:
    """Enter a person for somebody else (a unit's list, a guest): the one who has the document, else a new
    one.

    A known person stays as known: a list never overwrites what its owner said; gaps are filled.
    `guardian_confirmed`: a school vouches for the guardian of a minor. Raises `BadEntry`, `TooYoung`,
    `GuardianNeeded`.
    """
    checked = check(entry, stamp.today)
    known = _find(checked, None)
    if known is None:
        try:
            person = _store(checked, entry, stamp=stamp)
        except _JustEntered as other:
            person = other.person
    else:
        person = known
        _fill_gaps(person, checked, entry)
    if guardian_confirmed and person.guardian_name and person.guardian_confirmed_at is None:
        person.guardian_confirmed_at = stamp.when
        audits.record("person.guardian_confirmed", person, stamp=stamp, by="unit")
    return person


def enter_all(entries: Sequence[PersonEntry], *, stamp: Stamp) -> list[Person]:
    """Enter many with documents in a few statements, in the order given, all or none; each as `enter` does. The
    documents differ from one another. Raises what `enter` raises, and IntegrityError where another was faster.
    """
    return enter_checked([(check(entry, stamp.today), entry) for entry in entries], stamp=stamp)


def enter_checked(pairs: Sequence[tuple[Checked, PersonEntry]], *, stamp: Stamp) -> list[Person]:
    """Enter many who were checked today already, as `enter_all` does."""
    known = finding.find_by_documents(
        (each.document_type, each.document_number) for each, _entry in pairs if each.document_type is not None
    )
    people = []
    for each, entry in pairs:
        if each.document_type is None:
            raise ValueError("somebody without a document is entered alone")
        person = known.get(each.document_number)
        if person is None:
            person = Person(created_at=stamp.when, category=entry.category, skill_level=entry.skill_level)
            _copy(person, each, entry)
            person.documents = [_document(each)]
            db.session.add(person)
            audits.record("person.entered", person, stamp=stamp, has_document=True)
        else:
            _fill_gaps(person, each, entry)
        people.append(person)
    db.session.flush()
    return people


def correct(person: Person, entry: PersonEntry, *, stamp: Stamp) -> Person:
    """Mend what is known of a person. A document that another person has is refused by the neutral sentence.

    The trace names the fields that changed, never what they held. Raises `BadEntry`, `TooYoung`,
    `GuardianNeeded`, `IdentityChecking`.
    """
    checked = check(entry, stamp.today)
    changed = _copy(person, checked, entry)
    if checked.document_type is not None:
        changed += _correct_document(person, checked)
    audits.record("person.corrected", person, stamp=stamp, fields=sorted(changed))
    return person


class _JustEntered(Exception):
    """Somebody else stored this document between our look and our row: the same answer as the check."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person


def _find(checked: Checked, account: Account | None) -> Person | None:
    if checked.document_type is not None:
        return finding.find_by_document(checked.document_type, checked.document_number)
    phone = checked.phone or (account.phone if account is not None else None)
    return finding.find_by_phone(checked.name, phone) if phone else None


def _store(checked: Checked, entry: PersonEntry, *, stamp: Stamp) -> Person:
    person = Person(created_at=stamp.when, category=entry.category, skill_level=entry.skill_level)
    _copy(person, checked, entry)
    try:
        with db.session.begin_nested():
            db.session.add(person)
            db.session.flush()
            if checked.document_type is not None:
                _add_document(person, checked)
                db.session.flush()
    except IntegrityError:
        assert checked.document_type is not None
        other = finding.find_by_document(checked.document_type, checked.document_number)
        if other is None:
            raise
        raise _JustEntered(other) from None
    audits.record("person.entered", person, stamp=stamp, has_document=checked.has_document)
    return person


def _add_document(person: Person, checked: Checked) -> None:
    person.documents.append(_document(checked))


def _document(checked: Checked) -> Document:
    assert checked.document_type is not None
    document = Document(
        type=checked.document_type,
        number_index=document_index(checked.document_type, checked.document_number),
    )
    document.number = checked.document_number
    return document


def _correct_document(person: Person, checked: Checked) -> list[str]:
    """Replace the number of a document of this type, or add one of a new type."""
    assert checked.document_type is not None
    other = finding.find_by_document(checked.document_type, checked.document_number)
    if other is not None:
        if other.id != person.id:
            raise IdentityChecking
        return []
    same = next((row for row in person.documents if row.type is checked.document_type), None)
    try:
        with db.session.begin_nested():
            if same is None:
                _add_document(person, checked)
            else:
                same.number = checked.document_number
                same.number_index = document_index(checked.document_type, checked.document_number)
            db.session.flush()
    except IntegrityError:
        raise IdentityChecking from None
    return ["document"]


def _copy(person: Person, checked: Checked, entry: PersonEntry) -> list[str]:
    """Put what was said into the row; the names of what changed."""
    values = {
        "name": checked.name,
        "sex": checked.sex,
        "birth_date": checked.birth_date,
        "category": entry.category,
        "skill_level": entry.skill_level,
        "workplace": checked.workplace,
    }
    changed = [field for field, value in values.items() if getattr(person, field, None) != value]
    person.name, person.sex, person.birth_date = checked.name, checked.sex, checked.birth_date
    person.category, person.skill_level, person.workplace = (
        entry.category,
        entry.skill_level,
        checked.workplace,
    )
    if checked.phone is not None and person.phone != checked.phone:
        person.phone, person.phone_index = checked.phone, vault.blind_index("phone", checked.phone)
        changed.append("phone")
    if (person.guardian_name, person.guardian_phone) != (checked.guardian_name, checked.guardian_phone):
        person.guardian_name, person.guardian_phone = checked.guardian_name, checked.guardian_phone
        person.guardian_confirmed_at = None
        changed.append("guardian")
    return changed


def _fill_gaps(person: Person, checked: Checked, entry: PersonEntry) -> None:
    """What a list knows and the record does not. Never the phone: it would open the record to a claim."""
    person.birth_date = person.birth_date or checked.birth_date
    person.sex = person.sex or checked.sex
    person.workplace = person.workplace or checked.workplace
    if person.guardian_name is None and checked.guardian_name is not None:
        person.guardian_name, person.guardian_phone = checked.guardian_name, checked.guardian_phone


def _is_plainly_theirs(account: Account, person: Person, checked: Checked) -> bool:
    """The record is of the same name, and its phone is the one this account was opened by a code to."""
    if person.phone is None or account.phone is None or account.phone != person.phone:
        return False
    if name_key(person.name) != name_key(checked.name):
        return False
    return db.session.scalar(sa.select(sa.func.count()).where(Account.person_id == person.id)) == 0


def _take(account: Account, person: Person, *, is_new: bool, stamp: Stamp) -> Person:
    account.person_id = person.id
    if is_new and person.phone is None and account.phone is not None:
        person.phone, person.phone_index = account.phone, vault.blind_index("phone", account.phone)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise IdentityChecking from None
    audits.record("person.identified", person, stamp=stamp, is_new=is_new)
    return person


def _claim(account: Account, person: Person, *, stamp: Stamp) -> Claim:
    known = db.session.scalars(
        sa.select(Claim).where(
            Claim.account_id == account.id, Claim.person_id == person.id, Claim.state == ClaimState.CHECKING
        )
    ).first()
    if known is not None:
        return known
    claim = Claim(account_id=account.id, person_id=person.id, made_at=stamp.when)
    db.session.add(claim)
    db.session.flush()
    audits.record("person.claim_made", claim, stamp=stamp)
    return claim
