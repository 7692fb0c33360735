"""Review: each decision with its reason, never of one's own entry, never on what has changed meanwhile."""

import datetime as dt

import pytest
from flask import Flask

from models.audit import Trace
from models.base import db
from models.person import Category
from models.registration import State
from services import registration as registrations
from services.errors import Stale, TooOften
from services.registration import Entry
from services.registration.review import return_until
from services.transaction import transaction
from tests.support import factories as make

ENTRY = Entry(category=Category.OTHER)


def entered(**more: object) -> tuple[object, object]:
    reviewer = make.account(make.person())
    made = registrations.register(make.track(**more), make.person(), ENTRY, by=None, stamp=make.stamp())  # type: ignore[arg-type]
    return made, reviewer


def test_a_rejected_entry_frees_its_place_for_the_next(context: Flask) -> None:
    with transaction():
        track, reviewer = make.track(capacity=1), make.account()
        first, second = (
            registrations.register(track, make.person(), ENTRY, by=None, stamp=make.stamp()) for _ in range(2)
        )
        registrations.reject(first, "工作年限不足", by=reviewer, stamp=make.stamp(reviewer))
    assert (first.state, first.note) == (State.REJECTED, "工作年限不足")
    assert second.state is State.OFFERED


@pytest.mark.parametrize("verb", [registrations.send_back, registrations.reject])
def test_a_no_needs_words(context: Flask, verb: object) -> None:
    with transaction():
        made, reviewer = entered()
    with pytest.raises(registrations.NoReason), transaction():
        verb(made, "  ", by=reviewer, stamp=make.stamp())  # type: ignore[operator]


def test_nobody_reviews_their_own_entry(context: Flask) -> None:
    with transaction():
        person = make.person()
        own = make.account(person)
        made = registrations.register(make.track(), person, ENTRY, by=own, stamp=make.stamp(own))
    with pytest.raises(registrations.OwnEntry), transaction():
        registrations.accept(made, by=own, stamp=make.stamp(own))


def test_a_decision_on_what_has_changed_is_refused(context: Flask) -> None:
    with transaction():
        made, reviewer = entered()
    seen = made.version  # type: ignore[attr-defined]
    with transaction():
        registrations.withdraw(made, stamp=make.stamp())  # type: ignore[arg-type]
    with pytest.raises(Stale):
        registrations.require_version(made, seen)  # type: ignore[arg-type]
    with pytest.raises(registrations.WrongState), transaction():
        registrations.accept(made, by=reviewer, stamp=make.stamp())  # type: ignore[arg-type]


def test_mending_sends_it_back_to_review(context: Flask) -> None:
    with transaction():
        made, reviewer = entered()
        registrations.send_back(made, "请补充单位", by=reviewer, stamp=make.stamp())  # type: ignore[arg-type]
        registrations.amend(made, Entry(workplace="示例家居有限公司"), stamp=make.stamp())  # type: ignore[arg-type]
    assert made.state is State.SUBMITTED  # type: ignore[attr-defined]
    assert made.answer.workplace == "示例家居有限公司"  # type: ignore[attr-defined]
    assert made.due_at is None  # type: ignore[attr-defined]


def test_a_decision_on_answers_that_were_mended_meanwhile_is_refused(context: Flask) -> None:
    with transaction():
        made, _reviewer = entered()
    seen = made.version  # type: ignore[attr-defined]
    with transaction():
        registrations.amend(made, Entry(workplace="示例家居有限公司"), stamp=make.stamp())  # type: ignore[arg-type]
    with pytest.raises(Stale), transaction():
        registrations.require_version(made, seen)  # type: ignore[arg-type]


def test_what_was_returned_cannot_be_mended_after_its_date(context: Flask) -> None:
    with transaction():
        made, reviewer = entered()
        registrations.send_back(made, "请补充单位", by=reviewer, stamp=make.stamp())  # type: ignore[arg-type]
        due = made.due_at  # type: ignore[attr-defined]
    with transaction():
        registrations.amend(made, ENTRY, stamp=make.stamp(when=due))  # type: ignore[arg-type]
        registrations.send_back(made, "请补充单位", by=reviewer, stamp=make.stamp())  # type: ignore[arg-type]
    late = make.stamp(when=due + dt.timedelta(seconds=1))
    with pytest.raises(registrations.MendingOver), transaction():
        registrations.amend(made, ENTRY, stamp=late)  # type: ignore[arg-type]


def test_a_full_number_is_shown_for_a_reason_that_is_kept_and_not_too_often(context: Flask) -> None:
    with transaction():
        made, reviewer = entered()
        number = registrations.unmask(made, "核对证件", by=reviewer, stamp=make.stamp(reviewer))  # type: ignore[arg-type]
    assert number == made.person.document.number  # type: ignore[attr-defined]
    traces = db.session.query(Trace).filter_by(action="person.unmasked").all()
    assert len(traces) == 1
    assert "核对证件" in traces[0].detail
    assert number not in traces[0].detail
    for _ in range(19):
        with transaction():
            registrations.unmask(made, "核对证件", by=reviewer, stamp=make.stamp(reviewer))  # type: ignore[arg-type]
    with pytest.raises(TooOften), transaction():
        registrations.unmask(made, "核对证件", by=reviewer, stamp=make.stamp(reviewer))  # type: ignore[arg-type]


def test_a_returned_entry_has_a_day_at_least_however_late_the_reviewer_was(context: Flask) -> None:
    with transaction():
        track = make.track()
    closes, minute, day = track.closes_at, dt.timedelta(minutes=1), dt.timedelta(days=1)
    assert return_until(track, closes - 10 * day) == closes - 7 * day
    assert return_until(track, closes - 2 * day) == closes
    assert return_until(track, closes - 10 * minute) == closes - 10 * minute + day
    assert return_until(track, closes + minute) == closes + minute + day


def test_what_is_mended_at_the_person_is_settled_when_it_is_sent_again(context: Flask) -> None:
    with transaction():
        row, reviewer = entered()
        registrations.send_back(
            row,
            "请改",
            asked={"phone": "号码无法接通，请更新", "post": "请填写具体岗位"},
            by=reviewer,
            stamp=make.stamp(reviewer),
        )
    assert set(registrations.open_comments(row)) == {"phone", "post"}
    with transaction():
        registrations.amend(row, ENTRY, stamp=make.stamp())
    assert set(registrations.open_comments(row)) == {"post"}
