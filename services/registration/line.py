"""Who waits, in order, and who of them gets a place that is free (R61).

A line is walked in memory, over a book of free places whose tracks are held, and then served at once. Whoever does
not fit is passed over; if somebody behind gets a place, it is written into their history why.
"""

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.activity import State as ActivityState
from models.activity import Track
from models.base import db
from models.party import Kind as PartyKind
from models.party import Party
from models.registration import Registration, State, Step
from services import audit as audits
from services import quota as quotas
from services.quota import Book, Lack, Seat, Wish
from services.registration import listing
from services.registration.moves import move, tell, tell_owner
from services.registration.wish import wish_of_row
from services.stamp import Stamp

OFFER = dt.timedelta(hours=48)
"""How long an offered place waits for an answer."""

CHUNK = 100

TOGETHER = frozenset({PartyKind.TEAM, PartyKind.CLASS})
"""Parties that are placed, and wait, as one."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Whoever has one place in line: a person, or a party that waits together."""

    rows: tuple[Registration, ...]

    @property
    def track_id(self) -> int:
        return self.rows[0].track_id

    @property
    def party(self) -> Party | None:
        return self.rows[0].party if self.rows[0].party_id is not None else None

    @property
    def made_at(self) -> dt.datetime:
        return self.rows[0].made_at


def together(party: Party | None) -> bool:
    return party is not None and party.kind in TOGETHER


