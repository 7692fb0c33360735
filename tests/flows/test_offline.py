"""A workshop without a network: the helper's page opens again, checks passes, keeps them, and sends them once."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from certificates import pass_image
from models.account import Account, Role, ScopeKind
from models.activity import Activity
from models.attendance import Attendance, Way
from models.base import db
from models.registration import Registration, State
from services import attendance as attendances
from services.transaction import transaction
from tests.flows import walk
from tests.support import factories as make
from tests.support.browser import PHONE, Browse, Watch
from tests.support.camera import film, with_camera
from tests.support.site import Site
from tests.support.visitors import cookie_of

NAMES = ("示例甲", "示例乙", "示例丙", "示例丁")


@dataclass
class Workshop:
    site: Site
    path: str
    activity: str
    helper: str
    other: str
    passes: dict[str, str]

    def open(self, page: Page) -> None:
        name, _equals, value = self.helper.partition("=")
        page.context.add_cookies([{"name": name, "value": value, "url": self.site.base_url}])
        page.goto(f"{self.site.base_url}{self.path}")
        expect(page.locator("[data-field][data-ready=yes]")).to_be_visible()

    def rows(self) -> list[tuple[str, Way, bool]]:
        """Who is there, how, and whether a phone noted it."""
        with self.site.app.app_context():
            db.session.rollback()
            found = db.session.execute(
                sa.select(Registration.pass_code, Attendance.way, Attendance.device_key)
                .join(Registration, Registration.id == Attendance.registration_id)
                .order_by(Attendance.id)
            )
            return [(code, way, key is not None) for code, way, key in found]


@pytest.fixture
def workshop(live_site: Callable[..., Site]) -> Workshop:
    site = live_site()
    with site.app.app_context(), transaction():
        activity = make.activity("数控铣技能竞赛", starts_in=dt.timedelta(hours=1))
        track = make.track(activity)
        helpers = [make.account(make.person(name)) for name in ("示例助手", "李示例")]
        for helper in helpers:
            make.grant(helper, Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, activity.code)
        entries = [make.accepted(track, make.person(name)) for name in NAMES]
        return Workshop(
            site,
            f"/door/{activity.code}/{activity.sessions[0].code}",
            activity.code,
            cookie_of(site.app, helpers[0]),
            helpers[1].code,
            {entry.person.name: entry.pass_code for entry in entries},
        )


def enter(page: Page, code: str) -> None:
    page.get_by_label("入场码").fill(code)
    page.keyboard.press("Enter")


def test_scans_wait_without_a_network_and_are_stored_once(workshop: Workshop, browse: Browse) -> None:
    page = browse(PHONE)
    workshop.open(page)
    result, field = page.locator("[data-result]"), page.locator("[data-field]")
    expect(field).to_contain_text("已联网")
    expect(page.locator("span[data-roster]")).to_contain_text("4 人")

    page.context.set_offline(True)
    enter(page, workshop.passes["示例甲"])
    expect(result).to_contain_text("签到成功")
    expect(result).to_contain_text("示*甲")
    expect(page.locator("b[data-waiting]")).to_have_text("待上传 1 条")
    expect(page.locator("[data-net]")).to_have_text("没有网络")
    enter(page, workshop.passes["示例甲"])
    expect(result.locator("[data-tone=warn]")).to_contain_text("已签到")
    enter(page, "00000000")
    expect(result.locator("[data-tone=full]")).to_contain_text("名单里没有")
    assert workshop.rows() == []

    page.reload()  # the phone went to sleep and the page was thrown away
    expect(page.locator("b[data-waiting]")).to_have_text("待上传 2 条")
    enter(page, workshop.passes["示例乙"])
    expect(result).to_contain_text("示*乙")
    enter(page, workshop.passes["示例丙"])
    expect(result).to_contain_text("示*丙")
    enter(page, workshop.passes["示例甲"])
    expect(result.locator("[data-tone=warn]")).to_contain_text("已签到")

    with workshop.site.app.app_context(), transaction():  # meanwhile, at another door and at the office
        rows = {row.pass_code: row for row in db.session.scalars(sa.select(Registration))}
        activity = db.session.scalars(sa.select(Activity).where(Activity.code == workshop.activity)).one()
        other = db.session.scalars(sa.select(Account).where(Account.code == workshop.other)).one()
        attendances.check_in(
            rows[workshop.passes["示例乙"]],
            activity.sessions[0],
            way=Way.TYPED,
            by=other,
            stamp=make.stamp(other),
        )
        rows[workshop.passes["示例丙"]].state = State.WITHDRAWN

    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("b[data-waiting]")).to_have_text("待上传 0 条")
    conflicts = page.locator("[data-conflicts]")
    expect(conflicts.locator("li")).to_have_count(3)
    expect(conflicts).to_contain_text("李*例")
    expect(conflicts).to_contain_text("已退出")
    expect(conflicts).to_contain_text("没有这个入场码")
    conflicts.get_by_role("button", name="已处理").first.click()
    expect(conflicts.locator("li")).to_have_count(2)
    page.get_by_role("button", name="立即上传").is_disabled()
    assert workshop.rows() == [
        (workshop.passes["示例乙"], Way.TYPED, False),
        (workshop.passes["示例甲"], Way.TYPED, True),
    ]
    walk.fits(page)
    page.watch.forgive("ERR_INTERNET_DISCONNECTED")  # type: ignore[attr-defined]
    page.watch.forgive("net::")  # type: ignore[attr-defined]


def test_a_pass_before_the_camera_without_a_network(
    workshop: Workshop, chromium: Browser, tmp_path: Path
) -> None:
    code = workshop.passes["示例丁"]
    drawn = Image.open(io.BytesIO(pass_image.draw(f"{workshop.site.base_url}/pass/{code}", code)))
    with with_camera(chromium, film(drawn, tmp_path / "pass.y4m")) as browser:
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        watch, page = Watch(context), context.new_page()
        workshop.open(page)
        context.set_offline(True)
        page.get_by_role("button", name="打开摄像头扫码").click()
        expect(page.locator("[data-result]")).to_contain_text("示*丁")
        expect(page.locator("b[data-waiting]")).to_have_text("待上传 1 条")
        context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("b[data-waiting]")).to_have_text("待上传 0 条")
        context.close()
    watch.forgive("net::")
    assert watch.faults == []
    assert workshop.rows() == [(code, Way.CAMERA, True)]
