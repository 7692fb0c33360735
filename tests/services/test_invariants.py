"""Every counter is 0 in health, and finds what it is there to find."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Grant, Role, ScopeKind
from models.activity import Activity, Track
from models.activity import State as ActivityState
from models.attendance import Attendance, Way
from models.audit import Head
from models.base import db, new_code
from models.indicator import Report, ReportState
from models.job import Lease
from models.notification import Message
from models.notification import State as MessageState
from models.organisation import Member, Organisation
from models.outcome import Award, Line, Sheet
from models.person import Document
from models.registration import Registration, State, Step
from services import indicator as indicators
from services import invariants
from services import notification as notifications
from services import participation as participations
from services import registration as registrations
from services.registration import Entry
from services.stamp import clock
from services.transaction import transaction
from tests.support import factories as make
from tests.support.contest import contest, scored
from tests.support.plan import document


@pytest.fixture
def house(context: Flask) -> Flask:
    """A little of everything, made by the verbs."""
    with transaction():
        track = make.track(capacity=2, needs_review=False)
        for _ in range(4):
            person = make.person()
            account = make.account(person)
            entry = Entry(category=person.category)
            registrations.register(track, person, entry, by=account, stamp=make.stamp(account))
        unit = make.organisation()
        db.session.add(
            Member(
                organisation_id=unit.id,
                account_id=account.id,
                joined_at=clock.now(),
                claim=f"{unit.id}:{account.id}",
            )
        )
        make.grant(account, Role.SYSTEM_ADMIN)
        report(unit, account)
        db.session.add(Lease(name="scheduler", owner="x", token=1, expires_at=clock.now()))
        notifications.use(sms=lambda _letter: None)
        notifications.notify(None, "person.claimed", stamp=make.stamp(), phone="19900000001")
    return context


def report(unit: Organisation, by: Account) -> None:
    """Handed in by one, accepted by another."""
    indicators.load(document(), stamp=make.stamp())
    indicator = indicators.get_indicator(indicators.get("yongchuan-2023"), "T05.trained")
    db.session.add(
        Report(
            indicator=indicator,
            organisation_id=unit.id,
            year=2024,
            quarter=1,
            as_of=dt.date(2024, 3, 31),
            figure=Decimal(3),
            state=ReportState.ACCEPTED,
            claim=f"{indicator.id}:{unit.id}:2024:1",
            entered_by_id=by.id,
            entered_at=clock.now(),
            submitted_at=clock.now(),
            submitted_by_id=by.id,
            decided_at=clock.now(),
            decided_by_id=make.account(make.person()).id,
        )
    )
    db.session.flush()


def same_person() -> None:
    row = db.session.scalars(sa.select(Report)).one()
    row.decided_by_id = row.submitted_by_id


def wrong() -> set[str]:
    db.session.rollback()
    return {name for name, found in invariants.count().items() if found}


def test_all_is_well_with_what_the_verbs_made(house: Flask) -> None:
    assert wrong() == set()


def change(table: type, **values: object) -> None:
    key = sa.inspect(table).primary_key[0]
    first = db.session.scalar(sa.select(sa.func.max(key)))
    db.session.execute(sa.update(table).where(key == first).values(**values))


def add_administrator() -> None:
    holder = db.session.scalars(sa.select(Grant.account_id).where(Grant.role == Role.SYSTEM_ADMIN)).one()
    db.session.add(
        Grant(account_id=holder, role=Role.AUDIT_ADMIN, scope_kind=ScopeKind.DISTRICT, starts_at=clock.now())
    )


def second_live_entry() -> None:
    one, other = db.session.scalars(sa.select(Registration).order_by(Registration.id).limit(2))
    db.session.execute(
        sa.update(Registration)
        .where(Registration.id == other.id)
        .values(person_id=one.person_id, claim="x:y")
    )


def other_track() -> None:
    stranger = make.track()
    change(Registration, track_id=stranger.id)


def attend(turn: int, place: str = "", **more: object) -> None:
    """A check-in written past the verb."""
    row = db.session.scalars(sa.select(Registration).order_by(Registration.id).limit(1)).one()
    session = row.activity.sessions[0]
    values = {
        "code": new_code(),
        "registration_id": row.id,
        "session_id": session.id,
        "place": place or session.code,
        "turn": turn,
        "way": Way.LIST,
        "at": clock.now(),
        "reason": "",
        **more,
    }
    db.session.execute(sa.insert(Attendance).values(values))


def attend_elsewhere() -> None:
    other = make.activity().sessions[0]
    attend(1, other.code, session_id=other.id)


FAULTS: dict[str, tuple[Callable[[], object], set[str]]] = {
    "a counter that differs": (lambda: change(Track, taken=1), {"tracks.taken_differs"}),
    "a queue that differs": (lambda: change(Track, waiting=9), {"tracks.waiting_differs"}),
    "a claim that was forgotten": (lambda: change(Registration, claim=None), {"registrations.claim_differs"}),
    "a state nobody decided": (
        lambda: change(Registration, state=State.WITHDRAWN),
        {"tracks.waiting_differs", "registrations.claim_differs", "registrations.history_differs"},
    ),
    "two live entries": (second_live_entry, {"registrations.two_live", "registrations.claim_differs"}),
    "a track of another activity": (
        other_track,
        {"registrations.other_activity", "tracks.waiting_differs"},
    ),
    "a cancelled activity": (
        lambda: change(Activity, state=ActivityState.CANCELLED),
        {"registrations.live_on_cancelled"},
    ),
    "a history cut short": (
        lambda: db.session.execute(sa.delete(Step)),
        {"registrations.history_differs"},
    ),
    "an index of another number": (
        lambda: change(Document, number_index="0" * 64),
        {"documents.index_differs"},
    ),
    "a check-in that skips a turn": (lambda: attend(3), {"attendance.turns_differ"}),
    "an undoing that undoes nothing": (
        lambda: (attend(1), attend(2)),
        {"attendance.turns_differ"},
    ),
    "a check-in at another's sitting": (attend_elsewhere, {"attendance.elsewhere"}),
    "a check-in at no place": (lambda: attend(1, "-"), {"attendance.elsewhere"}),
    "administrators of two kinds": (add_administrator, {"grants.exclusive_roles"}),
    "a member who left and belongs": (lambda: change(Member, left_at=clock.now()), {"members.claim_differs"}),
    "a member who never belonged": (lambda: change(Member, claim=None), {"members.claim_differs"}),
    "a report that forgot its period": (lambda: change(Report, claim=None), {"reports.claim_differs"}),
    "a replaced report that still holds it": (
        lambda: change(Report, state=ReportState.REPLACED),
        {"reports.claim_differs"},
    ),
    "a figure that one person decided on": (same_person, {"reports.one_person"}),
    "a message nobody takes up": (
        lambda: change(Message, state=MessageState.SENDING, due_at=clock.now() - dt.timedelta(minutes=2)),
        {"messages.stuck"},
    ),
    "a message that says nothing": (lambda: change(Message, body_sealed=""), {"messages.empty"}),
    "a head that ran ahead": (lambda: change(Head, number=10_000), {"audit.chain_broken"}),
    "a lease for an hour": (
        lambda: db.session.execute(sa.update(Lease).values(expires_at=clock.now() + dt.timedelta(hours=1))),
        {"jobs.lease_too_long"},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_counted(house: Flask, name: str) -> None:
    spoil, counted = FAULTS[name]
    with transaction():
        spoil()
    assert wrong() == counted


@pytest.mark.parametrize("name", ["a fact taken back", "a line nobody recorded", "one hand for two"])
def test_results_that_differ_from_their_facts_are_counted(context: Flask, name: str) -> None:
    made = contest(2)
    made.confirmed(scored("90", 1, award=Award.FIRST_PRIZE), scored("80", 2))
    assert wrong() == set()
    with transaction():
        if name == "a fact taken back":
            fact = participations.find_standing(f"line:{made.line().code}:award_won")
            assert fact is not None
            participations.reverse(fact, "无", stamp=make.stamp())
        elif name == "a line nobody recorded":
            change(Line, award=Award.SECOND_PRIZE)
        else:
            change(Sheet, confirmed_by_id=made.clerk.id)
    both = {"one hand for two": {"outcomes.confirmed_by_one"}}
    assert wrong() == both.get(name, {"outcomes.facts_differ"})


def test_the_command_says_so_and_exits_with_one(house: Flask) -> None:
    runner = house.test_cli_runner()
    well = runner.invoke(args=["check", "invariants", "--json"])
    assert well.exit_code == 0
    assert set(json.loads(well.output).values()) == {0}
    with transaction():
        change(Track, taken=1)
    ill = runner.invoke(args=["check", "invariants", "--json"])
    assert ill.exit_code == 1
    assert json.loads(ill.output)["tracks.taken_differs"] == 1


def test_people_with_two_accounts_are_stopped_by_the_database(house: Flask) -> None:
    with transaction():
        other = make.account()
        person_id = db.session.scalars(sa.select(sa.func.min(Account.person_id))).one()
    with pytest.raises(sa.exc.IntegrityError), transaction():
        change(Account, person_id=person_id)
    assert other.person_id is None
