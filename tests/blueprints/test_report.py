"""The doors of reports, and the pages of targets with figures on them."""

import datetime as dt
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.activity import Kind
from models.base import db
from models.indicator import Outcome, Report, ReportState
from models.organisation import Type
from services import indicator as indicators
from services import participation as participations
from services.participation import Fact
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories, files
from tests.support.doors import Client
from tests.support.plan import document

if TYPE_CHECKING:
    from tests.support.application import Hand

NOW = dt.datetime(2024, 11, 23, 1, 30, tzinfo=dt.UTC)
STAMP = Stamp(NOW, "test")
NEW = "/desk/report/new?indicator=T05.trained&year=2024&quarter=1"


@dataclass
class Office:
    app: Flask
    reporter: Account
    reviewer: Account
    stranger: Account

    def client(self, account: Account | None = None) -> Client:
        return Client(self.app, account)

    def entered(self, figure: str = "120") -> str:
        answer = self.client(self.reporter).post(NEW, figure=figure, work="办班两期", files=paper())
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return str(answer.location)

    def accepted(self) -> str:
        path = self.entered()
        self.client(self.reporter).post(path + "/submit", path)
        assert self.accept(path).status_code == 303
        return path

    def accept(self, path: str, version: str = "") -> Any:
        """As it stands on the page, or as it was seen before."""
        client = self.client(self.reviewer)
        return client.post(path + "/accept", path, version=version or seen(client, path))


def seen(client: Client, path: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', text(client, path))
    assert found is not None
    return found.group(1)


def paper(name: str = "名册.pdf") -> Any:
    return (io.BytesIO(files.paper()), name)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.get_data(as_text=True))


@pytest.fixture
def office(context: Flask, clock: "Hand") -> Office:
    clock.set(NOW)
    with transaction():
        indicators.load(document(), stamp=STAMP)
        hrss = factories.organisation("区人力社保局", Type.GOVERNMENT, department_code="hrss")
        sci = factories.organisation("区科技局", Type.GOVERNMENT, department_code="sci")
        people = []
        for unit, role in ((hrss, Role.REPORTER), (hrss, Role.LEAD_REVIEWER), (sci, Role.REPORTER)):
            people.append(factories.account(factories.person()))
            factories.grant(people[-1], role, ScopeKind.ORGANISATION, unit.code)
    return Office(context, *people)


def test_a_figure_goes_from_entry_to_the_public_page(office: Office) -> None:
    assert ">1,320<" not in text(office.client(), "/indicator")
    path = office.entered("１，320")
    own = text(office.client(office.reporter), path)
    assert "1,320" in own
    assert "名册.pdf" in own
    assert office.client(office.reviewer).get(path).status_code == 404  # a draft is nobody else's
    assert office.client(office.reporter).post(path + "/submit", path).status_code == 303
    assert "等我审核" in text(office.client(office.reviewer), "/desk/report")
    assert office.accept(path).status_code == 303
    page = text(office.client(), "/indicator")
    assert "1,320" in page
    shown = text(office.client(), "/indicator/T05.trained")
    assert "其中系统归集 0，部门填报 1,320" in shown
    assert "名册.pdf" not in shown


def test_a_figure_that_was_changed_since_it_was_seen_is_not_accepted(office: Office) -> None:
    path = office.entered("120")
    reporter, reviewer = office.client(office.reporter), office.client(office.reviewer)
    reporter.post(path + "/submit", path)
    version = seen(reviewer, path)
    reviewer.post(path + "/return", path, note="请核对")
    reporter.post(path + "/edit", figure="1200", work="办班两期")
    reporter.post(path + "/submit", path)
    for said in (version, "0", "x"):
        assert office.accept(path, said).status_code == 409
    assert db.session.scalars(sa.select(Report.state)).one() is ReportState.SUBMITTED
    assert office.accept(path).status_code == 303


def test_the_desk_lists_what_is_due_overdue_first_and_what_came_back(office: Office) -> None:
    page = text(office.client(office.reporter), "/desk/report")
    assert "已逾期" in page
    assert "indicator=T05.trained" in page
    path = office.entered()
    office.client(office.reporter).post(path + "/submit", path)
    assert "T05.trained&amp;year=2024&amp;quarter=1" not in text(
        office.client(office.reporter), "/desk/report"
    )
    answer = office.client(office.reviewer).post(path + "/return", path, note="缺花名册")
    assert answer.status_code == 303
    assert "缺花名册" in text(office.client(office.reporter), "/desk/report")
    assert "缺花名册" in text(office.client(office.reporter), path)


def test_a_report_without_evidence_is_refused_with_what_to_do(office: Office) -> None:
    answer = office.client(office.reporter).post(NEW, figure="5", work="办班")
    path = answer.location
    refused = office.client(office.reporter).post(path + "/submit", path)
    assert refused.status_code == 409
    assert "请先添加佐证材料" in refused.get_data(as_text=True)
    added = office.client(office.reporter).post(path + "/evidence", path, files=paper())
    assert added.status_code == 303
    assert office.client(office.reporter).post(path + "/submit", path).status_code == 303


