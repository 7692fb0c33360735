"""The door of a contest, in a real browser: a pass before the camera, a photo of one, a typed code, the list."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, BrowserContext, Page, expect

from certificates import pass_image
from models.account import Role, ScopeKind
from models.attendance import Attendance, Way
from models.base import db
from services.transaction import transaction
from tests.flows import walk
from tests.support import factories as make
from tests.support.browser import PHONE, Browse, Watch
from tests.support.camera import film, with_camera
from tests.support.site import Site
from tests.support.visitors import cookie_of

NAMES = ("示例甲", "示例乙", "示例丙", "示例丁", "示例戊")


@dataclass
class Door:
    site: Site
    path: str
    helper: str
    """Cookie of the helper's browser."""
    holder: str
    passes: dict[str, str]

    def sign_in(self, context: BrowserContext, cookie: str) -> None:
        name, _equals, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": self.site.base_url}])

    def open(self, page: Page) -> None:
        self.sign_in(page.context, self.helper)
        page.goto(f"{self.site.base_url}{self.path}")

    def ways(self) -> list[Way]:
        with self.site.app.app_context():
            db.session.rollback()
            return list(db.session.scalars(sa.select(Attendance.way).order_by(Attendance.id)))


@pytest.fixture
def door(live_site: Callable[..., Site]) -> Door:
    site = live_site()
    with site.app.app_context(), transaction():
        activity = make.activity("数控铣技能竞赛", starts_in=dt.timedelta(hours=1))
        track = make.track(activity)
        helper = make.account(make.person("示例助手"))
        make.grant(helper, Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, activity.code)
        entries = [make.accepted(track, make.person(name)) for name in NAMES]
        holder = make.account(entries[0].person)
        return Door(
            site,
            f"/desk/activity/{activity.code}/checkin",
            cookie_of(site.app, helper),
            cookie_of(site.app, holder),
            {entry.person.name: entry.pass_code for entry in entries},
        )


def held_up(link: str, code: str) -> Image.Image:
    """A phone with its pass, held up at an angle, not quite in focus."""
    drawn = Image.open(io.BytesIO(pass_image.draw(link, code))).convert("L")
    turned = drawn.rotate(12, expand=True, fillcolor=118, resample=Image.Resampling.BICUBIC)
    return turned.filter(ImageFilter.GaussianBlur(1.5))


def test_a_pass_before_the_camera_is_read_once_and_the_list_shows_it(
    door: Door, chromium: Browser, tmp_path: Path
) -> None:
    code = door.passes["示例甲"]
    showing = film(held_up(f"{door.site.base_url}/pass/{code}", code), tmp_path / "pass.y4m")
    with with_camera(chromium, showing) as browser:
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        watch, page = Watch(context), context.new_page()
        door.open(page)
        page.get_by_role("button", name="打开摄像头扫码").click()
        result = page.locator("#door-result")
        expect(result).to_contain_text("签到成功")
        expect(result).to_contain_text("示例甲")
        expect(page.locator("#door-roster")).to_contain_text("1 / 5")
        expect(page.locator("#door-roster li").first).to_contain_text("示例甲")
        page.wait_for_timeout(1500)  # it is still held up, and not read again
        expect(result).to_contain_text("签到成功")
        walk.fits(page)
        page.get_by_role("button", name="关闭摄像头").click()
        expect(page.locator("[data-camera-view]")).to_be_hidden()
        context.close()
    assert watch.faults == []
    assert door.ways() == [Way.CAMERA]


def test_without_a_camera_the_other_ways_are_named_and_work(
    door: Door, browse: Browse, tmp_path: Path
) -> None:
    page = browse(PHONE)
    door.open(page)
    result, roster = page.locator("#door-result"), page.locator("#door-roster")
    page.get_by_role("button", name="打开摄像头扫码").click()
    expect(page.locator("[data-camera-said]")).to_contain_text("输入入场码")

    code = door.passes["示例乙"]
    page.get_by_label("入场码").fill(f"{code[:4]}-{code[4:]}".upper())
    page.keyboard.press("Enter")
    expect(result).to_contain_text("示例乙")
    page.keyboard.press("Enter")
    expect(result.locator("[data-tone=warn]")).to_contain_text("已签到")
    page.get_by_label("入场码").fill("00000000")
    page.keyboard.press("Enter")
    expect(result.locator("[data-tone=full]")).to_contain_text("没有这个入场码")

    photo = tmp_path / "photo.jpg"
    code = door.passes["示例丙"]
    held_up(f"{door.site.base_url}/pass/{code}", code).save(photo, quality=70)
    page.locator("#photo").set_input_files(photo)
    expect(result).to_contain_text("示例丙")

    roster.get_by_role("searchbox").fill("丁")
    page.keyboard.press("Enter")
    expect(roster.locator("li")).to_have_count(1)
    roster.get_by_role("button", name="签到 示例丁").click()
    expect(result).to_contain_text("示例丁")
    expect(roster).to_contain_text("3 / 5")
    assert door.ways() == [Way.TYPED, Way.PHOTO, Way.LIST]

    page.get_by_role("link", name="未到").click()
    roster.get_by_role("link", name="全部", exact=True).click()
    roster.get_by_role("link", name="撤销签到 示例丁").click()
    page.get_by_label("撤销原因").fill("点错了人")
    page.get_by_role("button", name="撤销签到").click()
    expect(roster).to_contain_text("2 / 5")


def test_without_scripts_the_code_is_typed_and_the_pass_is_opened_by_its_link(
    door: Door, browse: Browse
) -> None:
    page = browse(PHONE, java_script_enabled=False)
    door.open(page)
    expect(page.get_by_role("button", name="打开摄像头扫码")).to_be_hidden()
    page.get_by_label("入场码").fill(door.passes["示例丁"])
    page.locator(".door-typed").get_by_role("button", name="签到").click()
    expect(page.locator("#door-result")).to_contain_text("示例丁")
    page.goto(f"{door.site.base_url}/pass/{door.passes['示例戊']}")
    page.locator("main").get_by_role("button", name="签到").click()
    expect(page.locator("main")).to_contain_text("签到成功")
    assert door.ways() == [Way.TYPED, Way.LINK]


def test_the_holder_finds_the_pass_first_and_their_check_in_afterwards(door: Door, browse: Browse) -> None:
    page, helper = browse(PHONE), browse(PHONE)
    door.sign_in(page.context, door.holder)
    page.goto(f"{door.site.base_url}/me/registrations")
    image = page.locator(".pass-code img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.complete && image.naturalWidth") == pass_image.WIDTH
    box = image.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE[1], "the pass is seen without scrolling"
    door.open(helper)
    helper.get_by_label("入场码").fill(door.passes["示例甲"])
    helper.keyboard.press("Enter")
    expect(helper.locator("#door-result")).to_contain_text("示例甲")
    page.reload()
    expect(page.locator("main .timeline")).to_contain_text("已签到")
