"""Jobs: one leader at a time, each slot done once, whoever dies (R63)."""

import datetime as dt
import time

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from app.jobs import DAY, HOUR, MINUTE, Job
from app.worker import Worker, run, slot_of
from models.base import db, new_code
from models.job import JobRun, Lease
from models.visit import Once
from services import job as jobs
from services.stamp import LOCAL, Stamp, clock, machine
from services.transaction import transaction
from tests.support.application import Hand
from tests.support.crowd import Crowd

NOON = dt.datetime(2027, 3, 1, 4, 0, tzinfo=dt.UTC)


def mark(slot: str) -> None:
    """An effect that can be counted."""
    db.session.add(Once(key=new_code(), answer=slot, at=clock.now()))


def effects() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(Once.answer)))


def test_one_leads_and_the_others_wait(context: Flask) -> None:
    assert jobs.lead("one", now=NOON)
    assert not jobs.lead("two", now=NOON + dt.timedelta(seconds=19))
    assert jobs.lead("one", now=NOON + dt.timedelta(seconds=19)), "it renews its own"
    assert not jobs.lead("two", now=NOON + dt.timedelta(seconds=38))
    assert jobs.lead("two", now=NOON + dt.timedelta(seconds=39)), "20 s after the last sign of life"
    assert not jobs.lead("one", now=NOON + dt.timedelta(seconds=40))


def test_the_token_rises_when_the_leader_changes(context: Flask) -> None:
    def token() -> int:
        return db.session.scalars(sa.select(Lease.token)).one()

    jobs.lead("one", now=NOON)
    jobs.lead("one", now=NOON)
    assert token() == 1
    jobs.give_back("one")
    jobs.lead("two", now=NOON)
    assert token() == 2


def test_a_lease_given_back_is_free_at_once(context: Flask) -> None:
    jobs.lead("one", now=NOON)
    jobs.give_back("two")
    assert not jobs.lead("two", now=NOON)
    jobs.give_back("one")
    assert jobs.lead("two", now=NOON)


def test_readiness_asks_whether_anybody_leads(context: Flask) -> None:
    assert not jobs.seen_lately(now=NOON)
    jobs.lead("one", now=NOON)
    assert jobs.seen_lately(now=NOON)
    assert not jobs.seen_lately(now=NOON + dt.timedelta(seconds=21))


def test_a_slot_is_done_once(context: Flask) -> None:
    for _ in range(3):
        jobs.once("tick", "a", lambda _stamp: mark("a"), owner="one", stamp=machine("test"))
    jobs.once("tick", "b", lambda _stamp: mark("b"), owner="one", stamp=machine("test"))
    jobs.once("tock", "a", lambda _stamp: mark("tock"), owner="one", stamp=machine("test"))
    assert effects() == ["a", "b", "tock"]


def fail_after_marking(_stamp: Stamp) -> None:
    mark("half")
    db.session.flush()
    raise ZeroDivisionError


def test_a_slot_whose_effect_failed_is_free_and_leaves_nothing(context: Flask) -> None:
    with pytest.raises(ZeroDivisionError):
        jobs.once("tick", "a", fail_after_marking, owner="one", stamp=machine("test"))
    assert effects() == []
    assert jobs.once("tick", "a", lambda _stamp: mark("a"), owner="two", stamp=machine("test"))


def test_slots_begin_at_local_midnight() -> None:
    late = dt.datetime(2027, 3, 1, 23, 59, 59, tzinfo=LOCAL)
    assert slot_of(late, DAY) == "2027-03-01T00:00:00"
    assert slot_of(late + dt.timedelta(seconds=1), DAY) == "2027-03-02T00:00:00"
    assert slot_of(late, HOUR) == "2027-03-01T23:00:00"
    assert slot_of(late.astimezone(dt.UTC), MINUTE) == "2027-03-01T23:59:00"


