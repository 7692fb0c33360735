"""The review desk's doors: the full number (a yes, a no, and too often), and accepting several at once."""

import re

from flask import Flask
from flask.testing import FlaskClient

from models.account import Account, Role
from models.base import db
from models.person import Category
from models.registration import Registration, State
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
    assert "<details" in seen
    assert not OPEN_FOLD.search(seen)
    no = ask(client, "POST", door, hidden(seen) | {"reason": ""})
    assert (no.status_code, bool(OPEN_FOLD.search(no.text))) == (422, True)
    for _ in range(20):
        shown = ask(client, "POST", door, hidden(ask(client, "GET", page).text) | {"reason": "核对证件"})
        assert (shown.status_code, number in shown.text) == (200, True)
    often = ask(client, "POST", door, hidden(ask(client, "GET", page).text) | {"reason": "核对证件"})
    assert (often.status_code, number in often.text) == (429, False)
    assert int(often.headers["Retry-After"]) > 0


OPEN_FOLD = re.compile(r"<details[^>]* open[ >]")
TICK = re.compile(r'name="entries" value="([^"]+)"')


def test_several_are_accepted_as_the_list_showed_them(client: FlaskClient, context: Flask) -> None:
    reviewer, rows = three_wait()
    sign_in(client, reviewer, make.now())
    listed = ask(client, "GET", "/desk/registrations").text
    ticks = TICK.findall(listed)
    assert len(ticks) == 3
    done = ask(client, "POST", "/desk/registrations/accept", hidden(listed) | {"entries": ticks[:2]})
    assert (done.status_code, done.location) == (303, "/desk/registrations")
    assert sorted(state_of(row) for row in rows) == [State.ACCEPTED, State.ACCEPTED, State.SUBMITTED]


def test_nothing_ticked_is_said(client: FlaskClient, context: Flask) -> None:
    reviewer, rows = three_wait()
    sign_in(client, reviewer, make.now())
    door = "/desk/registrations/accept"
    for entries in ([], ["nonsense"], ["0123456789abcdef:x"]):
        listed = ask(client, "GET", "/desk/registrations").text
        no = ask(client, "POST", door, hidden(listed) | {"entries": entries})
        assert (no.status_code, "请先勾选" in no.text) == (422, True)
    assert {state_of(row) for row in rows} == {State.SUBMITTED}
    again = ask(client, "GET", f"{door}?state=accepted")
    assert again.location == "/desk/registrations?state=accepted"


def test_what_changed_since_the_list_was_shown_is_not_accepted(client: FlaskClient, context: Flask) -> None:
    reviewer, rows = three_wait()
    sign_in(client, reviewer, make.now())
    listed = ask(client, "GET", "/desk/registrations").text
    with transaction():
        registrations.amend(rows[1], Entry(Category.CITIZEN), stamp=make.stamp())
        name = rows[1].person.name
    said = hidden(listed) | {"entries": TICK.findall(listed)}
    no = ask(client, "POST", "/desk/registrations/accept", said)
    assert no.status_code == 409
    summary = no.text.split("error-summary", 1)[1].split("</div>", 1)[0]
    assert (name in summary, rows[0].person.name in summary) == (True, False)
    assert no.text.count(" checked ") == 2, "the changed one is to be looked at first"
    assert {state_of(row) for row in rows} == {State.SUBMITTED}


def three_wait() -> tuple[Account, list[Registration]]:
    with transaction():
        reviewer, track = make.account(make.person()), make.track()
        make.grant(reviewer, Role.REVIEWER)
        return reviewer, [
            registrations.register(track, make.person(), Entry(Category.OTHER), by=None, stamp=make.stamp())
            for _ in range(3)
        ]


def state_of(row: Registration) -> State:
    db.session.refresh(row)
    return row.state
