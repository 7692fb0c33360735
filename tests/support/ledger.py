"""A plain book of places, kept beside the real one: it reads what stands, counts by hand and says what is wrong.

It knows the rules in words, and shares no code with the rooms it watches.
"""

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa

from models.activity import Activity, Track
from models.base import db
from models.party import Kind as PartyKind
from models.quota import Kind, Quota
from models.registration import QuotaHold, Registration, State, Step

HAS_PLACE = (State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.OFFERED)


@dataclass(frozen=True)
class Line:
    """What the book writes down of one entry."""

    key: int
    track: int
    state: State
    position: int | None
    unit: int | None
    category: str
    choice: str
    party: int | None
    is_whole: bool
    """Whether it waits and is placed with its party."""
    takes_part: bool
    holds: frozenset[int]
    word: str
    """The last word of its history."""
    steps: tuple[State, ...]

    @property
    def has_place(self) -> bool:
        return self.state in HAS_PLACE

    @property
    def waits(self) -> bool:
        return self.state is State.WAITLISTED


@dataclass
class Ledger:
    tracks: dict[int, Track]
    quotas: list[Quota]
    lines: dict[int, Line]
    taken: Counter[tuple[str, int]] = field(default_factory=Counter)


def read(activity: Activity) -> Ledger:
    """What stands now."""
    db.session.expire_all()
    tracks = {t.id: t for t in db.session.scalars(sa.select(Track).where(Track.activity_id == activity.id))}
    quotas = list(db.session.scalars(sa.select(Quota).where(Quota.activity_id == activity.id)))
    holds: dict[int, set[int]] = {}
    for hold in db.session.scalars(sa.select(QuotaHold)):
        holds.setdefault(hold.registration_id, set()).add(hold.quota_id)
    steps: dict[int, list[Step]] = {}
    for step in db.session.scalars(sa.select(Step).order_by(Step.id)):
        steps.setdefault(step.registration_id, []).append(step)
    rows = db.session.scalars(sa.select(Registration).where(Registration.activity_id == activity.id))
    lines = {row.id: _line(row, holds.get(row.id, set()), steps[row.id]) for row in rows}
    ledger = Ledger(tracks, quotas, lines)
    for line in lines.values():
        if line.has_place:
            ledger.taken["track", line.track] += 1
            for quota_id in needs(ledger, line) | {q for q in line.holds if _is_pool(ledger, q)}:
                ledger.taken["quota", quota_id] += 1
    return ledger


def _line(row: Registration, holds: set[int], steps: list[Step]) -> Line:
    assert row.answer is not None
    party = row.party
    return Line(
        key=row.id,
        track=row.track_id,
        state=row.state,
        position=row.queue_position,
        unit=row.organisation_id,
        category=row.answer.category,
        choice=str(row.answer.values.get("lunch", "")),
        party=row.party_id,
        is_whole=party is not None and party.kind is not PartyKind.DELEGATION,
        takes_part=party is not None and party.takes_part,
        holds=frozenset(holds),
        word=steps[-1].note,
        steps=tuple(step.state for step in steps),
    )


def _is_pool(ledger: Ledger, quota_id: int) -> bool:
    return any(q.id == quota_id and q.kind in (Kind.GROUP, Kind.OPEN) for q in ledger.quotas)


def needs(ledger: Ledger, line: Line) -> set[int]:
    """The quotas on which its place counts, but for group and pool, of which it needs one."""
    found = set()
    for quota in ledger.quotas:
        own_track = quota.track_id == line.track
        if (
            quota.kind is Kind.TOTAL
            or (quota.kind is Kind.UNIT and own_track and quota.organisation_id == line.unit)
            or (quota.kind is Kind.CHOICE and quota.key == f"lunch:{line.choice}")
        ):
            found.add(quota.id)
    return found


