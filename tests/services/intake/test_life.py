"""A list from its file to entries and back."""

import json
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from models.base import db
from models.intake import Intake, IntakeLine, State, Verdict
from models.person import Person
from models.registration import Registration, Source
from models.registration import State as Entry
from services import intake as intakes
from services import registration as registrations
from services import upload as uploads
from services.transaction import transaction
from tests.services.intake.conftest import Unit
from tests.support import factories as make
from tests.support import files, lists


def lines_of(intake: Intake) -> Sequence[IntakeLine]:
    return db.session.scalars(
        sa.select(IntakeLine).where(IntakeLine.intake_id == intake.id).order_by(IntakeLine.number)
    ).all()


def entries() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) or 0


def test_a_sound_list_is_entered_whole(unit: Unit) -> None:
    intake = unit.send(lists.workbook(lists.people(30)))
    assert (intake.state, intake.good, intake.bad) == (State.CHECKED, 30, 0)
    assert entries() == 0
    unit.enter(intake)
    assert intake.state is State.ENTERED
    assert entries() == 30
    made = db.session.scalars(sa.select(Registration)).all()
    assert {row.batch_id for row in made} == {intake.batch_id}
    assert {row.batch.source for row in made} == {Source.IMPORT}
    assert {row.organisation_id for row in made} == {unit.organisation.id}
    assert {line.registration_id for line in lines_of(intake)} == {row.id for row in made}
    assert unit.track.taken == 30
    assert made[0].answer is not None
    assert made[0].answer.workplace == "示例精密机械有限公司"


def test_cells_are_kept_sealed(unit: Unit) -> None:
    intake = unit.send(lists.workbook(lists.people(1)))
    kept = db.session.execute(sa.select(IntakeLine.cells_sealed, IntakeLine.problems)).one()
    assert lists.number(0) not in kept[0]
    assert json.loads(lines_of(intake)[0].cells)[1] == lists.number(0)


def test_problems_never_repeat_what_a_cell_held(unit: Unit) -> None:
    rows = lists.people(3)
    rows[0][1], rows[1][2], rows[2][0] = "500199197001010000", "1234567", "张三1"
    intake = unit.send(lists.workbook(rows))
    said = json.dumps([line.problems for line in lines_of(intake)], ensure_ascii=False)
    assert intake.bad == 3
    for secret in ("500199197001010000", "1234567", "张三1"):
        assert secret not in said


def test_a_file_sent_again_is_the_same_list(unit: Unit) -> None:
    data = lists.workbook(lists.people(5))
    first, second = unit.send(data), unit.send(data, "换个名字.xlsx")
    assert first.id == second.id
    unit.enter(first)
    assert unit.send(data).id == first.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Intake)) == 1
    assert entries() == 5


def test_the_same_people_in_another_file_are_known(unit: Unit) -> None:
    unit.enter(unit.send(lists.workbook(lists.people(5))))
    again = unit.send(lists.workbook(lists.people(7), titles=["另一份表"]))
    assert (again.good, again.known, again.bad) == (2, 5, 0)
    assert lines_of(again)[0].problems[0]["say"] == "已报名本活动，导入时跳过。"
    unit.enter(again)
    assert entries() == 7


def test_only_good_rows_or_all_as_the_person_chooses(unit: Unit) -> None:
    rows = lists.people(4)
    rows[2][1] = ""
    intake = unit.send(lists.workbook(rows))
    with transaction(), pytest.raises(intakes.NotAllGood):
        intakes.enter(intake, only_good=False, by=unit.manager, stamp=unit.stamp)
    db.session.expire_all()
    unit.enter(intake, only_good=True)
    assert entries() == 3


def test_a_row_is_mended_cell_by_cell(unit: Unit) -> None:
    rows = lists.people(3)
    rows[1][1] = "5.00199E+17"
    intake = unit.send(lists.workbook(rows))
    line = lines_of(intake)[1]
    assert line.verdict is Verdict.BAD
    assert line.problems[0]["cell"] == "B3"
    with transaction():
        intakes.mend(intake, line, {1: lists.number(1)}, stamp=unit.stamp)
    db.session.expire_all()
    assert (intake.good, intake.bad) == (3, 0)
    with transaction():
        intakes.mend(intake, lines_of(intake)[1], {1: lists.number(0)}, stamp=unit.stamp)
    db.session.expire_all()
    assert [line.verdict for line in lines_of(intake)] == [Verdict.BAD, Verdict.BAD, Verdict.GOOD]
    with transaction():
        intakes.drop_line(intake, lines_of(intake)[1], stamp=unit.stamp)
    db.session.expire_all()
    assert (intake.rows, intake.good, intake.bad) == (2, 2, 0)


