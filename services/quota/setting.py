"""What an organiser sets: places of the whole activity, of a unit, kept for a group, of an option.

Whoever sets a quota holds its track, or all tracks of the activity; entries that have a place already count on it
from then on. Where places come free by it, those who wait are asked (`fill_by`).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from models.activity import Activity, Track
from models.base import db
from models.organisation import Organisation
from models.person import Category
from models.quota import EVERYWHERE, Kind, Quota
from models.registration import HOLDING, Answer, QuotaHold, Registration
from services import audit as audits
from services import hold
from services.quota import book
from services.quota.refusals import BadQuota, BelowHeld, KeptTooMany, NoChoice, NoGroup
from services.quota.wording import chose, key_of, name
from services.stamp import Stamp
from services.text import clean_line

MOST = 100_000

Fill = Callable[..., object]
_fills: list[Fill] = []


def fill_by(fill: Fill) -> None:
    """Who offers places that came free to those who wait: `fill(tracks, stamp=)`. Handed in by the room of entries,
    which stands above this one.
    """
    _fills[:] = [fill]


def fill(tracks: Iterable[Track], stamp: Stamp) -> None:
    db.session.flush()
    for each in _fills:
        each(list(tracks), stamp=stamp)


def set_total(activity: Activity, capacity: int | None, *, stamp: Stamp) -> Quota | None:
    """Places of the whole activity, whatever its tracks have; None: as many as they have together."""
    _checked(capacity)
    tracks = hold.lock(activity.tracks)
    quota = find(activity, EVERYWHERE, Kind.TOTAL, EVERYWHERE)
    if capacity is None:
        _drop(quota)
    elif quota is None:
        keys = _standing(Registration.activity_id == activity.id)
        quota = _make(activity, None, Kind.TOTAL, EVERYWHERE, "", capacity, keys)
    else:
        _resize(quota, capacity)
    audits.record("quota.set", activity, stamp=stamp, kind=Kind.TOTAL.value, capacity=capacity)
    fill(tracks, stamp)
    return quota if capacity is not None else None


def set_choice(
    activity: Activity, field: str, option: str, capacity: int | None, *, stamp: Stamp
) -> Quota | None:
    """Places of one option of a field of the form, on the whole activity; None: as many as choose it."""
    _checked(capacity)
    if not field or not option or ":" in field:
        raise NoChoice
    key = key_of(field, option)
    tracks = hold.lock(activity.tracks)
    quota = find(activity, EVERYWHERE, Kind.CHOICE, key)
    if capacity is None:
        _drop(quota)
    elif quota is None:
        keys = [
            entry for entry, said in _answers(Registration.activity_id == activity.id) if chose(said, key)
        ]
        quota = _make(activity, None, Kind.CHOICE, key, option[:80], capacity, keys)
    else:
        _resize(quota, capacity)
    audits.record("quota.set", activity, stamp=stamp, kind=Kind.CHOICE.value, field=field, capacity=capacity)
    fill(tracks, stamp)
    return quota if capacity is not None else None


def allot(track: Track, organisation: Organisation, seats: int | None, *, stamp: Stamp) -> Quota | None:
    """How many of a unit may have a place on a track, whatever the limit of a unit; none at all with 0; None:
    that limit again.
    """
    if seats != 0:
        _checked(seats)
    hold.lock([track])
    activity = track.activity
    quota = find(activity, track.code, Kind.UNIT, organisation.code)
    capacity = track.unit_limit if seats is None else seats
    label = "" if seats is None else organisation.label[:80]
    if capacity is None:
        _drop(quota)
        quota = None
    elif quota is None:
        keys = book.holders(track, organisation.id)
        quota = _make(activity, track, Kind.UNIT, organisation.code, label, capacity, keys)
        quota.organisation_id = organisation.id
    else:
        _resize(quota, capacity)
        quota.name = label
    audits.record("quota.allotted", track, stamp=stamp, organisation=organisation.code, seats=seats)
    fill([track], stamp)
    return quota


def keep(
    track: Track,
    name: str,
    categories: Sequence[Category],
    capacity: int | None,
    released_at: dt.datetime | None = None,
    *,
    stamp: Stamp,
) -> Quota | None:
    """Keep places of a track for some participant categories, until they are released; None: keep them no more.

    What a track does not keep is its open pool: the two are together the places of the track.
    """
    _checked(capacity)
    if not name.strip() or (capacity is not None and not categories):
        raise NoGroup
    hold.lock([track])
    name = clean_line(name, 80)
    group = find(track.activity, track.code, Kind.GROUP, name)
    if capacity is None:
        if group is not None:
            _unkeep(track, group)
            group = None
    else:
        group = _keep(track, group, name, [Category(each).value for each in categories], capacity)
        group.released_at = released_at
    audits.record("quota.kept", track, stamp=stamp, capacity=capacity)
    fill([track], stamp)
    return group


def _keep(track: Track, group: Quota | None, name: str, categories: list[str], capacity: int) -> Quota:
    activity = track.activity
    pool = find(activity, track.code, Kind.OPEN, EVERYWHERE)
    if pool is None:
        keys = _standing(Registration.track_id == track.id)
        pool = _make(activity, track, Kind.OPEN, EVERYWHERE, "", track.capacity, keys)
    if group is None:
        group = _make(activity, track, Kind.GROUP, name, name, 0, [])
    elif group.taken > capacity:
        raise BelowHeld(name, group.taken)
    more = capacity - group.capacity
    group.categories = categories
    fitting = [
        key
        for key, said in _answers(
            Registration.id.in_(sa.select(QuotaHold.registration_id).where(QuotaHold.quota_id == pool.id))
        )
        if said.get("category") in categories
    ][: max(0, capacity - group.taken)]
    if pool.taken - len(fitting) > pool.capacity - more:
        raise KeptTooMany(track.name, pool.capacity - pool.taken + len(fitting) + group.capacity)
    book.resize(group, max(capacity, group.taken))
    _move(fitting, pool, group)
    book.resize(pool, pool.capacity - more)
    return group


def _unkeep(track: Track, group: Quota) -> None:
    """Its places, taken or not, are the open pool's; without any group there is no pool either."""
    pool = find(track.activity, track.code, Kind.OPEN, EVERYWHERE)
    assert pool is not None
    book.resize(pool, pool.capacity + group.capacity)
    _move(_holding(group), group, pool)
    _drop(group)
    others = sa.select(Quota.id).where(Quota.track_id == track.id, Quota.kind == Kind.GROUP)
    if db.session.scalar(others.limit(1)) is None:
        _drop(pool)


