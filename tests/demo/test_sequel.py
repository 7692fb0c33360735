"""What follows the activities of the demonstration: facts, certificates, the reserve and figures that agree."""

import json
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from app.demo import cast
from models.account import Account, Role
from models.activity import Activity
from models.attendance import Attendance
from models.base import db
from models.certificate import Certificate, ChangeRequest, Kind
from models.certificate import State as Paper
from models.indicator import CountRule, Evidence, Indicator, Outcome, Period, Report, ReportState, Source
from models.outcome import Award, Line, Sheet
from models.outcome import State as SheetState
from models.participation import Participation
from models.person import SkillLevel
from models.pipeline import ReserveEntry
from models.pipeline import State as Reserved
from models.registration import Registration, State
from services import attendance as attendances
from services import certificate as certificates
from services import indicator as indicators
from services import outcome as outcomes
from services import participation as participations
from services import pipeline as pipelines
from services.access import Principal, Right
from services.indicator import State as Standing
from services.indicator import counting, rights
from services.indicator.waiting import due_of
from services.stamp import local_moment
from tests.demo.conftest import ANCHOR

pytestmark = pytest.mark.timeout(600)

MIDNIGHT = local_moment(ANCHOR)
YEAR = ANCHOR.year


def account_of(role: Role) -> Account:
    """The one that the sign-in page offers."""
    name = next(row.name for row in cast.listed() if row.role is role)
    return db.session.scalars(sa.select(Account).where(Account.display_name == name)).first()  # type: ignore[return-value]


def principal_of(role: Role) -> Principal:
    account = account_of(role)
    held = (Right(g.role, (g.scope_kind, g.scope_code)) for g in account.grants if g.is_in_force(MIDNIGHT))
    return Principal(
        account.id, account.code, account.person_id, frozenset(held), MIDNIGHT, second_factor=True
    )


def test_every_automatic_and_mixed_indicator_has_facts_in_three_years(demo: Flask) -> None:
    plans = indicators.list_plans()
    codes = [row.code for row in plans[0].indicators if row.feed is not Source.MANUAL]
    assert len(codes) > 12
    for code in codes:
        years: Counter[int] = Counter()
        for plan in plans:
            row = indicators.get_indicator(plan, code)
            years.update(counting.by_year(row, counting.whole(row, plan)))
        assert all(years[YEAR - back] for back in range(3)), (code, years)


def test_the_reserve_is_the_same_figure_everywhere(demo: Flask) -> None:
    plan = indicators.current_plan(ANCHOR)
    assert plan is not None
    row = indicators.get_indicator(plan, "T07.reserve_contestants")
    standing = indicators.standing(row, plan, ANCHOR)
    entries = db.session.scalars(
        sa.select(ReserveEntry).where(ReserveEntry.year == YEAR, ReserveEntry.state == Reserved.CONFIRMED)
    )
    stands = sum(participations.is_standing(entry.fact) for entry in entries)
    assert standing.value == pipelines.in_reserve(YEAR) == stands == 812
    assert sum(sum(tiers) for _skill, tiers in pipelines.by_skill_and_tier(YEAR)) == 812
    assert 30 <= pipelines.count_candidates(YEAR) <= 110
    assert all(pipelines.in_reserve(year) > 100 for year in (YEAR - 1, YEAR - 2))


def test_some_were_declined_one_left_and_one_fell(demo: Flask) -> None:
    entries = db.session.scalars(sa.select(ReserveEntry).where(ReserveEntry.year == YEAR)).all()
    states = Counter(entry.state for entry in entries)
    assert states[Reserved.DECLINED] >= 2
    assert states[Reserved.EXITED] == 1
    fell = [e for e in entries if e.state is Reserved.CONFIRMED and not participations.is_standing(e.fact)]
    assert len(fell) == 1


def test_each_figure_is_what_is_counted_and_what_was_accepted(demo: Flask) -> None:
    plan = indicators.current_plan(ANCHOR)
    assert plan is not None
    for standing in indicators.progress(plan, ANCHOR):
        indicator = standing.indicator
        if indicator.count_rule not in counting.FLOWS or standing.value is None:
            continue
        if indicator.period is Period.ANNUAL:
            accepted = db.session.scalars(
                sa.select(Report.figure).where(
                    Report.indicator_id == indicator.id,
                    Report.year == YEAR,
                    Report.state == ReportState.ACCEPTED,
                )
            )
            assert standing.value == standing.counted + sum(accepted)
        if indicator.count_rule is CountRule.DISTINCT_PERSON_YEAR and counting.is_counted(indicator):
            assert standing.counted == recounted(indicator)


def recounted(indicator: Indicator) -> int:
    """The persons of the year, one by one."""
    facts = db.session.scalars(
        sa.select(Participation).where(
            Participation.outcome == indicator.outcome,
            participations.stands(),
            sa.extract("year", Participation.day) == YEAR,
        )
    )
    found = set()
    for fact in facts:
        if indicator.activity_kinds and fact.kind not in indicator.activity_kinds:
            continue
        if indicator.tags_any and fact.tags.isdisjoint(indicator.tags_any):
            continue
        if indicator.participant_categories and fact.category not in indicator.participant_categories:
            continue
        if indicator.needs and indicator.needs not in fact.needs:
            continue
        least = indicator.min_skill_level
        if least is not None and (
            fact.skill_level is None or fact.skill_level.order < SkillLevel(least).order
        ):
            continue
        found.add(fact.person_id)
    return len(found)


