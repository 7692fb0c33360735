import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.base import db
from models.indicator import Indicator, Plan, Report, ReportState
from models.notification import Channel, Message
from models.organisation import Organisation, Type
from services import indicator as indicators
from services import upload as uploads
from services.access import Principal
from services.errors import Missing
from services.indicator import State, backing, owing, reporting, rights
from services.indicator.reasons import (
    AlreadyReported,
    BadFigure,
    BadInput,
    NoEvidence,
    NoNote,
    NotCorrectable,
    NotDecidable,
    NotOpen,
    SamePerson,
    Unidentified,
    WrongPeriod,
)
from services.indicator.reporting import Entry
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories, files
from tests.support.plan import document
from tests.support.staff import principal_of

if TYPE_CHECKING:
    from tests.support.application import Hand

NOW = dt.datetime(2024, 11, 23, 1, 30, tzinfo=dt.UTC)
DAY = dt.date(2024, 11, 23)


@dataclass
class Office:
    """The bureau that leads clause 5, another department, and their people."""

    plan: Plan
    hrss: Organisation
    reporter: Account
    reviewer: Account
    stranger: Account
    """Reports and reviews in another department."""
    aggregator: Account
    when: dt.datetime = NOW

    def by(self, account: Account) -> Principal:
        return principal_of(account)

    def stamp(self, account: Account) -> Stamp:
        return Stamp(self.when, account.code, account.id)

    def indicator(self, code: str) -> Indicator:
        return indicators.get_indicator(self.plan, code)

    def entered(self, code: str, year: int, quarter: int, figure: object, **inputs: object) -> Report:
        indicator = self.indicator(code)
        slot = owing.find_slot(indicator, self.plan, year, quarter)
        assert slot is not None
        entry = Entry(
            None if figure is None else Decimal(str(figure)),
            "办了两期班",
            {name: Decimal(str(value)) for name, value in inputs.items()},
        )
        with transaction():
            return reporting.enter(
                indicator, slot, entry, by=self.by(self.reporter), stamp=self.stamp(self.reporter)
            )

    def evidenced(self, report: Report) -> Report:
        who = self.stamp(self.reporter)
        with transaction():
            kept = uploads.receive(files.paper(), "名册.pdf", "evidence", self.reporter, stamp=who)
            reporting.attach(report, [kept], by=self.by(self.reporter), stamp=who)
        return report

    def submitted(self, code: str, year: int, quarter: int, figure: object, **inputs: object) -> Report:
        report = self.evidenced(self.entered(code, year, quarter, figure, **inputs))
        with transaction():
            reporting.submit(report, by=self.by(self.reporter), stamp=self.stamp(self.reporter))
        return report

    def accept(self, report: Report, by: Account | None = None) -> Report:
        who = by or self.reviewer
        with transaction():
            reporting.accept(report, by=self.by(who), stamp=self.stamp(who))
        return report

    def accepted(self, code: str, year: int, quarter: int, figure: object, **inputs: object) -> Report:
        return self.accept(self.submitted(code, year, quarter, figure, **inputs))

    def standing(self, code: str, day: dt.date = DAY) -> indicators.Standing:
        return indicators.standing(self.indicator(code), self.plan, day)


@pytest.fixture
def office(context: Flask, clock: "Hand") -> Office:
    clock.set(NOW)
    with transaction():
        indicators.load(document(), stamp=Stamp(NOW, "test"))
        hrss = factories.organisation("区人力社保局", Type.GOVERNMENT, department_code="hrss")
        other = factories.organisation("区科技局", Type.GOVERNMENT, department_code="sci")
        people = {}
        for name, unit, roles in (
            ("reporter", hrss, (Role.REPORTER,)),
            ("reviewer", hrss, (Role.LEAD_REVIEWER,)),
            ("stranger", other, (Role.REPORTER, Role.LEAD_REVIEWER)),
            ("aggregator", None, (Role.AGGREGATOR,)),
        ):
            people[name] = factories.account(factories.person())
            for role in roles:
                if unit is None:
                    factories.grant(people[name], role)
                else:
                    factories.grant(people[name], role, ScopeKind.ORGANISATION, unit.code)
    plan = indicators.get("yongchuan-2023")
    return Office(plan, hrss, **people)


def test_a_figure_counts_from_its_acceptance_and_not_before(office: Office) -> None:
    report = office.submitted("T05.trained", 2024, 1, 120)
    assert office.standing("T05.trained").value == 0
    office.accept(report)
    found = office.standing("T05.trained")
    assert (found.value, found.counted, found.reported) == (120, 0, 120)
    shares = backing.by_unit(found.indicator, indicators.period_of(found.indicator, office.plan, DAY))
    assert [(share.name, share.total) for share in shares] == [("区人力社保局", 120)]


