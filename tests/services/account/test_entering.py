"""Signing up and in (R01, R04)."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask

from models.account import Account, FirstFactor, Purpose, SignIn
from models.base import db
from services import account as accounts
from services.account import Contact, codes, consents, entering, passwords, sign_ins
from services.account.reasons import AccountDisabled, NoConsent, Taken, WeakPassword, WrongPassword
from services.errors import TooOften
from services.stamp import Stamp
from services.transaction import transaction
from tests.support.application import Hand as Clock

PHONE = Contact.phone("13800138000")
GOOD = "紫藤 卷尺 夜航 七里"


def proof_of(contact: Contact) -> codes.Proof:
    with transaction():
        token = codes.make_token(Purpose.SIGN_UP, contact.index, life=entering.SIGN_UP_LIFE, stamp=Stamp())
    return codes.find_token(Purpose.SIGN_UP, token, subject=contact.index, now=Stamp().when)


def sign_up(contact: Contact = PHONE, password: str | None = GOOD, agrees: bool = True) -> entering.Entered:
    proof = proof_of(contact)
    chosen = (
        accounts.changing.choose_first(contact, "周晓岚", password, now=Stamp().when) if password else None
    )
    with transaction():
        return accounts.sign_up(
            proof, contact, display_name="周晓岚", password=chosen, agrees=agrees, stamp=Stamp()
        )


def test_every_stored_password_is_argon2id_of_19_mib(context: Flask) -> None:
    entered = sign_up()
    found = extract_parameters(entered.account.password_hash or "")
    assert found.type.name == "ID"
    assert found.memory_cost >= 19456
    assert (found.time_cost, found.parallelism) == (2, 1)


def test_an_old_hash_is_made_anew_at_the_next_sign_in(context: Flask) -> None:
    account = sign_up().account
    with transaction():
        account.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    matched = entering.match_password(PHONE.value, GOOD)
    with transaction():
        accounts.by_password(matched, stamp=Stamp())
    assert extract_parameters(account.password_hash or "").memory_cost == 19456
    assert passwords.matches(account.password_hash, GOOD)


def test_consent_is_recorded_with_version_and_hash(context: Flask) -> None:
    account = sign_up().account
    row = consents.listing(account)[0]
    assert (row.purpose, row.text_version, row.text_hash) == (
        "privacy", consents.PRIVACY.version, consents.PRIVACY.hash,
    )  # fmt: skip
    assert row.given_by == "self"


def test_nobody_signs_up_without_consent(context: Flask) -> None:
    with pytest.raises(NoConsent):
        sign_up(agrees=False)
    assert accounts.find(PHONE) is None


def test_one_phone_has_one_account(context: Flask) -> None:
    sign_up()
    with pytest.raises(Taken):
        sign_up()


def test_a_weak_password_leaves_everything_as_it_was(context: Flask) -> None:
    with pytest.raises(WeakPassword):
        sign_up(password="13800138000")
    assert accounts.find(PHONE) is None


def test_a_disabled_account_is_not_entered(context: Flask) -> None:
    account = sign_up().account
    with transaction():
        accounts.disable(account, reason="离职", stamp=Stamp())
    matched = entering.match_password(PHONE.value, GOOD)
    with pytest.raises(AccountDisabled), transaction():
        accounts.by_password(matched, stamp=Stamp())


@pytest.mark.parametrize("login", ["13800138000", "13900000000", "nobody@example.cn", "不是号码", ""])
def test_a_wrong_password_and_no_account_are_refused_alike(context: Flask, login: str) -> None:
    sign_up()
    with pytest.raises(WrongPassword) as no:
        entering.match_password(login, "not the password")
    assert str(no.value.sentence) == str(WrongPassword.sentence)


def test_a_password_changed_meanwhile_opens_nothing(context: Flask) -> None:
    account = sign_up().account
    matched = entering.match_password(PHONE.value, GOOD)
    with transaction():
        accounts.change_password(account, accounts.changing.Chosen("x"), stamp=Stamp())
    with pytest.raises(WrongPassword), transaction():
        accounts.by_password(matched, stamp=Stamp())


def test_a_stranger_cannot_lock_the_owners_known_browser(context: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    login = PHONE.value
    refused = 0
    for number in range(200):
        try:
            entering.admit_password(login, address=f"10.0.0.{number}", known_device=None)
        except TooOften:
            refused += 1
    assert refused == 200 - entering.TRIES_ELSEWHERE
    entering.admit_password(login, address="192.0.2.1", known_device="feedbeef")


def test_five_tries_an_account_from_one_address(context: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    for _try in range(entering.TRIES_HERE):
        entering.admit_password(PHONE.value, address="10.0.0.1", known_device=None)
    with pytest.raises(TooOften) as no:
        entering.admit_password("+86 138 0013 8000", address="10.0.0.1", known_device=None)
    assert 0 < no.value.retry_after <= 15 * 60 + 1
    entering.admit_password(PHONE.value, address="10.0.0.2", known_device=None)
    clock.advance(minutes=16)
    entering.admit_password(PHONE.value, address="10.0.0.1", known_device=None)


def test_a_code_signs_in_and_says_how(context: Flask) -> None:
    account = sign_up(password=None).account
    with transaction():
        entered = accounts.by_code(proof_of_code(), PHONE, device="微信 · Android", stamp=Stamp())
    assert entered is not None
    row = sign_ins.find(entered.token, Stamp().when)
    assert isinstance(row, SignIn)
    assert (row.account_id, row.first_factor, row.device) == (account.id, FirstFactor.CODE, "微信 · Android")
    assert entered.token not in (row.token_hash, row.code)


def proof_of_code() -> codes.Proof:
    from models.account import OneTime

    codes.send(Purpose.SIGN_IN, PHONE, bound_to="", stamp=Stamp())
    row = db.session.query(OneTime).order_by(OneTime.id.desc()).first()
    assert row is not None
    return codes.Proof(row.id, Purpose.SIGN_IN, PHONE.index)


def test_the_account_of_a_phone_is_found_in_any_spelling(context: Flask) -> None:
    account = sign_up().account
    assert accounts.find_by_phone("+86 138-0013-8000") is account
    assert accounts.find_by_phone("nonsense") is None
    assert isinstance(accounts.get(account.code), Account)
