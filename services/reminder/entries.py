"""What a contestant should not forget: to mend, to take an offered place, to confirm, to come tomorrow."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from models.account import Account
from models.activity import Activity, Track
from models.activity import State as ActivityState
from models.base import db
from models.registration import LIVE, Consent, Registration, State
from services import registration as registrations
from services.reminder.call import Call
from services.stamp import Stamp, local_day, local_moment
from services.text import _

MEND_AHEAD: Final = dt.timedelta(hours=24)
OFFER_AHEAD: Final = dt.timedelta(hours=12)
CONFIRM_AHEAD: Final = dt.timedelta(days=3)


def to_mend(stamp: Stamp) -> Iterator[Call]:
    """Returned entries whose date is near."""
    return _due(State.RETURNED, "reminder.mend", MEND_AHEAD, stamp)


def offered(stamp: Stamp) -> Iterator[Call]:
    """Offered places nobody has taken yet."""
    return _due(State.OFFERED, "reminder.offer", OFFER_AHEAD, stamp)


def _due(state: State, kind: str, ahead: dt.timedelta, stamp: Stamp) -> Iterator[Call]:
    for row, account in _entries(
        Registration.state == state,
        Registration.due_at > stamp.when,
        Registration.due_at <= stamp.when + ahead,
    ):
        assert row.due_at is not None
        key = f"{kind}:{row.code}:{row.due_at.isoformat()}"
        yield _call(key, kind, row, account, due=row.due_at)


def unconfirmed(stamp: Stamp) -> Iterator[Call]:
    """People whom others entered and who have neither confirmed nor objected, before the activity begins."""
    for row, account in _entries(
        Registration.consent == Consent.ASKED,
        Registration.state.in_(LIVE),
        Activity.starts_at > stamp.when,
        Activity.starts_at <= stamp.when + CONFIRM_AHEAD,
    ):
        if (
            account is not None
        ):  # who has none got a link; only its digest is kept, so it cannot be said again
            key = f"reminder.confirm:{row.code}:{row.activity.starts_at.isoformat()}"
            yield _call(key, "reminder.confirm", row, account, due=row.activity.starts_at)


def tomorrow(stamp: Stamp) -> Iterator[Call]:
    """Who is expected tomorrow: when and where."""
    day = local_day(stamp.when) + dt.timedelta(days=1)
    for row, account in _entries(
        Registration.state == State.ACCEPTED,
        Activity.state == ActivityState.PUBLISHED,
        Activity.starts_at >= local_moment(day),
        Activity.starts_at < local_moment(day + dt.timedelta(days=1)),
    ):
        venues = row.activity.venues
        key = f"reminder.tomorrow:{row.code}:{row.activity.starts_at.isoformat()}"
        yield _call(
            key,
            "reminder.tomorrow",
            row,
            account,
            when=row.activity.starts_at,
            where=venues[0].name if venues else _("见活动页面"),
        )


def _entries(*conditions: sa.ColumnElement[bool]) -> list[tuple[Registration, Account | None]]:
    rows = db.session.scalars(
        sa.select(Registration)
        .join(Registration.activity)
        .options(
            contains_eager(Registration.activity).selectinload(Activity.sessions),
            joinedload(Registration.track).joinedload(Track.activity),
            joinedload(Registration.person),
        )
        .where(*conditions)
        .order_by(Registration.id)
    ).all()
    accounts = registrations.accounts_of(row.person_id for row in rows)
    return [(row, accounts.get(row.person_id)) for row in rows]


def _call(key: str, kind: str, row: Registration, account: Account | None, **params: object) -> Call:
    return Call(
        key,
        kind,
        account,
        link=f"/registration/{row.code}",
        phone="" if account is not None else row.person.phone or "",
        params={"activity": row.track.full_name, **params},
    )
