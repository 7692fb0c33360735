"""The stories' stage: a running site with a plan and the few people and units that were there before."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from models.account import Account, Role, ScopeKind
from models.base import db
from models.organisation import Member, Organisation, Type
from models.vault import blind_index
from models.venue import Venue
from services.transaction import transaction
from tests.support import factories as make
from tests.support.site import Site
from tests.support.visitors import cookie_of


@dataclass(frozen=True)
class Stage:
    """A site, and the phones by which its people sign in."""

    site: Site
    phones: dict[str, str]
    unit: str
    lead: str

    @property
    def base_url(self) -> str:
        return self.site.base_url

    def enlist(self, who: str, name: str, *rights: tuple[Role, ScopeKind, str]) -> None:
        """One more who was there before. `rights`: roles with the scopes they are held in."""
        with self.site.app.app_context(), transaction():
            account = make.account(make.person(name))
            for role, kind, code in rights:
                make.grant(account, role, kind, code)
            self.phones[who] = account.phone or ""

    def code_sent_to(self, page: Page, phone: str) -> str:
        """The newest code that went out to a phone: read where the demonstration shows it."""
        other = page.context.new_page()
        for _attempt in range(40):
            other.goto(f"{self.base_url}/loopback")
            text = other.locator("main").inner_text()
            found = re.search(rf"{phone[-4:]}[\s\S]*?([0-9]{{6}})", text)
            if found:
                other.close()
                return found[1]
            other.wait_for_timeout(250)
        raise AssertionError(f"no code for {phone}")

    def sign_in(self, page: Page, who: str) -> None:
        """By phone and code, as anybody would."""
        phone = self.phones[who]
        page.goto(f"{self.base_url}/sign-in")
        page.locator("#contact").fill(phone)
        page.get_by_role("button", name="获取验证码").click()
        expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()
        page.locator("#code").fill(self.code_sent_to(page, phone))
        page.locator("main").get_by_role("button", name="登录").click()
        expect(page.locator(".topbar .who")).to_be_attached()

    def let_in(self, page: Page, who: str) -> None:
        """As they would be after signing in: stories with many people sign in by phone and code only once."""
        with self.site.app.app_context(), transaction():
            account = db.session.scalars(
                sa.select(Account).where(Account.phone_index == blind_index("phone", self.phones[who]))
            ).one()
            name, _equals, value = cookie_of(self.site.app, account).partition("=")
        page.context.add_cookies([{"name": name, "value": value, "url": self.base_url}])


@pytest.fixture(scope="module")
def stage(live_site: Callable[..., Site], paper_fonts: None) -> Stage:
    site = live_site(workers=2)
    for plan in ("yongchuan-2023", "demo-continuation"):
        done = site.app.test_cli_runner().invoke(args=["plan", "load", f"app/plans/{plan}.toml"])
        assert done.exit_code == 0, done.output
    with site.app.app_context(), transaction():
        lead = make.organisation("永川区人力资源和社会保障局", Type.GOVERNMENT, department_code="hrss")
        unit = make.organisation("区公共实训基地", Type.PUBLIC_INSTITUTION)
        db.session.add(
            Venue(name="智能制造实训中心", address="永川区实训路 1 号", organisation_id=unit.id, seats=40)
        )
        people = {
            "organiser": member(unit, Role.ORGANISER),
            "approver": member(lead, Role.ACTIVITY_APPROVER),
            "reviewer": member(unit, Role.REVIEWER),
            "security": make.account(make.person("示例安"), "示例安"),
        }
        make.grant(people["security"], Role.SECURITY_ADMIN)
        phones = {who: account.phone or "" for who, account in people.items()}
    return Stage(site, phones, "区公共实训基地", "永川区人力资源和社会保障局")


def member(of: Organisation, role: Role) -> Account:
    account = make.account(make.person())
    row = Member(
        organisation_id=of.id, account_id=account.id, joined_at=make.now(), claim=f"{of.id}:{account.id}"
    )
    db.session.add(row)
    make.grant(account, role, ScopeKind.ORGANISATION, of.code)
    return account
