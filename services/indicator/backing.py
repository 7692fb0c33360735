"""What stands behind a figure: units, activities, facts with masked people. The parts add up to the figure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from models.account import Role, ScopeKind
from models.activity import Activity
from models.base import db
from models.certificate import Certificate
from models.indicator import CountRule, Indicator, Plan, Report, ReportState, Source
from models.organisation import Organisation
from models.participation import Participation
from models.person import Person
from services.access import DISTRICT, Principal
from services.indicator import counting
from services.indicator.counting import FLOWS, Span
from services.person.names import mask_name

PAGE = 50

CONCERNED = frozenset({Role.LEAD_REVIEWER, Role.REPORTER, Role.AGGREGATOR, Role.AUDITOR, Role.EXPERT})
"""Who sees the people behind a figure, in a department that leads or shares it, or for the whole district."""


@dataclass(frozen=True, slots=True)
class UnitShare:
    """What a unit did of a figure: by the platform's facts, by its own accepted reports."""

    name: str
    counted: int
    reported: Decimal

    @property
    def total(self) -> Decimal:
        return self.reported + self.counted


@dataclass(frozen=True, slots=True)
class ActivityShare:
    """What an activity brought to a figure. `again`: people who were counted with an earlier one of the year."""

    title: str
    code: str
    is_public: bool
    day: dt.date
    count: int
    again: int


@dataclass(frozen=True, slots=True)
class FactLine:
    day: dt.date
    activity: str
    activity_code: str
    """Empty where no public page shows it."""
    unit: str
    name: str
    """Masked; empty where nobody is named."""
    heads: int
    detail: str
    counts: int
    """How much of the figure it is; 0: the person was counted with an earlier fact of the year."""
    fallen: str | None
    """Why it was reversed; None while it stands."""
    is_outside: bool
    certificate: str
    """Number of the live certificate, if there is one."""
    token: str


@dataclass(frozen=True, slots=True)
class FactPage:
    rows: Sequence[FactLine]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def may_open(principal: Principal, indicator: Indicator, plan: Plan) -> bool:
    """Whether they see the people behind it."""
    if not principal.may(CONCERNED):
        return False
    if principal.may(CONCERNED, [DISTRICT]):
        return True
    units = db.session.execute(
        sa.select(Organisation.code, Organisation.department_code).where(
            Organisation.department_code.in_({*indicator.lead, *indicator.responsible, plan.aggregator})
        )
    ).all()
    of_it = [
        (ScopeKind.ORGANISATION, code)
        for code, department in units
        if department and indicator.concerns(department)
    ]
    gathers = [(ScopeKind.ORGANISATION, code) for code, department in units if department == plan.aggregator]
    return bool(of_it and principal.may(CONCERNED, of_it)) or bool(
        gathers and principal.may([Role.AGGREGATOR], gathers)
    )


def by_unit(indicator: Indicator, span: Span) -> list[UnitShare]:
    """Whatever unit did some of it, the one with the most first."""
    counted: dict[int | None, int] = {}
    told: dict[int | None, Decimal] = {}
    if counting.is_counted(indicator) and not span.is_empty:
        weighed = counting.weighed(indicator, span)
        query = (
            sa.select(Participation.organisation_id, sa.func.sum(weighed.c.weight))
            .join(weighed, weighed.c.fact_id == Participation.id)
            .group_by(Participation.organisation_id)
        )
        counted = {row[0]: int(row[1]) for row in db.session.execute(query)}
    if indicator.feed is not Source.AUTO and indicator.count_rule in FLOWS:
        rows = db.session.execute(
            sa.select(Report.organisation_id, sa.func.sum(Report.figure))
            .where(
                Report.indicator_id == indicator.id,
                Report.state == ReportState.ACCEPTED,
                Report.as_of.between(span.first, span.last),
            )
            .group_by(Report.organisation_id)
        )
        told = {row[0]: row[1] for row in rows}
    names = _names({*counted, *told})
    shares = [
        UnitShare(names.get(key, ""), counted.get(key, 0), told.get(key, Decimal(0)))
        for key in {*counted, *told}
    ]
    return sorted((row for row in shares if row.total), key=lambda row: (-row.total, row.name))


