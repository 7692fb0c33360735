"""Six-digit codes (R04, R05)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from app.jobs import JOBS
from app.worker import run
from models.account import OneTime, Purpose
from models.base import db
from services.account import Contact, codes
from services.account.reasons import BadCode
from services.errors import TooOften
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand as Clock
from tests.support.hand import code_to

HERE = "a" * 64
PHONE = Contact.phone("13800138000")


def ask(
    app: Flask, contact: Contact = PHONE, purpose: Purpose = Purpose.SIGN_IN, bound_to: str = HERE
) -> str:
    with transaction():
        codes.send(purpose, contact, bound_to=bound_to, stamp=Stamp())
    return code_to(app, contact.value)


def try_code(
    typed: str,
    now: dt.datetime,
    purpose: Purpose = Purpose.SIGN_IN,
    bound_to: str = HERE,
    contact: Contact = PHONE,
) -> codes.Proof:
    return codes.evaluate(purpose, contact.index, typed, bound_to=bound_to, now=now)


def test_a_code_is_good_once(context: Flask, clock: Clock) -> None:
    code = ask(context)
    proof = try_code(code, clock.now)
    with transaction():
        codes.spend(proof, stamp=Stamp())
    with pytest.raises(BadCode):
        try_code(code, clock.now)
    with pytest.raises(BadCode), transaction():
        codes.spend(proof, stamp=Stamp())


def test_a_code_lives_ten_minutes(context: Flask, clock: Clock) -> None:
    began = clock.now
    clock.set(began)
    code = ask(context)
    clock.set(began + dt.timedelta(minutes=10, seconds=-1))
    assert try_code(code, clock.now)
    clock.set(began + dt.timedelta(minutes=10))
    with pytest.raises(BadCode):
        try_code(code, clock.now)


def test_a_code_is_bound_to_purpose_browser_and_phone(context: Flask, clock: Clock) -> None:
    code = ask(context)
    with pytest.raises(BadCode):
        try_code(code, clock.now, purpose=Purpose.RESET)
    with pytest.raises(BadCode):
        try_code(code, clock.now, bound_to="b" * 64)
    with pytest.raises(BadCode):
        try_code(code, clock.now, contact=Contact.phone("13800138001"))
    assert try_code(code, clock.now)


@pytest.mark.parametrize("write", [
    lambda code: "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in code),
    lambda code: "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in code),
    " ".join,
    lambda code: code + " ",
    lambda code: "\u200b" + code,
    lambda code: "0" + code,
    lambda code: code[:5],
    lambda code: "",
])  # fmt: skip
def test_another_spelling_of_a_code_is_no_code(context: Flask, clock: Clock, write: object) -> None:
    code = ask(context)
    with pytest.raises(BadCode):
        try_code(write(code), clock.now)  # type: ignore[operator]


def test_of_many_guesses_five_are_compared(context: Flask, clock: Clock) -> None:
    code = ask(context)
    others = [f"{n:06d}" for n in range(1000) if f"{n:06d}" != code][:60]
    for other in others:
        with pytest.raises(BadCode):
            try_code(other, clock.now)
    assert db.session.scalars(sa.select(OneTime.tries)).all() == [codes.MOST_TRIES]
    with pytest.raises(BadCode):
        try_code(code, clock.now)


def test_a_newer_code_replaces_an_older(context: Flask, clock: Clock) -> None:
    first = ask(context)
    clock.advance(minutes=1)
    second = ask(context)
    if first != second:
        with pytest.raises(BadCode):
            try_code(first, clock.now)
    assert try_code(second, clock.now)


def test_a_refusal_of_the_effect_leaves_the_code_to_be_used(context: Flask, clock: Clock) -> None:
    code = ask(context)
    proof = try_code(code, clock.now)

    def fail() -> None:
        with transaction():
            codes.spend(proof, stamp=Stamp())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    again = try_code(code, clock.now)
    with transaction():
        codes.spend(again, stamp=Stamp())


def test_only_a_digest_is_kept(context: Flask, clock: Clock) -> None:
    code = ask(context)
    row = db.session.scalars(sa.select(OneTime)).one()
    assert code not in row.digest
    assert PHONE.value not in (row.subject_index, row.bound_to)


def test_one_code_a_minute_and_five_a_day(context: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    codes.admit(PHONE)
    with pytest.raises(TooOften) as no:
        codes.admit(PHONE)
    assert 0 < no.value.retry_after <= 61
    for _more in range(4):
        clock.advance(seconds=61)
        codes.admit(PHONE)
    clock.advance(seconds=61)
    with pytest.raises(TooOften):
        codes.admit(PHONE)
    codes.admit(Contact.phone("13800138009"))
    clock.advance(days=1)
    codes.admit(PHONE)


def test_what_the_minute_refuses_does_not_count_for_the_day(context: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    codes.admit(PHONE)
    for _again in range(20):
        with pytest.raises(TooOften):
            codes.admit(PHONE)
    clock.advance(seconds=61)
    codes.admit(PHONE)


def test_all_sms_of_a_day_have_a_limit(context: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "A_DAY_IN_ALL", 3)
    for number in range(3):
        codes.admit(Contact.phone(f"1380013800{number}"))
    with pytest.raises(TooOften):
        codes.admit(Contact.phone("13800138007"))
    codes.admit(Contact.email("someone@example.cn"))


def test_a_token_is_good_once_for_its_subject_and_time(context: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    life = dt.timedelta(minutes=30)
    with transaction():
        token = codes.make_token(Purpose.SIGN_UP, "x", life=life, stamp=Stamp())
    assert len(token) >= 22  # 128 bits
    with pytest.raises(BadCode):
        codes.find_token(Purpose.SIGN_UP, token, subject="y", now=clock.now)
    with pytest.raises(BadCode):
        codes.find_token(Purpose.FIRST_ADMIN, token, subject="x", now=clock.now)
    with pytest.raises(BadCode):
        codes.find_token(Purpose.SIGN_UP, token, subject="x", now=clock.now + life)
    proof = codes.find_token(
        Purpose.SIGN_UP, token, subject="x", now=clock.now + life - dt.timedelta(seconds=1)
    )
    with transaction():
        codes.spend(proof, stamp=Stamp())
    with pytest.raises(BadCode):
        codes.find_token(Purpose.SIGN_UP, token, subject="x", now=clock.now)


def test_the_sweep_forgets_codes_a_day_after_their_end(context: Flask) -> None:
    now = make.now()
    with transaction():
        codes.make_token(
            Purpose.RESET, "old", life=codes.LIFE, stamp=make.stamp(when=now - dt.timedelta(days=2))
        )
        codes.make_token(Purpose.RESET, "new", life=codes.LIFE, stamp=make.stamp(when=now))
    assert run(JOBS["house.sweep"], owner="test", at=now)
    assert db.session.scalars(sa.select(OneTime.subject_index)).all() == ["new"]


def test_a_stranger_does_not_use_up_the_owners_codes(context: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    for _again in range(codes.A_DAY):
        codes.admit(PHONE, address="10.0.0.1")
        clock.advance(seconds=61)
    for _again in range(codes.A_DAY):
        codes.admit(PHONE, address="10.0.0.2", known_device="d")
        with pytest.raises(TooOften):
            codes.admit(PHONE, address="10.0.0.1")
        clock.advance(seconds=61)
    with pytest.raises(TooOften):
        codes.admit(PHONE, address="10.0.0.2", known_device="d")


def test_strangers_at_one_address_have_thirty_sms_a_day(context: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    for number in range(codes.A_DAY_FROM_HERE):
        codes.admit(Contact.phone(f"138001380{number:02d}"), address="10.0.0.1")
    with pytest.raises(TooOften):
        codes.admit(Contact.phone("13800138099"), address="10.0.0.1")
    codes.admit(Contact.email("someone@example.cn"), address="10.0.0.1")
    codes.admit(Contact.phone("13800138098"), address="10.0.0.2")
    codes.admit(Contact.phone("13800138097"), address="10.0.0.1", known_device="d")
