"""The first road, in a real browser: from an organiser's draft to a contestant's accepted entry on a phone."""

import datetime as dt
import random

from playwright.sync_api import Page, expect

from models.person import Sex
from services.person.documents import demo_number
from services.stamp import LOCAL
from tests.flows import walk
from tests.flows.conftest import Stage
from tests.support.browser import PHONE, Browse

TITLE = "工业机器人系统操作员（高级工）研修班 第 6 期"
NEW_PHONE = "19900007788"


def local(days: int, hour: int) -> str:
    """What a datetime field takes: so many days from today."""
    day = dt.datetime.now(LOCAL).date() + dt.timedelta(days=days)
    return f"{day.isoformat()}T{hour:02}:00"


def test_the_road_from_draft_to_accepted_entry(stage: Stage, browse: Browse) -> None:
    organiser, approver, contestant, reviewer = browse(), browse(), browse(PHONE), browse()
    draft(stage, organiser)
    approve(stage, approver)
    publish(organiser)
    visit(stage, browse(PHONE))
    enter(stage, contestant)
    send_back(stage, reviewer)
    mend(contestant)
    accept(stage, reviewer)
    read_the_answer(stage, contestant)


def draft(stage: Stage, page: Page) -> None:
    stage.sign_in(page, "organiser")
    page.goto(f"{stage.base_url}/desk")
    page.get_by_role("link", name="新建活动").first.click()
    page.get_by_label("活动类型").select_option("training_class")
    page.get_by_label("活动名称").fill(TITLE)
    page.get_by_label("一句话简介").fill("40 学时 · 结业颁发二维码证书")
    page.get_by_label("开始时间").fill(local(10, 9))
    page.get_by_label("结束时间").fill(local(14, 17))
    page.get_by_label("承办单位").select_option(label=stage.unit)
    page.get_by_label("主办单位").select_option(label=stage.lead)
    page.get_by_label("所属重点任务").select_option("5")
    page.get_by_label("公共实训基地").check()
    page.get_by_label("咨询电话").fill("023-49800000")
    expect(page.locator("main")).to_contain_text("公共实训基地", timeout=8000)
    page.locator("main").get_by_role("button", name="保存").first.click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()

    page.get_by_role("link", name="添加报名项目").first.click()
    page.get_by_label("报名项目").fill("职工班")
    page.get_by_label("名额").fill("2")
    page.get_by_label("报名开始").fill(local(-1, 9))
    page.get_by_label("报名截止").fill(local(7, 18))
    page.locator("main").get_by_role("button", name="保存").click()

    page.get_by_role("link", name="添加场次").first.click()
    page.get_by_label("场次名称").fill("第一次课")
    page.get_by_label("开始时间").fill(local(10, 9))
    page.get_by_label("结束时间").fill(local(10, 12))
    page.get_by_label("地点").select_option(label="智能制造实训中心")
    page.locator("main").get_by_role("button", name="保存").click()
    # The look at the indicators was still under way when the form was sent: the browser drops it, htmx says so.
    page.watch.forgive("htmx:")  # type: ignore[attr-defined]
    page.locator("main").get_by_role("button", name="提交审批").click()
    expect(page.locator("main")).to_contain_text("待审批")


def approve(stage: Stage, page: Page) -> None:
    stage.sign_in(page, "approver")
    page.goto(f"{stage.base_url}/desk")
    expect(page.locator("main")).to_contain_text("审批")
    page.goto(f"{stage.base_url}/desk/activities?state=pending_approval")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="审批").last.click()
    page.locator("main").get_by_role("button", name="批准").click()
    expect(page.locator("main")).to_contain_text("已批准")


def publish(page: Page) -> None:
    page.reload()
    page.locator("main").get_by_role("button", name="发布").click()
    expect(page.locator("main")).to_contain_text("已发布")


