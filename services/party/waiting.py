"""What waits for a captain, a unit's manager, an organiser: rows of the desk and of 我的报名."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Role, ScopeKind
from models.activity import Activity, Track
from models.activity import State as ActivityState
from models.base import db
from models.organisation import Organisation
from models.party import Kind, Party, State
from models.registration import Consent, Registration
from models.registration import State as Entry
from services import activity as activities
from services.access import Principal
from services.activity.find import within
from services.party import find, recommending, rules
from services.text import Sentence, _
from services.waiting import Waiting
from services.words import say_moment

SOON = dt.timedelta(days=3)


def waiting(who: Principal, *, now: dt.datetime) -> list[Waiting]:
    return [*_captain(who, now), *_unit(who, now), *_organiser(who)]


def _captain(who: Principal, now: dt.datetime) -> list[Waiting]:
    rows = []
    for party in find.teams_of(who):
        if party.owner_id != who.account_id or party.track.activity.starts_at <= now:
            continue
        if party.state is State.GATHERING and now <= party.track.closes_at:
            found = rules.count(party)
            detail = (
                _(
                    "还差 %(n)s 人可提交 · %(due)s 截止",
                    n=found.wanting,
                    due=say_moment(party.track.closes_at),
                )
                if found.wanting
                else _("人数已够，可以提交 · %(due)s 截止", due=say_moment(party.track.closes_at))
            )
            soon = party.track.closes_at - now < SOON
            rows.append(_row(1, _("参赛队待提交：%(name)s", name=party.name), detail, party, _("查看"), soon))
        elif party.state is State.SENT and (due := _offer_due(party)):
            rows.append(
                _row(
                    1,
                    _("候补名额待确认：%(name)s", name=party.name),
                    _("%(due)s 前", due=due),
                    party,
                    _("确认"),
                )
            )
    return rows


def _row(
    count: int, what: Sentence, detail: Sentence | str, party: Party, action: Sentence, urgent: bool = True
) -> Waiting:
    endpoint = "party.show" if party.kind is Kind.TEAM else "party.roll"
    return Waiting(count, what, detail, endpoint, action, {"code": party.code}, is_urgent=urgent)


def _offer_due(party: Party) -> str:
    moment = db.session.scalar(
        sa.select(sa.func.min(Registration.due_at)).where(
            Registration.party_id == party.id, Registration.state == Entry.OFFERED
        )
    )
    return str(say_moment(moment)) if moment else ""


def _unit(who: Principal, now: dt.datetime) -> list[Waiting]:
    codes = who.scope_codes([Role.UNIT_MANAGER], ScopeKind.ORGANISATION)
    if not codes:
        return []
    rows: list[Waiting] = []
    units = db.session.scalars(sa.select(Organisation).where(Organisation.code.in_(codes))).all()
    for unit in units:
        for party in find.lists_of(unit):
            if party.kind is not Kind.TEAM and party.track.activity.starts_at > now:
                rows += _list(party, now)
        named = recommending.to_recommend(unit)
        if named:
            rows.append(
                Waiting(
                    len(named),
                    _("报名待本单位推荐"),
                    unit.label,
                    "party.recommendations",
                    _("办理"),
                    {"code": unit.code},
                    is_urgent=True,
                )
            )
    return rows


def _list(party: Party, now: dt.datetime) -> list[Waiting]:
    which = f"{party.track.full_name} · {party.name}"
    if party.state is State.GATHERING and now <= party.track.closes_at:
        due = say_moment(party.track.closes_at)
        if party.allotted and not party.members:
            what = _("名额已分配，请添加人员")
        elif party.members:
            what = _("名单待锁定报送")
        else:
            return []
        detail = _("%(which)s · %(due)s 截止", which=which, due=due)
        return [_row(1, what, detail, party, _("办理"), party.track.closes_at - now < SOON)]
    if party.state is not State.SENT:
        return []
    rows = find.entries(party, live=True)
    returned = sum(row.state is Entry.RETURNED for row in rows)
    asked = sum(row.consent is Consent.ASKED for row in rows)
    offered = any(row.state is Entry.OFFERED for row in rows)
    found = []
    if returned:
        found.append(_row(returned, _("人员被退回，请补正"), which, party, _("补正")))
    if offered and party.kind is Kind.CLASS:
        found.append(_row(1, _("候补名额待确认"), which, party, _("确认")))
    if asked:
        found.append(_row(asked, _("人员还没有确认报名"), which, party, _("查看"), False))
    return found


def _organiser(who: Principal) -> list[Waiting]:
    """Requests for seats that nobody decided on, activity by activity."""
    if not who.may(activities.RUN):
        return []
    found = db.session.execute(
        sa.select(Activity, sa.func.count(Party.id))
        .join(Party, Party.activity_id == Activity.id)
        .where(
            within(who, activities.RUN),
            Activity.state == ActivityState.PUBLISHED,
            Party.kind == Kind.DELEGATION,
            Party.state == State.GATHERING,
            Party.asked.is_not(None),
            Party.allotted.is_(None),
        )
        .group_by(Activity.id)
    ).all()
    return [
        Waiting(
            count,
            _("名额申请待分配"),
            activity.title,
            "party.seats",
            _("分配"),
            {"code": activity.code},
            is_urgent=True,
        )
        for activity, count in found
    ]


def open_to_units(now: dt.datetime) -> list[Activity]:
    """Public activities that take entries now or will, with a track that units enter: 单位报名."""
    return list(
        db.session.scalars(
            sa.select(Activity)
            .where(
                Activity.state == ActivityState.PUBLISHED,
                Activity.tracks.any(Track.closes_at >= now),
            )
            .options(joinedload(Activity.organiser))
            .order_by(Activity.starts_at)
            .limit(100)
        )
    )
