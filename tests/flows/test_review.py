"""A reviewer sends an entry back with words to two fields; the applicant mends one on the phone; the reviewer reads
only what was changed, accepts ten at once after a look, and takes it back.
"""

from playwright.sync_api import expect

from models.account import Role, ScopeKind
from models.base import db
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.flows.conftest import Stage
from tests.flows.walk import look
from tests.support import factories as make
from tests.support.browser import PHONE, Browse

NAME = "示例补正"


def ten_wait(stage: Stage) -> str:
    """An activity of the unit with ten entries, the first by somebody with an account; its entry's code."""
    with stage.site.app.app_context(), transaction():
        track = make.track(make.activity("示例专题讲座"), capacity=20)
        people = [make.person(NAME), *(make.person() for _ in range(9))]
        account = make.account(people[0])
        entry = Entry(workplace="示例厂", post="工人")
        rows = [
            registrations.register(track, person, entry, by=None, stamp=make.stamp()) for person in people
        ]
        stage.phones["applicant"] = account.phone or ""
        db.session.flush()
        code, activity = rows[0].code, track.activity.code
    stage.enlist("of_this", "示例审核", (Role.REVIEWER, ScopeKind.ACTIVITY, activity))
    return code


def test_a_reviewer_asks_for_two_fields_and_decides_on_ten(stage: Stage, browse: Browse) -> None:
    code = ten_wait(stage)
    reviewer, applicant = browse(), browse(PHONE)
    stage.let_in(reviewer, "of_this")
    stage.let_in(applicant, "applicant")

    reviewer.goto(f"{stage.base_url}/desk/registrations")
    look(reviewer, "queue")
    reviewer.get_by_role("row").filter(has_text=NAME).get_by_role("link", name="审核", exact=True).click()
    reviewer.get_by_text("逐项意见：点常用语或自己写").click()
    reviewer.get_by_label("请填写单位全称", exact=True).check()
    expect(reviewer.get_by_label("退回补正")).to_be_checked()
    reviewer.locator("#comment_post").fill("请写明工种")
    look(reviewer, "review-ask")
    reviewer.get_by_role("button", name="提交意见").click()
    expect(reviewer.locator("body")).to_contain_text("已处理")

    applicant.goto(f"{stage.base_url}/registration/{code}")
    expect(applicant.locator("main")).to_contain_text("请填写单位全称")
    look(applicant, "returned")
    applicant.get_by_role("link", name="补正并重新提交").click()
    expect(applicant.locator(".asked").first).to_contain_text("请填写单位全称")
    look(applicant, "mend")
    applicant.get_by_label("工作单位或学校").fill("永川示例精密机械有限公司")
    applicant.get_by_label("我保证所填内容真实").check()
    applicant.get_by_role("button", name="重新提交").click()
    expect(applicant.locator("main")).to_contain_text("正在等待审核")

    reviewer.goto(f"{stage.base_url}/desk/registrations?mended=1")
    expect(reviewer.locator("tbody tr")).to_have_count(1)
    reviewer.get_by_role("link", name="审核", exact=True).click()
    changed = reviewer.locator(".mended > div")
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text("永川示例精密机械有限公司")
    expect(changed.locator("del")).to_have_text("示例厂")
    expect(reviewer.locator("main")).to_contain_text("请写明工种")
    expect(reviewer.get_by_text("其余报名信息（未改动）")).to_be_visible()
    look(reviewer, "review-changed")

    reviewer.goto(f"{stage.base_url}/desk/registrations")
    reviewer.get_by_role("button", name="全选本页").click()
    reviewer.get_by_role("button", name="通过所选", exact=True).click()
    expect(reviewer.get_by_role("heading", name="批量通过")).to_be_visible()
    expect(reviewer.locator("main")).to_contain_text("将处理 10 份")
    look(reviewer, "bulk")
    reviewer.get_by_role("button", name="确认处理 10 份").click()
    expect(reviewer.locator("main")).to_contain_text("可以整体撤回")
    look(reviewer, "bulk-done")
    reviewer.get_by_role("button", name="整体撤回").click()
    expect(reviewer.locator("body")).to_contain_text("已整体撤回 10 份")
    reviewer.goto(f"{stage.base_url}/desk/registrations")
    expect(reviewer.locator("tbody tr")).to_have_count(10)
