"""A unit asks for seats, the organiser allots them, the unit ranks and locks; one of its people objects, another
confirms.
"""

import datetime as dt
import random
import re

import pytest
from playwright.sync_api import Page, expect

from models.activity import EntryMode, Kind
from models.base import db
from models.organisation import Organisation
from models.person import Sex
from services import organisation as organisations
from services.person import documents
from services.transaction import transaction
from tests.flows import walk
from tests.flows.conftest import Stage
from tests.support import factories as make
from tests.support.browser import PHONE, Browse

UNIT = "永川示例机床厂"
PEOPLE = (("示例赵", "13800017301"), ("示例钱", "13800017402"), ("示例孙", "13800017503"))
DICE = random.Random(7)
NUMBERS = [documents.demo_number(DICE, dt.date(1990, 5, 1), Sex.MALE) for _ in PEOPLE]


@pytest.fixture
def contest(stage: Stage) -> str:
    """An open contest of units, and a unit with its manager. The code of its activity."""
    with stage.site.app.app_context(), transaction():
        host = db.session.query(Organisation).filter_by(name=stage.unit).one()
        activity = make.activity("数控技能竞赛", Kind.COMPETITION, organiser=host)
        make.track(activity, 5, name="数控铣 · 职工组", mode=EntryMode.UNIT)
        unit = make.organisation(UNIT)
        manager = make.account(make.person("示例管"))
        organisations.join(unit, manager, as_manager=True, stamp=make.stamp())
        stage.phones["manager"] = manager.phone or ""
        return activity.code


def put_down(page: Page, name: str, phone: str, number: str) -> None:
    page.get_by_role("link", name="添加人员").click()
    page.get_by_label("姓名", exact=False).first.fill(name)
    page.get_by_label("本人手机号").fill(phone)
    page.get_by_label("证件号码").fill(number)
    page.get_by_label("工作单位或学校").fill(UNIT)
    page.get_by_label("我保证所填内容真实").check()
    page.locator("main").get_by_role("button", name="添加").click()
    expect(page.locator("body")).to_contain_text(f"已添加{name}")


def link_sent_to(stage: Stage, page: Page, phone: str) -> str:
    """The link in the SMS, read where the demonstration shows it."""
    for _attempt in range(40):
        page.goto(f"{stage.base_url}/loopback")
        for letter in page.locator("article.message").all_inner_texts():
            found = re.search(r"/consent/\S+", letter)
            if found and phone[-4:] in letter.splitlines()[0]:
                return stage.base_url + found[0].rstrip("。.，")
        page.wait_for_timeout(250)
    raise AssertionError(f"no link for {phone}")


def test_a_unit_nominates(stage: Stage, browse: Browse, contest: str) -> None:
    unit, host = browse(), browse()
    stage.let_in(unit, "manager")
    unit.goto(f"{stage.base_url}/organisation")
    unit.get_by_role("link", name=UNIT).click()
    unit.get_by_role("link", name="单位报名").click()
    walk.look(unit, "unit-entries")
    unit.locator(".unit-activity").filter(has_text="数控技能竞赛").get_by_role(
        "link", name="申请名额"
    ).click()
    unit.get_by_label("申请名额").fill("3")
    unit.get_by_label("说明").fill("三名高级工备赛")
    walk.look(unit, "unit-ask")
    unit.get_by_role("button", name="提交申请").click()
    expect(unit.locator("main")).to_contain_text("已申请 3 个名额")

    stage.let_in(host, "organiser")
    walk.take_up(stage, host, "名额申请待分配")
    expect(host.get_by_role("row").filter(has_text=UNIT)).to_contain_text("三名高级工备赛")
    host.get_by_role("row").filter(has_text=UNIT).locator("input").first.fill("2")
    walk.look(host, "seats")
    host.get_by_role("button", name="保存并通知单位").click()
    expect(host.locator("main")).to_contain_text("已分配 2")
    walk.nothing_waits(stage, host, "名额申请待分配")

    unit.reload()
    expect(unit.locator("main")).to_contain_text("分配了 2 个名额")
    for (name, phone), number in zip(PEOPLE, NUMBERS, strict=True):
        put_down(unit, name, phone, number)
    unit.get_by_role("button", name="示例孙 上移").click()
    expect(unit.locator(".roster-row b").nth(1)).to_have_text("示例孙")
    walk.look(unit, "list")
    unit.get_by_role("link", name="锁定并报送").click()
    unit.get_by_label("单位推荐意见").fill("技术过硬，同意推荐。")
    unit.get_by_label("已核对名单和顺序").check()
    walk.look(unit, "list-lock")
    unit.locator("main").get_by_role("button", name="锁定并报送").click()
    expect(unit.locator("body")).to_contain_text("2 人报名，1 人替补")
    walk.look(unit, "list-sent")

    _answers(stage, browse(PHONE), browse(PHONE))
    unit.reload()
    gone = unit.locator(".roster-row").filter(has_text="示例赵")
    expect(gone).to_contain_text("本人不同意")
    expect(unit.locator(".roster-row").filter(has_text="示例孙")).to_contain_text("本人已确认")
    walk.look(unit, "list-objected")


def _answers(stage: Stage, first: Page, third: Page) -> None:
    """One of them objects, having mistyped first; another confirms."""
    first.goto(link_sent_to(stage, first, PEOPLE[0][1]))
    expect(first.locator("main")).to_contain_text(UNIT)
    expect(first.locator("main")).not_to_contain_text("示例赵")
    walk.look(first, "consent")
    first.get_by_label("不同意，请撤销这份报名").check()
    first.get_by_label("不同意的原因").fill("已离职")
    first.get_by_label("证件号码后四位").fill("0000" if NUMBERS[0][-4:] != "0000" else "1111")
    first.get_by_role("button", name="提交").click()
    expect(first.locator("[data-error-summary]")).to_contain_text("核对不上")
    first.get_by_label("证件号码后四位").fill(NUMBERS[0][-4:])
    first.get_by_role("button", name="提交").click()
    expect(first.locator("main")).to_contain_text("已收到您的意见")

    third.goto(link_sent_to(stage, third, PEOPLE[2][1]))
    third.get_by_label("是我本人，同意报名").check()
    third.get_by_label("证件号码后四位").fill(NUMBERS[2][-4:])
    third.get_by_role("button", name="提交").click()
    expect(third.locator("main")).to_contain_text("已收到您的意见")
