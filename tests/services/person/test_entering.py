"""Who is who: one natural person, one row; claims that say nothing; minors (R38, rulings)."""

import datetime as dt
import random
import threading

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Claim, ClaimState, Purpose, Role
from models.base import db
from models.person import DocumentType, Person, Sex
from services import account as accounts
from services import person as people
from services.access import DISTRICT
from services.account import Contact, badges, claims, codes, guardians, sign_ins
from services.account.reasons import Taken, WrongState
from services.errors import Denied, Missing
from services.person import PersonEntry, documents
from services.stamp import Stamp, local_moment, machine
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand as Clock
from tests.support.hand import code_to, messages

TODAY = dt.date(2026, 11, 23)
DICE = random.Random(7)
HERE = "a" * 64


@pytest.fixture(autouse=True)
def day(context: Flask, clock: Clock) -> None:
    clock.set(local_moment(TODAY, dt.time(10)))


def number(born: dt.date = dt.date(1995, 3, 15)) -> str:
    return documents.demo_number(DICE, born, Sex.MALE)


def with_x() -> str:
    while not (found := number()).endswith("X"):
        pass
    return found


def account(phone: str) -> Account:
    with transaction():
        return accounts.open_account("周晓岚", phone=phone, stamp=machine("test"))


def entry(document: str, name: str = "周晓岚", **more: object) -> PersonEntry:
    return PersonEntry(name=name, document_type=DocumentType.RESIDENT_ID, document_number=document, **more)  # type: ignore[arg-type]


def identify(who: Account, said: PersonEntry) -> Person | Claim:
    with transaction():
        return people.identify(who, said, stamp=make.stamp(who))


def enter(said: PersonEntry) -> Person:
    with transaction():
        return people.enter(said, stamp=machine("batch"))


def count_people() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_spellings_of_one_number_are_one_person() -> None:
    document = with_x()
    first = enter(entry(document))
    full = "".join(chr(ord(c) + 0xFEE0) for c in document)
    for spelling in (document.lower(), full, full.lower(), f" {document[:6]} {document[6:]}"):
        assert enter(entry(spelling)).id == first.id
    assert count_people() == 1
    assert people.find_by_document(DocumentType.RESIDENT_ID, document.lower()) is first


def test_birth_date_and_sex_come_from_the_number() -> None:
    person = enter(entry(number(dt.date(1990, 2, 1)), birth_date=dt.date(2000, 1, 1), sex=Sex.FEMALE))
    assert (person.birth_date, person.sex) == (dt.date(1990, 2, 1), Sex.MALE)


def test_a_list_fills_gaps_and_overwrites_nothing() -> None:
    document = number()
    person = enter(entry(document, phone="13800138000"))
    enter(entry(document, name="别的名字", phone="13900139000", workplace="永川机电厂"))
    assert (person.name, person.phone, person.workplace) == ("周晓岚", "13800138000", "永川机电厂")


def test_a_new_document_is_a_new_person_of_the_account() -> None:
    who = account("13800138000")
    person = identify(who, entry(number()))
    assert isinstance(person, Person)
    assert who.person_id == person.id
    assert person.phone == "13800138000"
    with pytest.raises(people.AlreadyIdentified):
        identify(who, entry(number()))


def test_a_known_document_is_never_handed_over() -> None:
    document = number()
    known = enter(entry(document, name="周晓岚", phone="13900139000", workplace="永川机电厂"))
    who = account("13800138000")
    claim = identify(who, entry(document))
    assert isinstance(claim, Claim)
    assert claim.state is ClaimState.CHECKING
    assert who.person_id is None
    assert people.has_open_claim(who)
    assert known.phone == "13900139000"
    again = identify(who, entry(document.lower()))
    assert isinstance(again, Claim)
    assert again.id == claim.id


def test_both_sides_read_the_same() -> None:
    document = number()
    owner = account("13900139000")
    identify(owner, entry(document))
    assert not people.has_open_claim(owner)
    identify(account("13800138000"), entry(document))
    assert people.has_open_claim(owner)


def test_it_is_theirs_at_once_when_the_phone_in_the_record_is_the_accounts() -> None:
    document = number()
    known = enter(entry(document, phone="13800138000"))
    assert identify(account("13800138000"), entry(document)) is known