def test_quarters_add_up_and_a_correction_replaces_one(office: Office) -> None:
    first = office.accepted("T05.trained", 2024, 1, 120)
    office.accepted("T05.trained", 2024, 2, 200)
    assert office.standing("T05.trained").value == 320
    with transaction():
        fix = reporting.correct(
            first,
            Entry(Decimal(100), "名册有重复"),
            by=office.by(office.reporter),
            stamp=office.stamp(office.reporter),
        )
    office.evidenced(fix)
    assert office.standing("T05.trained").value == 320
    with transaction():
        reporting.submit(fix, by=office.by(office.reporter), stamp=office.stamp(office.reporter))
    office.accept(fix)
    assert office.standing("T05.trained").value == 300
    assert (first.state, first.claim, first.figure) == (ReportState.REPLACED, None, 120)
    assert fix.claim is not None and not fix.claim.startswith("correction")
    assert (
        len([row for row in owing.due(office.plan, DAY, "hrss") if row.indicator.code == "T05.trained"]) == 5
    )


def test_only_an_accepted_report_is_corrected_and_by_one_correction_at_a_time(office: Office) -> None:
    def correct(of: Report) -> None:
        with transaction():
            reporting.correct(
                of,
                Entry(Decimal(1), "写错"),
                by=office.by(office.reporter),
                stamp=office.stamp(office.reporter),
            )

    with pytest.raises(NotCorrectable):
        correct(office.submitted("T05.trained", 2024, 1, 120))
    first = office.accepted("T05.trained", 2024, 2, 120)
    correct(first)
    with pytest.raises(NotCorrectable):
        correct(first)


def test_whoever_entered_or_submitted_does_not_accept_even_with_another_account(office: Office) -> None:
    report = office.submitted("T05.trained", 2024, 1, 120)
    with transaction():
        factories.grant(office.reporter, Role.AGGREGATOR)
        nobody = factories.account()
        factories.grant(nobody, Role.AGGREGATOR)
    with pytest.raises(SamePerson), transaction():
        reporting.accept(report, by=office.by(office.reporter), stamp=office.stamp(office.reporter))
    with pytest.raises(Unidentified), transaction():
        reporting.accept(report, by=office.by(nobody), stamp=office.stamp(nobody))
    office.accept(report, office.aggregator)
    assert report.state is ReportState.ACCEPTED


def test_another_departments_people_neither_report_nor_accept_nor_read(office: Office) -> None:
    report = office.submitted("T05.trained", 2024, 1, 120)
    who, stamp = office.by(office.stranger), office.stamp(office.stranger)
    for verb in (
        lambda: reporting.accept(report, by=who, stamp=stamp),
        lambda: reporting.send_back(report, "不对", by=who, stamp=stamp),
        lambda: reporting.submit(report, by=who, stamp=stamp),
        lambda: rights.get(who, report.code),
        lambda: rights.get_own(who, report.code),
        lambda: rights.get_decide(who, report.code),
    ):
        with pytest.raises(Missing):
            verb()
    slot = owing.find_slot(report.indicator, office.plan, 2024, 2)
    assert slot is not None
    with pytest.raises(Missing):
        reporting.enter(report.indicator, slot, Entry(Decimal(1), "x"), by=who, stamp=stamp)


def test_a_period_is_reported_once_and_only_when_it_is_over(office: Office) -> None:
    office.entered("T05.trained", 2024, 1, 1)
    with pytest.raises(AlreadyReported):
        office.entered("T05.trained", 2024, 1, 2)
    with pytest.raises(WrongPeriod):
        office.entered("T05.trained", 2024, 4, 2)


@pytest.mark.parametrize(
    ("code", "quarter", "figure", "inputs"),
    [
        ("T05.trained", 1, -1, {}),
        ("T05.trained", 1, "1.5", {}),
        ("T05.trained", 1, "1e12", {}),
        ("T05.trained", 1, "NaN", {}),
        ("T05.trained", 1, None, {}),
        ("T11.local_employment_rate", 0, "100.01", {}),
        ("T11.local_employment_rate", 0, "20.005", {}),
    ],
)
def test_a_figure_is_a_number_of_its_unit(
    office: Office, code: str, quarter: int, figure: object, inputs: dict[str, object]
) -> None:
    with transaction():
        factories.grant(office.reporter, Role.REPORTER)
    office.hrss.department_code = "hightech" if code.startswith("T11") else "hrss"
    db.session.commit()
    with pytest.raises(BadFigure):
        office.entered(code, 2023, quarter, figure, **inputs)


