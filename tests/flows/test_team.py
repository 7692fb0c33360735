"""A captain with a phone: the team is made, two come by the link, one is refused since they are in another team, all
are entered at once and accepted.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from models.account import Account
from models.activity import EntryMode, Kind
from models.base import db
from models.organisation import Organisation
from models.party import Role
from services import party as parties
from services.party import TeamEntry
from services.registration import Entry
from services.transaction import transaction
from tests.flows import walk
from tests.flows.conftest import Stage
from tests.support import factories as make
from tests.support.browser import PHONE, Browse

TEAM = "飞轮一队"


@pytest.fixture
def contest(stage: Stage) -> str:
    """An open contest for teams of three, with another team that 示例丁 is in. The code of its track."""
    for name, who in (("示例甲", "captain"), ("示例乙", "second"), ("示例丙", "third"), ("示例丁", "taken")):
        if who not in stage.phones:
            stage.enlist(who, name)
    with stage.site.app.app_context(), transaction():
        unit = db.session.query(Organisation).filter_by(name=stage.unit).one()
        activity = make.activity("机电一体化团体赛", Kind.COMPETITION, organiser=unit)
        track = make.track(
            activity,
            6,
            name="机电一体化 · 团体",
            mode=EntryMode.TEAM,
            team_least=3,
            team_most=3,
            substitutes_most=1,
        )
        other = make.account(make.person("示例戊"))
        party = parties.make_team(
            track, other.person, TeamEntry("另一队"), Entry(), by=other, stamp=make.stamp(other)
        )
        taken = db.session.query(Account).filter_by(display_name="示例丁").one()
        parties.join(party, taken.person, Entry(), Role.MEMBER, by=taken, stamp=make.stamp(taken))
        return track.code


def fill(page: Page) -> None:
    page.get_by_label("工作单位或学校").fill("示例职业学院")
    page.get_by_label("我保证所填内容真实").check()


def follow(stage: Stage, page: Page, who: str, link: str) -> None:
    """The link on a phone, the sign-in after it, then the questions."""
    page.goto(link)
    expect(page.get_by_role("heading", name=TEAM)).to_be_visible()
    expect(page.locator("main")).to_contain_text("机电一体化团体赛")
    stage.let_in(page, who)
    page.get_by_role("link", name="加入这支队").click()
    fill(page)
    page.get_by_label("队员", exact=True).check()
    page.locator("main").get_by_role("button", name="加入").click()


def test_a_team_gathers_on_phones_and_is_accepted(stage: Stage, browse: Browse, contest: str) -> None:
    captain = browse(PHONE)
    stage.sign_in(captain, "captain")
    captain.goto(f"{stage.base_url}/register/{contest}")
    expect(captain.get_by_role("heading", name="参赛队")).to_be_visible()
    walk.look(captain, "team-new")
    captain.get_by_label("队名").fill(TEAM)
    fill(captain)
    captain.locator("main").get_by_role("button", name="建队").click()
    expect(captain.locator("main")).to_contain_text("还差 2 人可提交")
    expect(captain.get_by_role("img", name="邀请二维码")).to_be_visible()
    invitation = captain.locator("#invite-text").inner_text()
    found = re.search(r"https?://\S+", invitation)
    assert found is not None
    link = found[0].replace("http://localhost", stage.base_url)
    walk.look(captain, "team-gathering")

    refused = browse(PHONE)
    refused.goto(link)
    walk.look(refused, "team-invitation")
    follow(stage, refused, "taken", link)
    expect(refused.locator("[data-error-summary]").first).to_contain_text("另一支队伍")
    for who in ("second", "third"):
        page = browse(PHONE)
        follow(stage, page, who, link)
        expect(page.get_by_role("heading", name=TEAM)).to_be_visible()
        expect(page.locator("main")).not_to_contain_text("换一条链接")

    captain.reload()
    expect(captain.locator("main")).to_contain_text("人数已够，可以提交")
    walk.look(captain, "team-ready")
    captain.get_by_role("link", name="提交全队报名").click()
    captain.get_by_label("队员均已知情并同意参赛").check()
    walk.look(captain, "team-send")
    captain.locator("main").get_by_role("button", name="提交全队报名").click()
    expect(captain.locator("main")).to_contain_text("正在审核")
    walk.look(captain, "team-sent")

    reviewer = browse()
    stage.let_in(reviewer, "reviewer")
    for name in ("示例甲", "示例乙", "示例丙"):
        walk.accept(stage, reviewer, name)
    captain.reload()
    expect(captain.locator("main")).to_contain_text("全队报名成功")