def by_activity(indicator: Indicator, span: Span) -> list[ActivityShare]:
    """Every activity that brought some of it, the newest first; what no activity brought is one line at the end."""
    if not counting.is_counted(indicator) or span.is_empty:
        return []
    weighed = counting.weighed(indicator, span)
    again = sa.func.sum(sa.case((weighed.c.weight == 0, 1), else_=0))
    found = {
        row[0]: (int(row[1]), int(row[2]), row[3])
        for row in db.session.execute(
            sa.select(
                Participation.activity_id,
                sa.func.sum(weighed.c.weight),
                again,
                sa.func.max(Participation.day),
            )
            .join(weighed, weighed.c.fact_id == Participation.id)
            .group_by(Participation.activity_id)
        )
    }
    activities = {
        row.id: row
        for row in db.session.scalars(
            sa.select(Activity).where(Activity.id.in_([key for key in found if key is not None]))
        )
    }
    shares = []
    for key, (count, double, day) in found.items():
        row = activities.get(key) if key is not None else None
        shown = row if row is not None and row.is_public else None
        shares.append(
            ActivityShare(
                shown.title if shown else "",
                shown.code if shown else "",
                shown is not None,
                day,
                count,
                double,
            )
        )
    return sorted(shares, key=lambda share: (share.is_public, share.day, share.count), reverse=True)


def facts(indicator: Indicator, span: Span, page: int = 1) -> FactPage:
    """The facts themselves, the newest first; also those that fell, those from outside, and those that count no more
    since the person was counted already.
    """
    if not counting.is_counted(indicator) or span.is_empty:
        return FactPage((), 0, 1)
    weighed, reversal = counting.weighed(indicator, span), aliased(Participation)
    conditions = [*counting.matching(indicator), Participation.day.between(span.first, span.last)]
    base: sa.Select[Any] = (
        sa.select(Participation)
        .outerjoin(Person, Person.id == Participation.person_id)
        .outerjoin(weighed, weighed.c.fact_id == Participation.id)
        .outerjoin(reversal, reversal.reverses_id == Participation.id)
        .where(*conditions)
    )
    counted = base.with_only_columns(Participation.id).order_by(None).subquery()
    total = db.session.scalar(sa.select(sa.func.count()).select_from(counted)) or 0
    page = max(1, min(page, -(-total // PAGE) or 1))
    rows = db.session.execute(
        base.add_columns(weighed.c.weight, reversal.id, reversal.reason)
        .options(
            joinedload(Participation.person),
            joinedload(Participation.organisation),
            joinedload(Participation.activity),
        )
        .order_by(Participation.day.desc(), Participation.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    papers = _certificates([row[0].registration_id for row in rows if row[0].registration_id])
    return FactPage([_line(row, papers) for row in rows], total, page)


def _line(row: Any, papers: dict[int, tuple[str, str]]) -> FactLine:
    fact, weight, reversal, reason = row
    activity = fact.activity
    number, token = papers.get(fact.registration_id or 0, ("", ""))
    return FactLine(
        day=fact.day,
        activity=activity.title if activity else fact.skill,
        activity_code=activity.code if activity and activity.is_public else "",
        unit=fact.organisation.label if fact.organisation else "",
        name=mask_name(fact.person.name) if fact.person else "",
        heads=fact.heads,
        detail=fact.detail,
        counts=int(weight or 0),
        fallen=None if reversal is None else reason or "",
        is_outside=fact.is_outside,
        certificate=number,
        token=token,
    )


def reports(indicator: Indicator, span: Span) -> Sequence[Report]:
    """Accepted reports of these days, the newest first."""
    return db.session.scalars(
        sa.select(Report)
        .where(
            Report.indicator_id == indicator.id,
            Report.state == ReportState.ACCEPTED,
            Report.as_of.between(span.first, span.last),
        )
        .options(joinedload(Report.organisation), selectinload(Report.evidence))
        .order_by(Report.as_of.desc(), Report.id.desc())
    ).all()


def is_by_person(indicator: Indicator) -> bool:
    return indicator.count_rule is CountRule.DISTINCT_PERSON_YEAR


def _names(keys: set[int | None]) -> dict[int | None, str]:
    rows = db.session.scalars(
        sa.select(Organisation).where(Organisation.id.in_([key for key in keys if key]))
    )
    return {row.id: row.label for row in rows}


def _certificates(registrations: list[int]) -> dict[int, tuple[str, str]]:
    """Number and token of the live certificate of each entry; the first issued where there are several."""
    rows = db.session.execute(
        sa.select(Certificate.registration_id, Certificate.number, Certificate.token)
        .where(Certificate.registration_id.in_(registrations), Certificate.claim.is_not(None))
        .order_by(Certificate.id.desc())
    )
    return {row[0]: (row[1], row[2]) for row in rows if row[0] is not None}
