"""The burst: 64 clients on 4 processes want few places. Stored is the capacity exactly, and nobody sees a 5xx (R60)."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from models.activity import Track
from models.base import db
from models.registration import HOLDING, Registration, State
from services.transaction import transaction
from tests.support import factories as make
from tests.support.site import Site
from tests.support.visitors import Answer, Visitor, at_once, cookie_of, statuses

CLIENTS = 64
FORM = {"category": "citizen", "workplace": "", "post": "", "remark": "", "promise": "y"}

Rounds = Callable[[int, int], int]


@dataclass
class Rush:
    """One track and as many people as want it, each with a form open."""

    path: str
    track_id: int
    visitors: list[Visitor]
    forms: list[dict[str, str]]

    def run(self) -> list[Answer]:
        def task(visitor: Visitor, form: dict[str, str]) -> Callable[[], Answer]:
            return lambda: visitor.ask("POST", self.path, {**FORM, **form})

        pairs = zip(self.visitors, self.forms, strict=True)
        answers = at_once([task(visitor, form) for visitor, form in pairs], CLIENTS)
        for visitor in self.visitors:
            visitor.close()
        return answers


def prepare(site: Site, capacity: int, people: int, *, waiting_list: bool) -> Rush:
    with site.app.app_context(), transaction():
        track = make.track(
            capacity=capacity, has_waiting_list=waiting_list, needs_review=False, needs_document=False
        )
        path, track_id = f"/register/{track.code}", track.id
        cookies = [cookie_of(site.app, make.account(make.person(documented=False))) for _ in range(people)]
    visitors = [Visitor(site.base_url, cookie) for cookie in cookies]
    return Rush(path, track_id, visitors, [visitor.hidden(path) for visitor in visitors])


def stored(site: Site, track_id: int) -> tuple[int, int, int, int]:
    """Places held by rows, waiting rows, and what the track itself says of both."""
    with site.app.app_context():
        db.session.rollback()
        count = sa.select(sa.func.count()).select_from(Registration).where(Registration.track_id == track_id)
        holding = db.session.scalar(count.where(Registration.state.in_(HOLDING))) or 0
        waiting = db.session.scalar(count.where(Registration.state == State.WAITLISTED)) or 0
        track = db.session.get_one(Track, track_id)
        return holding, waiting, track.taken, track.waiting


@pytest.fixture(scope="module")
def site(live_site: Callable[..., Site]) -> Site:
    return live_site(workers=4)


@pytest.mark.parametrize("capacity", [1, 7, 100])
@pytest.mark.parametrize("waiting_list", [False, True], ids=["refused", "waiting"])
def test_places_are_given_out_exactly(site: Site, rounds: Rounds, capacity: int, waiting_list: bool) -> None:
    people = rounds(max(CLIENTS + 8, capacity + 30), 2000)
    rush = prepare(site, capacity, people, waiting_list=waiting_list)
    answers = rush.run()
    found = statuses(answers)
    assert sum(found.values()) == people
    assert not [status for status in found if status >= 500], found
    waiting = people - capacity if waiting_list else 0
    assert stored(site, rush.track_id) == (capacity, waiting, capacity, waiting)
    if waiting_list:
        assert found == {303: people}
    else:
        assert found == {303: capacity, 409: people - capacity}


def test_a_form_sent_many_times_at_once_enters_once(site: Site, rounds: Rounds) -> None:
    times, count = 5, rounds(12, 100)
    rush = prepare(site, count, count, waiting_list=False)

    def send(visitor: Visitor, form: dict[str, str]) -> Callable[[], Answer]:
        twin = visitor.twin()
        return lambda: twin.ask("POST", rush.path, {**FORM, **form})

    pairs = list(zip(rush.visitors, rush.forms, strict=True))
    answers = at_once([send(visitor, form) for visitor, form in pairs for _ in range(times)], CLIENTS)
    assert statuses(answers) == {303: times * count}
    assert len({answer.location for answer in answers}) == count
    assert stored(site, rush.track_id)[0] == count


def test_without_the_hold_the_burst_goes_wrong(live_site: Callable[..., Site]) -> None:
    """The negative control: counting first, then taking, oversells or fails under the very same burst."""
    site = live_site(workers=4, application="tests.support.unprotected:application")
    rush = prepare(site, 7, 130, waiting_list=False)
    found = statuses(rush.run())
    holding = stored(site, rush.track_id)[0]
    assert holding != 7 or any(status >= 500 for status in found), (holding, found)
