"""The burst through the doors, by every way in: forms, teams, units' lists and imported lists, on 4 processes.

However they mix, what is stored is the capacity exactly, parties and lists stand whole or not at all, and nobody sees a
5xx. The same file by several at once adds its rows once.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from models.account import Account, Role, ScopeKind
from models.activity import Activity, EntryMode, Kind, Track
from models.base import db
from models.intake import Intake
from models.organisation import Organisation
from models.party import Role as Part
from models.registration import HOLDING, Registration
from services import intake as intakes
from services import invariants
from services import party as parties
from services import quota as quotas
from services.party import TeamEntry
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make
from tests.support import lists
from tests.support.site import Site
from tests.support.visitors import Answer, Visitor, at_once, cookie_of, statuses

CLIENTS = 24
PEOPLE = {"team": 2, "unit": 2, "import": 5, "form": 1}
"""How many places each takes who comes this way."""
FORM = {"category": "citizen", "workplace": "", "post": "", "remark": "", "promise": "y"}
SENT = {
    "form": FORM,
    "team": {"promise": "y"},
    "unit": {"promise": "y", "opinion": "同意推荐"},
    "import": {"which": "good"},
}


@dataclass
class Try:
    """One who will press the button: where the form stands, and where it goes."""

    way: str
    visitor: Visitor
    page: str
    path: str
    fields: dict[str, str]

    def __call__(self) -> Answer:
        return self.visitor.ask("POST", self.path, {**self.fields, **SENT[self.way]})


@dataclass
class Rush:
    activity_id: int
    tracks: dict[str, int]
    tries: list[Try]

    def run(self) -> Counter[int]:
        found = statuses(at_once(self.tries, CLIENTS))
        for each in self.tries:
            each.visitor.close()
        return found


def prepare(site: Site, capacity: int, *, shared: bool, seed: int = 7) -> Rush:
    """Three tracks of one activity, each with its way in, and more people than places; `shared`: they have the places
    together.
    """
    made: list[tuple[str, str, str, str]] = []
    with site.app.app_context():
        with transaction():
            activity = make.activity(kind=Kind.LECTURE)
            modes = {"form": EntryMode.SINGLE, "team": EntryMode.TEAM, "unit": EntryMode.UNIT}
            tracks = {way: track(activity, capacity, mode) for way, mode in modes.items()}
            if shared:
                quotas.set_total(activity, capacity, stamp=make.stamp())
        many = max(4, capacity // 3)
        for _ in range(many):
            made += [team(site, tracks["team"]), listed(site, tracks["unit"])]
        made += [imported(site, tracks["form"], number) for number in range(max(3, capacity // 10))]
        with transaction():
            path = f"/register/{tracks['form'].code}"
            for _ in range(capacity + 20):
                account = make.account(make.person(documented=False))
                made.append(("form", cookie_of(site.app, account), path, path))
            keys = {way: row.id for way, row in tracks.items()}
            id = activity.id
    random.Random(seed).shuffle(made)
    made.sort(key=lambda one: one[0] == "import")  # taken from the end: these take longest
    tries = []
    for way, cookie, page, path in made:
        visitor = Visitor(site.base_url, cookie)
        tries.append(Try(way, visitor, page, path, visitor.hidden(page)))
    return Rush(id, keys, tries)


def track(activity: Activity, capacity: int, mode: EntryMode) -> Track:
    return make.track(
        activity, capacity, mode=mode, needs_review=False, needs_document=False, has_waiting_list=False,
        team_least=2, team_most=3, substitutes_most=1,
        unit_limit=2 if mode is EntryMode.UNIT else None,
    )  # fmt: skip


def team(site: Site, track: Track) -> tuple[str, str, str, str]:
    """A captain, somebody who joined, and a substitute."""
    with transaction():
        first, *others = (make.person(documented=False) for _ in range(3))
        captain = make.account(first)
        party = parties.make_team(
            track, first, TeamEntry("示例队"), Entry(), by=captain, stamp=make.stamp(captain)
        )
        for other, part in zip(others, (Part.MEMBER, Part.SUBSTITUTE), strict=True):
            by = make.account(other)
            parties.join(party, other, Entry(), part, by=by, stamp=make.stamp(by))
        path = f"/party/{party.code}/send"
        return "team", cookie_of(site.app, captain), path, path


def manager_of(unit: Organisation) -> Account:
    row = make.account(make.person(documented=False))
    make.grant(row, Role.UNIT_MANAGER, ScopeKind.ORGANISATION, unit.code)
    return row


def listed(site: Site, track: Track) -> tuple[str, str, str, str]:
    """A unit's list of three, ranked, with two seats."""
    with transaction():
        unit = make.organisation()
        by = manager_of(unit)
        party = parties.make_list(track, unit, by=by, stamp=make.stamp(by))
        for _ in range(3):
            parties.add(party, make.person(documented=False), Entry(), by=by, stamp=make.stamp(by))
        path = f"/list/{party.code}/lock"
        return "unit", cookie_of(site.app, by), path, path


