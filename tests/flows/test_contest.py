"""An industry contest of the district, in a real browser: to the award, the reserve and the target, and back again."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from models.account import Role, ScopeKind
from models.activity import Kind, Series
from models.base import db
from models.organisation import Organisation
from services.transaction import transaction
from tests.flows import walk
from tests.flows.conftest import Stage
from tests.support import factories as make
from tests.support.browser import PHONE, Browse

TITLE = "永川区智能制造行业职业技能竞赛"
RESERVE = "培养选拔储备优秀竞赛选手"
NAME, RUNNER_UP, AWAY = "欧阳晓岚", "示例乙", "示例丙"


@pytest.fixture
def contest(stage: Stage) -> str:
    """Code of a published contest that begins within the hour: two have their place, its staff is named."""
    with stage.site.app.app_context(), transaction():
        unit = db.session.scalars(sa.select(Organisation).where(Organisation.name == stage.unit)).one()
        lead = db.session.scalars(sa.select(Organisation).where(Organisation.name == stage.lead)).one()
        activity = make.activity(TITLE, Kind.COMPETITION, organiser=unit, starts_in=dt.timedelta(minutes=50))
        activity.clause, activity.series = 7, Series.INDUSTRY
        activity.host_id = activity.lead_id = lead.id
        track = make.track(activity, 30, name="数控铣工 · 职工组", closes_at=activity.starts_at)
        for name in (RUNNER_UP, AWAY):
            make.accepted(track, make.person(name))
        code, base, bureau = activity.code, unit.code, lead.code
    stage.enlist("contestant", NAME)
    stage.enlist("helper", "示例助手", (Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, code))
    stage.enlist(
        "judge",
        "示例裁判长",
        (Role.CHIEF_JUDGE, ScopeKind.ACTIVITY, code),
        (Role.LEAD_REVIEWER, ScopeKind.ORGANISATION, bureau),
    )
    stage.enlist("officer", "示例证书员", (Role.CERTIFICATE_OFFICER, ScopeKind.ORGANISATION, base))
    stage.enlist("aggregator", "示例汇总员", (Role.AGGREGATOR, ScopeKind.ORGANISATION, bureau))
    return code


def test_the_road_of_an_award_to_the_reserve_and_back(stage: Stage, browse: Browse, contest: str) -> None:
    contestant, helper, visitor = browse(PHONE), browse(PHONE), browse(PHONE)
    organiser, judge, aggregator = browse(), browse(), browse()
    before = walk.figure(stage, visitor, RESERVE)
    stage.sign_in(contestant, "contestant")
    walk.register(stage, contestant, contest, "永川示例精密机械有限公司")
    reviewer = browse()
    stage.let_in(reviewer, "reviewer")
    walk.accept(stage, reviewer, NAME)

    stage.let_in(helper, "helper")
    walk.take_up(stage, helper, TITLE)
    walk.check_in(helper, walk.pass_shown(stage, contestant), NAME)
    helper.get_by_role("button", name=f"签到 {RUNNER_UP}").click()
    expect(helper.locator("#door-roster")).to_contain_text("2 / 3")

    walk.let_it_be_over(stage, contest)
    stage.let_in(organiser, "organiser")
    enter(stage, organiser)
    stage.let_in(judge, "judge")
    confirm(stage, judge)
    officer = browse()
    stage.let_in(officer, "officer")
    number = walk.issue(stage, officer, TITLE, NAME)
    link = walk.fetch_paper(stage, contestant, number)
    walk.verify(visitor, link, NAME, number)

    who_confirmed_the_award_is_refused(stage, judge)
    stage.let_in(aggregator, "aggregator")
    take_into_the_reserve(stage, aggregator)
    contestant.goto(f"{stage.base_url}/messages")
    message = contestant.locator(".message").filter(has_text="选手储备库")
    message.get_by_role("button", name="查看").click()
    expect(contestant.get_by_role("heading", name="我的报名")).to_be_visible()
    assert walk.figure(stage, visitor, RESERVE) == before + 1
    in_reserve(stage, aggregator, before + 1)

    ask_to_take_it_away(stage, organiser)
    decide(stage, judge)
    visitor.goto(link)
    expect(visitor.locator(".verdict")).to_contain_text("证书已撤销")
    expect(visitor.get_by_role("button", name="核对")).to_have_count(0)
    walk.look(visitor, "contest-revoked")
    contestant.goto(f"{stage.base_url}/certificate/mine")
    expect(contestant.locator("article").filter(has_text=number)).to_contain_text("不再有效")
    walk.look(contestant, "contest-mine-revoked")
    assert walk.figure(stage, visitor, RESERVE) == before
    in_reserve(stage, aggregator, before)
    expect(aggregator.locator("main .changes")).to_contain_text("依据更正")
    walk.look(aggregator, "contest-reserve-back")
    see_what_fell(stage, aggregator)


def enter(stage: Stage, page: Page) -> None:
    """Scores are typed, places and awards proposed from them; who did not come stands as absent."""
    walk.take_up(stage, page, "结果待登记")
    page.locator("main .todo").filter(has_text=TITLE).get_by_role("link").click()
    expect(page.get_by_label(f"{AWAY}的结果")).to_have_value("absent")
    page.get_by_label(f"{NAME}的得分").fill("92.5")
    page.get_by_label(f"{RUNNER_UP}的得分").fill("88")
    page.get_by_text("排名与设奖").click()
    page.get_by_role("button", name="按得分排名").click()
    expect(page.get_by_label(f"{NAME}的名次")).to_have_value("1")
    expect(page.get_by_label(f"{RUNNER_UP}的名次")).to_have_value("2")
    page.get_by_label("一等奖", exact=True).fill("1")
    page.get_by_role("button", name="按个数设奖").click()
    expect(page.get_by_label(f"{NAME}的奖项")).to_have_value("first_prize")
    expect(page.get_by_label(f"{RUNNER_UP}的奖项")).to_have_value("")
    walk.look(page, "contest-entry")
    page.get_by_role("button", name="提交确认").click()
    expect(page.locator("main")).to_contain_text("等待另一位人员确认")
    walk.must_not_confirm(page)


def confirm(stage: Stage, page: Page) -> None:
    walk.take_up(stage, page, "结果待确认")
    page.locator("main .todo").filter(has_text=TITLE).get_by_role("link").click()
    expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text("一等奖")
    walk.look(page, "contest-confirm")
    page.get_by_role("button", name="确认结果").click()
    expect(page.locator("main")).to_contain_text("结果已确认")


def who_confirmed_the_award_is_refused(stage: Stage, page: Page) -> None:
    """They may take others into the reserve, and so see the list; this one is for somebody else."""
    walk.take_up(stage, page, "储备选手待确认")
    page.get_by_label(f"选择 {NAME}").check()
    page.get_by_role("button", name="确认所选入库").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("另一人确认")
    expect(page.locator("[data-error-summary]")).to_contain_text(NAME)
    expect(page.get_by_label(f"选择 {NAME}")).to_be_checked()
    walk.look(page, "contest-candidates-refused")


def take_into_the_reserve(stage: Stage, page: Page) -> None:
    walk.take_up(stage, page, "储备选手待确认")
    page.get_by_role("link", name=re.compile(rf"查看\s*{NAME}")).click()
    expect(page.locator("main")).to_contain_text("一等奖")
    walk.look(page, "contest-candidate")
    page.get_by_label("确认入库").check()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("已确认入库")
    walk.nothing_waits(stage, page, "储备选手待确认")


def in_reserve(stage: Stage, page: Page, count: int) -> None:
    """选手梯队 says the same number as the targets page."""
    page.goto(f"{stage.base_url}/pipeline")
    expect(page.locator(".big-figure b")).to_have_text(str(count))
    walk.look(page, f"contest-reserve-{count}")
    page.get_by_role("link", name="在库名单").click()
    expect(page.get_by_role("row").filter(has_text=NAME)).to_have_count(1 if count else 0)
    page.go_back()


def ask_to_take_it_away(stage: Stage, page: Page) -> None:
    """The organiser finds that the award was wrong: it is asked for, and is not theirs to decide."""
    page.goto(f"{stage.base_url}/desk/activities")
    page.get_by_role("link", name=TITLE).first.click()
    page.locator("#outcomes").get_by_role("link", name="数控铣工").click()
    page.get_by_role("row").filter(has_text=NAME).get_by_role("link", name="申请更正").click()
    page.get_by_label("奖项").select_option("")
    page.get_by_label("更正原因").fill("复核记分表，一等奖应为空缺")
    walk.look(page, "contest-correct")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("请等待另一位人员决定")
    expect(page.get_by_role("button", name="同意更正")).to_have_count(0)
    walk.nothing_waits(stage, page, "结果更正待决定")


def decide(stage: Stage, page: Page) -> None:
    walk.take_up(stage, page, "结果更正待决定")
    page.locator("main .todo").filter(has_text=NAME).get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("一等奖应为空缺")
    walk.look(page, "contest-decide")
    page.get_by_role("button", name="同意更正").click()
    expect(page.locator("main")).to_contain_text("已更正")
    walk.nothing_waits(stage, page, "结果更正待决定")


def see_what_fell(stage: Stage, page: Page) -> None:
    """The figure keeps the line that no longer counts, with the reason."""
    page.goto(f"{stage.base_url}/indicator")
    page.locator("table.targets").get_by_role("link", name=RESERVE, exact=True).click()
    row = page.locator("#facts tr.fallen")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("已冲销")
    expect(row).to_contain_text(re.compile("欧阳?[*＊○〇×]"))
    walk.look(page, "contest-figure-back")
