"""Steps that the stories share: a look at a page, the way from the desk, the targets page, a paper's QR code."""

import datetime as dt
import os
import re
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from certificates import viewer
from certificates.reading import read_codes
from models.activity import Activity
from models.base import db
from services.transaction import transaction
from tests.flows.conftest import Stage
from tests.support import factories as make
from tests.support.browser import DESK, PHONE

KEEP = os.environ.get("KEEP_PICTURES", "")
"""A folder: every page that a story looks at is kept there as a picture, as a phone and as a desk show it."""


def look(page: Page, name: str) -> None:
    """Nothing reaches over the edge, on a phone and on a desk, and vermilion marks one thing at most."""
    own = page.viewport_size
    assert own is not None
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if KEEP:
            page.screenshot(path=Path(KEEP) / f"{name}-{size[0]}.png", full_page=True)
        assert width(page) <= size[0], f"{name} is {width(page)} wide at {size[0]}"
        marked = page.locator("main .btn-primary:visible").all_inner_texts()
        assert len(marked) <= 1, f"{name} has several main actions: {marked}"
    page.set_viewport_size(own)


def width(page: Page) -> int:
    """How wide the page is, in pixels. A link that was just followed may leave no document at all for a moment: the
    locator waits for one. (`wait_for_function` cannot: asking twice is `eval`, which the site's policy forbids.)
    """
    page.wait_for_load_state()
    return int(page.locator("html").evaluate("root => root.scrollWidth"))


def fits(page: Page) -> None:
    """The page does not scroll sideways."""
    own = page.viewport_size
    assert own is not None
    assert width(page) <= own["width"], "the page scrolls sideways"


def take_up(stage: Stage, page: Page, what: str) -> None:
    """The desk says that something waits, and leads there."""
    page.goto(f"{stage.base_url}/desk")
    row = page.locator("main .todo").filter(has_text=what)
    expect(row).to_have_count(1)
    row.get_by_role("link").click()


def nothing_waits(stage: Stage, page: Page, what: str) -> None:
    page.goto(f"{stage.base_url}/desk")
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    expect(page.locator("main .todo").filter(has_text=what)).to_have_count(0)


def figure(stage: Stage, page: Page, name: str) -> int:
    """What the targets page says was reached of one indicator this year."""
    page.goto(f"{stage.base_url}/indicator")
    row = page.locator("table.targets tr").filter(has=page.get_by_text(name, exact=True))
    return int((row.locator("td.num b").text_content() or "").replace(",", "").replace("—", "0"))


def open_target(stage: Stage, page: Page, name: str) -> None:
    """On a phone: the targets are folded by task."""
    page.goto(f"{stage.base_url}/indicator")
    fold = page.locator(".task-fold").filter(has=page.get_by_text(name, exact=True))
    fold.locator(":scope > summary").click()
    fold.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def register(stage: Stage, page: Page, activity: str, workplace: str) -> None:
    """Somebody whose identity is known enters, on a phone."""
    page.goto(f"{stage.base_url}/activity/{activity}")
    page.get_by_role("link", name="报名", exact=False).and_(page.locator("main a.btn-primary")).click()
    expect(page.locator("main")).to_contain_text("报名资格自查")
    page.get_by_label("工作单位或学校").fill(workplace)
    page.get_by_label("我保证所填内容真实").check()
    page.locator("main").get_by_role("button", name="提交报名").click()
    expect(page.locator("main")).to_contain_text("正在等待审核")


def accept(stage: Stage, page: Page, name: str) -> None:
    """The reviewer finds it on the desk and lets it through."""
    take_up(stage, page, "报名待审核")
    page.get_by_role("row").filter(has_text=name).get_by_role("link", name="审核", exact=True).click()
    page.get_by_label("审核通过").check()
    page.locator("main").get_by_role("button", name="提交意见").click()
    expect(page.locator("body")).to_contain_text("已处理")


def pass_shown(stage: Stage, page: Page) -> str:
    """The pass on the phone of its holder: the code that is typed at the door."""
    page.goto(f"{stage.base_url}/me/registrations")
    image = page.locator(".pass-code img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    return page.locator(".pass-code .code").inner_text()


def check_in(page: Page, code: str, name: str) -> None:
    """The helper types the code."""
    page.get_by_label("入场码").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("#door-result")).to_contain_text("签到成功")
    expect(page.locator("#door-result")).to_contain_text(name)


