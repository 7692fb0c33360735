"""One-day badges over HTTP, and the one click of the demo."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import flask_migrate
from flask import Flask

from models.account import Role, ScopeKind
from services import account as accounts
from services.stamp import clock as the_clock
from services.stamp import machine
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand as Clock
from tests.support.hand import Hand

ORGANISER = "13800138000"


def organiser(app: Flask, clock: Clock) -> tuple[Hand, str]:
    hand = Hand(app)
    hand.sign_up(ORGANISER)
    with app.app_context(), transaction():
        account = accounts.find_by_phone(ORGANISER)
        assert account is not None
        activity = make.activity()
        accounts.grant(account, Role.ORGANISER, (ScopeKind.ACTIVITY, activity.code), stamp=machine("test"))
        code = activity.code
    clock.advance(minutes=2)
    hand.enter(ORGANISER)
    return hand, code


def test_an_organiser_hands_out_a_badge_that_opens_by_its_pin(app: Flask, clock: Clock) -> None:
    hand, activity = organiser(app, clock)
    place = f"/activity/{activity}/badges"
    made = hand.post(place, display_name="陈志远", role="checkin_helper", day=str(the_clock.today()))
    text = made.get_data(as_text=True)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    link = re.findall(r"/badge/[A-Za-z0-9_-]{32}", text)[0]
    pin = re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])(?=</span>)", text)[0]
    assert link not in hand.get(place).get_data(as_text=True)
    helper = Hand(app)
    wrong = "000000" if pin != "000000" else "111111"
    assert helper.post(link, pin=wrong).status_code == 409
    assert helper.post("/badge/nonsense", pin=pin).status_code == 409
    assert helper.post(link, pin=pin).status_code == 303
    assert helper.is_inside
    badge = re.findall(rf"{place}/([a-z0-9]+)/withdraw", hand.get(place).get_data(as_text=True))[0]
    assert hand.post(f"{place}/{badge}/withdraw", page=place).status_code == 303
    assert not helper.is_inside


def test_the_badges_of_anothers_activity_are_none(app: Flask, clock: Clock) -> None:
    hand, _own = organiser(app, clock)
    with app.app_context(), transaction():
        other = make.activity().code
    assert hand.get(f"/activity/{other}/badges").status_code == 404


def test_guesses_of_a_pin_are_few(app: Flask, clock: Clock) -> None:
    statuses = [Hand(app).post("/badge/some-token", pin=f"{n:06d}").status_code for n in range(8)]
    assert statuses == [409] * 5 + [429] * 3


def test_the_demo_offers_each_role_in_one_click(new_app: Callable[..., Flask]) -> None:
    app = new_app(APP_ENV="demo")
    with app.app_context():
        flask_migrate.upgrade()
        with transaction():
            listed = make.account(name="演示选手").code
            other = make.account().code
    app.extensions["demo_accounts"] = lambda: [SimpleNamespace(code=listed, title="选手", note="")]
    hand = Hand(app)
    assert "选手" in hand.get("/sign-in").get_data(as_text=True)
    assert hand.post(f"/sign-in/demo/{other}", page="/sign-in").status_code == 404
    assert hand.post(f"/sign-in/demo/{listed}", page="/sign-in").status_code == 303
    assert hand.is_inside
