"""Saying what the finders found, each once."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from models.base import db, upsert
from models.notification import Reminded
from services import notification as notifications
from services.reminder import entries, parties, reviewers
from services.stamp import LOCAL, Stamp

QUIET_FROM: Final = dt.time(21)
QUIET_UNTIL: Final = dt.time(8)
"""Between these, by the clock on the wall, nobody is reminded."""

KEPT: Final = dt.timedelta(days=60)
"""How long a key is remembered: longer than anything stays due."""

_SLICE = 500
_FINDERS = (
    entries.to_mend,
    entries.offered,
    entries.unconfirmed,
    entries.tomorrow,
    parties.gathering,
    parties.not_entered,
    reviewers.old_queues,
)


def is_quiet(moment: dt.datetime) -> bool:
    wall = moment.astimezone(LOCAL).time()
    return wall >= QUIET_FROM or wall < QUIET_UNTIL


def remind(*, stamp: Stamp) -> int:
    """Tell everybody who has something due soon and was not told; how many were. A job's verb."""
    if is_quiet(stamp.when):
        return 0
    calls = {call.key: call for find in _FINDERS for call in find(stamp)}
    fresh = _claim(calls, stamp)
    for key in fresh:
        call = calls[key]
        notifications.notify(
            call.account, call.kind, stamp=stamp, link=call.link, phone=call.phone, **call.params
        )
    return len(fresh)


def _claim(keys: Iterable[str], stamp: Stamp) -> list[str]:
    """Those of the keys that nobody had, in their order; from here on they are taken."""
    wanted = list(keys)
    fresh: set[str] = set()
    for start in range(0, len(wanted), _SLICE):
        rows = [{"key": key, "at": stamp.when} for key in sorted(wanted[start : start + _SLICE])]
        fresh |= set(
            db.session.scalars(
                upsert(Reminded).values(rows).on_conflict_do_nothing().returning(Reminded.key)
            ).all()
        )
    return [key for key in wanted if key in fresh]


def forget(*, now: dt.datetime) -> int:
    """Forget keys of what is long over; how many."""
    done = db.session.execute(sa.delete(Reminded).where(Reminded.at < now - KEPT))
    assert isinstance(done, sa.CursorResult)
    return done.rowcount