def let_it_be_over(stage: Stage, code: str) -> None:
    """Time passes. No door of the site moves a clock, so the times of the activity, its sittings and its tracks are
    moved into the past in the database; everything else of the story is done in the browser.
    """
    with stage.site.app.app_context(), transaction():
        activity = db.session.scalars(sa.select(Activity).where(Activity.code == code)).one()
        back = activity.ends_at - make.now() + dt.timedelta(minutes=1)
        activity.starts_at, activity.ends_at = activity.starts_at - back, activity.ends_at - back
        for sitting in activity.sessions:
            sitting.starts_at, sitting.ends_at = sitting.starts_at - back, sitting.ends_at - back
        for track in activity.tracks:
            track.opens_at, track.closes_at = track.opens_at - back, activity.starts_at


def must_not_confirm(page: Page) -> None:
    """Whoever had a hand in a sheet is told so and finds no button; a form of their own making is refused in place."""
    expect(page.locator("main")).to_contain_text("这份成绩册由您登记或提交")
    expect(page.get_by_role("button", name="确认结果")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("取回时必填")
    page.get_by_role("button", name="取回修改").evaluate("button => button.value = 'confirm'")
    page.get_by_role("button", name="取回修改").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("另一")
    expect(page.get_by_role("button", name="取回修改")).to_be_visible()


def issue(stage: Stage, page: Page, title: str, name: str) -> str:
    """The officer reads over what will be printed, and issues; the site signs within seconds. The number."""
    take_up(stage, page, "证书待签发")
    page.locator("main .todo").filter(has_text=title).get_by_role("link").click()
    specimen = page.get_by_role("img", name="第一份的样张")
    expect(specimen).to_be_visible()
    assert specimen.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 1600
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("可以印制")
    look(page, "issue")
    page.get_by_role("button", name="签发 1 份证书").click()
    expect(page.locator("main")).to_contain_text("已签发 1 份")
    for _attempt in range(40):
        if "正在签署，刷新" not in page.locator("main").inner_text():
            break
        page.wait_for_timeout(250)
        page.reload()
    expect(page.locator("main")).to_contain_text("已签署")
    look(page, "issued")
    return page.locator("td.title a.num").inner_text()


def fetch_paper(stage: Stage, page: Page, number: str) -> str:
    """Under 我的证书 the holder sees the paper and takes it along; what its QR code says, read from the page drawn."""
    page.goto(f"{stage.base_url}/me/registrations")
    page.locator("main").get_by_role("link", name="我的证书").click()
    card = page.locator("article").filter(has_text=number)
    look(page, "mine")
    card.get_by_role("link", name="查看").click()
    picture = page.locator(".paper-shown img")
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 1600
    look(page, "paper")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载 PDF").click()
    pdf = Path(coming.value.path()).read_bytes()
    assert number in viewer.text(pdf)
    drawn = viewer.picture(pdf)
    if KEEP:
        (Path(KEEP) / f"drawn-{number}.png").write_bytes(drawn)
    links = read_codes(drawn)
    assert len(links) == 1
    assert re.fullmatch(re.escape(stage.base_url) + "/v/[A-Za-z0-9_-]{22}#[A-Za-z0-9_.-]+", links[0])
    return links[0]


def verify(page: Page, link: str, name: str, number: str) -> None:
    """Anybody with the paper in hand follows the code, and compares the name."""
    page.goto(link)
    expect(page.locator(".verdict")).to_contain_text("证书有效")
    expect(page.locator(".verdict")).to_contain_text("数字签名验证通过")
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator("main")).not_to_contain_text(name)
    for said, answer in (("示例他人", "不一致"), (name, "一致")):
        page.get_by_label("纸质证书上的姓名").fill(said)
        page.get_by_role("button", name="核对").click()
        expect(page.locator("#name-check .note")).to_have_text(re.compile(rf"^\s*{answer}"))
    look(page, "proof")
