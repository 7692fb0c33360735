"""R46: issued once, however many try at once or die on the way; and what happens without the claim."""

import os
import time
from collections.abc import Callable
from itertools import chain
from signal import SIGKILL
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account
from models.activity import Activity
from models.base import db
from models.certificate import Certificate, State
from services import certificate as certificates
from services.errors import Refused
from services.transaction import transaction
from tests.support import factories as make
from tests.support import honours
from tests.support.crowd import Crowd, Meeting


def prepared() -> tuple[int, int]:
    with transaction():
        activity = honours.contest()
        return activity.id, honours.officer(activity).id


def issue_one(activity_id: int, account_id: int, subject: str) -> str:
    try:
        with transaction():
            activity = db.session.get_one(Activity, activity_id)
            by = db.session.get_one(Account, account_id)
            certificates.issue(
                [honours.order(activity, subject=subject, name="张三")], by=by, stamp=make.stamp(by)
            )
    except Refused as no:
        return type(no).__name__
    return "issued"


def look_then_write(activity_id: int, meeting: Meeting, subject: str) -> str:
    """What looks right on one's own machine: no claim and no book, look first and write then."""
    db.session.rollback()
    wanted = sa.select(sa.func.count(Certificate.id)).where(Certificate.subject.startswith(subject))
    found = db.session.scalar(wanted)
    issuer = db.session.get_one(Activity, activity_id).organiser_id
    db.session.rollback()
    meeting.wait()  # all have looked before any writes
    if found:
        return "AlreadyIssued"
    with transaction():
        db.session.add(
            Certificate(
                number=f"YC-{os.getpid()}",
                kind="award",
                subject=f"{subject}:{os.getpid()}",
                issuer_id=issuer,
                facts="{}",
                queued_at=make.now(),
            )
        )
    return "issued"


def often(way: Callable[[int, Any, str], str], ids: tuple[int, Any], subject: str, times: int) -> list[str]:
    return [way(*ids, subject) for _ in range(times)]


def test_one_subject_is_issued_once(context: Flask, crowd: Crowd, rounds: Callable[[int, int], int]) -> None:
    ids, times = prepared(), rounds(5, 100)
    processes = rounds(3, 8)
    answers = list(chain(*crowd.run(processes, often, issue_one, ids, "line:one", times)))
    assert sorted(set(answers)) == ["AlreadyIssued", "issued"]
    assert answers.count("issued") == 1
    assert len(answers) == processes * times
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Certificate.id))) == 1


def test_without_a_claim_it_is_issued_several_times(context: Flask, crowd: Crowd) -> None:
    ids = prepared()
    meeting = crowd.meeting(4)
    answers = list(chain(*crowd.run(4, often, look_then_write, (ids[0], meeting), "line:one", 3)))
    assert answers.count("issued") == 4, "the control must fail, or the test above shows nothing"


def issue_many(ids: tuple[int, int], count: int, batch: int) -> int:
    activity_id, account_id = ids
    for turn in range(count):
        with transaction():
            activity = db.session.get_one(Activity, activity_id)
            by = db.session.get_one(Account, account_id)
            orders = [
                honours.order(activity, subject=f"line:{os.getpid()}:{turn}:{at}", name="张三")
                for at in range(batch)
            ]
            certificates.issue(orders, by=by, stamp=make.stamp(by))
    return count * batch


def test_numbers_are_never_given_twice(
    context: Flask, crowd: Crowd, rounds: Callable[[int, int], int]
) -> None:
    ids = prepared()
    made = sum(crowd.run(3, issue_many, ids, rounds(4, 40), 5))
    db.session.rollback()
    numbers = list(db.session.scalars(sa.select(Certificate.number)))
    assert len(numbers) == made == len(set(numbers))


def sign(count: int) -> int:
    done, until = 0, time.monotonic() + 40
    while time.monotonic() < until:
        done += certificates.sign_due(stamp=make.stamp())
        db.session.rollback()
        waiting = sa.select(sa.func.count(Certificate.id)).where(Certificate.state == State.QUEUED)
        if not db.session.scalar(waiting):
            break
    return done


def test_each_is_signed_once_by_whoever_comes_first(
    context: Flask, crowd: Crowd, rounds: Callable[[int, int], int]
) -> None:
    ids, count = prepared(), rounds(30, 500)
    with transaction():
        activity, by = db.session.get_one(Activity, ids[0]), db.session.get_one(Account, ids[1])
        certificates.issue([honours.order(activity) for _ in range(count)], by=by, stamp=make.stamp(by))
    assert sum(crowd.run(3, sign, count)) == count
    db.session.rollback()
    rows = list(db.session.scalars(sa.select(Certificate)))
    assert all(row.is_valid and certificates.is_genuine(row) for row in rows)


def issue_and_die(ids: tuple[int, int], batch: int, after: int) -> None:
    """Issue a batch and be killed while the transaction is open: after so many of its rows are written."""
    written = 0

    def count(*_of: object) -> None:
        nonlocal written
        written += 1
        if written >= after:
            os.kill(os.getpid(), SIGKILL)

    sa.event.listen(Certificate, "after_insert", count)
    issue_many(ids, 1, batch)


@pytest.mark.timeout(600)
def test_a_batch_that_is_killed_leaves_nothing_and_can_be_issued(
    context: Flask, crowd: Crowd, rounds: Callable[[int, int], int]
) -> None:
    ids, batch, kills = prepared(), rounds(60, 500), rounds(2, 10)
    landed = 0
    for turn in range(kills):
        victim = crowd.begin(1, issue_and_die, ids, batch, 1 + turn * batch // kills)[0]
        victim.join(60)
        landed += victim.exitcode == -SIGKILL
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count(Certificate.id))) == 0
    print(f"\n{landed} of {kills} kills landed inside an open transaction")  # noqa: T201  # a claim shows its count
    assert landed == kills
    assert crowd.run(1, issue_many, ids, 1, batch) == [batch]
    db.session.rollback()
    numbers = list(db.session.scalars(sa.select(Certificate.number)))
    assert len(numbers) == batch == len(set(numbers))
