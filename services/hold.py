"""Holding scarce places: the one way, for every path that takes or frees one.

A conditional update takes a place or takes none, so nobody counts before holding; the CHECK on the row stands behind
it. Inside `transaction` this is safe on both databases: SQLite has one writer, PostgreSQL locks the row it updates.
Several rows are held in key order, so two transactions cannot wait for each other. The tracks of an activity that
shares places (a quota of the whole activity) are held together, all of them, before any of its quotas is touched.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

import sqlalchemy as sa

from models.activity import Track
from models.base import Scarce, db
from models.quota import EVERYWHERE, Quota
from services import page as pages
from services.errors import Refused
from services.text import _

R = TypeVar("R", bound=Scarce)


class Unsettled(Refused):
    """The organiser has just made the tracks of the activity share places: whoever came now asks once more."""

    sentence = _("名额设置刚刚有变动，请再试一次。")


def take(row: Scarce, places: int = 1, *conditions: sa.ColumnElement[bool]) -> bool:
    """Hold places on a row, if these conditions hold too. False, and nothing held, where fewer are left."""
    kind = type(row)
    held = db.session.execute(
        sa.update(kind)
        .where(_is(row))
        .where(kind.taken + places <= kind.capacity, *conditions)
        .values(taken=kind.taken + places)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(row, ["taken"])
    pages.touch()
    return _changed(held)


def free(row: Scarce, places: int = 1) -> None:
    """Give held places back."""
    kind = type(row)
    freed = db.session.execute(
        sa.update(kind)
        .where(_is(row))
        .where(kind.taken >= places)
        .values(taken=kind.taken - places)
        .execution_options(synchronize_session=False)
    )
    if not _changed(freed):
        raise RuntimeError(f"{row!r} frees more places than are held")
    db.session.expire(row, ["taken"])
    pages.touch()


def lock(rows: Iterable[R], *, alone: bool = False) -> list[R]:
    """Hold rows themselves, in key order, before anything that hangs on them is changed; their columns are read anew.

    Whoever changes a registration locks its track first. Else one who frees a place and wants the next in line, and
    the next in line who withdraws, wait for each other. With a track go the others that share places with it, unless
    it is wanted `alone` by somebody who asks `sharing` themselves. Raises `Unsettled`.
    """
    wanted = set(rows)
    tracks = set() if alone else {row for row in wanted if isinstance(row, Track)}
    held = sorted(wanted.union(cast(list[R], sharing(tracks))), key=order)
    for row in held:
        # Of the row alone, since it may be loaded with joins. Its key is shared: whoever stored a row that points
        # at it (a team, say) before holding it would else wait for another who did the same, and that one for them.
        db.session.refresh(row, with_for_update={"of": type(row), "key_share": True})
    if not tracks.union(held).issuperset(sharing(tracks)):
        raise Unsettled
    return held


def order(row: Scarce) -> tuple[bool, str, object]:
    """In which order rows are held: tracks first, then what hangs on them; each in the order of their keys."""
    return (not isinstance(row, Track), row.__tablename__, sa.inspect(row).identity)


def sharing(tracks: Iterable[Track]) -> list[Track]:
    """All tracks of those activities among theirs that have a quota of the whole activity."""
    activities = {track.activity_id for track in tracks}
    if not activities:
        return []
    shared = sa.select(Quota.activity_id).where(Quota.activity_id.in_(activities), Quota.place == EVERYWHERE)
    return list(db.session.scalars(sa.select(Track).where(Track.activity_id.in_(shared)).order_by(Track.id)))


def take_all(wanted: Mapping[Scarce, int]) -> Scarce | None:
    """Hold on several rows, in key order. Answers the first row that has too few; the caller then rolls back."""
    for row in sorted(wanted, key=order):
        if not take(row, wanted[row]):
            return row
    return None


def _is(row: Scarce) -> sa.ColumnElement[bool]:
    """The condition that names this very row."""
    state = sa.inspect(row)
    assert state.identity is not None
    condition: sa.ColumnElement[bool] = state.mapper.primary_key[0] == state.identity[0]
    return condition


def _changed(result: sa.Result[object]) -> bool:
    assert isinstance(result, sa.CursorResult)
    return result.rowcount == 1
