"""The demonstration: the same each time, as large as it should be, at one with itself, and nobody's data."""

import datetime as dt
import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.config import Config
from app.demo import accounts, cast, load, people, programme, story, world
from app.demo.event import Event
from app.demo.programme import Life
from models.account import Account, Role
from models.activity import Activity, Annex, Kind, Notice, Track
from models.activity import State as ActivityState
from models.base import db
from models.intake import Intake, IntakeLine
from models.intake import State as Step
from models.notification import Channel, Message
from models.notification import State as MessageState
from models.organisation import Organisation
from models.person import Document, Person
from models.registration import LIVE, Batch, Registration, Source, State
from services import audit as audits
from services import indicator as indicators
from services import invariants
from services import notification as notifications
from services import upload as uploads
from services.stamp import Stamp, local_moment
from tests.demo.conftest import ANCHOR
from tests.support.application import environment, let_go
from tests.support.database import Store

pytestmark = pytest.mark.timeout(600)

MIDNIGHT = local_moment(ANCHOR)
SALTED = re.compile(
    r"_sealed$|_index$|^index$|^token_hash$|^consent_hash$|^password_hash$|^digest$|^token$|^facts$|^statement$|^signature$"
)
"""Columns whose values follow from a key, a nonce or a salt."""


def count(table: type[object], *conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0


def digests() -> dict[str, str]:
    """Table -> digest of all its rows without what is salted."""
    found = {}
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.columns if not SALTED.search(column.name)]
        rows = db.session.execute(sa.select(*columns).order_by(*table.primary_key.columns))
        said = hashlib.sha256()
        for row in rows:
            said.update(repr(tuple(row)).encode())
        found[table.name] = said.hexdigest()
    return found


def test_it_is_as_large_as_it_should_be(demo: Flask) -> None:
    assert count(Organisation) == 21
    assert 90 <= count(Activity) <= 120
    assert 2600 <= count(Person) <= 2700
    assert count(Registration) > 5000


def test_every_state_and_kind_is_there(demo: Flask) -> None:
    assert set(db.session.scalars(sa.select(Registration.state))) == set(State)
    assert set(db.session.scalars(sa.select(Activity.state))) == set(ActivityState)
    assert set(db.session.scalars(sa.select(Activity.kind))) == set(Kind)
    assert count(Activity, ~Activity.is_demo) == 0
    years = Counter(moment.year for moment in db.session.scalars(sa.select(Activity.starts_at)))
    assert all(years[year] >= 5 for year in (2023, 2024, 2025, 2026))


def test_what_it_says_agrees_with_itself(demo: Flask) -> None:
    assert {name: n for name, n in invariants.count().items() if n} == {}
    assert list(audits.verify()) == []
    sizes = db.session.execute(
        sa.select(Batch.size, sa.func.count()).join(Registration).group_by(Batch.id, Batch.size)
    )
    assert all(said == found for said, found in sizes)


def test_the_next_district_competition_is_open_and_the_invitational_full(demo: Flask) -> None:
    third = db.session.scalars(sa.select(Activity).where(Activity.title == "永川区第三届职业技能大赛")).one()
    assert (third.taken, third.capacity, len(third.tracks)) == (386, 540, 20)
    assert third.is_open(MIDNIGHT)
    assert third.starts_at == local_moment(dt.date(2026, 12, 5), dt.time(9))
    full = db.session.scalars(sa.select(Activity).where(Activity.title == "川渝工业机器人技能邀请赛")).one()
    assert (full.taken, full.capacity) == (60, 60)
    assert sum(track.waiting for track in full.tracks) == 14


def test_nothing_lies_in_the_future_of_the_anchor_day(demo: Flask) -> None:
    for moment in (Registration.made_at, Message.made_at, Notice.published_at, Activity.created_at):
        assert db.session.scalar(sa.select(sa.func.max(moment))) < MIDNIGHT
    offered = db.session.scalars(sa.select(Registration).where(Registration.state == State.OFFERED)).one()
    assert offered.due_at is not None
    assert offered.due_at > MIDNIGHT