def test_not_at_once_under_another_name_or_from_an_owner() -> None:
    document = number()
    enter(entry(document, phone="13800138000"))
    who = account("13800138000")
    assert isinstance(identify(who, entry(document, name="另一人")), Claim)


def test_a_code_to_the_phone_in_the_record_confirms(context: Flask) -> None:
    document = number()
    known = enter(entry(document, phone="13900139000"))
    who = account("13800138000")
    claim = identify(who, entry(document))
    assert isinstance(claim, Claim)
    assert claims.may_send(claim)
    with transaction():
        claims.send_code(claim, bound_to=HERE, stamp=Stamp())
    assert messages(context, "13800138000") == []
    code = code_to(context, "13900139000")
    proof = codes.evaluate(Purpose.CLAIM, claim.code, code, bound_to=HERE, now=Stamp().when)
    with transaction():
        claims.confirm_code(claim, proof, stamp=make.stamp(who))
    assert who.person_id == known.id
    assert claim.state is ClaimState.CONFIRMED
    assert not people.has_open_claim(who)
    with pytest.raises(WrongState), transaction():
        claims.send_code(claim, bound_to=HERE, stamp=Stamp())


def test_a_record_without_a_phone_is_asked_for_a_code_in_vain_and_in_silence() -> None:
    document = number()
    enter(entry(document))
    claim = identify(account("13800138000"), entry(document))
    assert isinstance(claim, Claim)
    assert not claims.may_send(claim)
    with transaction():
        claims.send_code(claim, bound_to=HERE, stamp=Stamp())


def test_a_code_does_not_take_a_person_from_another_account() -> None:
    document = number()
    owner = account("13900139000")
    known = identify(owner, entry(document))
    who = account("13800138000")
    claim = identify(who, entry(document))
    assert isinstance(claim, Claim)
    with transaction():
        token = codes.make_token(Purpose.CLAIM, claim.code, life=codes.LIFE, stamp=Stamp())
    proof = codes.find_token(Purpose.CLAIM, token, subject=claim.code, now=Stamp().when)
    with pytest.raises(Taken), transaction():
        claims.confirm_code(claim, proof, stamp=make.stamp(who))
    assert isinstance(known, Person)
    assert owner.person_id == known.id


def test_the_bureau_decides_and_nobody_else() -> None:
    document = number()
    owner = account("13900139000")
    known = identify(owner, entry(document))
    who = account("13800138000")
    claim = identify(who, entry(document))
    assert isinstance(claim, Claim)
    assert isinstance(known, Person)
    with transaction():
        clerk = make.account(make.person())
        make.grant(clerk, Role.ORGANISER)
        stranger = make.account()
        token = sign_ins.begin(clerk, stamp=make.stamp(clerk))
        other = sign_ins.begin(stranger, stamp=make.stamp(stranger))
        owners = sign_ins.begin(owner, stamp=make.stamp(owner))
    desk, nobody = [sign_ins.find(one, Stamp().when) for one in (token, other)]
    assert desk is not None
    assert nobody is not None
    principal = sign_ins.principal(desk, Stamp().when)
    with pytest.raises(Denied):
        claims.queue(sign_ins.principal(nobody, Stamp().when))
    assert [row.id for row in claims.queue(principal)] == [claim.id]
    with pytest.raises(Missing):
        claims.get_own(owner, claim.code)
    with transaction():
        claims.confirm(claim, by=principal, stamp=make.stamp(clerk))
    assert (who.person_id, owner.person_id) == (known.id, None)
    assert sign_ins.find(owners, Stamp().when) is None


def test_a_claim_of_somebody_who_turned_out_to_be_another_can_still_be_refused() -> None:
    document = number()
    owner = account("13900139000")
    identify(owner, entry(document))
    who = account("13800138000")
    claim = identify(who, entry(document))
    assert isinstance(claim, Claim)
    identify(who, entry(number(), name="黄佳怡"))
    with transaction():
        clerk = make.account(make.person())
        make.grant(clerk, Role.ORGANISER)
        token = sign_ins.begin(clerk, stamp=make.stamp(clerk))
    row = sign_ins.find(token, Stamp().when)
    assert row is not None
    desk = sign_ins.principal(row, Stamp().when)
    with pytest.raises(WrongState), transaction():
        claims.confirm(claim, by=desk, stamp=make.stamp(clerk))
    with transaction():
        claims.refuse(claim, by=desk, stamp=make.stamp(clerk))
    assert claims.queue(desk) == []
    assert not people.has_open_claim(owner)