def test_without_evidence_only_nothing_is_reported(office: Office) -> None:
    report = office.entered("T05.trained", 2024, 1, 5)
    with pytest.raises(NoEvidence), transaction():
        reporting.submit(report, by=office.by(office.reporter), stamp=office.stamp(office.reporter))
    nothing = office.entered("T05.trained", 2024, 2, 0)
    with transaction():
        reporting.submit(nothing, by=office.by(office.reporter), stamp=office.stamp(office.reporter))
    assert nothing.state is ReportState.SUBMITTED


def test_sent_back_with_words_mended_and_handed_in_again(office: Office) -> None:
    report = office.submitted("T05.trained", 2024, 1, 120)
    who, stamp = office.by(office.reviewer), office.stamp(office.reviewer)
    with pytest.raises(NoNote), transaction():
        reporting.send_back(report, "  ", by=who, stamp=stamp)
    with transaction():
        reporting.send_back(report, "缺名册", by=who, stamp=stamp)
    assert (report.state, report.note) == (ReportState.RETURNED, "缺名册")
    with pytest.raises(NotDecidable), transaction():
        reporting.accept(report, by=who, stamp=stamp)
    own, mine = office.by(office.reporter), office.stamp(office.reporter)
    with transaction():
        reporting.edit(report, Entry(Decimal(118), "办了两期班"), by=own, stamp=mine)
        reporting.submit(report, by=own, stamp=mine)
    with pytest.raises(NotOpen), transaction():
        reporting.edit(report, Entry(Decimal(1), "x"), by=own, stamp=mine)
    office.accept(report)
    with pytest.raises(NotOpen), transaction():
        reporting.edit(report, Entry(Decimal(1), "x"), by=own, stamp=mine)
    assert office.standing("T05.trained").value == 118


def test_those_who_accept_and_those_who_reported_are_told(office: Office) -> None:
    report = office.submitted("T05.trained", 2024, 1, 120)
    office.accept(report)
    told = db.session.execute(
        sa.select(Message.kind, Message.account_id)
        .where(Message.channel == Channel.INBOX)
        .order_by(Message.id)
    ).all()
    assert [tuple(row) for row in told] == [
        ("report.submitted", office.reviewer.id),
        ("report.accepted", office.reporter.id),
    ]


def test_a_stock_is_the_latest_and_a_share_follows_from_stocks(office: Office) -> None:
    assert office.standing("G00.high_skilled_share").why_not is not None
    office.accepted("G00.skilled_total", 2023, 0, 180_000)
    office.accepted("G00.high_skilled_total", 2023, 0, 60_000)
    assert office.standing("G00.skilled_total").value == 180_000
    assert office.standing("G00.high_skilled_share").value == Decimal("33.33")
    assert office.standing("G00.skilled_share_employed").value is None
    share = office.accepted("G00.skilled_share_employed", 2023, 0, None, employed_population=550_000)
    assert share.figure == Decimal("32.73")
    found = office.standing("G00.skilled_share_employed")
    assert (found.value, found.state) == (Decimal("32.73"), State.DONE)
    office.when = dt.datetime(2025, 1, 5, tzinfo=dt.UTC)
    office.accepted("G00.skilled_total", 2024, 0, 200_500)
    later = dt.date(2025, 1, 5)
    assert office.standing("G00.skilled_total", later).value == 200_500
    assert office.standing("G00.skilled_total", later).state is State.DONE
    assert office.standing("G00.skilled_total").value == 180_000
    assert office.standing("G00.high_skilled_share", later).value == Decimal("29.93")
    history = indicators.history(office.indicator("G00.skilled_total"), office.plan, later)
    assert [year.value for year in history] == [180_000, 200_500, 200_500]


def test_a_denominator_of_zero_is_refused(office: Office) -> None:
    office.accepted("G00.skilled_total", 2023, 0, 180_000)
    with pytest.raises(BadInput):
        office.entered("G00.skilled_share_employed", 2023, 0, None, employed_population=0)
    with pytest.raises(BadInput):
        office.entered("G00.skilled_share_employed", 2023, 0, None)


def as_department(office: Office, code: str) -> None:
    with transaction():
        office.hrss.department_code = code


def test_the_least_of_units_says_how_many_reach_it(office: Office) -> None:
    as_department(office, "talent")
    with pytest.raises(BadInput):
        office.entered("T01.team_high_skilled_min", 2023, 0, 4, of=3, reaching=4)
    office.accepted("T01.team_high_skilled_min", 2023, 0, 4, of=5, reaching=3)
    found = office.standing("T01.team_high_skilled_min", dt.date(2023, 12, 31))
    assert found.value == 4
    assert str(found.detail) == "5 个中 3 个达到"


