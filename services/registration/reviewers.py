"""审核员: who reviews an activity's entries beside its organisers: all of them, one track's, or one unit's.

A right for a unit reaches its entries in every activity, so only an organiser of the whole district gives one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account, Grant, Kind, Role, ScopeKind
from models.activity import Activity, Track
from models.base import db, is_code
from models.organisation import Organisation
from models.registration import Registration
from services import account as accounts
from services import audit as audits
from services import notification as notifications
from services import throttle
from services.access import Principal, Scope
from services.account.reasons import OwnGrant
from services.errors import Missing, Refused
from services.stamp import Stamp
from services.text import BadText, _, name_key

TRIES = 30


class NobodyThere(Refused):
    sentence = _("没有找到这个账号：请核对姓名，以及手机号或账号代码。对方须先在平台注册。")


class YourselfReviewing(OwnGrant):
    sentence = _("不能委任自己为审核员，请由其他赛务管理员办理。")


class OverBefore(Refused):
    sentence = _("截止日期已经过去，请选择今天或以后的日期。")


@dataclass(frozen=True)
class Reviewer:
    """Somebody who reviews, and what: the whole activity, a track or a unit."""

    grant: Grant
    track: Track | None = None
    unit: Organisation | None = None


def reviewers_of(activity: Activity, now: dt.datetime) -> list[Reviewer]:
    """Those who were appointed, the whole first, then by track, then by unit that has entries here."""
    tracks = {track.code: track for track in activity.tracks}
    units = {unit.code: unit for unit in units_within(activity)}
    rows = db.session.scalars(
        sa.select(Grant)
        .where(
            Grant.role == Role.REVIEWER,
            Grant.revoked_at.is_(None),
            sa.or_(
                sa.and_(Grant.scope_kind == ScopeKind.ACTIVITY, Grant.scope_code == activity.code),
                sa.and_(Grant.scope_kind == ScopeKind.TRACK, Grant.scope_code.in_(tracks)),
                sa.and_(Grant.scope_kind == ScopeKind.UNIT, Grant.scope_code.in_(units)),
            ),
        )
        .options(joinedload(Grant.account).joinedload(Account.person))
        .order_by(Grant.id)
    ).all()
    found = [
        Reviewer(row, tracks.get(row.scope_code or ""), units.get(row.scope_code or ""))
        for row in rows
        if row.is_in_force(now) and row.account.is_enabled
    ]
    places = list(tracks)
    return sorted(
        found,
        key=lambda each: (
            each.unit is not None,
            places.index(each.track.code) + 1 if each.track is not None else 0,
            each.unit.name if each.unit is not None else "",
        ),
    )


def units_within(activity: Activity) -> Sequence[Organisation]:
    """The units with entries in an activity."""
    return db.session.scalars(
        sa.select(Organisation)
        .where(
            Organisation.id.in_(
                sa.select(Registration.organisation_id).where(Registration.activity_id == activity.id)
            )
        )
        .order_by(Organisation.name)
    ).all()


def scope_of(principal: Principal, activity: Activity, kind: ScopeKind, code: str = "") -> Scope:
    """What somebody may appoint a reviewer for. Raises `Missing`."""
    if kind is ScopeKind.ACTIVITY:
        return kind, activity.code
    if kind is ScopeKind.TRACK and any(track.code == code for track in activity.tracks):
        return kind, code
    if kind is ScopeKind.UNIT and gives_units(principal) and _has_entries(activity, code):
        return kind, code
    raise Missing


def _has_entries(activity: Activity, unit: str) -> bool:
    return any(row.code == unit for row in units_within(activity))


def gives_units(principal: Principal) -> bool:
    return principal.is_district_wide([Role.ORGANISER])


def admit(by: Account) -> None:
    """Count one try to name an account. Raises `TooOften`: nobody tries phones here."""
    throttle.admit((f"reviewer:{by.code}", TRIES, dt.timedelta(hours=1)))


def find_account(known_by: str, name: str) -> Account:
    """Somebody's own account by phone, e-mail or code, and their name. Raises `NobodyThere`, whichever is wrong."""
    known_by = known_by.strip()
    found: Account | None
    try:
        found = (
            accounts.get(known_by) if is_code(known_by) else accounts.find(accounts.Contact.read(known_by))
        )
    except (Missing, BadText):
        found = None
    if found is None or found.kind is not Kind.PERSONAL or not found.is_enabled:
        raise NobodyThere
    names = {found.display_name, found.person.name if found.person is not None else ""}
    if name_key(name) not in {name_key(each) for each in names if each}:
        raise NobodyThere
    return found


def appoint(
    activity: Activity,
    account: Account,
    scope: Scope,
    *,
    by: Account,
    stamp: Stamp,
    ends_at: dt.datetime | None = None,
) -> Grant:
    """Let somebody review. They are told, and sign in anew. Raises `YourselfReviewing`, `AlreadyGranted`, or
    `OverBefore`.
    """
    if account.id == by.id or (by.person_id is not None and account.person_id == by.person_id):
        raise YourselfReviewing
    if ends_at is not None and ends_at <= stamp.when:
        raise OverBefore
    row = accounts.grant(account, Role.REVIEWER, scope, ends_at=ends_at, stamp=stamp)
    audits.record(
        "activity.reviewer_appointed", activity, stamp=stamp, account=account.code, scope=scope[0].value
    )
    return row


def get_reviewer(principal: Principal, activity: Activity, code: str, now: dt.datetime) -> Reviewer:
    """One whom somebody may end. Raises `Missing`."""
    for each in reviewers_of(activity, now):
        if each.grant.code == code and (each.unit is None or gives_units(principal)):
            return each
    raise Missing


def end(activity: Activity, reviewer: Reviewer, *, stamp: Stamp) -> None:
    """They review here no more; what they decided stands."""
    accounts.revoke(reviewer.grant, stamp=stamp)
    audits.record(
        "activity.reviewer_ended",
        activity,
        stamp=stamp,
        account=reviewer.grant.account.code,
        scope=reviewer.grant.scope_kind.value,
    )
    place = reviewer.track.full_name if reviewer.track is not None else activity.title
    notifications.notify(
        reviewer.grant.account,
        "registration.reviewer_ended",
        stamp=stamp,
        link="/me",
        activity=reviewer.unit.name if reviewer.unit is not None else place,
    )
