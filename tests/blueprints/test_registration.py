"""The review desk's door of the full number: what it answers to a yes, a no, and too often."""

from flask import Flask
from flask.testing import FlaskClient

from models.account import Role
from models.person import Category
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make
from tests.support.staff import ask, hidden, sign_in


def test_the_full_number_is_shown_for_a_reason_and_at_most_twenty_times_an_hour(
    client: FlaskClient, context: Flask
) -> None:
    with transaction():
        reviewer = make.account(make.person())
        make.grant(reviewer, Role.REVIEWER)
        row = registrations.register(
            make.track(), make.person(), Entry(Category.OTHER), by=None, stamp=make.stamp()
        )
        code, document = row.code, row.person.document
        assert document is not None
        number = document.number
    sign_in(client, reviewer, make.now())
    page, door = f"/desk/registrations/{code}", f"/desk/registrations/{code}/unmask"
    seen = ask(client, "GET", page).text
    assert number not in seen
    assert ask(client, "POST", door, hidden(seen) | {"reason": ""}).status_code == 422
    for _ in range(20):
        shown = ask(client, "POST", door, hidden(ask(client, "GET", page).text) | {"reason": "核对证件"})
        assert (shown.status_code, number in shown.text) == (200, True)
    no = ask(client, "POST", door, hidden(ask(client, "GET", page).text) | {"reason": "核对证件"})
    assert (no.status_code, number in no.text) == (429, False)
    assert int(no.headers["Retry-After"]) > 0
