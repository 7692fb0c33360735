"""How often somebody may try. Counted in the database by one atomic upsert, so all processes share it (R04).

A tally is a fixed window: it opens with the first try and is gone after its length. Counting is a short transaction
of its own, before the one that does the work: a refused try counts too.
"""

import datetime as dt

import sqlalchemy as sa

from models.base import db, upsert
from models.visit import Tally
from services.errors import TooOften
from services.stamp import clock
from services.text import Sentence
from services.transaction import transaction


def count(key: str, window: dt.timedelta, by: int = 1) -> tuple[int, dt.datetime]:
    """Add to a tally within the running transaction; its count and when it ends."""
    now = clock.now()
    over = Tally.expires_at <= now
    row = db.session.execute(
        upsert(Tally)
        .values(key=key, count=by, expires_at=now + window)
        .on_conflict_do_update(
            index_elements=[Tally.key],
            set_={
                "count": sa.case((over, by), else_=Tally.count + by),
                "expires_at": sa.case((over, now + window), else_=Tally.expires_at),
            },
        )
        .returning(Tally.count, Tally.expires_at)
    ).one()
    return row[0], row[1]


def admit(*limits: tuple[str, int, dt.timedelta], sentence: Sentence | None = None) -> None:
    """Count one try against each limit (key, most, window). Raises `TooOften` when any is passed."""
    with transaction():
        outcomes = [(count(key, window), most) for key, most, window in sorted(limits)]
    ends = [end for (tally, end), most in outcomes if tally > most]
    if ends:
        wait = max(1, int((max(ends) - clock.now()).total_seconds()) + 1)
        raise TooOften(wait, sentence)


def forget(key: str) -> None:
    """Start a tally anew: after a success, say."""
    with transaction():
        db.session.execute(sa.delete(Tally).where(Tally.key == key))


def sweep(*, now: dt.datetime) -> int:
    """Remove tallies that ended."""
    result = db.session.execute(sa.delete(Tally).where(Tally.expires_at <= now))
    assert isinstance(result, sa.CursorResult)
    return result.rowcount