def test_no_number_is_anybodys(demo: Flask) -> None:
    numbers = [row.number for row in db.session.scalars(sa.select(Document))]
    assert all(number.startswith("500199") for number in numbers)
    assert len(set(numbers)) == len(numbers)
    phones = [row.phone for row in db.session.scalars(sa.select(Person))]
    phones += [row.phone for row in db.session.scalars(sa.select(Account))]
    assert all(re.fullmatch("1990000[0-9]{4}", phone) for phone in phones if phone)


def test_people_fit_what_they_do(demo: Flask) -> None:
    ages = {row.code: row.age_on(ANCHOR) for row in db.session.scalars(sa.select(Person))}
    assert all(age is not None and 18 <= age <= 70 for age in ages.values())
    rows = db.session.execute(
        sa.select(Track.categories, Registration).join(Track).where(Registration.state.in_(LIVE))
    )
    for categories, registration in rows:
        assert registration.answer is not None
        assert not categories or registration.answer.category in categories


def test_messages_of_the_past_are_not_sent_now(demo: Flask) -> None:
    assert count(Message) > 3000
    assert count(Message, Message.state != MessageState.SENT) == 0
    assert notifications.deliver(stamp=Stamp(MIDNIGHT, "test")) == 0
    assert count(Message, Message.channel == Channel.INBOX, Message.read_at.is_(None)) > 0
    assert count(Message, Message.channel == Channel.INBOX, Message.read_at.is_not(None)) > 0


def test_entries_come_from_people_units_and_organisers(demo: Flask) -> None:
    sources = Counter(row.batch.source for row in db.session.scalars(sa.select(Registration)))
    assert {Source.SELF, Source.UNIT, Source.ON_BEHALF} <= set(sources)


def test_a_unit_and_an_organiser_have_sent_lists(demo: Flask) -> None:
    entered, checked, behalf = db.session.scalars(sa.select(Intake).order_by(Intake.id)).all()
    assert (entered.state, entered.good) == (Step.ENTERED, 12)
    assert entered.batch is not None
    assert (checked.state, checked.good, checked.bad, checked.known) == (Step.CHECKED, 4, 10, 2)
    assert checked.organisation is entered.organisation
    said = db.session.scalars(sa.select(IntakeLine).where(IntakeLine.intake_id == checked.id))
    kinds = {each["say"] for line in said for each in line.problems}
    assert len(kinds) >= 10
    assert (behalf.state, behalf.organisation, behalf.true_source) == (Step.CHECKED, None, "朱沱镇人民政府")


def test_notices_carry_an_annex_that_opens(demo: Flask) -> None:
    annexes = db.session.scalars(sa.select(Annex)).all()
    assert len(annexes) >= 10
    assert uploads.content(annexes[0].upload).startswith(b"PK")
    lists = db.session.scalars(sa.select(Notice).where(Notice.title.like("%名单公示"))).all()
    assert lists
    assert all("500199" not in row.body for row in lists)


def test_both_plans_are_there(demo: Flask) -> None:
    assert [plan.code for plan in indicators.list_plans()] == ["yongchuan-2023", "demo-continuation"]


def test_each_role_has_an_account_to_try(demo: Flask) -> None:
    choices = accounts.choices()
    assert [choice.role for choice in choices] == [row.role for row in cast.listed()]
    assert {choice.role for choice in choices} == set(Role)
    for choice in choices:
        account = db.session.scalars(sa.select(Account).where(Account.code == choice.code)).one()
        held = {grant.role for grant in account.grants if grant.is_in_force(MIDNIGHT)}
        assert held == ({choice.role} if choice.role is not Role.CONTESTANT else set())
        assert account.person_id is not None
    assert [row.phone for row in cast.listed()] == [f"199000000{n:02}" for n in range(1, len(Role) + 1)]
    assert len(accounts.listing()) == len(Role)