def test_a_slotted_job_runs_once_a_slot_and_an_open_one_each_time(context: Flask) -> None:
    slotted = Job("slotted", lambda _stamp: mark("slotted"), poll=MINUTE, every=HOUR)
    assert run(slotted, owner="me", at=NOON)
    assert not run(slotted, owner="me", at=NOON + dt.timedelta(minutes=59))
    assert run(slotted, owner="me", at=NOON + dt.timedelta(minutes=60))
    done: list[Stamp] = []
    opened = Job("open", done.append, poll=MINUTE)
    run(opened, owner="me", at=NOON)
    run(opened, owner="me", at=NOON)
    assert [stamp.actor for stamp in done] == ["job:open"] * 2
    assert effects() == ["slotted", "slotted"]


def test_old_claims_are_swept(context: Flask) -> None:
    for days in (1, 8):
        stamp = Stamp(NOON - dt.timedelta(days=days), "test")
        jobs.once("tick", str(days), lambda _stamp: None, owner="one", stamp=stamp)
    with transaction():
        assert jobs.sweep(now=NOON) == 1
    assert list(db.session.scalars(sa.select(JobRun.slot))) == ["1"]


def work_on(seconds: float, slots_a_second: int) -> None:
    """Keep asking for a short lease; do the present slot while leading. Believing to lead is enough to try."""
    worker = Worker(current_app._get_current_object())
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if jobs.lead(worker.owner, now=clock.now()):
            slot = str(int(time.time() * slots_a_second))
            jobs.once("tick", slot, lambda _stamp, slot=slot: mark(slot), owner=worker.owner, stamp=Stamp())
        time.sleep(0.02)


def work_without_asking(seconds: float, slots_a_second: int) -> None:
    """The worst case: everybody believes to lead, as a process does that was paused and wakes up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        slot = str(int(time.time() * slots_a_second))
        jobs.once("tick", slot, lambda _stamp, slot=slot: mark(slot), owner="all", stamp=Stamp())


def leader() -> str:
    db.session.rollback()
    return db.session.scalar(sa.select(Lease.owner)) or ""


def test_every_slot_is_done_once_though_leaders_are_killed(
    context: Flask, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = crowd.begin(3, work_on_a_short_lease, 7.0, 10)
    killed = 0
    while killed < 2:
        time.sleep(1.5)
        pid = int(leader().split(":")[1])
        victim = next(process for process in processes if process.pid == pid)
        victim.kill()
        victim.join()
        killed += 1
    for process in processes:
        process.join(20)
    done = effects()
    owners = set(db.session.scalars(sa.select(JobRun.owner)))
    assert len(done) == len(set(done)), "a slot was done twice"
    assert len(done) == db.session.scalar(sa.select(sa.func.count()).select_from(JobRun)), (
        "a claim without effect"
    )
    assert len(owners) == 3, "each led once"


def work_on_a_short_lease(seconds: float, slots_a_second: int) -> None:
    jobs.LEASE = dt.timedelta(seconds=0.5)
    work_on(seconds, slots_a_second)


def test_every_slot_is_done_once_though_all_believe_they_lead(context: Flask, crowd: Crowd) -> None:
    for process in crowd.begin(3, work_without_asking, 2.0, 20):
        process.join(20)
    done = effects()
    assert len(done) >= 30
    assert len(done) == len(set(done))


def test_the_worker_leads_works_and_gives_back(
    app: Flask, clock: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(app)
    worker._beat()
    try:
        assert worker.leads
        other = Worker(app)
        other._beat()
        assert not other.leads
    finally:
        worker._lose()
    with app.app_context():
        jobs.give_back(worker.owner)
        assert jobs.lead("next", now=clock.now)


def test_a_job_that_fails_does_not_end_the_worker(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    Worker(app).attempt(Job("bad", fail_after_marking, poll=MINUTE, every=MINUTE))
    with app.app_context():
        assert effects() == []
