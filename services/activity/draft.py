"""Writing down an activity, and changing what was written."""

from typing import Any

import sqlalchemy as sa

from models.account import ScopeKind
from models.activity import Activity, State
from models.base import db
from models.organisation import Organisation
from models.party import Party, PartyMember
from services import audit as audits
from services import hold, words
from services.access import Principal
from services.activity import change
from services.activity.entry import ActivityEntry
from services.activity.find import RUN
from services.activity.ready import NotReady, late_closings, misplaced
from services.activity.tracks import TermsSettled, has_registrations
from services.errors import Denied, Refused, Stale
from services.stamp import Stamp
from services.text import Sentence, _

TEXTS = ("title", "summary", "description", "what_to_bring", "co_organisers", "contact_name", "contact_phone")
TIMES = ("starts_at", "ends_at")
TERMS = ("takes_several",)
"""What people have entered on: it stays once somebody did."""
SETTLED = (
    "kind",
    "level",
    "series",
    "industry",
    "clause",
    "tags",
    "skill_level",
    "audience",
    "host_id",
    "lead_id",
)
"""What approval was given to: a draft may change it, an approved activity may not."""

SETTLED_NAMES: dict[str, Sentence] = {
    "kind": _("活动类型"),
    "level": _("活动级别"),
    "series": _("竞赛类别"),
    "industry": _("产业"),
    "clause": _("重点任务"),
    "tags": _("标签"),
    "skill_level": _("技能等级"),
    "audience": _("面向人群"),
    "host_id": _("主办单位"),
    "lead_id": _("牵头部门"),
}


class NoSuchUnit(Refused):
    sentence = _("所选单位不存在或已停用，请重新选择。")


class EndsBeforeStart(Refused):
    sentence = _("结束时间应晚于开始时间，请核对。")


class Settled(Refused):
    """An approved activity stays what was approved."""

    def __init__(self, field: str) -> None:
        super().__init__(
            _("活动已获批准，“%(name)s”不能再改。确需更改的，请取消后重新申报。", name=SETTLED_NAMES[field])
        )


class NotYours(Denied):
    sentence = _("您不能以该单位的名义办理活动。请选择您所在的承办单位。")


def draft(entry: ActivityEntry, *, by: Principal, stamp: Stamp) -> Activity:
    """A new activity of a unit that they organise for. Raises NotYours, NoSuchUnit, EndsBeforeStart."""
    units = _units(entry)
    if not by.may(RUN, [(ScopeKind.ORGANISATION, entry.organiser)]):
        raise NotYours
    activity = Activity(
        state=State.DRAFT,
        is_demo=entry.is_demo,
        organiser=units[entry.organiser],
        created_at=stamp.when,
        created_by_id=stamp.account_id,
        **_facts(entry, units),
    )
    db.session.add(activity)
    db.session.flush()
    audits.record("activity.drafted", activity, stamp=stamp, kind=entry.kind.value, organiser=entry.organiser)
    return activity


def edit(activity: Activity, entry: ActivityEntry, *, version: int, stamp: Stamp) -> Activity:
    """Change the facts. The organiser stays; after approval so does what was approved.

    Put off as a whole, its sessions go along. New times of a published activity are told to everybody
    registered. Raises Stale, NotEditable, Settled, NotReady.
    """
    change.must_be_editable(activity)
    if activity.version != version:
        raise Stale
    facts = _facts(entry, _units(entry))
    old = {name: getattr(activity, name) for name in facts}
    changed = sorted(name for name, value in facts.items() if old[name] != value)
    _must_be_open(activity, changed)
    if not changed:
        return activity
    for name in changed:
        _write(activity, name, facts[name])
    if activity.state != State.DRAFT:
        _move_sessions(activity, old)
        if lacking := [*misplaced(activity), *late_closings(activity)]:
            raise NotReady(lacking)
    db.session.flush()
    audits.record("activity.edited", activity, stamp=stamp, fields=changed)
    if activity.state == State.PUBLISHED and not set(changed).isdisjoint(TIMES):
        change.tell_affected(
            activity,
            "activity.rescheduled",
            stamp=stamp,
            title=activity.title,
            when=words.say_span(activity.starts_at, activity.ends_at, this_year=stamp.today.year),
        )
    return activity


def _must_be_open(activity: Activity, changed: list[str]) -> None:
    """Raises what settles one of these: the approval, or that people have entered."""
    if activity.state != State.DRAFT:
        for name in changed:
            if name in SETTLED:
                raise Settled(name)
    if set(changed).isdisjoint(TERMS):
        return
    hold.lock(activity.tracks)  # whoever enters holds one: what they count on is not changed beneath them
    if any(has_registrations(track) for track in activity.tracks) or _has_lines(activity):
        raise TermsSettled


def _has_lines(activity: Activity) -> bool:
    """Whether somebody stands in a team or on a list that is not sent."""
    lines = sa.select(PartyMember.id).join(PartyMember.party)
    stands = lines.where(Party.activity_id == activity.id, PartyMember.claim.is_not(None))
    return bool(db.session.scalar(sa.select(stands.exists())))


def _facts(entry: ActivityEntry, units: dict[str, Organisation]) -> dict[str, Any]:
    """Column by column: what an entry says, and nothing else (R14)."""
    if entry.ends_at <= entry.starts_at:
        raise EndsBeforeStart
    return {
        "kind": entry.kind,
        "title": entry.title,
        "summary": entry.summary,
        "description": entry.description,
        "what_to_bring": entry.what_to_bring,
        "audience": [category.value for category in entry.audience],
        "level": entry.level,
        "series": entry.series,
        "industry": entry.industry,
        "clause": entry.clause,
        "tags": list(entry.tags),
        "skill_level": entry.skill_level.value if entry.skill_level else None,
        "host_id": units[entry.host].id,
        "lead_id": units[entry.lead].id,
        "co_organisers": entry.co_organisers,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "contact_name": entry.contact_name,
        "contact_phone": entry.contact_phone,
        "takes_several": entry.takes_several,
    }


def _move_sessions(activity: Activity, old: dict[str, Any]) -> None:
    """Put off as a whole, its sessions go along."""
    by = activity.starts_at - old["starts_at"]
    if activity.ends_at - old["ends_at"] == by:
        for session in activity.sessions:
            session.starts_at += by
            session.ends_at += by


def _write(activity: Activity, name: str, value: object) -> None:
    if name not in (*TEXTS, *TIMES, *TERMS, *SETTLED):
        raise ValueError(name)
    setattr(activity, name, value)


def _units(entry: ActivityEntry) -> dict[str, Organisation]:
    wanted = {entry.host, entry.organiser, entry.lead}
    found = db.session.scalars(
        sa.select(Organisation).where(Organisation.code.in_(wanted), Organisation.closed_at.is_(None))
    )
    units = {unit.code: unit for unit in found}
    if wanted - units.keys():
        raise NoSuchUnit
    return units