def test_a_trend_is_the_change_on_the_year_before(office: Office) -> None:
    as_department(office, "hightech")
    first = office.accepted("T11.local_employment_rate", 2023, 0, "41.5")
    code, end = "T11.local_employment_rate", dt.date(2023, 12, 31)
    assert office.standing(code, end).value is None
    assert office.standing(code, end).why_not is not None
    with transaction():
        fix = reporting.correct(
            first,
            Entry(Decimal("41.5"), "补上一年", {"previous": Decimal(40)}),
            by=office.by(office.reporter),
            stamp=office.stamp(office.reporter),
        )
    office.evidenced(fix)
    with transaction():
        reporting.submit(fix, by=office.by(office.reporter), stamp=office.stamp(office.reporter))
    office.accept(fix)
    assert office.standing(code, end).value == Decimal("1.5")
    office.when = dt.datetime(2025, 1, 5, tzinfo=dt.UTC)
    office.accepted(code, 2024, 0, "41")
    assert office.standing(code, dt.date(2024, 12, 31)).value == Decimal("-0.5")


def test_things_built_once_add_up_over_the_years_until_their_date(office: Office) -> None:
    code = "T08.brands"
    office.accepted(code, 2023, 0, 3)
    office.when = dt.datetime(2025, 11, 5, tzinfo=dt.UTC)
    office.accepted(code, 2024, 0, 4)
    last = office.accepted(code, 2025, 0, 2)
    assert last.as_of == dt.date(2025, 10, 31)
    found = office.standing(code, dt.date(2025, 11, 5))
    assert (found.value, found.state) == (9, State.OVERDUE)
    assert [
        year.value for year in indicators.history(found.indicator, office.plan, dt.date(2025, 11, 5))
    ] == [3, 7, 9]


def test_what_is_due_from_whom(office: Office) -> None:
    rows = owing.due(office.plan, DAY)
    assert {row.department for row in rows} == {"hrss", "talent", "hightech", "econ"}
    assert not [
        row for row in rows if row.indicator.code in ("T07.reserve_contestants", "G00.high_skilled_share")
    ]
    quarters = [row for row in rows if row.indicator.code == "T01.mfg_experts"]
    assert [(row.slot.year, row.slot.quarter) for row in quarters][-1] == (2024, 3)
    assert quarters[-1].slot.due_on == dt.date(2024, 10, 10)
    assert quarters[-1].days_late == 44
    assert [row.slot.due_on for row in rows if row.indicator.code == "T08.brands"] == [dt.date(2024, 1, 10)]
    assert owing.reporter_of(office.indicator("T14.rural_trained"), office.plan) == "hrss"
    before = len(owing.due(office.plan, DAY, "hrss"))
    office.submitted("T05.trained", 2024, 1, 120)
    assert len(owing.due(office.plan, DAY, "hrss")) == before - 1


def test_nothing_reported_and_something_due_is_unreported(office: Office) -> None:
    code = "T02.high_skilled"
    assert office.standing(code, dt.date(2023, 2, 1)).state is State.OPEN
    assert office.standing(code).state is State.UNREPORTED
    office.accepted(code, 2024, 1, 120)
    assert office.standing(code).state is State.FAR_BEHIND
    assert office.standing("T18.district_masters").state is State.WATCHED


def test_pace_and_forecast(office: Office) -> None:
    code = "T02.high_skilled"
    for quarter, figure in ((1, 130), (2, 140), (3, 120)):
        office.accepted(code, 2024, quarter, figure)
    found = office.standing(code)
    assert found.value == 390
    assert found.state is State.BEHIND
    assert found.forecast == int(Decimal(390) * 366 / 274)
    office.accepted("T05.trained", 2024, 1, 3000)
    assert office.standing("T05.trained").state is State.DONE


def test_a_jump_is_pointed_out_and_not_refused(office: Office) -> None:
    office.accepted("T05.trained", 2024, 1, 100)
    report = office.entered("T05.trained", 2024, 2, 900)
    slot = owing.find_slot(report.indicator, office.plan, 2024, 2)
    assert slot is not None
    previous = reporting.before(report, report.indicator, slot, office.hrss.id)
    assert reporting.unusual(report.figure, previous) is not None
    assert reporting.unusual(Decimal(120), previous) is None


def test_the_desk_says_what_waits(office: Office) -> None:
    rows = indicators.waiting(office.by(office.reporter))
    assert [str(row.what) for row in rows] == ["指标待填报"]
    assert rows[0].is_urgent
    assert not indicators.waiting(office.by(office.reviewer))
    report = office.submitted("T05.trained", 2024, 1, 100)
    assert [str(row.what) for row in indicators.waiting(office.by(office.reviewer))] == ["填报待审核"]
    with transaction():
        reporting.send_back(
            report, "缺名册", by=office.by(office.reviewer), stamp=office.stamp(office.reviewer)
        )
    assert str(indicators.waiting(office.by(office.reporter))[0].what) == "填报被退回"
    assert not indicators.waiting(office.by(office.reviewer))
    assert not indicators.waiting(Principal())
