"""What every change of an activity has in common: the row held, the state asked, the people told."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from models.account import Account, Grant, Role, ScopeKind
from models.activity import Activity, State, Track
from models.base import db
from models.person import Person
from models.registration import LIVE, Registration
from services import notification as notifications
from services import words
from services.access import Scope
from services.errors import Refused
from services.hold import lock
from services.stamp import Stamp
from services.text import _


class WrongState(Refused):
    """The life of an activity does not go that way."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(_("活动现在是“%(state)s”，不能这样操作。", state=words.label(activity.state)))


class NotEditable(Refused):
    """It waits for approval, or is over."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(_("活动现在是“%(state)s”，内容不能修改。", state=words.label(activity.state)))


def hold(activity: Activity) -> None:
    """Lock the row and read it anew, so that what is asked of it next is still true when it is written.

    Its tracks first, as whoever registers does: a new entry holds its track, and then, through its foreign key, the
    activity. The other way round the two wait for each other.
    """
    db.session.flush()  # what was decided a moment ago must not be read over
    lock(activity.tracks)
    db.session.refresh(
        activity, [column.key for column in sa.inspect(Activity).column_attrs], with_for_update=True
    )


def must_lead_to(activity: Activity, state: State) -> None:
    """Refuse where its life does not go on that way."""
    hold(activity)
    if not activity.may_become(state):
        raise WrongState(activity)


def must_be_editable(activity: Activity) -> None:
    hold(activity)
    if not activity.is_editable:
        raise NotEditable(activity)


def affected(activity: Activity, track: Track | None = None) -> list[tuple[Person, Account | None]]:
    """Everybody who stands registered, with their account where they have one."""
    wanted = Registration.activity_id == activity.id if track is None else Registration.track_id == track.id
    rows = db.session.execute(
        sa.select(Person, Account)
        .join(Registration, Registration.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(wanted, Registration.state.in_(LIVE))
        .order_by(Registration.id)
    )
    return [(person, account) for person, account in rows]


def tell_affected(
    activity: Activity,
    kind: str,
    *,
    stamp: Stamp,
    track: Track | None = None,
    urgent: bool = True,
    **params: str,
) -> int:
    """Tell everybody who stands registered: in their account, or by the phone they were entered with."""
    people = affected(activity, track)
    for person, account in people:
        notifications.notify(
            account,
            kind,
            stamp=stamp,
            link=f"/activity/{activity.code}",
            phone="" if account is not None else person.phone or "",
            urgent=urgent,
            **params,
        )
    return len(people)


def tell(
    accounts: Iterable[Account | None], kind: str, activity: Activity, *, stamp: Stamp, note: str = ""
) -> None:
    """Tell those who work on it, each once, but not the one who did it."""
    for account in dict.fromkeys(accounts):
        if account is not None and account.is_enabled and account.id != stamp.account_id:
            link = f"/desk/activity/{activity.code}"
            notifications.notify(account, kind, stamp=stamp, link=link, title=activity.title, note=note)


def holders(role: Role, scopes: Iterable[Scope], *, stamp: Stamp) -> list[Account]:
    """Accounts that hold a role in one of the scopes now."""
    places = [
        sa.and_(Grant.scope_kind == kind, Grant.scope_code == code if code else Grant.scope_code.is_(None))
        for kind, code in scopes
    ]
    grants = db.session.scalars(
        sa.select(Grant)
        .join(Grant.account)
        .options(contains_eager(Grant.account))
        .where(Grant.role == role, sa.or_(*places))
        .order_by(Grant.id)
    )
    return [grant.account for grant in grants if grant.is_in_force(stamp.when)]


def approvers(activity: Activity, *, stamp: Stamp) -> list[Account]:
    """Those of the lead department; where it has none, those of the district."""
    own = holders(Role.ACTIVITY_APPROVER, [(ScopeKind.ORGANISATION, activity.lead.code)], stamp=stamp)
    return own or holders(Role.ACTIVITY_APPROVER, [(ScopeKind.DISTRICT, None)], stamp=stamp)
