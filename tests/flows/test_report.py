"""A department's figure with its evidence, in a real browser: entered by one, accepted by another, seen by all."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from models.account import Role, ScopeKind
from models.organisation import Type
from services.transaction import transaction
from tests.flows import walk
from tests.flows.conftest import Stage
from tests.support import factories as make
from tests.support.browser import PHONE, Browse
from tests.support.files import paper

TEAMS = "引进创新团队"
EVIDENCE = "团队引进协议.pdf"


@pytest.fixture
def department(stage: Stage) -> None:
    """The department that leads an indicator: one who reports there and reviews too, and one who only reviews."""
    with stage.site.app.app_context(), transaction():
        code = make.organisation("区委人才办", Type.PARTY, department_code="talent").code
    own = (ScopeKind.ORGANISATION, code)
    stage.enlist("reporter", "示例填报员", (Role.REPORTER, *own), (Role.LEAD_REVIEWER, *own))
    stage.enlist("lead", "示例审核员", (Role.LEAD_REVIEWER, *own))


@pytest.mark.usefixtures("department")
def test_a_figure_is_entered_with_evidence_and_accepted_by_another(stage: Stage, browse: Browse) -> None:
    reporter, lead, visitor = browse(), browse(), browse(PHONE)
    before = walk.figure(stage, visitor, TEAMS)
    stage.sign_in(reporter, "reporter")
    enter(stage, reporter)
    cannot_accept(reporter)
    assert walk.figure(stage, visitor, TEAMS) == before, "what nobody has accepted counts for nothing"
    stage.let_in(lead, "lead")
    send_back(stage, lead)
    mend(stage, reporter)
    file = accept(stage, lead)
    walk.nothing_waits(stage, lead, "填报待审核")
    assert walk.figure(stage, visitor, TEAMS) == before + 2
    the_public_sees_the_figure_and_no_evidence(stage, visitor, file)


def pdf() -> FilePayload:
    return {"name": EVIDENCE, "mimeType": "application/pdf", "buffer": paper()}


def enter(stage: Stage, page: Page) -> None:
    """From the desk to what is due; the figure, what was done, and a file; looked over, and handed in."""
    walk.take_up(stage, page, "指标待填报")
    walk.look(page, "report-due")
    page.get_by_role("row").filter(has_text=TEAMS).filter(has_text="第一季度").get_by_role("link").click()
    page.locator("main form").get_by_role("button", name="保存草稿").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("请填写数字")
    page.locator("#figure").fill("３")
    page.get_by_label("做了什么").fill("一季度引进 3 个创新团队，均已签订协议。")
    page.get_by_label("佐证材料").set_input_files(pdf())
    walk.look(page, "report-enter")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("main .attachments")).to_contain_text(EVIDENCE)
    walk.look(page, "report-draft")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("已提交，等待审核")


def cannot_accept(page: Page) -> None:
    """Who entered it reviews others' figures, not this one; a form of their own making is refused in place."""
    expect(page.locator("main")).to_contain_text("请由另一位审核员审核")
    expect(page.get_by_role("button", name="采用")).to_have_count(0)
    walk.look(page, "report-own")
    page.evaluate(
        """() => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = location.pathname + "/accept";
            const token = document.querySelector("input[name=csrf_token]").cloneNode();
            const key = document.createElement("input");
            key.name = "idempotency_key";
            key.value = crypto.randomUUID();
            form.append(token, key);
            document.body.append(form);
            form.submit();
        }"""
    )
    expect(page.locator("[data-error-summary]")).to_contain_text("另一")


def open_report(stage: Stage, page: Page) -> None:
    walk.take_up(stage, page, "填报待审核")
    page.get_by_role("row").filter(has_text=TEAMS).get_by_role("link", name="审核").click()


def send_back(stage: Stage, page: Page) -> None:
    open_report(stage, page)
    with page.expect_download() as coming:
        page.get_by_role("link", name=EVIDENCE).click()
    assert coming.value.suggested_filename == EVIDENCE
    walk.look(page, "report-review")
    page.get_by_label("退回原因").fill("协议只有 2 份，请核对")
    page.get_by_role("button", name="退回修改").click()
    expect(page.locator("main")).to_contain_text("协议只有 2 份，请核对")


def mend(stage: Stage, page: Page) -> None:
    walk.take_up(stage, page, "填报被退回")
    page.get_by_role("row").filter(has_text=TEAMS).get_by_role("link", name="继续").click()
    walk.look(page, "report-returned")
    page.get_by_role("link", name="修改数字和说明").click()
    page.locator("#figure").fill("2")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("main")).to_contain_text("已提交，等待审核")


def accept(stage: Stage, page: Page) -> str:
    """The address of the file behind the figure."""
    open_report(stage, page)
    page.get_by_role("button", name="采用").click()
    expect(page.locator("main")).to_contain_text("已采用，数字计入目标任务")
    walk.look(page, "report-accepted")
    return page.get_by_role("link", name=EVIDENCE).get_attribute("href") or ""


def the_public_sees_the_figure_and_no_evidence(stage: Stage, page: Page, file: str) -> None:
    walk.open_target(stage, page, TEAMS)
    expect(page.get_by_role("table", name="已采用的填报")).to_contain_text("区委人才办")
    assert EVIDENCE not in page.content()
    expect(page.locator("main a[href*='/desk/report']")).to_have_count(0)
    walk.look(page, "report-public")
    assert re.fullmatch("/desk/report/[a-z0-9]{16}/evidence/[a-z0-9]{16}", file)
    page.goto(stage.base_url + file)
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