class Line:
    def __init__(self, book: Book, stamp: Stamp, without: Set[int] = frozenset()) -> None:
        """`without`: keys of entries that are taken not to wait."""
        self.book = book
        self.without = without
        self.stamp = stamp
        self.served: list[tuple[Registration, Seat]] = []
        self.passed: list[tuple[Standing, Lack]] = []
        """Who does not fit, in order."""
        self.overtaken: dict[Standing, Lack] = {}
        """Those of them whom somebody behind has overtaken."""

    def walk(self) -> None:
        """Find a place for everybody who waits and fits, first come first."""
        queues = [self._queue(track) for track in self.book.tracks.values() if self._moves(track)]
        for standing in heapq.merge(*queues, key=lambda each: each.made_at):
            self._try(standing)

    def walk_before(self, row: Registration) -> None:
        """Only those who stand before somebody on their track, who is about to take a place."""
        track = self.book.tracks[row.track_id]
        for standing in self._queue(track) if self._moves(track) else ():
            if (standing.rows[0].queue_position or 0) >= (row.queue_position or 0):
                break
            self._try(standing)
        self.overtake(track.id)

    def _moves(self, track: Track) -> bool:
        """Whether a free place is of use: once the activity begins, or where it is cancelled, it is to nobody."""
        activity = track.activity
        is_on = activity.state is ActivityState.PUBLISHED and self.stamp.when < activity.starts_at
        return is_on and track.waiting > 0

    def _has_room(self, track: Track) -> bool:
        total = self.book.total.get(track.activity_id)
        return self.book.free[track] > 0 and (total is None or self.book.free[total] > 0)

    def _queue(self, track: Track) -> Iterator[Standing]:
        """Those who wait on a track, in order, as long as there is anything to give."""
        last = -1
        while self._has_room(track):
            rows = self._some(track, last)
            if not rows:
                return
            for _position, group in groupby(rows, key=lambda row: row.queue_position):
                standing = Standing(tuple(row for row in group if row.id not in self.without))
                if not self._has_room(track):
                    return
                if standing.rows:
                    yield standing
            last = rows[-1].queue_position or 0

    def _some(self, track: Track, after: int) -> Sequence[Registration]:
        """The next of a queue; whoever shares a place in line is not parted."""
        waits = (Registration.track_id == track.id, Registration.state == State.WAITLISTED)
        places = (
            sa.select(Registration.queue_position)
            .where(*waits, Registration.queue_position > after)
            .distinct()
            .order_by(Registration.queue_position)
            .limit(CHUNK)
            .subquery()
        )
        upto = db.session.scalar(sa.select(sa.func.max(places.c.queue_position)))
        if upto is None:
            return []
        wanted = sa.select(Registration).where(
            *waits, Registration.queue_position > after, Registration.queue_position <= upto
        )
        if self.book.has_quotas:
            wanted = wanted.options(joinedload(Registration.answer))
        return db.session.scalars(
            wanted.order_by(
                Registration.queue_position, Registration.rank, Registration.id
            ).execution_options(populate_existing=True)
        ).all()

    def _try(self, standing: Standing) -> None:
        wishes = [self.wish(row) for row in standing.rows]
        seats = self.book.seat(wishes)
        if not isinstance(seats, Lack):
            self._serve(list(zip(standing.rows, seats, strict=True)))
            return
        party = standing.party
        if len(wishes) > 1 and party is not None and party.takes_part:
            part, rest = [], []
            for row, wish in zip(standing.rows, wishes, strict=True):
                seat = self.book.seat([wish])
                if isinstance(seat, Lack):
                    rest.append(row)
                else:
                    part.append((row, seat[0]))
            if part:
                self._serve(part)
                standing = Standing(tuple(rest))
        self.passed.append((standing, seats))

    def _serve(self, pairs: Sequence[tuple[Registration, Seat]]) -> None:
        self.overtake(pairs[0][0].track_id)
        self.served += pairs

    def overtake(self, track_id: int) -> None:
        """Somebody gets a place on a track, and comes after those who did not fit."""
        activity_id = self.book.tracks[track_id].activity_id
        for standing, lack in self.passed:
            same = standing.rows[0].activity_id == activity_id
            if standing.track_id == track_id or (lack.is_everywhere and same):
                self.overtaken.setdefault(standing, lack)

    def wish(self, row: Registration) -> Wish:
        return wish_of_row(row) if self.book.has_quotas else Wish(row.track_id)

    def write(self) -> list[Registration]:
        """Hold what was planned, offer it, and note who was passed over; answers whom it was offered."""
        self.book.write()
        gone = Counter(row.track_id for row, _seat in self.served)
        for track_id in sorted(gone):
            leave(self.book.tracks[track_id], gone[track_id])
        self._offer([row for row, _seat in self.served])
        db.session.flush()
        quotas.keep_holds((row.id, quota) for row, seat in self.served for quota in seat)
        self._note_passed()
        return [row for row, _seat in self.served]

    def _offer(self, rows: Sequence[Registration]) -> None:
        alone = [row for row in rows if row.party_id is None or not together(row.party)]
        accounts = listing.accounts_of(row.person_id for row in alone)
        for row in rows:
            due_at = min(self.stamp.when + OFFER, row.activity.starts_at)
            move(row, State.OFFERED, stamp=self.stamp, due_at=due_at, quietly=True)
        for row in alone:
            tell(row, State.OFFERED.value, stamp=self.stamp, due_at=row.due_at, accounts=accounts)
        for _party_id, group in groupby(
            (row for row in rows if together(row.party)), key=lambda row: row.party_id
        ):
            tell_owner(list(group), stamp=self.stamp)

    def _note_passed(self) -> None:
        """The reason, once for as long as it stays the same."""
        if not self.overtaken:
            return
        notes = {row.id: lack.note for standing, lack in self.overtaken.items() for row in standing.rows}
        known = _last_notes(notes)
        for standing, lack in self.overtaken.items():
            fresh = [row for row in standing.rows if known.get(row.id) != notes[row.id]]
            for row in fresh:
                db.session.add(
                    Step(
                        registration_id=row.id,
                        state=State.WAITLISTED,
                        at=self.stamp.when,
                        by_id=self.stamp.account_id,
                        note=notes[row.id],
                    )
                )
            audits.record(
                "registration.passed_over",
                standing.rows[0],
                stamp=self.stamp,
                lacking=lack.kind,
                wanted=lack.wanted,
                left=lack.left,
            )


def _last_notes(keys: Iterable[int]) -> dict[int, str]:
    """The last word in the history of some entries."""
    wanted = list(keys)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        last = (
            sa.select(sa.func.max(Step.id))
            .where(Step.registration_id.in_(wanted[start : start + 500]))
            .group_by(Step.registration_id)
        )
        rows = db.session.execute(sa.select(Step.registration_id, Step.note).where(Step.id.in_(last)))
        for row in rows:
            found[row.registration_id] = row.note
    return found


def join(track: Track, people: int = 1, places: int = 1) -> int:
    """New places in line, for so many people; answers the last. The track's row is held from here on."""
    return db.session.execute(
        sa.update(Track)
        .where(Track.id == track.id)
        .values(waiting=Track.waiting + people, last_in_line=Track.last_in_line + places)
        .returning(Track.last_in_line)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def leave(track: Track, people: int = 1) -> None:
    """Take somebody off the count of those who wait."""
    db.session.execute(
        sa.update(Track)
        .where(Track.id == track.id)
        .values(waiting=Track.waiting - people)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(track, ["waiting"])
