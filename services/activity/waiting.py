"""What waits for somebody at the desk, and what takes place this week."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.activity import Activity, Session, State
from models.base import db
from services.access import Principal
from services.activity import find
from services.stamp import local_day, local_moment
from services.text import _
from services.waiting import Waiting


@dataclass(frozen=True)
class Counts:
    """How many activities ask for a next step of theirs."""

    drafts: int = 0
    sent_back: int = 0
    to_approve: int = 0
    to_publish: int = 0
    to_close: int = 0
    running: int = 0
    """Activities they are responsible for: handed in and not over."""


def counts(principal: Principal, *, now: dt.datetime) -> Counts:
    """One statement."""
    mine = find.within(principal, find.RUN)
    theirs = find.to_approve(principal)
    live = Activity.state.in_((State.PENDING_APPROVAL, State.APPROVED, State.PUBLISHED))

    def number(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)

    is_draft = Activity.state == State.DRAFT
    row = db.session.execute(
        sa.select(
            number(mine, is_draft, Activity.decision_note == ""),
            number(mine, is_draft, Activity.decision_note != ""),
            number(theirs, Activity.state == State.PENDING_APPROVAL),
            number(mine, Activity.state == State.APPROVED),
            number(mine, Activity.state == State.PUBLISHED, Activity.ends_at <= now),
            number(mine, live),
        ).where(Activity.state.not_in((State.ARCHIVED, State.CANCELLED)))
    ).one()
    return Counts(*(int(value) for value in row))


def waiting(principal: Principal, *, now: dt.datetime) -> list[Waiting]:
    """The next steps that activities ask of them."""
    found = counts(principal, now=now)
    others, mended = _("其他单位提交、由本部门牵头的活动"), _("按审批意见修改后重新提交")
    shown, closed = _("发布后公众可以看到并报名"), _("登记为举办完毕，结果才会计入指标")
    rows = [
        (found.to_approve, _("活动待审批"), others, State.PENDING_APPROVAL, _("审批"), True),
        (found.sent_back, _("活动被退回"), mended, State.DRAFT, _("修改"), True),
        (found.to_publish, _("已批准，待发布"), shown, State.APPROVED, _("发布"), False),
        (found.to_close, _("活动已过结束时间"), closed, State.PUBLISHED, _("登记"), False),
        (found.drafts, _("未完成的草稿"), _("补齐内容后提交审批"), State.DRAFT, _("继续"), False),
    ]
    return [
        Waiting(count, what, detail, "desk.listing", action, {"state": state.value}, is_urgent)
        for count, what, detail, state, action, is_urgent in rows
        if count
    ]


def week(principal: Principal, *, now: dt.datetime, most: int = 40) -> Sequence[Session]:
    """Sessions of the next seven days, today's first, of activities they work for."""
    start = local_moment(local_day(now))
    return db.session.scalars(
        sa.select(Session)
        .join(Session.activity)
        .where(
            find.within(principal, find.READ),
            Activity.state.in_((State.APPROVED, State.PUBLISHED)),
            Session.ends_at >= start,
            Session.starts_at < start + dt.timedelta(days=7),
        )
        .options(
            joinedload(Session.venue),
            joinedload(Session.track),
            joinedload(Session.activity).selectinload(Activity.tracks),
        )
        .order_by(Session.starts_at, Session.id)
        .limit(most)
    ).all()
