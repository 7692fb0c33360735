"""One decision on many: all or none, shown before, taken back as a whole for half an hour."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Account
from models.base import db
from models.registration import Registration, State
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make


def several(count: int = 3, **more: object) -> tuple[Account, list[Registration]]:
    reviewer, track = make.account(make.person()), make.track(**more)  # type: ignore[arg-type]
    return reviewer, [
        registrations.register(track, make.person(), Entry(), by=None, stamp=make.stamp())
        for _ in range(count)
    ]


def decide(rows: list[Registration], state: State, reviewer: Account, note: str = "") -> registrations.Bulk:
    db.session.flush()
    seen = {row.code: row.version for row in rows}
    return registrations.decide_all(rows, state, note, seen=seen, by=reviewer, stamp=make.stamp(reviewer))


def undo(bulk: registrations.Bulk, **when: dt.datetime) -> list[registrations.Left]:
    return registrations.undo(bulk, within=set(bulk.rows), stamp=make.stamp(**when))  # type: ignore[arg-type]


def test_what_was_decided_on_many_is_taken_back_as_a_whole(context: Flask) -> None:
    with transaction():
        reviewer, rows = several()
        bulk = decide(rows, State.ACCEPTED, reviewer)
    assert {row.state for row in rows} == {State.ACCEPTED}
    with transaction():
        assert undo(bulk) == []
    assert {row.state for row in rows} == {State.SUBMITTED}
    with pytest.raises(registrations.UndoneAlready), transaction():
        undo(bulk)


def test_what_changed_since_or_is_out_of_reach_is_named_and_left(context: Flask) -> None:
    with transaction():
        reviewer, rows = several()
        bulk = decide(rows, State.ACCEPTED, reviewer)
    with transaction():
        registrations.withdraw(rows[0], stamp=make.stamp())
    with transaction():
        left = registrations.undo(bulk, within={rows[0].code, rows[1].code}, stamp=make.stamp())
    assert {each.registration.id for each in left} == {rows[0].id, rows[2].id}
    assert [row.state for row in rows] == [State.WITHDRAWN, State.SUBMITTED, State.ACCEPTED]


def test_after_half_an_hour_it_stays(context: Flask) -> None:
    with transaction():
        reviewer, rows = several()
        bulk = decide(rows, State.ACCEPTED, reviewer)
    late = bulk.made_at + registrations.UNDO
    with pytest.raises(registrations.UndoOver), transaction():
        undo(bulk, when=late + dt.timedelta(seconds=1))
    with transaction():
        assert undo(bulk, when=late) == []


def test_a_rejection_is_taken_back_only_while_the_place_is_free(context: Flask) -> None:
    with transaction():
        reviewer, rows = several(2, capacity=2)
        bulk = decide(rows, State.REJECTED, reviewer, "名额调整")
        track = rows[0].track
        db.session.refresh(track)
        assert track.taken == 0
    with transaction():
        other = registrations.register(track, make.person(), Entry(), by=None, stamp=make.stamp())
    with transaction():
        left = undo(bulk)
        db.session.refresh(track)
    assert [each.registration.id for each in left] == [rows[1].id]
    assert (rows[0].state, rows[1].state, other.state) == (State.SUBMITTED, State.REJECTED, State.SUBMITTED)
    assert track.taken == 2
    assert rows[0].claim == f"{track.activity_id}:{rows[0].person_id}"


def test_one_that_may_not_be_decided_on_stops_all_and_is_left_out_of_the_preview(context: Flask) -> None:
    with transaction():
        reviewer, rows = several()
        mine = registrations.register(rows[0].track, _person(reviewer), Entry(), by=None, stamp=make.stamp())
        db.session.flush()
        seen = {row.code: row.version for row in (*rows, mine)}
        found = registrations.preview(
            [*rows, mine], State.ACCEPTED, seen=seen, by=reviewer, stamp=make.stamp(reviewer)
        )
        assert [each.registration.id for each in found.left] == [mine.id]
        assert len(found.going) == 3
    with pytest.raises(registrations.NoReason), transaction():
        decide(rows, State.RETURNED, reviewer)
    with pytest.raises(Exception, match="%\\(name\\)s"), transaction():
        decide([*rows, mine], State.ACCEPTED, reviewer)
    assert {row.state for row in rows} == {State.SUBMITTED}


def _person(account: Account):  # type: ignore[no-untyped-def]
    assert account.person is not None
    return account.person


def test_only_what_was_mended_comes_back_with_its_old_words(context: Flask) -> None:
    with transaction():
        reviewer, (row,) = several(1)
        asked = {"workplace": "请填写单位全称", "post": "请填写具体岗位"}
        registrations.send_back(row, "", asked=asked, by=reviewer, stamp=make.stamp(reviewer))
        assert set(registrations.open_comments(row)) == {"workplace", "post"}
    with transaction():
        registrations.amend(row, Entry(workplace="示例精密机械有限公司"), stamp=make.stamp())
    with transaction():
        registrations.amend(row, Entry(workplace="示例精密机械有限公司", remark="早班"), stamp=make.stamp())
        changes = {each.key: (each.old, each.new) for each in registrations.changes(row)}
        assert changes == {"workplace": (None, "示例精密机械有限公司"), "remark": (None, "早班")}
        assert set(registrations.open_comments(row)) == {"post"}, "what was not mended is still asked"
        assert all("示例" not in (step.before_sealed or "") for step in row.steps)
        registrations.accept(row, by=reviewer, stamp=make.stamp(reviewer))
        assert registrations.open_comments(row) == {}


def test_nothing_comes_back_in_an_activity_that_was_called_off(context: Flask) -> None:
    with transaction():
        reviewer, rows = several()
        bulk = decide(rows, State.REJECTED, reviewer, "材料不符")
    with transaction():
        registrations.call_off(rows[0].activity, "场地停电", stamp=make.stamp())
    with transaction():
        assert {each.registration.id for each in undo(bulk)} == {row.id for row in rows}
    assert {row.state for row in rows} == {State.REJECTED}
    assert rows[0].track.taken == 0