def test_a_full_track_without_a_waiting_list_takes_nobody(unit: Unit) -> None:
    with transaction():
        unit.track.capacity, unit.track.has_waiting_list = 3, False
    intake = unit.send(lists.workbook(lists.people(5)))
    unit.enter(intake)
    assert intake.state is State.CHECKED
    assert "名额已满" in intake.note
    assert entries() == 0
    assert db.session.scalar(sa.select(sa.func.count()).where(Person.name.like("示例一%"))) == 0
    assert unit.track.taken == 0


def test_those_beyond_the_capacity_wait_in_the_order_of_the_list(unit: Unit) -> None:
    with transaction():
        unit.track.capacity = 3
    intake = unit.enter(unit.send(lists.workbook(lists.people(5))))
    assert intake.state is State.ENTERED
    assert unit.track.taken + unit.track.waiting == 5
    assert unit.track.taken == 3
    waiting = db.session.scalars(
        sa.select(Registration)
        .where(Registration.state == Entry.WAITLISTED)
        .order_by(Registration.queue_position)
    ).all()
    assert [row.person.name for row in waiting] == [row[0] for row in lists.people(5)[3:]]


def test_undone_as_a_batch_but_for_those_decided_on(unit: Unit) -> None:
    intake = unit.enter(unit.send(lists.workbook(lists.people(4))))
    rows = db.session.scalars(sa.select(Registration).order_by(Registration.id)).all()
    with transaction():
        reviewer = make.account(make.person())
    with transaction():
        rows[0].consent = type(rows[0].consent)("confirmed")
        kept = rows[0].id
    with transaction():
        done = intakes.undo(intake, stamp=unit.stamp)
    assert len(done.goes) == 3
    assert [each.registration.id for each in done.stays] == [kept]
    db.session.expire_all()
    assert intake.state is State.UNDONE
    assert unit.track.taken == 1
    with transaction():
        intakes.check_again(intake, stamp=unit.stamp)
    unit.work(intake)
    assert (intake.good, intake.known) == (3, 1)
    unit.enter(intake)
    assert unit.track.taken == 4
    assert reviewer.id


def test_entered_on_behalf_needs_source_and_scan(unit: Unit) -> None:
    with transaction(), pytest.raises(intakes.NoSource):
        intakes.start(
            unit.activity,
            unit.track,
            None,
            lists.workbook(lists.people(2)),
            "a.xlsx",
            by=unit.manager,
            stamp=unit.stamp,
        )
    intake = unit.send(lists.workbook(lists.people(2)), source="示例镇")
    with transaction(), pytest.raises(intakes.NoScan):
        intakes.enter(intake, only_good=True, by=unit.manager, stamp=unit.stamp)
    scan = uploads.check(files.picture("JPEG"), "盖章.jpg")
    with transaction():
        intakes.enter(intake, only_good=True, scan=scan, by=unit.manager, stamp=unit.stamp)
    unit.work(intake)
    assert intake.batch is not None
    assert intake.batch.source is Source.ON_BEHALF
    assert db.session.scalar(sa.text("select stamped_by from stamped_copy")) == "示例镇"


def test_a_list_put_aside_leaves_nothing_of_it(unit: Unit) -> None:
    intake = unit.send(lists.workbook(lists.people(2)))
    with transaction():
        intakes.drop(intake, stamp=unit.stamp)
    assert lines_of(intake) == []
    with transaction(), pytest.raises(intakes.WrongStep):
        intakes.enter(intake, only_good=True, by=unit.manager, stamp=unit.stamp)


def test_a_track_that_closed_takes_nobody(unit: Unit) -> None:
    intake = unit.send(lists.workbook(lists.people(2)))
    with transaction():
        unit.track.closes_at = make.now() - (unit.activity.ends_at - unit.activity.starts_at)
    unit.enter(intake)
    assert intake.state is State.CHECKED
    assert intake.note
    assert entries() == 0
    assert registrations.of_person(1) == []
