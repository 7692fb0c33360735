"""The free places of some tracks and of all quotas that hang on them, while the tracks are held.

A book plans in memory and writes once: one update a row, whatever the number of people. What it read cannot change
under it, since whoever changes a quota holds its track first, and all tracks of the activity for a quota of the whole
of it (`services.hold.lock`). Read without holding, it answers what would be; then it is never written.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from models.activity import Track
from models.base import Scarce, db
from models.organisation import Organisation
from models.quota import EVERYWHERE, Kind, Quota
from models.registration import HOLDING, QuotaHold, Registration
from services import hold
from services import page as pages
from services.quota.wording import Lack, chose, key_of


@dataclass(frozen=True, eq=False)
class Wish:
    """What decides on which quotas a place counts."""

    track_id: int
    organisation_id: int | None = None
    category: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


Seat = tuple[Quota, ...]
"""The quotas on which a place counts, beside its track."""


class Book:
    def __init__(self, tracks: Iterable[Track], moment: dt.datetime) -> None:
        self.tracks = {track.id: track for track in tracks}
        self.free: dict[Scarce, int] = {track: track.left for track in self.tracks.values()}
        self.changes: Counter[Scarce] = Counter()
        self.grown: Counter[Quota] = Counter()
        """Places that a released group gives to the open pool: how the capacities change."""
        self.total: dict[int, Quota] = {}
        self.choices: dict[int, list[Quota]] = defaultdict(list)
        self.units: dict[tuple[int, int], Quota] = {}
        self.groups: dict[int, list[Quota]] = defaultdict(list)
        self.open: dict[int, Quota] = {}
        self.made: list[Quota] = []
        for quota in self._quotas():
            self._enter(quota)
        for track_id in self.open:
            self._release(track_id, moment)

    @property
    def has_quotas(self) -> bool:
        """Whether a place on one of the tracks counts anywhere else."""
        return bool(
            self.total
            or self.choices
            or self.units
            or self.open
            or any(track.unit_limit is not None for track in self.tracks.values())
        )

    @property
    def is_shared(self) -> bool:
        """Whether a quota of a whole activity is among them."""
        return bool(self.total or self.choices)

    def _quotas(self) -> Sequence[Quota]:
        activities = {track.activity_id for track in self.tracks.values()}
        return db.session.scalars(
            sa.select(Quota)
            .where(
                Quota.activity_id.in_(activities),
                sa.or_(Quota.place == EVERYWHERE, Quota.track_id.in_(self.tracks)),
            )
            .order_by(Quota.id)
            .execution_options(populate_existing=True)
        ).all()

    def _enter(self, quota: Quota) -> None:
        self.free[quota] = quota.left
        match quota.kind:
            case Kind.TOTAL:
                self.total[quota.activity_id] = quota
            case Kind.CHOICE:
                self.choices[quota.activity_id].append(quota)
            case Kind.UNIT:
                assert quota.track_id is not None
                assert quota.organisation_id is not None
                self.units[quota.track_id, quota.organisation_id] = quota
            case Kind.GROUP:
                assert quota.track_id is not None
                self.groups[quota.track_id].append(quota)
            case Kind.OPEN:
                assert quota.track_id is not None
                self.open[quota.track_id] = quota

    def _release(self, track_id: int, moment: dt.datetime) -> None:
        """What is left of a group whose time has come is open to all."""
        pool = self.open[track_id]
        for group in self.groups[track_id]:
            if group.released_at is not None and group.released_at <= moment and self.free[group] > 0:
                moved, self.free[group] = self.free[group], 0
                self.free[pool] += moved
                self.grown[group] -= moved
                self.grown[pool] += moved

    # --- planning --------------------------------------------------------------------------------

    def seat(self, wishes: Sequence[Wish]) -> list[Seat] | Lack:
        """A place for each of them, or for none: then what it lacks first."""
        found: list[Seat] = []
        for wish in wishes:
            seat = self._seat(wish)
            if isinstance(seat, Lack):
                for done, before in zip(found, wishes, strict=False):
                    self.leave(before.track_id, done)
                left = self.free[seat.row]
                return Lack(seat.row, wanted=len(wishes), left=left)
            self._count(wish.track_id, seat, 1)
            found.append(seat)
        return found

    def leave(self, track_id: int | None, seat: Iterable[Quota]) -> None:
        """Give a place back; `track_id` None: the quotas alone."""
        self._count(track_id, seat, -1)

    def _count(self, track_id: int | None, seat: Iterable[Quota], places: int) -> None:
        rows: list[Scarce] = list(seat)
        if track_id is not None:
            rows.append(self.tracks[track_id])
        for row in rows:
            self.free[row] -= places
            self.changes[row] += places

    def _seat(self, wish: Wish) -> Seat | Lack:
        track = self.tracks[wish.track_id]
        needed: list[Quota] = []
        if self.free[track] < 1:
            return Lack(track)
        if (total := self.total.get(track.activity_id)) is not None:
            needed.append(total)
        if (unit := self._unit(track, wish.organisation_id)) is not None:
            needed.append(unit)
        needed += self.chosen(wish)
        for quota in needed:
            if self.free[quota] < 1:
                return Lack(quota)
        if (pool := self.open.get(track.id)) is not None:
            fitting = [group for group in self.groups[track.id] if wish.category in group.categories]
            for part in (*fitting, pool):
                if self.free[part] > 0:
                    needed.append(part)
                    break
            else:
                return Lack(fitting[0] if fitting else pool)
        return tuple(needed)

    def chosen(self, wish: Wish) -> list[Quota]:
        """The options with places of their own that it chose."""
        if not self.choices:
            return []
        activity_id = self.tracks[wish.track_id].activity_id
        return [quota for quota in self.choices.get(activity_id, ()) if chose(wish.answers, quota.key)]

    def _unit(self, track: Track, organisation_id: int | None) -> Quota | None:
        if organisation_id is None:
            return None
        quota = self.units.get((track.id, organisation_id))
        if quota is None and track.unit_limit is not None:
            quota = self._make_unit(track, organisation_id, track.unit_limit)
        return quota

    def _make_unit(self, track: Track, organisation_id: int, limit: int) -> Quota:
        """The quota of a unit that comes for the first time. Entries it has from before the limit count."""
        organisation = db.session.get_one(Organisation, organisation_id)
        taken = len(holders(track, organisation_id))
        quota = Quota(
            activity_id=track.activity_id,
            track_id=track.id,
            place=track.code,
            kind=Kind.UNIT,
            key=organisation.code,
            organisation_id=organisation_id,
            capacity=max(limit, taken),
            taken=taken,
        )
        self.made.append(quota)
        self._enter(quota)
        return quota

    # --- writing ---------------------------------------------------------------------------------

    def write(self) -> None:
        """Hold and free what was planned: tracks first, then quotas, each in the order of their keys."""
        self._write_capacities()
        for quota in self.made:
            db.session.add(quota)
        if self.made:
            db.session.flush()
            for quota in self.made:
                if quota.taken:
                    assert quota.track_id is not None
                    assert quota.organisation_id is not None
                    standing = holders(self.tracks[quota.track_id], quota.organisation_id)
                    keep_holds((key, quota) for key in standing)
            self.made.clear()
        for row in sorted((row for row, change in self.changes.items() if change), key=hold.order):
            change = self.changes[row]
            if change < 0:
                hold.free(row, -change)
            elif not hold.take(row, change):
                raise RuntimeError(f"{row!r} was not held while it was planned with")
        self.changes.clear()

    def _write_capacities(self) -> None:
        for quota, places in self.grown.items():
            resize(quota, quota.capacity + places)
        self.grown.clear()


def resize(quota: Quota, capacity: int) -> bool:
    """Another capacity, unless more are taken."""
    db.session.flush()
    changed = db.session.execute(
        sa.update(Quota)
        .where(Quota.id == quota.id, Quota.taken <= capacity)
        .values(capacity=capacity)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(changed, sa.CursorResult)
    db.session.expire(quota, ["capacity", "taken"])
    pages.touch()
    return changed.rowcount == 1


def keep_holds(pairs: Iterable[tuple[int, Quota]]) -> None:
    """Note which entry holds which quota."""
    rows = [{"registration_id": key, "quota_id": quota.id} for key, quota in pairs]
    if rows:
        db.session.execute(sa.insert(QuotaHold), rows)


def holders(track: Track, organisation_id: int) -> list[int]:
    """The keys of a unit's entries that have a place on a track."""
    return list(
        db.session.scalars(
            sa.select(Registration.id).where(
                Registration.track_id == track.id,
                Registration.organisation_id == organisation_id,
                Registration.state.in_(HOLDING),
            )
        )
    )


