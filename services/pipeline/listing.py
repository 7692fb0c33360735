"""Who may look at the reserve, who decides on it, and what waits for them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Role
from models.base import db, is_code
from models.indicator import Indicator, Outcome
from models.participation import Participation
from models.pipeline import ReserveEntry, State
from services import indicator as indicators
from services import organisation as organisations
from services import participation as participations
from services.access import DISTRICT, Principal, Scope
from services.errors import Missing
from services.pipeline.candidates import count_candidates
from services.stamp import clock
from services.text import _
from services.waiting import Waiting

CONFIRMERS = frozenset({Role.AGGREGATOR, Role.LEAD_REVIEWER})
READERS = CONFIRMERS | {Role.REPORTER, Role.ORGANISER, Role.COACH, Role.AUDITOR, Role.EXPERT}
PAGE = 50


def may_confirm(principal: Principal) -> bool:
    """Whether they decide on candidates: for the district, or in a department that leads the reserve's target."""
    return principal.may(CONFIRMERS, [DISTRICT, *_lead_scopes()])


def target() -> Indicator | None:
    """The indicator of the current plan that counts the reserve."""
    plan = indicators.current_plan(clock.today())
    found = plan.indicators if plan else []
    return next((each for each in found if each.outcome is Outcome.RESERVE_CONFIRMED), None)


def _lead_scopes() -> list[Scope]:
    wanted = target()
    departments = [organisations.find_department(code) for code in (wanted.lead if wanted else [])]
    return [organisations.scope_of(row) for row in departments if row is not None]


def get(code: str) -> ReserveEntry:
    """Raises `Missing`."""
    row = (
        db.session.scalar(sa.select(ReserveEntry).where(ReserveEntry.code == code)) if is_code(code) else None
    )
    if row is None:
        raise Missing
    return row


def members(year: int, *, skill: str = "", page: int = 1) -> tuple[Sequence[ReserveEntry], int]:
    """One page of those in reserve, newest first, and how many entries stand."""
    query = (
        sa.select(ReserveEntry)
        .join(Participation, Participation.id == ReserveEntry.fact_id)
        .where(ReserveEntry.year == year, ReserveEntry.state == State.CONFIRMED, participations.stands())
    )
    if skill:
        query = query.where(ReserveEntry.skill == skill)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.options(
            joinedload(ReserveEntry.person), joinedload(ReserveEntry.basis).joinedload(Participation.activity)
        )
        .order_by(ReserveEntry.decided_at.desc(), ReserveEntry.id.desc())
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
    ).all()
    return rows, total


def waiting(principal: Principal) -> list[Waiting]:
    if not principal.may(CONFIRMERS) or not may_confirm(principal):
        return []
    count = count_candidates(clock.today().year)
    if not count:
        return []
    return [
        Waiting(
            count,
            _("储备选手待确认"),
            _("已具依据，由您确认后入库"),
            "pipeline.candidates",
            _("确认"),
        )
    ]