def follow(track: Track) -> None:
    """The quotas of a track after it was edited: what it does not keep, and what each unit may have. The track is held.

    Raises `BelowHeld` where more are taken than would be left.
    """
    activity = track.activity
    pool = find(activity, track.code, Kind.OPEN, EVERYWHERE)
    if pool is not None:
        kept = db.session.scalar(
            sa.select(sa.func.sum(Quota.capacity)).where(Quota.track_id == track.id, Quota.kind == Kind.GROUP)
        )
        _resize(pool, track.capacity - (kept or 0))
    own = {
        quota.organisation_id: quota
        for quota in db.session.scalars(
            sa.select(Quota).where(Quota.track_id == track.id, Quota.kind == Kind.UNIT)
        )
    }
    for quota in own.values():
        if quota.name:  # seats of its own
            continue
        if track.unit_limit is None:
            _drop(quota)
        elif quota.capacity != track.unit_limit:
            _resize(quota, track.unit_limit)
    if track.unit_limit is not None:
        for unit in _units_of(track):
            if unit.id not in own:
                keys = book.holders(track, unit.id)
                made = _make(activity, track, Kind.UNIT, unit.code, "", track.unit_limit, keys)
                made.organisation_id = unit.id


def _units_of(track: Track) -> Sequence[Organisation]:
    """The units that have a place on a track."""
    holding = sa.select(Registration.organisation_id).where(
        Registration.track_id == track.id, Registration.state.in_(HOLDING)
    )
    return db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(holding))).all()


# --- the rows -------------------------------------------------------------------------------------


def find(activity: Activity, place: str, kind: Kind, key: str) -> Quota | None:
    return db.session.scalars(
        sa.select(Quota)
        .where(Quota.activity_id == activity.id, Quota.place == place, Quota.kind == kind, Quota.key == key)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _make(
    activity: Activity,
    track: Track | None,
    kind: Kind,
    key: str,
    name: str,
    capacity: int,
    keys: Sequence[int],
) -> Quota:
    """A new quota, held at once by the entries that need it."""
    quota = Quota(
        activity_id=activity.id,
        track_id=track.id if track is not None else None,
        place=track.code if track is not None else EVERYWHERE,
        kind=kind,
        key=key,
        name=name,
        capacity=capacity,
    )
    if len(keys) > capacity:
        raise _below(quota, len(keys))
    db.session.add(quota)
    db.session.flush()
    book.keep_holds((key, quota) for key in keys)
    if keys and not hold.take(quota, len(keys)):
        raise RuntimeError("a new quota has too few places")
    return quota


def _resize(quota: Quota, capacity: int) -> None:
    if not book.resize(quota, capacity):
        raise _below(quota, quota.taken)


def _below(quota: Quota, taken: int) -> BelowHeld:
    return BelowHeld(name(quota) if quota.kind is not Kind.GROUP else quota.name, taken)


def _drop(quota: Quota | None) -> None:
    if quota is None:
        return
    db.session.execute(
        sa.delete(QuotaHold)
        .where(QuotaHold.quota_id == quota.id)
        .execution_options(synchronize_session=False)
    )
    db.session.delete(quota)
    db.session.flush()


def _move(keys: Sequence[int], old: Quota, new: Quota) -> None:
    """Entries hold another quota than before."""
    if not keys:
        return
    db.session.execute(
        sa.update(QuotaHold)
        .where(QuotaHold.quota_id == old.id, QuotaHold.registration_id.in_(keys))
        .values(quota_id=new.id)
        .execution_options(synchronize_session=False)
    )
    hold.free(old, len(keys))
    if not hold.take(new, len(keys)):
        raise RuntimeError(f"{new!r} has too few places")


def _holding(quota: Quota) -> list[int]:
    return list(
        db.session.scalars(sa.select(QuotaHold.registration_id).where(QuotaHold.quota_id == quota.id))
    )


def _standing(condition: sa.ColumnElement[bool]) -> list[int]:
    return list(
        db.session.scalars(sa.select(Registration.id).where(condition, Registration.state.in_(HOLDING)))
    )


def _answers(condition: sa.ColumnElement[bool]) -> list[tuple[int, dict[str, Any]]]:
    """What those say that have a place, by the key of the entry."""
    rows = db.session.execute(
        sa.select(Registration.id, Answer.category, Answer.skill_level, Answer.values)
        .join(Answer, Answer.registration_id == Registration.id)
        .where(condition, Registration.state.in_(HOLDING))
        .order_by(Registration.id)
    )
    return [
        (key, {**values, "category": category, "skill_level": level}) for key, category, level, values in rows
    ]


def _checked(capacity: int | None) -> None:
    if capacity is not None and not 1 <= capacity <= MOST:
        raise BadQuota
