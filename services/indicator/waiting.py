"""What waits for somebody: figures due from their unit, reports that were sent back, reports to accept."""

import datetime as dt

from models.indicator import Plan, ReportState
from services.access import Principal
from services.indicator import rights
from services.indicator.owing import Due, due
from services.indicator.plan import current_plan
from services.stamp import clock
from services.text import _
from services.waiting import Waiting


def due_of(principal: Principal, plan: Plan, day: dt.date) -> list[Due]:
    """What is due from their units, the longest late first."""
    if not principal.may(rights.ENTER):
        return []
    departments = rights.departments_of(principal, rights.ENTER, plan)
    rows = due(plan, day)
    return rows if departments is None else [row for row in rows if row.department in departments]


def waiting(principal: Principal) -> list[Waiting]:
    """Rows of the desk."""
    day = clock.today()
    plan = current_plan(day)
    if plan is None or not principal.may(rights.ENTER | rights.DECIDE):
        return []
    found = []
    rows = due_of(principal, plan, day)
    returned = [row for row in rows if row.report and row.report.state is ReportState.RETURNED]
    wanted = [row for row in rows if row not in returned]
    if returned:
        found.append(
            Waiting(
                len(returned),
                _("填报被退回"),
                _("按审核意见修改后重新提交"),
                "indicator.reports",
                _("修改"),
                is_urgent=True,
            )
        )
    if wanted:
        late = sum(1 for row in wanted if row.days_late)
        detail = (
            _("其中 %(n)s 项已逾期，最久 %(days)s 天", n=late, days=wanted[0].days_late)
            if late
            else _("最近的 %(day)s 前填报", day=f"{wanted[0].slot.due_on:%m-%d}")
        )
        found.append(
            Waiting(
                len(wanted), _("指标待填报"), detail, "indicator.reports", _("填报"), is_urgent=bool(late)
            )
        )
    handed = rights.to_decide(principal, plan)
    if handed:
        units = str(_("、")).join(dict.fromkeys(row.organisation.label for row in handed[:20]))
        found.append(Waiting(len(handed), _("填报待审核"), units[:80], "indicator.reports", _("审核")))
    return found