def fits(ledger: Ledger, lines: list[Line], released: set[int]) -> bool:
    """Whether all of them would find a place now."""
    free = {("quota", q.id): q.capacity - ledger.taken["quota", q.id] for q in ledger.quotas}
    free |= {("track", t.id): t.capacity - ledger.taken["track", t.id] for t in ledger.tracks.values()}
    for line in lines:
        wanted = [("track", line.track), *(("quota", key) for key in needs(ledger, line))]
        limit = ledger.tracks[line.track].unit_limit
        has_own = any(
            q.kind is Kind.UNIT and q.track_id == line.track and q.organisation_id == line.unit
            for q in ledger.quotas
        )
        if limit is not None and line.unit is not None and not has_own:
            used = sum(
                e.has_place and e.unit == line.unit and e.track == line.track for e in ledger.lines.values()
            )
            free.setdefault(("limit", line.unit), limit - used)
            wanted.append(("limit", line.unit))
        own = [q for q in ledger.quotas if q.track_id == line.track and q.kind in (Kind.GROUP, Kind.OPEN)]
        if own:
            usable = [
                q for q in own if q.kind is Kind.OPEN or line.category in q.categories or q.id in released
            ]
            usable.sort(key=lambda q: q.kind is Kind.OPEN)
            pick = next((q for q in usable if free["quota", q.id] > 0), None)
            if pick is None:
                return False
            wanted.append(("quota", pick.id))
        if any(free[key] < 1 for key in wanted):
            return False
        for key in wanted:
            free[key] -= 1
    return True


def queue(ledger: Ledger, track: int) -> list[list[Line]]:
    """Who waits on a track, in order; who waits together is one."""
    places: dict[int, list[Line]] = {}
    for line in sorted(ledger.lines.values(), key=lambda each: each.key):
        if line.waits and line.track == track:
            assert line.position is not None
            places.setdefault(line.position, []).append(line)
    return [places[position] for position in sorted(places)]


def faults(ledger: Ledger) -> list[str]:
    """What must never be, at one moment."""
    found = []
    for track in ledger.tracks.values():
        if not ledger.taken["track", track.id] == track.taken <= track.capacity:
            found.append(f"track {track.id}: {track.taken} of {track.capacity}")
        for group in queue(ledger, track.id):
            parts = [[line] for line in group] if group[0].takes_part else [group]
            if any(fits(ledger, part, set()) for part in parts):
                found.append(f"idle place: {group[0].key} and {len(group) - 1} more fit and wait")
            if len(group) > 1 and len({line.party for line in group}) > 1:
                found.append(f"two share a place in line: {[line.key for line in group]}")
    for quota in ledger.quotas:
        if not ledger.taken["quota", quota.id] == quota.taken <= quota.capacity:
            found.append(f"{quota.kind} {quota.id}: {quota.taken} of {quota.capacity}")
    for line in ledger.lines.values():
        if not line.has_place and line.holds:
            found.append(f"{line.key} holds without a place")
        if line.has_place and not needs(ledger, line) <= line.holds:
            found.append(f"{line.key} does not hold what it needs")
        if any(a == b == State.OFFERED for a, b in zip(line.steps, line.steps[1:], strict=False)):
            found.append(f"{line.key} was offered twice")
    return found


def skipped(before: Ledger, after: Ledger) -> list[str]:
    """Who was overtaken without a word in their history."""
    found = []
    for line in after.lines.values():
        old = before.lines.get(line.key)
        if not (line.has_place and (old is None or old.waits)) or _took_over(before, after, line):
            continue
        for other in after.lines.values():
            then = before.lines.get(other.key)
            if not (other.waits and then is not None and then.waits) or other.track != line.track:
                continue
            assert other.position is not None
            behind = old is None or (old.position or 0) > other.position
            if behind and not other.word:
                found.append(f"{line.key} overtook {other.key} without a word")
    return found


def _took_over(before: Ledger, after: Ledger, line: Line) -> bool:
    """Whether it has the very place of another."""
    row = db.session.get_one(Registration, line.key)
    return row.replaces_id is not None