def test_the_targets_show_every_state(demo: Flask) -> None:
    plan = indicators.current_plan(ANCHOR)
    assert plan is not None
    found = indicators.count_states(indicators.progress(plan, ANCHOR))
    for state in (
        Standing.DONE,
        Standing.ON_PACE,
        Standing.BEHIND,
        Standing.FAR_BEHIND,
        Standing.UNREPORTED,
    ):
        assert found[state] >= 1, found
    trained = indicators.standing(indicators.get_indicator(plan, "T05.trained"), plan, ANCHOR)
    assert trained.state is Standing.DONE
    assert 3200 <= trained.value <= 3350  # type: ignore[operator]


def test_reports_are_accepted_waiting_returned_and_late(demo: Flask) -> None:
    states = Counter(db.session.scalars(sa.select(Report.state)))
    assert states[ReportState.ACCEPTED] > 150
    assert states[ReportState.SUBMITTED] >= 3
    assert states[ReportState.RETURNED] >= 1
    plan = indicators.current_plan(ANCHOR)
    assert plan is not None
    assert any(row.days_late for row in indicators.due(plan, ANCHOR))
    without = sa.select(Report).where(~sa.exists().where(Evidence.report_id == Report.id))
    assert db.session.scalars(without).all() == []


def test_certificates_say_what_was_reached(demo: Flask) -> None:
    rows = db.session.scalars(sa.select(Certificate)).all()
    states = Counter(row.state for row in rows)
    assert 450 <= len(rows) <= 560
    assert {row.kind for row in rows} >= {Kind.AWARD, Kind.COMPLETION}
    assert states[Paper.REVOKED] >= 1
    assert states[Paper.REISSUED] == 1
    assert states[Paper.QUEUED] == 0
    assert (
        db.session.scalar(sa.select(sa.func.count(ChangeRequest.id)).where(ChangeRequest.claim.is_not(None)))
        == 1
    )
    for row in rows[::40]:
        assert certificates.is_genuine(row)
        assert row.person is not None
        assert certificates.facts(row).name == row.person.name
        assert json.loads(row.facts)
    live = {row.subject for row in rows if row.is_live}
    lines = db.session.scalars(
        sa.select(Line).join(Line.sheet).where(Sheet.state == SheetState.CONFIRMED)
    ).all()
    assert live <= {f"line:{line.code}" for line in lines}


def test_everybody_who_has_a_result_was_there(demo: Flask) -> None:
    there = set(db.session.scalars(sa.select(Attendance.registration_id)))
    won = set(db.session.scalars(sa.select(Line.registration_id).where(Line.award.is_not(None))))
    assert won
    assert won <= there


def test_every_role_finds_work(demo: Flask) -> None:
    organiser, officer = principal_of(Role.ORGANISER), principal_of(Role.CERTIFICATE_OFFICER)
    assert outcomes.to_enter(organiser)
    assert outcomes.to_confirm(organiser)
    assert outcomes.uncertified(officer)
    assert outcomes.to_confirm(principal_of(Role.CHIEF_JUDGE))
    assert outcomes.to_confirm(principal_of(Role.SUPERVISOR))
    plan = indicators.current_plan(ANCHOR)
    assert plan is not None
    assert rights.to_decide(principal_of(Role.AGGREGATOR), plan)
    assert rights.to_decide(principal_of(Role.LEAD_REVIEWER), plan)
    assert any(row.days_late for row in due_of(principal_of(Role.REPORTER), plan, ANCHOR))
    today = [row for row in db.session.scalars(sa.select(Activity)) if row.starts_at < MIDNIGHT < row.ends_at]
    helper = principal_of(Role.CHECKIN_HELPER)
    assert any(helper.may([Role.CHECKIN_HELPER], row.scopes) for row in today)
    assert any(attendances.present_codes(row) for row in today)


def test_the_contestant_has_a_pass_two_certificates_and_an_award(demo: Flask) -> None:
    person_id = account_of(Role.CONTESTANT).person_id
    assert len(certificates.of_person(person_id)) >= 2
    lines = db.session.scalars(
        sa.select(Line).join(Line.registration).where(Registration.person_id == person_id)
    ).all()
    assert any(line.award is Award.FIRST_PRIZE and line.rank == 1 for line in lines)
    coming = db.session.scalars(
        sa.select(Registration)
        .join(Registration.activity)
        .where(
            Registration.person_id == person_id,
            Registration.state == State.ACCEPTED,
            Activity.starts_at > MIDNIGHT,
        )
    ).all()
    assert coming
    entry = db.session.scalars(sa.select(ReserveEntry).where(ReserveEntry.person_id == person_id)).one()
    assert participations.is_standing(entry.fact)


def test_nobody_confirmed_what_they_entered(demo: Flask) -> None:
    for sheet in db.session.scalars(sa.select(Sheet).where(Sheet.state == SheetState.CONFIRMED)):
        assert sheet.entered_by is not None
        assert sheet.confirmed_by is not None
        assert sheet.entered_by.person_id != sheet.confirmed_by.person_id
    for report in db.session.scalars(sa.select(Report).where(Report.state == ReportState.ACCEPTED)):
        assert report.decided_by is not None
        assert report.entered_by.person_id != report.decided_by.person_id


def test_units_and_kinds_of_facts_are_many(demo: Flask) -> None:
    outcomes_reached = set(db.session.scalars(sa.select(Participation.outcome)))
    assert outcomes_reached == set(Outcome) - {Outcome.HIRED}
    assert len(set(db.session.scalars(sa.select(Participation.organisation_id)))) >= 10