def imported(site: Site, track: Track, number: int) -> tuple[str, str, str, str]:
    """A list of five that was read and checked."""
    start = 1_000 + 7 * number
    sheet = intakes.read(lists.workbook(lists.people(PEOPLE["import"], start)), "名单.xlsx")
    with transaction():
        unit = make.organisation()
        by = manager_of(unit)
        intake = intakes.start(track.activity, track, unit, sheet, by=by, stamp=make.stamp(by))
        cookie = cookie_of(site.app, by)
    intakes.work(intake.id, stamp=make.stamp(by))
    return "import", cookie, f"/intake/{intake.code}", f"/intake/{intake.code}/enter"


def held(*conditions: sa.ColumnElement[bool]) -> int:
    wanted = sa.select(sa.func.count()).select_from(Registration).where(Registration.state.in_(HOLDING))
    return db.session.scalar(wanted.where(*conditions)) or 0


def whole(rush: Rush) -> dict[str, int]:
    """How many teams, units' lists and imported lists stand; each of them whole."""
    of_party: Sequence[int] = db.session.scalars(
        sa.select(sa.func.count())
        .where(
            Registration.activity_id == rush.activity_id,
            Registration.party_id.is_not(None),
            Registration.state.in_(HOLDING),
        )
        .group_by(Registration.party_id)
    ).all()
    assert set(of_party) <= {2}
    of_list = [
        held(Registration.batch_id == key)
        for key in db.session.scalars(
            sa.select(Intake.batch_id).where(
                Intake.activity_id == rush.activity_id, Intake.batch_id.is_not(None)
            )
        )
    ]
    assert set(of_list) <= {PEOPLE["import"]}
    return {"parties": len(of_party), "lists": len(of_list)}


@pytest.fixture(scope="module")
def site(live_site: Callable[..., Site]) -> Site:
    return live_site(workers=4)


@pytest.mark.parametrize("shared", [False, True], ids=["tracks", "shared"])
def test_by_all_doors_together_the_places_are_exactly_full(
    site: Site, rounds: Callable[[int, int], int], shared: bool
) -> None:
    capacity = rounds(30, 300)
    rush = prepare(site, capacity, shared=shared)
    found = rush.run()
    assert sum(found.values()) == len(rush.tries)
    assert set(found) == {303, 409}, found
    with site.app.app_context():
        each = {way: held(Registration.track_id == key) for way, key in rush.tracks.items()}
        if shared:
            assert sum(each.values()) == capacity, each
        else:
            tries = Counter(one.way for one in rush.tries)
            units = min(capacity, 2 * tries["unit"])
            assert each == {"form": capacity, "team": min(capacity, 2 * tries["team"]), "unit": units}
        stand = whole(rush)  # which of the ways is faster is luck
        assert stand["parties"] or stand["lists"], stand
        assert not any(invariants.count().values()), invariants.count()


def test_without_the_hold_the_burst_by_all_doors_goes_wrong(live_site: Callable[..., Site]) -> None:
    site = live_site(workers=4, application="tests.support.unprotected:application")
    rush = prepare(site, 12, shared=False)
    found = rush.run()
    with site.app.app_context():
        stored = held(Registration.track_id == rush.tracks["form"])
    assert stored != 12 or any(status >= 500 for status in found), (stored, found)


@pytest.mark.parametrize("times", [3, 4])
def test_one_file_sent_by_several_at_once_adds_its_rows_once(site: Site, times: int) -> None:
    rows = 40
    data = lists.workbook(lists.people(rows, start=5_000 * times))
    with site.app.app_context(), transaction():
        activity = make.activity(kind=Kind.LECTURE)
        track_id = make.track(activity, capacity=2 * rows).id
        cookie = cookie_of(site.app, manager_of(make.organisation()))
        page = f"/intake/new?activity={activity.code}"
    visitors = [Visitor(site.base_url, cookie) for _ in range(times)]
    forms = [visitor.hidden(page) for visitor in visitors]

    def send(visitor: Visitor, form: dict[str, str]) -> Callable[[], Answer]:
        return lambda: visitor.ask("POST", page, form, file=("名单.xlsx", data))

    def enter(visitor: Visitor, path: str, form: dict[str, str]) -> Callable[[], Answer]:
        return lambda: visitor.ask("POST", f"{path}/enter", {**form, "which": "good"})

    pairs = list(zip(visitors, forms, strict=True))
    answers = at_once([send(*pair) for pair in pairs], times)
    assert statuses(answers) == {303: times}
    (path,) = {answer.location for answer in answers}
    forms = [visitor.hidden(path) for visitor in visitors]
    answers = at_once(
        [enter(visitor, path, form) for visitor, form in zip(visitors, forms, strict=True)], times
    )
    assert statuses(answers)[303] >= 1
    assert set(statuses(answers)) <= {303, 409}
    for visitor in visitors:  # and again, one after the other
        answer = visitor.ask("POST", page, visitor.hidden(page), file=("换个名字.xlsx", data))
        assert (answer.status, answer.location) == (303, path)
        visitor.close()
    with site.app.app_context():
        assert held(Registration.track_id == track_id) == rows
        assert db.session.get_one(Track, track_id).taken == rows
        of_track = sa.select(sa.func.count()).select_from(Intake).where(Intake.track_id == track_id)
        assert db.session.scalar(of_track) == 1
