"""Ways in over HTTP."""

from flask import Flask

from tests.support.application import Hand as Clock
from tests.support.hand import Hand

PHONE = "13800138000"


def test_a_new_phone_signs_up_and_then_signs_in(app: Flask, clock: Clock) -> None:
    hand = Hand(app)
    assert hand.post("/sign-in", contact=PHONE).location == "/sign-in/code"
    answer = hand.sign_up("13800138001")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert hand.is_inside
    clock.advance(minutes=2)
    other = Hand(app)
    answer = other.enter("13800138001")
    assert answer.location == "/me"
    assert other.is_inside
