"""A place, or a place in line, for each line of a batch, before any of its rows is stored.

Where nothing but the track counts and nobody waits, one conditional update of the track is all. Otherwise the tracks
are held, those who wait come first, and the places are planned in a book and written once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa

from models.activity import Track
from models.base import db
from models.quota import EVERYWHERE, Quota
from models.registration import State
from services import hold
from services import quota as quotas
from services.quota import Book, Lack, Seat, Wish
from services.registration import waiting
from services.registration.entry import Candidate
from services.registration.line import Line, join, together
from services.registration.refusals import Full
from services.stamp import Stamp


@dataclass(frozen=True)
class Place:
    state: State
    position: int | None = None
    seat: Seat = ()
    note: str = ""
    """Why somebody behind in the same batch has a place, and this one waits."""


def seat_all(candidates: Sequence[Candidate], wishes: Sequence[Wish], *, stamp: Stamp) -> list[Place]:
    """A place for each, in the order given, which is that of the tracks' keys. Raises `Full` or the refusal of the
    quota that is full, where somebody can neither have a place nor wait.
    """
    places = [Place(State.STANDBY)] * len(candidates)
    tracks = list(dict.fromkeys(candidate.track for candidate in candidates))
    by_track: dict[int, list[int]] = {track.id: [] for track in tracks}
    for index, candidate in enumerate(candidates):
        if not candidate.stands_by:
            by_track[candidate.track.id].append(index)
    if _has_quotas(tracks):
        held = hold.lock(tracks)
        _plan(held, candidates, wishes, [i for track in tracks for i in by_track[track.id]], places, stamp)
        return places
    alone: list[Track] = []
    for track in tracks:
        indexes = by_track[track.id]
        if not indexes:
            continue
        if hold.take(track, len(indexes), Track.waiting == 0, Track.unit_limit.is_(None)):
            alone.append(track)
            for index in indexes:
                places[index] = Place(waiting.after_holding(track))
        else:
            _plan(hold.lock([track], alone=True), candidates, wishes, indexes, places, stamp)
    if _has_changed(tracks, alone):
        raise hold.Unsettled
    return places


def _has_quotas(tracks: Sequence[Track]) -> bool:
    if any(track.unit_limit is not None for track in tracks):
        return True
    activities = {track.activity_id for track in tracks}
    return bool(db.session.scalar(sa.select(sa.exists().where(Quota.activity_id.in_(activities)))))


def _has_changed(tracks: Sequence[Track], alone: Sequence[Track]) -> bool:
    """Whether an organiser set a quota while the tracks were not held yet."""
    activities = {track.activity_id for track in tracks}
    own = sa.and_(Quota.track_id.in_([track.id for track in alone]), Quota.place != EVERYWHERE)
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(Quota.activity_id.in_(activities), sa.or_(Quota.place == EVERYWHERE, own))
            )
        )
    )


def _plan(
    tracks: Sequence[Track],
    candidates: Sequence[Candidate],
    wishes: Sequence[Wish],
    indexes: Sequence[int],
    places: list[Place],
    stamp: Stamp,
) -> None:
    """Places on tracks that are held: first for those who wait, then for these."""
    book = Book(tracks, stamp.when)
    line = Line(book, stamp)
    line.walk()
    waits: list[list[int]] = []
    lacks: dict[int, Lack] = {}
    overtaken: dict[int, Lack] = {}
    for group in _groups(candidates, indexes):
        asked = [wishes[index] for index in group]
        track = candidates[group[0]].track
        seats = book.seat(asked)
        if isinstance(seats, Lack):
            _must_wait(track, book, seats, asked)
            waits.append(group)
            lacks[group[0]] = seats
            continue
        line.overtake(track.id)
        overtaken |= {index: lack for index, lack in lacks.items() if candidates[index].track is track}
        for index, seat in zip(group, seats, strict=True):
            places[index] = Place(waiting.after_holding(track), None, seat)
    line.write()
    for track, standing in groupby(waits, key=lambda group: candidates[group[0]].track):
        groups = list(standing)
        last = join(track, sum(map(len, groups)), len(groups))
        for position, group in enumerate(groups, last - len(groups) + 1):
            lack = overtaken.get(group[0])
            for index in group:
                places[index] = Place(State.WAITLISTED, position, note=lack.note if lack else "")


def _groups(candidates: Sequence[Candidate], indexes: Sequence[int]) -> list[list[int]]:
    """Who is placed together: a team or class whole, everybody else alone; in the order of who comes first."""
    groups: dict[object, list[int]] = {}
    for index in indexes:
        party = candidates[index].party
        key = (candidates[index].track.id, party.id) if party and together(party) else index
        groups.setdefault(key, []).append(index)
    return list(groups.values())


def _must_wait(track: Track, book: Book, lack: Lack, wishes: Sequence[Wish]) -> None:
    """Whoever finds no place waits, where the track lets them; an option that is taken is chosen anew instead."""
    if lack.kind == "choice":
        raise quotas.refusal(lack)
    for wish in wishes:
        for quota in book.chosen(wish):
            if book.free[quota] < 1:
                raise quotas.refusal(Lack(quota, len(wishes), book.free[quota]))
    if track.has_waiting_list:
        return
    if isinstance(lack.row, Quota):
        raise quotas.refusal(lack)
    raise Full