def test_who_says_it_twice_at_once_is_one_person_without_a_claim(app: Flask) -> None:
    who, document, outcomes = account("13800138000"), number(), []
    start, code = threading.Barrier(4), who.code

    def say() -> None:
        with app.app_context():
            own = accounts.get(code)
            start.wait()
            try:
                identify(own, entry(document))
            except people.AlreadyIdentified:
                outcomes.append("already")
            else:
                outcomes.append("done")

    threads = [threading.Thread(target=say) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert sorted(outcomes) == ["already", "already", "already", "done"]
    assert (count_people(), people.open_claim(accounts.get(code))) == (1, None)


def test_a_badge_is_nobody_and_stays_one() -> None:
    with transaction():
        badge = badges.issue(
            "0123456789abcdef",
            Role.CHECKIN_HELPER,
            "陈志远",
            drawn=badges.draw(),
            day=TODAY,
            stamp=machine("test"),
        ).account
    with pytest.raises(Denied):
        identify(badge, entry(number()))
    with pytest.raises(Denied), transaction():
        accounts.change_password(badge, accounts.changing.Chosen("x"), stamp=make.stamp(badge))
    contact = Contact.phone("13800138000")
    with transaction():
        token = codes.make_token(Purpose.CONFIRM, contact.index, life=codes.LIFE, stamp=Stamp())
    proof = codes.find_token(Purpose.CONFIRM, token, subject=contact.index, now=Stamp().when)
    with pytest.raises(Denied), transaction():
        accounts.change_contact(badge, proof, contact, stamp=make.stamp(badge))


def test_nobody_decides_their_own_claim() -> None:
    document = number()
    enter(entry(document))
    who = account("13800138000")
    claim = identify(who, entry(document))
    assert isinstance(claim, Claim)
    with transaction():
        accounts.grant(who, Role.SECURITY_ADMIN, DISTRICT, stamp=machine("test"))
        token = sign_ins.begin(who, stamp=make.stamp(who))
    row = sign_ins.find(token, Stamp().when)
    assert row is not None
    with pytest.raises(Denied), transaction():
        claims.confirm(claim, by=sign_ins.principal(row, Stamp().when), stamp=make.stamp(who))


def test_a_race_for_one_number_answers_as_the_check_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from services.person import entering, finding

    document = number()
    known = enter(entry(document))
    real, calls = finding.find_by_document, []

    def late(type: DocumentType, number: str) -> Person | None:
        calls.append(1)
        return None if len(calls) == 1 else real(type, number)

    monkeypatch.setattr(entering.finding, "find_by_document", late)
    claim = identify(account("13800138000"), entry(document))
    assert isinstance(claim, Claim)
    assert claim.person_id == known.id
    assert count_people() == 1


def test_correcting_to_anothers_number_reads_neutral() -> None:
    taken = number()
    enter(entry(taken))
    who = account("13800138000")
    mine = identify(who, entry(number()))
    assert isinstance(mine, Person)
    with pytest.raises(people.IdentityChecking), transaction():
        people.correct(mine, entry(taken), stamp=make.stamp(who))
    new = number()
    with transaction():
        people.correct(mine, entry(new, name="周晓兰"), stamp=make.stamp(who))
    assert (mine.name, [row.number for row in mine.documents]) == ("周晓兰", [new])


def test_without_a_document_by_name_and_own_phone() -> None:
    who = account("13800138000")
    person = identify(who, PersonEntry(name="周晓岚", phone="13800138000"))
    assert isinstance(person, Person)
    assert person.documents == []
    with transaction():
        people.identify(who, entry(number()), stamp=make.stamp(who))
    assert who.person_id == person.id
    assert len(person.documents) == 1


def test_without_a_document_another_phone_is_refused() -> None:
    who = account("13800138000")
    with pytest.raises(people.BadEntry):
        identify(who, PersonEntry(name="周晓岚", phone="13900139000"))


# --- minors ---------------------------------------------------------------------------------------

GUARDIAN = {"guardian_name": "周建国", "guardian_phone": "13700137000"}


@pytest.mark.parametrize(("born", "age"), [
    (dt.date(2012, 11, 24), "13 years and 364 days"),
    (dt.date(2013, 1, 1), "13 years"),
])  # fmt: skip
def test_under_fourteen_nobody_is_entered(born: dt.date, age: str) -> None:
    with pytest.raises(people.TooYoung):
        identify(account("13800138000"), entry(number(born), **GUARDIAN))
    with pytest.raises(people.TooYoung):
        enter(entry(number(born), **GUARDIAN))
    assert count_people() == 0


@pytest.mark.parametrize("born", [dt.date(2012, 11, 23), dt.date(2009, 11, 23), dt.date(2008, 11, 24)])
def test_from_fourteen_to_seventeen_a_guardian_agrees(context: Flask, born: dt.date) -> None:
    who = account("13800138000")
    with pytest.raises(people.GuardianNeeded):
        identify(who, entry(number(born)))
    with pytest.raises(people.GuardianNeeded):
        identify(who, entry(number(born), phone="13700137000", **GUARDIAN))
    person = identify(who, entry(number(born), **GUARDIAN))
    assert isinstance(person, Person)
    assert people.needs_guardian(person, TODAY)
    with transaction():
        guardians.send_code(person, bound_to=HERE, stamp=make.stamp(who))
    code = code_to(context, "13700137000")
    proof = codes.evaluate(Purpose.GUARDIAN, person.code, code, bound_to=HERE, now=Stamp().when)
    with transaction():
        guardians.confirm_code(who, person, proof, stamp=make.stamp(who))
    assert not people.needs_guardian(person, TODAY)
    assert [row.given_by for row in accounts.consents.listing(who)] == ["guardian"]


def test_from_eighteen_on_nobody_else_is_asked_or_kept() -> None:
    person = identify(account("13800138000"), entry(number(dt.date(2008, 11, 23)), **GUARDIAN))
    assert isinstance(person, Person)
    assert not people.needs_guardian(person, TODAY)
    assert person.guardian_name is None


def test_a_school_may_vouch_for_the_guardian() -> None:
    said = entry(number(dt.date(2010, 1, 1)), **GUARDIAN)
    with transaction():
        person = people.enter(said, guardian_confirmed=True, stamp=machine("batch"))
    assert not people.needs_guardian(person, TODAY)


def test_a_changed_guardian_agrees_anew() -> None:
    said = entry(number(dt.date(2010, 1, 1)), **GUARDIAN)
    with transaction():
        person = people.enter(said, guardian_confirmed=True, stamp=machine("batch"))
    other = entry(said.document_number, guardian_name="周建国", guardian_phone="13700137001")
    with transaction():
        people.correct(person, other, stamp=machine("test"))
    assert people.needs_guardian(person, TODAY)


def test_what_was_typed_stays_out_of_logs() -> None:
    document = number()
    said = entry(document, phone="13800138000")
    assert document not in repr(said)
    assert document not in repr(people.check(said, TODAY))
    assert Contact.phone("13800138000").value not in repr(said)


def test_somebody_who_becomes_the_person_a_moment_before_is_told_of_not_a_fault(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = number()
    with transaction():
        person = people.enter(entry(document, phone="13700137000"), stamp=machine("batch"))
    who, faster = account("13800138000"), account("13800138001")
    claim = identify(who, entry(document))
    assert isinstance(claim, Claim)
    with transaction():
        token = codes.make_token(Purpose.CLAIM, claim.code, life=codes.LIFE, stamp=Stamp())
    proof = codes.find_token(Purpose.CLAIM, token, subject=claim.code, now=Stamp().when)
    with transaction():
        faster.person_id = person.id
    monkeypatch.setattr(claims, "_owner", lambda _person: None)  # as it was when it was asked
    with pytest.raises(Taken), transaction():
        claims.confirm_code(claim, proof, stamp=make.stamp(who))
    assert claim.state is ClaimState.CHECKING
