"""A class of forty wants a course: it waits whole, is told why others go before it, and takes what comes free."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from models.activity import Kind, Track
from models.base import db
from models.organisation import Organisation
from models.registration import Registration, State
from services import organisation as organisations
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.flows import walk
from tests.flows.conftest import Stage
from tests.support import factories as make
from tests.support.browser import Browse

SIZE = 40
UNIT = "永川示例整班厂"


@dataclass(frozen=True)
class Course:
    unit: str
    track: str
    """Codes."""


@pytest.fixture
def course(stage: Stage, request: pytest.FixtureRequest) -> Course:
    """A course of so many places, some taken, and a unit with forty people it entered for something before."""
    capacity, taken = request.param
    with stage.site.app.app_context(), transaction():
        host = db.session.query(Organisation).filter_by(name=stage.unit).one()
        unit = make.organisation(f"{UNIT}{capacity}")
        manager = make.account(make.person("示例管"))
        organisations.join(unit, manager, as_manager=True, stamp=make.stamp())
        stage.phones["manager"] = manager.phone or ""
        before = make.track(make.activity(organiser=host), SIZE)
        for _number in range(SIZE):
            make.accepted(before).organisation_id = unit.id
        track = make.track(
            make.activity("设备运维培训班", Kind.TRAINING_CLASS, organiser=host), capacity, name="学员"
        )
        for _number in range(taken):
            make.accepted(track)
        return Course(unit.code, track.code)


def track_of(course: Course) -> Track:
    return db.session.scalars(sa.select(Track).where(Track.code == course.track)).one()


def count(stage: Stage, course: Course, state: State) -> int:
    with stage.site.app.app_context(), transaction():
        wanted = sa.select(sa.func.count()).select_from(Registration)
        wanted = wanted.where(Registration.track_id == track_of(course).id, Registration.state == state)
        return db.session.scalar(wanted) or 0


def all_leave(stage: Stage, course: Course) -> None:
    """Everybody but the class."""
    with stage.site.app.app_context(), transaction():
        rows = db.session.scalars(
            sa.select(Registration).where(
                Registration.track_id == track_of(course).id,
                Registration.party_id.is_(None),
                Registration.state.in_((State.ACCEPTED, State.SUBMITTED)),
            )
        ).all()
        registrations.withdraw_all(rows, stamp=make.stamp())


def send(stage: Stage, page: Page, course: Course, *, in_part: bool) -> None:
    """The unit's manager makes a list of people it knows, and locks it."""
    stage.let_in(page, "manager")
    page.goto(f"{stage.base_url}/organisation/{course.unit}/entries/{course.track}")
    page.get_by_label("名单名称").fill("运维一班")
    page.locator("main form").get_by_role("button").last.click()
    page.get_by_role("link", name="从以往报名中选").click()
    page.evaluate(
        "document.querySelectorAll('main input[name=people]').forEach(box => { box.checked = true });"
        "document.querySelectorAll('main select[name=people] option').forEach(one => { one.selected = true })"
    )
    page.get_by_role("button", name="添加所选人员").click()
    expect(page.locator("main")).to_contain_text(f"名单 · {SIZE} 人")
    page.get_by_role("link", name="锁定并报送").click()
    page.get_by_label("单位推荐意见").fill("整班参训，同意推荐。")
    if in_part:
        page.get_by_label("部分人先参加也可以").check()
    page.get_by_label("已核对名单和顺序").check()
    page.locator("main").get_by_role("button", name="锁定并报送").click()


@pytest.mark.parametrize("course", [(40, 10)], indirect=True)
def test_a_class_waits_whole_until_all_of_it_finds_a_place(
    stage: Stage, browse: Browse, course: Course
) -> None:
    page = browse()
    send(stage, page, course, in_part=False)
    expect(page.locator("main")).to_contain_text(f"{SIZE} 人候补中，现在排在第 1 位")
    assert count(stage, course, State.WAITLISTED) == SIZE

    with stage.site.app.app_context(), transaction():
        single = make.account(make.person("示例单"))
        registrations.register(
            track_of(course),
            single.person,
            Entry(workplace="示例精密机械有限公司"),
            by=single,
            stamp=make.stamp(),
        )
    page.reload()
    expect(page.locator("main")).to_contain_text(f"这份报名需要 {SIZE} 个")
    expect(page.locator("main")).to_contain_text("现在排在第 1 位")
    walk.look(page, "class-waits")

    all_leave(stage, course)
    page.reload()
    page.get_by_role("link", name="确认参加").click()
    expect(page.locator("main")).to_contain_text(f"有 {SIZE} 个名额留给")
    walk.look(page, "class-offer")
    page.get_by_role("button", name="确认参加").click()
    expect(page.locator("body")).to_contain_text("名额已保留")
    assert count(stage, course, State.SUBMITTED) == SIZE


@pytest.mark.parametrize("course", [(30, 30)], indirect=True)
def test_a_class_that_comes_in_part_takes_thirty_and_the_rest_goes_on_waiting(
    stage: Stage, browse: Browse, course: Course
) -> None:
    page = browse()
    send(stage, page, course, in_part=True)
    expect(page.locator("main")).to_contain_text(f"{SIZE} 人候补中，现在排在第 1 位")
    all_leave(stage, course)
    page.reload()
    page.get_by_role("link", name="确认参加").click()
    expect(page.locator("main")).to_contain_text("有 30 个名额留给")
    page.get_by_role("button", name="确认参加").click()
    expect(page.locator("main")).to_contain_text("10 人候补中，现在排在第 1 位")
    walk.look(page, "class-in-part")
    assert (count(stage, course, State.SUBMITTED), count(stage, course, State.WAITLISTED)) == (30, 10)
