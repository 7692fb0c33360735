"""One's own page, and what asks for a fresh proof (R07, R09, R15)."""

import datetime as dt
import random

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Claim, Role, SignIn
from models.base import db
from models.person import Category, DocumentType, Person, Sex
from services import account as accounts
from services import person as people
from services import registration as registrations
from services.access import DISTRICT
from services.person import PersonEntry, documents
from services.registration import Entry
from services.stamp import clock as the_clock
from services.stamp import machine
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand as Clock
from tests.support.hand import HIDDEN, Hand, code_to, messages

PHONE, OTHER = "13800138000", "13900139000"
GOOD = "紫藤 卷尺 夜航 七里"
DICE = random.Random(11)


def signed_up(app: Flask, phone: str = PHONE, password: str = "") -> Hand:
    hand = Hand(app)
    assert hand.sign_up(phone, password=password).status_code == 303
    return hand


def account_of(phone: str) -> Account:
    found = accounts.find_by_phone(phone)
    assert found is not None
    return found


def make_admin(app: Flask, hand: Hand, phone: str, clock: Clock, role: Role = Role.SECURITY_ADMIN) -> str:
    with app.app_context(), transaction():
        accounts.grant(account_of(phone), role, DISTRICT, stamp=machine("test"))
        code = account_of(phone).code
    clock.advance(minutes=2)
    hand.enter(phone)
    return code


def number(born: dt.date = dt.date(1995, 3, 15)) -> str:
    return documents.demo_number(DICE, born, Sex.MALE)


FRESH = ["/me/password", "/me/phone", "/me/email", "/me/contact/code", "/me/second-factor"]
FRESH_POSTS = ["/me/password/drop", "/me/second-factor/remove"]


@pytest.mark.parametrize("path", FRESH + FRESH_POSTS)
def test_an_old_proof_is_not_enough(app: Flask, clock: Clock, path: str) -> None:
    clock.set(clock.now)
    hand = signed_up(app, password=GOOD)
    hidden = dict(HIDDEN.findall(hand.get("/me").get_data(as_text=True)))
    clock.advance(minutes=10)
    if path in FRESH:
        assert not (hand.get(path).location or "").startswith("/prove")
    clock.advance(seconds=1)
    answer = hand.send(path, **hidden, password="另一组 完全不同 的词 儿", contact=OTHER)
    assert answer.status_code == 302
    assert answer.location.startswith("/prove")
    with app.app_context():
        assert accounts.passwords.matches(account_of(PHONE).password_hash, GOOD)


