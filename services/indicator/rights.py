"""Who reports, who accepts, who reads a report; and the loaders that hold to it."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from models.account import Account, Role, ScopeKind
from models.base import db, is_code
from models.indicator import Evidence, Indicator, Plan, Report, ReportState
from models.organisation import Organisation
from services.access import DISTRICT, Principal, Scope
from services.activity.change import holders
from services.errors import Missing
from services.indicator import backing
from services.indicator.owing import reporter_of
from services.stamp import Stamp

ENTER = frozenset({Role.REPORTER})
DECIDE = frozenset({Role.LEAD_REVIEWER, Role.AGGREGATOR})
READ = backing.CONCERNED
FINAL = frozenset({ReportState.ACCEPTED, ReportState.REPLACED})


def scopes_of(departments: Iterable[str]) -> list[Scope]:
    """The units that are these departments."""
    codes = db.session.scalars(
        sa.select(Organisation.code).where(
            Organisation.department_code.in_(list(departments)), Organisation.closed_at.is_(None)
        )
    )
    return [(ScopeKind.ORGANISATION, code) for code in codes]


def departments_of(principal: Principal, roles: Iterable[Role], plan: Plan) -> list[str] | None:
    """Codes of the plan's departments in whose units they hold one of the roles; None: in all of the district."""
    if principal.is_district_wide(roles):
        return None
    units = principal.scope_codes(roles, ScopeKind.ORGANISATION)
    known = db.session.scalars(
        sa.select(Organisation.department_code).where(
            Organisation.code.in_(units), Organisation.department_code.is_not(None)
        )
    )
    of_plan = {department.code for department in plan.departments}
    return sorted(code for code in known if code in of_plan)


def may_enter(principal: Principal, indicator: Indicator, plan: Plan) -> bool:
    return principal.may(ENTER) and principal.may(
        ENTER, scopes_of([reporter_of(indicator, plan)]) or [DISTRICT]
    )


def may_decide(principal: Principal, report: Report) -> bool:
    """Reviewers of a department that leads it, and whoever gathers for the district."""
    plan = report.indicator.plan
    return principal.may(
        [Role.LEAD_REVIEWER], scopes_of(report.indicator.lead) or [DISTRICT]
    ) or principal.may([Role.AGGREGATOR], scopes_of([plan.aggregator]) or [DISTRICT])


def require_enter(principal: Principal, indicator: Indicator, plan: Plan) -> None:
    if not may_enter(principal, indicator, plan):
        raise Missing


def require_decide(principal: Principal, report: Report) -> None:
    if not may_decide(principal, report):
        raise Missing


def get(principal: Principal, code: str) -> Report:
    """A report that they may read: their unit's, one they decide on, or an accepted one of an indicator they are
    concerned with. Raises Missing.
    """
    report = _find(code)
    if report is None:
        raise Missing
    indicator = report.indicator
    if may_enter(principal, indicator, indicator.plan):
        return report
    if may_decide(principal, report) and report.state is not ReportState.DRAFT:
        return report
    if report.state in FINAL and backing.may_open(principal, indicator, indicator.plan):
        return report
    raise Missing


def get_own(principal: Principal, code: str) -> Report:
    """A report of their unit."""
    report = _find(code)
    if report is None or not may_enter(principal, report.indicator, report.indicator.plan):
        raise Missing
    return report


def get_decide(principal: Principal, code: str) -> Report:
    """A report that they accept or send back."""
    report = _find(code)
    if report is None or report.state is ReportState.DRAFT or not may_decide(principal, report):
        raise Missing
    return report


def get_evidence(report: Report, code: str) -> Evidence:
    """A file of this very report."""
    for row in report.evidence:
        if row.code == code:
            return row
    raise Missing


def reviewers(report: Report, *, stamp: Stamp) -> list[Account]:
    """Whom to tell that it waits: reviewers of the lead departments; where there are none, whoever gathers."""
    own = holders(Role.LEAD_REVIEWER, scopes_of(report.indicator.lead) or [DISTRICT], stamp=stamp)
    if own:
        return own
    gathering = [*scopes_of([report.indicator.plan.aggregator]), DISTRICT]
    return holders(Role.AGGREGATOR, gathering, stamp=stamp)


def to_decide(principal: Principal, plan: Plan) -> Sequence[Report]:
    """Reports handed in that wait for them, the oldest first."""
    if not principal.may(DECIDE):
        return []
    rows = db.session.scalars(
        sa.select(Report)
        .join(Report.indicator)
        .where(Indicator.plan_id == plan.id, Report.state == ReportState.SUBMITTED)
        .options(joinedload(Report.indicator), joinedload(Report.organisation))
        .order_by(Report.submitted_at, Report.id)
    ).all()
    leads = departments_of(principal, [Role.LEAD_REVIEWER], plan)
    gathers = departments_of(principal, [Role.AGGREGATOR], plan)
    if leads is None or gathers is None or plan.aggregator in gathers:
        return rows
    return [row for row in rows if set(leads) & set(row.indicator.lead)]


def handed_in(principal: Principal, plan: Plan, limit: int = 15) -> Sequence[Report]:
    """What their unit handed in lately, and how it stands."""
    departments = departments_of(principal, ENTER, plan)
    query = (
        sa.select(Report)
        .join(Report.indicator)
        .join(Report.organisation)
        .where(Indicator.plan_id == plan.id, Report.submitted_at.is_not(None))
        .options(joinedload(Report.indicator), joinedload(Report.organisation))
        .order_by(Report.submitted_at.desc(), Report.id.desc())
        .limit(limit)
    )
    if departments is not None:
        query = query.where(Organisation.department_code.in_(departments))
    return db.session.scalars(query).all()


def corrections(principal: Principal, plan: Plan) -> Sequence[Report]:
    """Corrections of their unit that are not handed in."""
    departments = departments_of(principal, ENTER, plan)
    query = (
        sa.select(Report)
        .join(Report.indicator)
        .join(Report.organisation)
        .where(
            Indicator.plan_id == plan.id,
            Report.corrects_id.is_not(None),
            Report.state.in_([ReportState.DRAFT, ReportState.RETURNED]),
        )
        .options(joinedload(Report.indicator))
        .order_by(Report.id)
    )
    if departments is not None:
        query = query.where(Organisation.department_code.in_(departments))
    return db.session.scalars(query).all()


def history(principal: Principal, report: Report) -> list[Report]:
    """Every report of the same indicator, unit and period that they may see, the newest first."""
    own = may_enter(principal, report.indicator, report.indicator.plan)
    decides = may_decide(principal, report)
    return [
        row
        for row in db.session.scalars(
            sa.select(Report)
            .where(
                Report.indicator_id == report.indicator_id,
                Report.organisation_id == report.organisation_id,
                Report.year == report.year,
                Report.quarter == report.quarter,
            )
            .order_by(Report.id.desc())
        )
        if own or row.state in FINAL or (decides and row.state is not ReportState.DRAFT)
    ]


def _find(code: str) -> Report | None:
    if not is_code(code):
        return None
    return db.session.scalars(
        sa.select(Report)
        .where(Report.code == code)
        .options(
            joinedload(Report.indicator).joinedload(Indicator.plan),
            joinedload(Report.organisation),
            selectinload(Report.evidence).joinedload(Evidence.upload),
        )
    ).one_or_none()