@pytest.mark.parametrize("figure", ["", "-3", "abc", "1.234", "9" * 13])
def test_a_figure_that_is_none_stays_in_the_form(office: Office, figure: str) -> None:
    answer = office.client(office.reporter).post(NEW, figure=figure, work="办班")
    assert answer.status_code == 422
    assert "办班" in answer.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0


def test_half_a_person_and_a_program_are_refused_by_the_rules(office: Office) -> None:
    assert office.client(office.reporter).post(NEW, figure="1.5", work="办班").status_code == 409
    answer = office.client(office.reporter).post(
        NEW, figure="5", work="办班", files=(io.BytesIO(b"MZ\x90\x00" * 50), "名册.pdf")
    )
    assert answer.status_code == 409
    assert "不支持这种文件" in answer.get_data(as_text=True)


def test_the_form_shows_what_the_platform_counted_already(office: Office) -> None:
    trained()
    page = text(office.client(office.reporter), NEW)
    assert "平台已归集 1 人，不用再填" in page


def test_evidence_is_downloaded_by_those_allowed_and_by_nobody_else(office: Office) -> None:
    path = office.accepted()
    report = db.session.scalars(sa.select(Report)).one()
    file = f"{path}/evidence/{report.evidence[0].code}"
    answer = office.client(office.reviewer).get(file)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for account in (office.stranger,):
        assert office.client(account).get(file).status_code == 404
        assert office.client(account).get(path).status_code == 404
        assert office.client(account).get(path + "/edit").status_code == 404
        assert office.client(account).get(NEW).status_code == 404
    assert office.client().get(file).status_code == 302


def test_an_accepted_figure_is_corrected_and_never_edited(office: Office) -> None:
    path = office.accepted()
    refused = office.client(office.reporter).post(path + "/edit", figure="1", work="x")
    assert refused.status_code == 409
    made = office.client(office.reporter).post(
        path + "/correct", figure="118", work="名册重复两人", files=paper()
    )
    assert made.status_code == 303
    fix = made.location
    office.client(office.reporter).post(fix + "/submit", fix)
    assert office.accept(fix).status_code == 303
    old, new = db.session.scalars(sa.select(Report).order_by(Report.id))
    assert (old.state, old.figure) == (ReportState.REPLACED, 120)
    assert (new.state, new.figure) == (ReportState.ACCEPTED, 118)
    assert "已被更正" in text(office.client(office.reporter), path)


def test_evidence_may_be_taken_away_until_it_is_handed_in(office: Office) -> None:
    path = office.entered()
    report = db.session.scalars(sa.select(Report)).one()
    remove = f"{path}/evidence/{report.evidence[0].code}/remove"
    assert office.client(office.reporter).post(remove, path).status_code == 303
    assert "还没有佐证材料" in text(office.client(office.reporter), path)


def trained(name: str = "张小三") -> None:
    with transaction():
        activity = factories.activity("数控铣工培训班", Kind.TRAINING_CLASS)
        activity.tags = ["public_base"]
        db.session.flush()
        fact = Fact(
            "line:a",
            Outcome.COMPLETED,
            dt.date(2024, 3, 5),
            activity=activity,
            person=factories.person(name),
            detail="32 学时",
        )
        participations.record(fact, stamp=STAMP)


def test_everybody_sees_the_activities_and_those_who_answer_for_it_masked_people(office: Office) -> None:
    trained()
    public = text(office.client(), "/indicator/T05.trained")
    assert "数控铣工培训班" in public
    assert "张" not in public.split("<main")[1].split("</main")[0]
    own = text(office.client(office.reviewer), "/indicator/T05.trained")
    assert "张*三" in own
    assert "张小三" not in own
    assert "32 学时" in own
    assert "张*三" not in text(office.client(office.stranger), "/indicator/T05.trained")


def test_a_reversed_fact_stays_to_be_seen_with_its_reason(office: Office) -> None:
    trained()
    with transaction():
        fact = participations.find_standing("line:a")
        assert fact is not None
        participations.reverse(fact, "名册更正", stamp=STAMP)
    page = text(office.client(office.reviewer), "/indicator/T05.trained")
    assert "已冲销" in page
    assert "名册更正" in page
    assert "数控铣工培训班" not in text(office.client(), "/indicator/T05.trained")


def test_states_departments_and_years_narrow_the_list(office: Office) -> None:
    trained()
    office.accepted()
    everything = text(office.client(), "/indicator")
    assert "略滞后" in everything
    few = text(office.client(), "/indicator?state=far_behind")
    assert "T05.trained" in few
    assert "T07.reserve_contestants" in few
    assert "T01.mfg_experts" not in few
    assert "T01.mfg_experts" in text(office.client(), "/indicator?state=unreported")
    assert "T05.trained" not in text(office.client(), "/indicator?department=talent")
    assert "T05.trained" in text(office.client(), "/indicator?year=2023")
    assert "9,000" in text(office.client(), "/indicator?span=whole")


def test_the_cached_public_page_follows_a_fact(office: Office) -> None:
    public = office.client()
    assert "还没有计入的活动" in text(public, "/indicator/T05.trained")
    trained()
    assert "数控铣工培训班" in text(public, "/indicator/T05.trained")