def test_the_contestant_has_something_to_do(demo: Flask) -> None:
    code = next(choice.code for choice in accounts.choices() if choice.role is Role.CONTESTANT)
    account = db.session.scalars(sa.select(Account).where(Account.code == code)).one()
    own = db.session.scalars(sa.select(Registration).where(Registration.person_id == account.person_id))
    assert {row.state for row in own} >= {State.ACCEPTED, State.RETURNED, State.OFFERED}


def test_the_same_seed_and_anchor_give_the_same_content(demo: Flask, store: Store, folder: Path) -> None:
    first = digests()
    again = create_app(Config.from_env(environment(folder, store.copy("again"))))
    try:
        with again.app_context():
            load.load(seed=1, anchor=ANCHOR)
            second = digests()
    finally:
        let_go(again)
        store.drop("again")
    assert {name for name in first if first[name] != second[name]} == set()


def tell(seed: int, anchor: dt.date, scale: int = 1) -> list[Event]:
    return load.write(seed, scale, anchor).events


def test_another_seed_or_day_tells_another_story() -> None:
    assert tell(1, ANCHOR) == tell(1, ANCHOR)
    assert tell(2, ANCHOR) != tell(1, ANCHOR)
    assert tell(1, ANCHOR + dt.timedelta(days=1)) != tell(1, ANCHOR)


def test_ten_times_as_much_is_told_of_ten_times_as_many() -> None:
    one, ten = (load.write(1, scale, ANCHOR) for scale in (1, 10))
    assert (len(ten.people), len(ten.programme)) == (10 * len(one.people), 10 * len(one.programme))
    entered = [sum(len(e.handing.lines) for e in t.events if isinstance(e, story.Handed)) for t in (one, ten)]
    assert entered[1] == pytest.approx(10 * entered[0], rel=0.05)
    assert len({human.document for human in ten.people}) == len(ten.people)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_story_can_be_told_on_any_day(month: int) -> None:
    told = load.write(3, 1, dt.date(2027, month, 28))
    midnight = local_moment(dt.date(2027, month, 28))
    assert all(event.at < midnight for event in told.events)
    for planned in told.programme:
        assert planned.drafted_at < planned.submitted_at <= planned.decided_at
        assert planned.opens_at < planned.closes_at <= planned.starts_at < planned.ends_at
        if planned.life is Life.RUNNING:
            assert planned.starts_at < midnight < planned.ends_at


def test_before_the_plan_is_over_it_is_not_told() -> None:
    with pytest.raises(ValueError, match="2026"):
        load.write(1, 1, dt.date(2025, 12, 31))


def test_names_are_surname_and_given_name() -> None:
    rng = load.chance(5, ANCHOR)
    some = people.make(rng, world.make(rng), 300, ANCHOR)
    assert all(re.fullmatch("[一-龥]{3}", human.name) for human in some)
    assert len({human.name for human in some}) > 270


def test_no_place_has_two_contests_at_a_time() -> None:
    for planned in programme.make(world.make(load.chance(1, ANCHOR)), ANCHOR):
        taken = Counter((s.place, s.starts_at) for s in planned.sittings if s.path)
        crowded = [where for where, n in taken.items() if n > 1]
        assert not crowded, (planned.title, crowded)


def test_it_is_loaded_once_and_never_beside_other_data(demo: Flask) -> None:
    assert not load.is_empty()
    with pytest.raises(load.NotHere):
        load.load(seed=1, anchor=ANCHOR)


def test_it_can_be_emptied(worker_app: Flask, store: Store, folder: Path) -> None:
    app = create_app(Config.from_env(environment(folder, store.copy("emptied"))))
    with app.app_context():
        db.session.add(Organisation(name="示例单位", type="enterprise", created_at=MIDNIGHT))
        db.session.commit()
        assert not load.is_empty()
        load.empty()
        assert load.is_empty()
    let_go(app)
    store.drop("emptied")


def test_in_production_it_is_neither_loaded_nor_emptied(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = context.extensions["yongjiang"]
    monkeypatch.setitem(
        context.extensions, "yongjiang", type(config)(**{**config.__dict__, "env": "production"})
    )
    for refused in (load.load, load.empty):
        with pytest.raises(load.NotHere):
            refused()
