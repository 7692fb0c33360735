"""The burst mixed: entries alone, teams, a unit's nominations and lists, from several processes, on few places.

However they mix, a track and the quota of a unit end exactly full, and never fuller. The control takes the hold away.
"""

from collections import Counter
from collections.abc import Callable
from itertools import chain

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from models.activity import Activity, Track
from models.base import db
from models.organisation import Organisation
from models.party import Kind as PartyKind
from models.party import Party
from models.party import State as PartyState
from models.person import Category, Person
from models.quota import Kind as QuotaKind
from models.quota import Quota
from models.registration import HOLDING, Registration, Source, State
from services import hold, invariants
from services import quota as quotas
from services import registration as registrations
from services.errors import Refused
from services.registration import Candidate, Entry
from services.transaction import transaction
from tests.support import factories as make
from tests.support.crowd import Crowd, in_threads

PROCESSES, THREADS = 3, 2
ENTRY = Entry(category=Category.OTHER)


def prepare(capacity: int, *, total: bool, waiting_list: bool = False) -> tuple[int, int, int, int]:
    """Track, another track of the same activity, unit and owner. The unit may have half of the places."""
    with transaction():
        activity = make.activity()
        tracks = [
            make.track(
                activity,
                capacity=capacity,
                has_waiting_list=waiting_list,
                needs_document=False,
                unit_limit=max(1, capacity // 2),
            )
            for _ in range(2)
        ]
        unit, owner = make.organisation(), make.account()
        if total:
            quotas.set_total(activity, capacity, stamp=make.stamp())
        return tracks[0].id, tracks[1].id, unit.id, owner.id


def enter(way: str, track_id: int, unit_id: int, owner_id: int) -> str:
    """One try of one way in; how many got a place, or which refusal."""
    try:
        with transaction():
            track, unit = db.session.get_one(Track, track_id), db.session.get_one(Organisation, unit_id)
            people = {"form": 1, "team": 3, "nomination": 2, "list": 5}[way]
            party = None
            if way == "team":
                party = Party(
                    activity_id=track.activity_id,
                    track_id=track.id,
                    kind=PartyKind.TEAM,
                    state=PartyState.SENT,
                    name="示例队",
                    owner_id=owner_id,
                    made_at=make.now(),
                )
                db.session.add(party)
                db.session.flush()
            by_unit = unit if way in ("nomination", "list") else None
            source = {"nomination": Source.UNIT, "list": Source.IMPORT}.get(way, Source.SELF)
            registrations.register_batch(
                [
                    Candidate(track, make.person(documented=False), ENTRY, by_unit, party)
                    for _ in range(people)
                ],
                by=None,
                source=source,
                stamp=make.stamp(),
            )
    except Refused as no:
        return type(no).__name__
    except (sa.exc.IntegrityError, RuntimeError):
        if hold.take.__name__ == "take":
            raise
        return "failed"  # the control's: nothing was held
    return way


def rush(track_ids: tuple[int, int], unit_id: int, owner_id: int, rounds: int) -> list[str]:
    """One thread: every way in, often, on both tracks."""
    outcomes = []
    for turn in range(rounds):
        for number, way in enumerate(("list", "team", "nomination", "form", "form")):
            outcomes.append(enter(way, track_ids[(turn + number) % 2], unit_id, owner_id))
    return outcomes


def process(
    track_ids: tuple[int, int], unit_id: int, owner_id: int, rounds: int, protected: bool
) -> list[str]:
    app = current_app._get_current_object()
    if not protected:
        hold.lock = lambda rows, alone=False: list(rows)
        hold.take = lambda row, places=1, *conditions: True
    return list(chain.from_iterable(in_threads(app, THREADS, rush, track_ids, unit_id, owner_id, rounds)))


def wrong() -> dict[str, int]:
    return {name: count for name, count in invariants.count().items() if count}


def held(*conditions: sa.ColumnElement[bool]) -> int:
    count = sa.select(sa.func.count()).select_from(Registration).where(Registration.state.in_(HOLDING))
    return db.session.scalar(count.where(*conditions)) or 0


@pytest.mark.parametrize("capacity", [1, 7, 100])
@pytest.mark.parametrize("total", [False, True], ids=["tracks", "shared"])
def test_however_they_come_the_places_are_exactly_full(
    context: Flask, crowd: Crowd, rounds: Callable[[int, int], int], capacity: int, total: bool
) -> None:
    first, second, unit_id, owner_id = prepare(capacity, total=total)
    times = rounds(3 if capacity < 100 else 12, 60)
    answers = crowd.run(PROCESSES, process, (first, second), unit_id, owner_id, times, True)
    outcomes = Counter(chain.from_iterable(answers))
    db.session.rollback()
    assert set(outcomes) <= {
        "form", "team", "nomination", "list", "Full", "UnitFull", "TotalFull", "Unsettled"
    }, outcomes  # fmt: skip
    both = [held(Registration.track_id == key) for key in (first, second)]
    assert sum(both) == capacity if total else both == [capacity] * 2, (both, outcomes)
    for key in (first, second):
        of_unit = held(Registration.track_id == key, Registration.organisation_id == unit_id)
        assert of_unit <= max(1, capacity // 2)
    for quota in db.session.scalars(sa.select(Quota).where(Quota.kind == QuotaKind.UNIT)):
        assert quota.taken <= quota.capacity
    assert not wrong()


def test_without_the_hold_the_mixed_burst_oversells(context: Flask, crowd: Crowd) -> None:
    first, second, unit_id, owner_id = prepare(7, total=True)
    crowd.run(2, process, (first, second), unit_id, owner_id, 3, False)
    db.session.rollback()
    assert held(Registration.track_id.in_([first, second])) > 7
    assert wrong()


def once(person_id: int, track_id: int, in_list: bool) -> str:
    try:
        with transaction():
            track, person = db.session.get_one(Track, track_id), db.session.get_one(Person, person_id)
            others = [make.person(documented=False)] if in_list else []
            registrations.register_batch(
                [Candidate(track, each, ENTRY) for each in (person, *others)],
                by=None,
                source=Source.IMPORT if in_list else Source.SELF,
                stamp=make.stamp(),
            )
    except Refused as no:
        return type(no).__name__
    return "entered"


def often(person_id: int, track_ids: tuple[int, int], times: int) -> list[str]:
    app = current_app._get_current_object()

    def one(person_id: int) -> list[str]:
        return [once(person_id, track_ids[turn % 2], turn % 3 == 0) for turn in range(times)]

    return list(chain.from_iterable(in_threads(app, THREADS, one, person_id)))


def test_one_person_entered_fifty_times_at_once_stands_once(context: Flask, crowd: Crowd) -> None:
    first, second, _unit_id, _owner_id = prepare(100, total=False)
    with transaction():
        person_id = make.person(documented=False).id
    outcomes = Counter(chain.from_iterable(crowd.run(PROCESSES, often, person_id, (first, second), 9)))
    assert outcomes == {"entered": 1, "AlreadyRegistered": 53}
    db.session.rollback()
    assert held(Registration.person_id == person_id) == 1
    assert not wrong()


def cross(track_ids: list[int], activity_id: int, turns: int) -> int:
    """Batches over several tracks, withdrawals, and an organiser who sets quotas: in any order."""
    done = 0
    for turn in range(turns):
        order = track_ids if turn % 2 else list(reversed(track_ids))
        try:
            with transaction():
                if turn % 7 == 3:
                    activity = db.session.get_one(Activity, activity_id)
                    quotas.set_total(activity, None if turn % 2 else 500, stamp=make.stamp())
                elif turn % 5 == 4:
                    row = db.session.scalars(
                        sa.select(Registration)
                        .where(Registration.state == State.SUBMITTED, Registration.track_id == order[0])
                        .order_by(sa.func.random())
                        .limit(1)
                    ).one_or_none()
                    if row is not None:
                        registrations.withdraw(row, stamp=make.stamp())
                else:
                    tracks = [db.session.get_one(Track, key) for key in order]
                    lines = [Candidate(track, make.person(documented=False), ENTRY) for track in tracks]
                    registrations.register_batch(lines, by=None, source=Source.UNIT, stamp=make.stamp())
            done += 1
        except Refused as no:
            done += type(no).__name__ in ("Unsettled", "WrongState")
    return done


def test_crossing_tracks_and_quotas_never_wait_for_each_other(
    context: Flask, crowd: Crowd, rounds: Callable[[int, int], int]
) -> None:
    with transaction():
        activity, other = make.activity(), make.activity()
        tracks = [
            make.track(of, capacity=400, needs_document=False) for of in (activity, other, activity, other)
        ]
        track_ids, activity_id = [track.id for track in tracks], activity.id
    turns = rounds(20, 200)
    assert crowd.run(PROCESSES, cross, track_ids, activity_id, turns) == [turns] * PROCESSES
    db.session.rollback()
    assert not wrong()