def test_proving_by_password_opens_the_way_back_and_changes_the_token(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    hand = signed_up(app, password=GOOD)
    old = hand.client.get_cookie("yongjiang")
    clock.advance(minutes=11)
    away = hand.get("/me/password").location
    assert hand.post(away, secret="wrong").status_code == 409
    assert hand.post(away, secret=GOOD).location == "/me/password"
    assert hand.get("/me/password").status_code == 200
    replay = Hand(app)
    assert old is not None
    replay.client.set_cookie("yongjiang", old.value)
    assert not replay.is_inside


def test_proving_by_a_code_to_the_phone(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    hand = signed_up(app)
    clock.advance(minutes=11)
    assert hand.post("/prove/code?by=sms", page="/prove?by=sms").status_code == 303
    assert hand.post("/prove?by=sms", secret=code_to(app, PHONE)).status_code == 303
    assert hand.get("/me/password").status_code == 200


def test_a_new_phone_is_shown_by_a_code_and_the_old_one_is_told(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    hand = signed_up(app)
    clock.advance(minutes=2)
    elsewhere = Hand(app)
    elsewhere.enter(PHONE)
    told = len(messages(app, PHONE))
    assert hand.post("/me/phone", contact=OTHER).location == "/me/contact/code"
    assert hand.post("/me/contact/code", code=code_to(app, OTHER)).location == "/me"
    assert len(messages(app, PHONE)) == told + 1
    assert hand.is_inside
    assert not elsewhere.is_inside
    with app.app_context():
        assert accounts.find_by_phone(PHONE) is None
        assert account_of(OTHER).phone == OTHER


def test_a_phone_of_another_account_is_not_taken(app: Flask, clock: Clock) -> None:
    signed_up(app, OTHER)
    clock.advance(minutes=2)
    hand = signed_up(app)
    hand.post("/me/phone", contact=OTHER)
    assert hand.post("/me/contact/code", code=code_to(app, OTHER)).status_code == 409


def test_a_changed_password_is_told_once(app: Flask, clock: Clock) -> None:
    hand = signed_up(app)
    told = len(messages(app, PHONE))
    assert hand.post("/me/password", password=GOOD).location == "/me"
    assert len(messages(app, PHONE)) == told + 1


def test_sign_ins_are_listed_and_ended(app: Flask, clock: Clock) -> None:
    hand = signed_up(app)
    clock.advance(minutes=2)
    other = Hand(app)
    other.enter(PHONE)
    with app.app_context():
        rows = db.session.scalars(sa.select(SignIn).order_by(SignIn.id)).all()
        first, second = [row.code for row in rows]
    page = hand.get("/me").get_data(as_text=True)
    assert second in page
    assert first not in page  # one's own is left by signing out
    assert hand.post(f"/me/sign-ins/{second}/end", page="/me").status_code == 303
    assert not other.is_inside
    assert hand.is_inside


def test_anothers_sign_in_is_no_sign_in(app: Flask, clock: Clock) -> None:
    hand, victim = signed_up(app), signed_up(app, OTHER)
    with app.app_context():
        code = db.session.scalars(sa.select(SignIn.code).order_by(SignIn.id.desc())).first()
    assert hand.post(f"/me/sign-ins/{code}/end", page="/me").status_code == 404
    assert victim.is_inside


# --- second factor --------------------------------------------------------------------------------


def test_an_authenticator_is_set_up_and_its_codes_are_good_once(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    hand = signed_up(app, password=GOOD)
    page = hand.get("/me/second-factor").get_data(as_text=True)
    # the sign-in began by SMS: the password is the other kind, and is asked for first
    assert page == "" or "second-factor" in page
    answer = hand.get("/me/second-factor")
    if answer.status_code == 302:
        assert hand.post(answer.location, secret=GOOD).status_code == 303
        answer = hand.get("/me/second-factor")
    text = answer.get_data(as_text=True)
    secret = next(word for word in text.split(">") if len(word.split("<")[0]) == 32).split("<")[0]
    hidden = dict(HIDDEN.findall(text))
    totp = pyotp.TOTP(secret)
    wrong = hand.send("/me/second-factor", **hidden, code="000000")
    assert wrong.status_code == 409
    assert secret in wrong.get_data(as_text=True)
    code = totp.at(the_clock.now())
    done = hand.send("/me/second-factor", **dict(HIDDEN.findall(wrong.get_data(as_text=True))), code=code)
    assert done.location == "/me"
    clock.advance(minutes=11)
    assert hand.post("/prove?by=totp", secret=totp.at(the_clock.now())).status_code == 303
    assert hand.post("/prove?by=totp", secret=totp.at(the_clock.now())).status_code == 409


# --- identity -------------------------------------------------------------------------------------


def fill(hand: Hand, document: str, **more: str) -> object:
    said = {
        "name": "周晓岚", "document_type": "resident_id", "document_number": document, "category": "citizen",
        "skill_level": "none", "agrees": "y",
    }  # fmt: skip
    return hand.post("/me/person", **{**said, **more})


def test_identity_is_said_once_and_shown_masked(app: Flask) -> None:
    hand, document = signed_up(app), number()
    answer = fill(hand, document)
    assert answer.status_code == 303  # type: ignore[attr-defined]
    page = hand.get("/me").get_data(as_text=True)
    assert documents.mask(DocumentType.RESIDENT_ID, document) in page
    assert document not in page
    assert PHONE not in page
    assert document not in hand.get("/me/person").get_data(as_text=True)


def test_a_wrong_number_is_said_in_place(app: Flask) -> None:
    answer = fill(signed_up(app), "500199199502290017")
    assert answer.status_code in (409, 422)  # type: ignore[attr-defined]
    assert "出生日期" in answer.get_data(as_text=True)  # type: ignore[attr-defined]


def test_the_separate_consent_is_asked_for(app: Flask) -> None:
    answer = fill(signed_up(app), number(), agrees="")
    assert answer.status_code == 422  # type: ignore[attr-defined]


def test_a_claim_shows_nothing_of_the_record(app: Flask, clock: Clock) -> None:
    pages = set()
    for phone, held, workplace in (
        ("13800138001", "13700137001", "永川机电厂"), ("13800138002", "", ""),
    ):  # fmt: skip
        document = number()
        with app.app_context(), transaction():
            said = PersonEntry("周晓岚", DocumentType.RESIDENT_ID, document, phone=held, workplace=workplace)
            people.enter(said, stamp=machine("batch"))
        hand = signed_up(app, phone)
        assert fill(hand, document).location == "/me/claim"  # type: ignore[attr-defined]
        answers = [
            hand.get("/me/claim"),
            hand.get("/me"),
            hand.post("/me/claim/code", page="/me/claim"),
            hand.post("/me/claim", code="000000"),
        ]
        text = "".join(answer.get_data(as_text=True) for answer in answers)
        assert "核对" in text
        for secret in (held or "x" * 20, workplace or "x" * 20, document, "137****7001"):
            assert secret not in text
        pages.add(tuple((answer.status_code, answer.location) for answer in answers))
    assert len(pages) == 1


def entered_by_name(phone: str) -> str:
    """An entry for a lecture, by name and phone alone; its code."""
    with transaction():
        account = account_of(phone)
        who = people.identify(account, PersonEntry("周晓岚", phone=phone), stamp=machine("test"))
        assert isinstance(who, Person)
        track = make.track(needs_document=False)
        made = registrations.register(track, who, Entry(Category.CITIZEN), by=account, stamp=machine("test"))
        return made.code


def entered_by_a_unit(document: str, **more: str) -> None:
    with transaction():
        said = PersonEntry("周晓岚", DocumentType.RESIDENT_ID, document, **more)  # type: ignore[arg-type]
        people.enter(said, stamp=machine("batch"))


def test_what_was_entered_before_the_document_was_known_stays_ones_own(app: Flask) -> None:
    hand, document = signed_up(app), number()
    with app.app_context():
        code = entered_by_name(PHONE)
        entered_by_a_unit(document, phone=PHONE)
    assert fill(hand, document).location == "/me"  # type: ignore[attr-defined]
    assert hand.get(f"/registration/{code}").status_code == 200
    assert code in hand.get("/me/registrations").get_data(as_text=True)


def test_what_was_entered_stays_ones_own_when_a_code_confirms_the_claim(app: Flask) -> None:
    hand, document = signed_up(app), number()
    with app.app_context():
        code = entered_by_name(PHONE)
        entered_by_a_unit(document, phone=OTHER)
    assert fill(hand, document).location == "/me/claim"  # type: ignore[attr-defined]
    hand.post("/me/claim/code", page="/me/claim")
    assert hand.get(f"/registration/{code}").status_code == 200
    assert hand.post("/me/claim", code=code_to(app, OTHER)).location == "/me"
    assert hand.get(f"/registration/{code}").status_code == 200


def test_what_was_entered_stays_ones_own_when_the_bureau_confirms_the_claim(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    hand, clerk, document = signed_up(app), signed_up(app, OTHER), number()
    make_admin(app, clerk, OTHER, clock)
    with app.app_context():
        code = entered_by_name(PHONE)
        entered_by_a_unit(document)
    assert fill(hand, document).location == "/me/claim"  # type: ignore[attr-defined]
    with app.app_context():
        claim = db.session.scalars(sa.select(Claim.code)).one()
    answer = clerk.post(f"/account/claims/{claim}/confirm", page="/account/claims")
    assert answer.location == "/account/claims"
    assert hand.get(f"/registration/{code}").status_code == 200


def test_a_minor_asks_the_guardian(app: Flask, clock: Clock) -> None:
    hand = signed_up(app)
    born = the_clock.today().replace(day=1) - dt.timedelta(days=366 * 15)
    refused = fill(hand, number(born))
    assert refused.status_code == 409  # type: ignore[attr-defined]
    answer = fill(hand, number(born), guardian_name="周建国", guardian_phone="13700137000")
    assert answer.location == "/me/guardian"  # type: ignore[attr-defined]
    hand.post("/me/guardian/code", page="/me/guardian")
    assert hand.post("/me/guardian", code=code_to(app, "13700137000")).location == "/me"
    assert "尚未确认" not in hand.get("/me").get_data(as_text=True)


# --- rights ---------------------------------------------------------------------------------------


def test_the_security_administrator_grants_revokes_and_closes_at_once(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    admin, member = signed_up(app, OTHER), signed_up(app)
    make_admin(app, admin, OTHER, clock)
    with app.app_context():
        code = account_of(PHONE).code
    assert code in admin.get("/account/grants?q=" + PHONE).get_data(as_text=True)
    assert member.get("/account/grants").status_code == 403
    answer = admin.post(f"/account/grants/{code}", role="security_admin", scope_kind="district")
    assert answer.status_code == 303
    assert not member.is_inside
    clock.advance(minutes=2)
    member.enter(PHONE)
    assert member.get("/account/grants").status_code == 200
    with app.app_context():
        grant = account_of(PHONE).grants[-1].code
    assert admin.post(f"/account/grants/{grant}/revoke", page=f"/account/grants/{code}").status_code == 303
    assert member.get("/account/grants").status_code == 403
    assert admin.post(f"/account/{code}/disable", reason="离职").status_code == 303
    assert not member.is_inside
    assert admin.post(f"/account/{code}/enable", page=f"/account/grants/{code}").status_code == 303
    assert not member.is_inside


def test_granting_asks_for_a_fresh_proof(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    admin = signed_up(app, OTHER)
    code = make_admin(app, admin, OTHER, clock)
    clock.advance(minutes=11)
    assert admin.get(f"/account/grants/{code}").location.startswith("/prove")


def test_only_the_security_administrator_grants(app: Flask, clock: Clock) -> None:
    hand = signed_up(app)
    code = make_admin(app, hand, PHONE, clock, Role.ORGANISER)
    for path in ("/account/grants", f"/account/grants/{code}", f"/account/{code}/disable"):
        assert hand.get(path).status_code == 403
    assert hand.get("/account/claims").status_code == 200


def test_the_first_administrator_comes_by_a_link_that_works_once(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    run = app.test_cli_runner().invoke
    first = run(args=["account", "create-admin"])
    link = first.output.split()[0].replace("http://localhost", "")
    assert link.startswith("/first/")
    hand = signed_up(app)
    assert hand.post(link).location == "/sign-in"
    assert not hand.is_inside
    clock.advance(minutes=2)
    hand.enter(PHONE)
    assert hand.get("/account/grants").status_code == 200
    again = signed_up(app, OTHER)
    assert again.get(link).status_code == 409
    refused = run(args=["account", "create-admin"])
    assert refused.exit_code == 1
    assert run(args=["account", "create-admin", "--force"]).exit_code == 0


def test_the_first_administrators_link_ends_after_half_an_hour(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    link = app.test_cli_runner().invoke(args=["account", "create-admin"]).output.split()[0]
    hand = signed_up(app)
    clock.advance(minutes=30)
    assert hand.get(link.replace("http://localhost", "")).status_code == 409


def test_the_security_administrator_resets_anothers_second_factor(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    admin, member = signed_up(app, OTHER), signed_up(app)
    make_admin(app, admin, OTHER, clock)
    with app.app_context():
        code, own = account_of(PHONE).code, account_of(OTHER).code
    path = f"/account/{code}/second-factor/reset"
    assert member.post(path, page="/me").status_code == 403
    page = f"/account/grants/{code}"
    assert admin.post(path, page=page).status_code == 409  # nobody knows who the administrator is
    fill(admin, number())
    assert f"{own}/second-factor/reset" not in admin.get(f"/account/grants/{own}").get_data(as_text=True)
    assert admin.post(f"/account/{own}/second-factor/reset", page=page).status_code == 409
    assert admin.post(path, page=page).status_code == 303
    assert not member.is_inside
    clock.advance(minutes=11)
    assert admin.post(path, page="/me").location.startswith("/prove")


# --- the way back, and the language ---------------------------------------------------------------


def test_a_post_that_needs_a_proof_leads_back_to_the_page_it_came_from(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    hand = signed_up(app, password=GOOD)
    hidden = dict(HIDDEN.findall(hand.get("/me").get_data(as_text=True)))
    clock.advance(minutes=11)
    for referrer, next_page in (
        ("http://localhost/me?a=1", "?next=/me?a%3D1"),
        ("http://localhost/me", "?next=/me"),
        ("http://elsewhere.example/me", ""),
        ("http://localhost/nowhere", ""),
    ):
        answer = hand.client.post("/me/password/drop", data=hidden, headers={"Referer": referrer})
        assert answer.location == "/prove" + next_page


def test_pages_are_in_the_accounts_language_until_the_browser_chose_one(app: Flask, clock: Clock) -> None:
    clock.set(clock.now)
    signed_up(app)
    with app.app_context(), transaction():
        accounts.choose_language(account_of(PHONE), "en", stamp=machine("test"))
    clock.advance(minutes=2)
    hand = Hand(app)
    assert '<html lang="en"' not in hand.get("/sign-in").get_data(as_text=True)
    hand.enter(PHONE)
    assert '<html lang="en"' in hand.get("/me").get_data(as_text=True)
    hand.get("/language/zh")
    assert '<html lang="en"' not in hand.get("/me").get_data(as_text=True)


def test_the_account_page_leads_to_the_tokens(app: Flask) -> None:
    assert 'href="/me/tokens"' in signed_up(app).get("/me").get_data(as_text=True)