def held_by(keys: Iterable[int]) -> dict[int, list[Quota]]:
    """Which quotas some entries hold, by the entry's key."""
    found: dict[int, list[Quota]] = defaultdict(list)
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        for key, quota in db.session.execute(
            sa.select(QuotaHold.registration_id, Quota)
            .join(Quota, Quota.id == QuotaHold.quota_id)
            .where(QuotaHold.registration_id.in_(wanted[start : start + 500]))
        ):
            found[key].append(quota)
    return found


def free(keys: Iterable[int]) -> None:
    """Entries that have no place any more hold no quota. Their tracks are held."""
    held = held_by(keys)
    if not held:
        return
    counted = Counter(quota for quotas in held.values() for quota in quotas)
    drop_holds(held)
    for quota in sorted(counted, key=hold.order):
        hold.free(quota, counted[quota])


def drop_holds(keys: Iterable[int]) -> None:
    """Forget what entries hold; the places themselves are freed, or taken over, by whoever asks for it."""
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        db.session.execute(
            sa.delete(QuotaHold)
            .where(QuotaHold.registration_id.in_(wanted[start : start + 500]))
            .execution_options(synchronize_session=False)
        )


__all__ = ["Book", "Seat", "Wish", "free", "held_by", "holders", "keep_holds", "key_of", "resize"]
