"""Which proofs are two factors, and the way of somebody who lost the second (R05)."""

import pyotp
import pytest
from flask import Flask

from models.account import Account, FirstFactor, PasswordWay, Purpose, Role, SignIn
from models.audit import Trace
from models.base import db
from services import account as accounts
from services.account import Contact, codes, factors, sign_ins
from services.account.reasons import FactorLost, OwnFactor
from services.stamp import machine
from services.transaction import transaction
from tests.support import factories as make
from tests.support.hand import code_to

GOOD, NEW = "紫藤 卷尺 夜航 七里", "另一组 完全不同 的词 儿"
PHONE, MAIL = Contact.phone("13800138000"), Contact.email("someone@example.org")


@pytest.fixture
def staff(context: Flask) -> Account:
    """A reviewer with a phone, an e-mail and a password."""
    with transaction():
        row = accounts.open_account("周晓岚", PHONE.value, MAIL.value, make.person(), stamp=machine("test"))
        accounts.changing.set_password(row, accounts.changing.choose(row, GOOD, now=make.now()))
        make.grant(row, Role.REVIEWER)
    return row


def enter(account: Account, way: FirstFactor) -> SignIn:
    with transaction():
        token = sign_ins.begin(account, first_factor=way, stamp=make.stamp(account))
    row = sign_ins.find(token, make.now())
    assert row is not None
    return row


def reset(app: Flask, contact: Contact) -> None:
    with transaction():
        codes.send(Purpose.RESET, contact, bound_to="b", stamp=make.stamp())
    typed = code_to(app, contact.value)
    proof = codes.evaluate(Purpose.RESET, contact.index, typed, bound_to="b", now=make.now())
    with transaction():
        accounts.reset_password(proof, contact, accounts.changing.Chosen(NEW), stamp=make.stamp())


def set_up(account: Account, row: SignIn | None) -> None:
    sealed, secret, _address = factors.draft_secret(account)
    with transaction():
        typed = pyotp.TOTP(secret).at(make.now())
        factors.set_up(account, sealed, typed, but=row, stamp=make.stamp(account))


def test_two_factors_are_of_two_kinds(staff: Account) -> None:
    assert factors.ways(enter(staff, FirstFactor.CODE)) == ("password",)
    assert factors.ways(enter(staff, FirstFactor.PASSWORD)) == ("sms",)
    assert factors.ways(enter(staff, FirstFactor.MAIL)) == ("sms", "password")


def test_where_there_is_an_authenticator_only_it_counts(staff: Account) -> None:
    set_up(staff, None)
    for way in (FirstFactor.CODE, FirstFactor.PASSWORD, FirstFactor.MAIL):
        assert factors.ways(enter(staff, way)) == ("totp",)


def test_the_phone_alone_makes_no_two_factors_by_a_reset(context: Flask, staff: Account) -> None:
    reset(context, PHONE)
    assert staff.password_set_by is PasswordWay.SMS
    for way in (FirstFactor.CODE, FirstFactor.PASSWORD):
        row = enter(staff, way)
        assert factors.ways(row) == ()
        with pytest.raises(FactorLost):
            factors.require_set_up(row)
        with pytest.raises(FactorLost):
            set_up(staff, row)


def test_the_email_alone_makes_no_two_factors_by_a_reset(context: Flask, staff: Account) -> None:
    reset(context, MAIL)
    assert factors.ways(enter(staff, FirstFactor.MAIL)) == ("sms",)
    assert factors.ways(enter(staff, FirstFactor.PASSWORD)) == ("sms",)
    with transaction():
        staff.phone = staff.phone_index = None
    reset(context, MAIL)
    assert factors.ways(enter(staff, FirstFactor.MAIL)) == ()
    with pytest.raises(FactorLost):
        factors.require_set_up(enter(staff, FirstFactor.PASSWORD))


def test_a_reset_of_somebody_who_works_for_nobody_takes_nothing_away(context: Flask, staff: Account) -> None:
    with transaction():
        accounts.revoke(staff.grants[0], stamp=make.stamp())
    reset(context, PHONE)
    set_up(staff, enter(staff, FirstFactor.PASSWORD))


def test_another_person_resets_a_lost_factor(context: Flask, staff: Account) -> None:
    reset(context, PHONE)
    with transaction():
        admin, nobody = make.account(make.person()), make.account()
    for wrong in (staff, nobody):
        with pytest.raises(OwnFactor), transaction():
            factors.reset(staff, by=wrong, stamp=make.stamp(wrong))
    here = enter(staff, FirstFactor.CODE)
    with transaction():
        factors.reset(staff, by=admin, stamp=make.stamp(admin))
    assert here.ended_at is not None
    assert (staff.password_hash, staff.totp_sealed) == (None, None)
    assert db.session.query(Trace).filter_by(action="account.second_factor_reset").count() == 1
    set_up(staff, enter(staff, FirstFactor.CODE))
    assert factors.ways(enter(staff, FirstFactor.CODE)) == ("totp",)
