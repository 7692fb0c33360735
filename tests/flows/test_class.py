"""A class at the public base, in a real browser: from the entry on a phone to the certificate and the target."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from models.account import Role, ScopeKind
from models.activity import Kind
from models.base import db
from models.organisation import Organisation
from services.transaction import transaction
from tests.flows import walk
from tests.flows.conftest import Stage
from tests.support import factories as make
from tests.support.browser import PHONE, Browse

TITLE = "数控车工（高级工）技能提升班 第 8 期"
TRAINED = "公共实训基地职业培训人数"
NAME = "周晓岚"


@pytest.fixture
def training(stage: Stage) -> str:
    """Code of a published class that begins within the hour, with the people who run it."""
    with stage.site.app.app_context(), transaction():
        unit = db.session.scalars(sa.select(Organisation).where(Organisation.name == stage.unit)).one()
        lead = db.session.scalars(sa.select(Organisation).where(Organisation.name == stage.lead)).one()
        activity = make.activity(
            TITLE, Kind.TRAINING_CLASS, organiser=unit, starts_in=dt.timedelta(minutes=50)
        )
        activity.clause, activity.tags = 5, ["public_base"]
        activity.host_id = activity.lead_id = lead.id
        make.track(activity, 30, name="职工班", closes_at=activity.starts_at)
        code, base, bureau = activity.code, unit.code, lead.code
    stage.enlist("contestant", NAME)
    stage.enlist("helper", "示例助手", (Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, code))
    stage.enlist("second", "示例班主任", (Role.ORGANISER, ScopeKind.ACTIVITY, code))
    stage.enlist("officer", "示例证书员", (Role.CERTIFICATE_OFFICER, ScopeKind.ORGANISATION, base))
    stage.enlist("lead", "示例审核员", (Role.LEAD_REVIEWER, ScopeKind.ORGANISATION, bureau))
    return code


def test_the_road_of_a_class_to_its_target(stage: Stage, browse: Browse, training: str) -> None:
    contestant, helper, visitor = browse(PHONE), browse(PHONE), browse(PHONE)
    organiser, lead = browse(), browse()
    before = walk.figure(stage, visitor, TRAINED)
    stage.sign_in(contestant, "contestant")
    walk.register(stage, contestant, training, "永川示例精密机械有限公司")
    reviewer = browse()
    stage.let_in(reviewer, "reviewer")
    walk.accept(stage, reviewer, NAME)
    code = walk.pass_shown(stage, contestant)
    walk.look(contestant, "class-pass")

    stage.let_in(helper, "helper")
    walk.take_up(stage, helper, TITLE)
    walk.check_in(helper, code, NAME)
    walk.look(helper, "class-door")
    contestant.reload()
    expect(contestant.locator("main .timeline")).to_contain_text("已签到")

    walk.let_it_be_over(stage, training)
    stage.let_in(organiser, "organiser")
    enter(stage, organiser)
    walk.must_not_confirm(organiser)
    walk.look(organiser, "class-refused")
    second = browse()
    stage.let_in(second, "second")
    confirm(stage, second)
    walk.nothing_waits(stage, organiser, "结果待")

    officer = browse()
    stage.let_in(officer, "officer")
    number = walk.issue(stage, officer, TITLE, NAME)
    walk.nothing_waits(stage, officer, "证书待签发")
    link = walk.fetch_paper(stage, contestant, number)
    walk.verify(visitor, link, NAME, number)

    assert walk.figure(stage, visitor, TRAINED) == before + 1
    walk.look(visitor, "class-targets")
    stage.let_in(lead, "lead")
    open_the_figure(stage, lead, number)
    nobody_else_sees_the_person(stage, visitor)


def enter(stage: Stage, page: Page) -> None:
    """结业 with hours: proposed for whoever was there, one number for the whole class."""
    walk.take_up(stage, page, "结果待登记")
    walk.look(page, "class-waiting")
    page.locator("main .todo").filter(has_text=TITLE).get_by_role("link").click()
    row = page.get_by_role("row").filter(has_text=NAME)
    expect(row).to_contain_text("已签到")
    expect(row.get_by_label(f"{NAME}的结果")).to_have_value("completed")
    page.get_by_role("button", name="提交确认").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("没有填写学时")
    page.get_by_text("统一填写学时").click()
    page.get_by_label("全班学时").fill("40")
    page.get_by_role("button", name="填入所有结业学员").click()
    expect(row.get_by_label(f"{NAME}的学时")).to_have_value("40")
    walk.look(page, "class-entry")
    page.get_by_role("button", name="提交确认").click()
    expect(page.locator("main")).to_contain_text("等待另一位人员确认")


def confirm(stage: Stage, page: Page) -> None:
    walk.take_up(stage, page, "结果待确认")
    page.locator("main .todo").filter(has_text=TITLE).get_by_role("link").click()
    row = page.get_by_role("row").filter(has_text=NAME)
    expect(row.get_by_role("cell").and_(page.locator(".num"))).to_have_text("40")
    walk.look(page, "class-confirm")
    page.get_by_role("button", name="确认结果").click()
    expect(page.locator("main")).to_contain_text("结果已确认")


def open_the_figure(stage: Stage, page: Page, number: str) -> None:
    """From the targets down to the masked person, and from there to what the certificate says."""
    page.goto(f"{stage.base_url}/indicator")
    page.locator("table.targets").get_by_role("link", name=TRAINED, exact=True).click()
    row = page.locator("#facts").get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text(re.compile("周[*＊○〇×]"))
    expect(row).to_contain_text(TITLE)
    expect(page.locator("main")).not_to_contain_text(NAME)
    walk.look(page, "class-figure")
    row.get_by_role("link", name=number).click()
    expect(page.locator(".verdict")).to_contain_text("证书有效")


def nobody_else_sees_the_person(stage: Stage, page: Page) -> None:
    walk.open_target(stage, page, TRAINED)
    expect(page.locator("main")).to_contain_text(TITLE)
    expect(page.locator("#facts")).to_have_count(0)
