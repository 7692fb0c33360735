"""What a contestant should not forget: to mend, to take an offered place, to confirm, to come tomorrow."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from models.account import Account
from models.activity import Activity, Session, Track
from models.activity import State as ActivityState
from models.base import db
from models.registration import LIVE, Consent, Registration, State
from services import party as parties
from services import registration as registrations
from services.registration.line import together
from services.reminder.call import Call
from services.stamp import Stamp, local_day, local_moment
from services.text import _

MEND_AHEAD: Final = dt.timedelta(hours=24)
OFFER_AHEAD: Final = dt.timedelta(hours=12)
CONFIRM_AHEAD: Final = dt.timedelta(days=3)


def to_mend(stamp: Stamp) -> Iterator[Call]:
    """Returned entries whose date is near."""
    for row, account in _near(State.RETURNED, MEND_AHEAD, stamp):
        yield _due(row, account, "reminder.mend")


def offered(stamp: Stamp) -> Iterator[Call]:
    """Offered places nobody has taken yet. Of a team or class those are asked who answer for it, once."""
    for row, account in _near(State.OFFERED, OFFER_AHEAD, stamp):
        if not together(row.party):
            yield _due(row, account, "reminder.offer")
            continue
        assert row.party is not None
        for speaker in parties.speakers(row.party, stamp):
            key = f"reminder.offer:{row.party.code}:{row.due_at}:{speaker.code}"  # one key: said once
            call = _due(row, speaker, "reminder.offer")
            yield replace(call, key=key, link=parties.path_of(row.party))


def _near(state: State, ahead: dt.timedelta, stamp: Stamp) -> Sequence[tuple[Registration, Account | None]]:
    return _entries(
        Registration.state == state,
        Registration.due_at > stamp.when,
        Registration.due_at <= stamp.when + ahead,
    )


def _due(row: Registration, account: Account | None, kind: str) -> Call:
    assert row.due_at is not None
    return _call(f"{kind}:{row.code}:{row.due_at.isoformat()}", kind, row, account, due=row.due_at)


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
    """Who is expected tomorrow: when and where, by the sittings of their own track, or where there are none by the
    activity as a whole.
    """
    day = local_day(stamp.when) + dt.timedelta(days=1)
    first, last = local_moment(day), local_moment(day + dt.timedelta(days=1))
    sits = sa.exists().where(
        Session.activity_id == Activity.id, Session.starts_at >= first, Session.starts_at < last
    )
    for row, account in _entries(
        Registration.state == State.ACCEPTED,
        Activity.state == ActivityState.PUBLISHED,
        sa.or_(sa.and_(Activity.starts_at >= first, Activity.starts_at < last), sits),
    ):
        begin = _begin(row, first, last)
        if begin is None:
            continue
        when, where = begin
        key = f"reminder.tomorrow:{row.code}:{when.isoformat()}"
        yield _call(key, "reminder.tomorrow", row, account, when=when, where=where)


def _begin(row: Registration, first: dt.datetime, last: dt.datetime) -> tuple[dt.datetime, object] | None:
    """When and where somebody is expected within a day; None where it is not theirs."""
    venues = row.activity.venues
    where: object = venues[0].name if venues else _("见活动页面")
    own = [each for each in row.activity.sessions if each.track_id in (None, row.track_id)]
    if not own:
        starts = row.activity.starts_at
        return (starts, where) if first <= starts < last else None
    within = sorted((each for each in own if first <= each.starts_at < last), key=lambda each: each.starts_at)
    if not within:
        return None
    sitting = within[0]
    if sitting.venue is not None:
        where = f"{sitting.venue.name} {sitting.room}".strip()
    return sitting.starts_at, where


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