def visit(stage: Stage, page: Page) -> None:
    """Anybody, without an account, finds it and reads it; in English too."""
    page.goto(stage.base_url)
    page.get_by_text(TITLE).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator("main")).to_contain_text("智能制造实训中心")
    walk.fits(page)
    page.goto(f"{stage.base_url}/language/en")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def enter(stage: Stage, page: Page) -> None:
    """Sign up on a phone, say who one is, enter; a wrong number is told in place and nothing typed is lost."""
    page.goto(stage.base_url)
    page.get_by_text(TITLE).click()
    page.locator("main a.btn-primary", has_text="报名").first.click()
    page.get_by_role("link", name="注册新账号").click()
    page.locator("#contact").fill(NEW_PHONE)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()
    page.locator("#code").fill(stage.code_sent_to(page, NEW_PHONE))
    page.locator("main").get_by_role("button", name="登录").click()
    page.get_by_label("怎么称呼您").fill("李示例")
    page.get_by_label("我已年满 14 周岁").check()
    page.locator("main").get_by_role("button", name="完成注册").click()

    expect(page.get_by_role("heading", name="填写身份信息")).to_be_visible()
    page.locator("#name").fill("李示例")
    number = demo_number(random.Random(7), dt.date(1995, 3, 15), Sex.MALE)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    page.locator("#document_number").fill(wrong)
    page.get_by_label("您是").select_option("enterprise_employee")
    page.get_by_label("工作单位或学校").fill("永川示例精密机械有限公司")
    page.get_by_label("我同意为核验身份").check()
    page.locator("main").get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("校验")
    expect(page.locator("#name")).to_have_value("李示例")
    page.locator("#document_number").fill(number)
    page.locator("main").get_by_role("button", name="保存").click()

    expect(page.locator("main")).to_contain_text("报名资格自查")
    page.get_by_label("技能等级证书编号").fill("Y00035000001263")
    page.get_by_label("从事本职业年限").fill("6")
    page.get_by_label("我保证所填内容真实").check()
    page.locator("main").get_by_role("button", name="提交报名").click()
    expect(page.locator("main")).to_contain_text("应为 22 位，现在是 15 位")
    expect(page.get_by_label("从事本职业年限")).to_have_value("6")
    page.get_by_label("技能等级证书编号").fill("")
    page.locator("main").get_by_role("button", name="提交报名").click()
    expect(page.locator("main")).to_contain_text("正在等待审核")
    walk.fits(page)


def send_back(stage: Stage, page: Page) -> None:
    stage.sign_in(page, "reviewer")
    page.goto(f"{stage.base_url}/desk/registrations")
    expect(page.locator("main")).to_contain_text("5001")
    page.get_by_role("link", name="审核", exact=True).first.click()
    page.get_by_label("退回补正").check()
    page.locator("main").get_by_role("button", name="提交意见").click()
    expect(page.locator("main")).to_contain_text("请写明原因")
    page.get_by_label("给报名人的说明").fill("请补充岗位")
    page.locator("main").get_by_role("button", name="提交意见").click()
    expect(page.locator("body")).to_contain_text("已处理")


def mend(page: Page) -> None:
    page.reload()
    expect(page.locator("main")).to_contain_text("请补充岗位")
    page.get_by_role("link", name="补正并重新提交").click()
    page.get_by_label("岗位或专业年级").fill("装配钳工")
    page.get_by_label("我保证所填内容真实").check()
    page.locator("main").get_by_role("button", name="重新提交").click()
    expect(page.locator("main")).to_contain_text("正在等待审核")


def accept(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.base_url}/desk/registrations")
    page.get_by_role("link", name="审核", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("装配钳工")
    page.get_by_label("审核通过").check()
    page.locator("main").get_by_role("button", name="提交意见").click()
    expect(page.locator("body")).to_contain_text("已处理")


def read_the_answer(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.base_url}/me/registrations")
    expect(page.locator("main")).to_contain_text("审核通过")
    page.goto(f"{stage.base_url}/messages")
    expect(page.locator("main")).to_contain_text(TITLE)
