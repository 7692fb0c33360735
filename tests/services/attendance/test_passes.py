"""A pass is read however it was written down, and shown while it is of use."""

import datetime as dt

import pytest

from models.activity import State as ActivityState
from models.registration import State
from services import attendance as attendances
from services.transaction import transaction
from tests.services.attendance.conftest import Hall
from tests.support import factories as make


@pytest.mark.parametrize(
    "text",
    [
        "k3f9701d",
        "K3F9 701D",
        " k3f9-701d ",
        "K3F9 7OLD",
        "k3f97oid",
        "Ｋ３Ｆ９　７０１Ｄ",
        "K3F9·70–1D",
        "https://site.example/pass/k3f9701d",
        "HTTPS://SITE.EXAMPLE/PASS/K3F9701D",
        "https://site.example/pass/k3f9701d?from=singlemessage#x",
        "http://10.0.0.8:8000/pass/k3f9701d/",
    ],
)
def test_a_code_is_read_in_any_spelling(text: str) -> None:
    assert attendances.read_pass(text) == "k3f9701d"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k3f9701",
        "k3f9701dd",
        "k3f9701u",
        "你好你好你好你好",
        "https://site.example/",
        "x" * 10_000,
        "\0" * 8,
    ],
)
def test_what_is_no_pass_is_none(text: str) -> None:
    assert attendances.read_pass(text) is None


def test_a_pass_is_found_and_said(hall: Hall) -> None:
    entry = hall.entries[0]
    assert attendances.find_by_pass(attendances.say_pass(entry)) is entry
    assert attendances.say_pass(entry).replace(" ", "").lower() == entry.pass_code
    assert attendances.find_by_pass("00000000") is None
    assert attendances.pass_link(entry, "https://site.example") == (
        f"https://site.example/pass/{entry.pass_code}"
    )


def test_it_is_shown_from_acceptance_until_the_activity_is_over(hall: Hall) -> None:
    entry, now = hall.entries[0], make.now()
    assert attendances.shows_pass(entry, now)
    assert not attendances.shows_pass(entry, hall.activity.ends_at + dt.timedelta(seconds=1))
    with transaction():
        entry.state = State.SUBMITTED
    assert not attendances.shows_pass(entry, now)
    with transaction():
        entry.state, hall.activity.state = State.ACCEPTED, ActivityState.HELD
    assert not attendances.shows_pass(entry, now)
