"""Random lives of places: entering alone and together, nested quotas, a waiting list, and everything that moves them.

After each step a plain book (`tests.support.ledger`) counts by hand: no quota is oversold, no place is idle while
somebody fits who waits, nobody is overtaken without a word, nobody is offered a place twice.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable

from flask import Flask

from models.account import Account
from models.activity import Activity, Kind, Track
from models.base import db
from models.organisation import Organisation
from models.party import Kind as PartyKind
from models.party import Party
from models.party import State as PartyState
from models.person import Category
from models.registration import Registration, Source, State
from services import invariants
from services import quota as quotas
from services import registration as registrations
from services.activity import TrackEntry
from services.errors import Refused
from services.registration import Candidate, Entry
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories as make
from tests.support import ledger

STEPS = 14
STUDENT, WORKER = Category.VOCATIONAL_STUDENT, Category.ENTERPRISE_EMPLOYEE


class Life:
    """One activity of two tracks, and chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.moment = make.now()
        self.done: Counter[str] = Counter()
        with transaction():
            self.activity: Activity = make.activity(kind=Kind.LECTURE, starts_in=dt.timedelta(days=60))
            self.tracks: list[Track] = [
                make.track(
                    self.activity,
                    capacity=self.chance.randint(1, 5),
                    unit_limit=self.chance.choice([None, None, 1, 2]),
                    closes_at=make.now() + dt.timedelta(days=50),
                    needs_document=False,
                )
                for _ in range(2)
            ]
            self.units: list[Organisation] = [make.organisation() for _ in range(2)]
            self.reviewer: Account = make.account()

    @property
    def stamp(self) -> Stamp:
        return make.stamp(self.reviewer, when=self.moment)

    def live(self) -> None:
        verbs: list[Callable[[], object]] = [
            *[self.enter] * 3, *[self.enter_party] * 3, self.delegate,
            *[self.withdraw] * 3, *[self.answer] * 2, self.expire, self.part, self.replace, self.reject,
            self.resize, self.total, self.allot, self.keep, self.choice, self.release, self.amend,
        ]  # fmt: skip
        before = ledger.read(self.activity)
        for _ in range(STEPS):
            self.moment += dt.timedelta(minutes=self.chance.choice([1, 1, 1, 50 * 60]))
            verb = self.chance.choice(verbs)
            try:
                with transaction():
                    verb()
                self.done[verb.__name__] += 1
            except Refused as no:
                self.done[f"{verb.__name__}: {type(no).__name__}"] += 1
            after = ledger.read(self.activity)
            wrong = ledger.faults(after) + ledger.skipped(before, after)
            assert not wrong, (verb.__name__, wrong, self.done)
            before = after
        counted = {name: count for name, count in invariants.count().items() if count}
        assert not counted, counted

    # --- what may happen ---------------------------------------------------------------------------

    def entry(self) -> Entry:
        lunch = self.chance.choice(["rice", "noodles"])
        return Entry(category=self.chance.choice([STUDENT, WORKER]), values={"lunch": lunch})

    def candidate(self, track: Track, party: Party | None = None, **more: object) -> Candidate:
        return Candidate(
            track,
            make.person(documented=False),
            self.entry(),
            self.unit(),
            party=party,
            **more,  # type: ignore[arg-type]
        )

    def unit(self) -> Organisation | None:
        return self.chance.choice([None, *self.units])

    def batch(self, lines: list[Candidate]) -> None:
        registrations.register_batch(lines, by=None, source=Source.UNIT, stamp=self.stamp)

    def enter(self) -> None:
        self.batch(
            [self.candidate(self.chance.choice(self.tracks)) for _ in range(self.chance.randint(1, 3))]
        )

    def party(self, kind: PartyKind, track: Track) -> Party:
        row = Party(
            activity_id=track.activity_id,
            track_id=track.id,
            kind=kind,
            state=PartyState.SENT,
            name="示例队",
            owner_id=self.reviewer.id,
            takes_part=self.chance.random() < 0.3,
            made_at=self.moment,
        )
        db.session.add(row)
        db.session.flush()
        return row

    def enter_party(self) -> None:
        track = self.chance.choice(self.tracks)
        kind = self.chance.choice([PartyKind.TEAM, PartyKind.CLASS])
        team, size = self.party(kind, track), self.chance.randint(2, 4)
        stand_by = [self.candidate(track, team, rank=9, stands_by=True)] if self.chance.random() < 0.5 else []
        self.batch([self.candidate(track, team, rank=n) for n in range(size)] + stand_by)

    def delegate(self) -> None:
        track = self.chance.choice(self.tracks)
        row = self.party(PartyKind.DELEGATION, track)
        unit = make.organisation()
        row.organisation_id, row.claim = unit.id, f"{track.id}:{unit.id}"
        self.batch([self.candidate(track, row, rank=n, stands_by=n == 2) for n in range(3)])

    def some(self, *states: State) -> Registration | None:
        rows = (
            db.session.query(Registration)
            .filter(Registration.activity_id == self.activity.id, Registration.state.in_(states))
            .order_by(Registration.id)
            .all()
        )
        return self.chance.choice(rows) if rows else None

    def withdraw(self) -> None:
        if row := self.some(*State):
            registrations.withdraw(row, stamp=self.stamp)

    def answer(self) -> None:
        if row := self.some(State.OFFERED):
            registrations.accept_offer(row, stamp=self.stamp)

    def expire(self) -> None:
        registrations.expire_due(stamp=self.stamp)

    def part(self) -> None:
        row = self.some(State.OFFERED, State.WAITLISTED)
        if row is None or row.party is None or row.party.kind is PartyKind.DELEGATION:
            return
        rows = (
            db.session.query(Registration)
            .filter_by(party_id=row.party_id)
            .filter(Registration.state.in_([State.OFFERED, State.WAITLISTED]))
            .all()
        )
        keep = self.chance.sample(rows, self.chance.randint(1, len(rows)))
        registrations.part(row.party, keep, others_wait=self.chance.random() < 0.5, stamp=self.stamp)

    def replace(self) -> None:
        out, standby = self.some(*State), self.some(State.STANDBY)
        if out is not None:
            by = standby if standby is not None and self.chance.random() < 0.5 else self.candidate(out.track)
            registrations.replace(out, by, by=self.reviewer, note="伤病", stamp=self.stamp)

    def reject(self) -> None:
        if row := self.some(State.SUBMITTED, State.ACCEPTED):
            registrations.reject(row, "不符合条件", by=self.reviewer, stamp=self.stamp)

    def amend(self) -> None:
        if row := self.some(State.SUBMITTED):
            registrations.amend(row, self.entry(), stamp=self.stamp)

    def resize(self) -> None:
        track = self.chance.choice(self.tracks)
        entry = TrackEntry(
            name=track.name,
            capacity=self.chance.randint(1, 6),
            opens_at=track.opens_at,
            closes_at=track.closes_at,
            needs_document=False,
        )
        registrations.edit_track(track, entry, stamp=self.stamp)

    def total(self) -> None:
        quotas.set_total(self.activity, self.chance.choice([None, 2, 4, 7]), stamp=self.stamp)

    def allot(self) -> None:
        track, unit = self.chance.choice(self.tracks), self.chance.choice(self.units)
        quotas.allot(track, unit, self.chance.choice([None, 1, 2, 4]), stamp=self.stamp)

    def keep(self) -> None:
        track, seats = self.chance.choice(self.tracks), self.chance.choice([None, 1, 2])
        released = self.moment + dt.timedelta(hours=self.chance.choice([1, 60]))
        quotas.keep(track, "学生", [STUDENT], seats, released, stamp=self.stamp)

    def choice(self) -> None:
        quotas.set_choice(
            self.activity, "lunch", "rice", self.chance.choice([None, 1, 3, 5]), stamp=self.stamp
        )

    def release(self) -> None:
        quotas.release_due(stamp=self.stamp)


def test_random_lives_keep_every_place_true(context: Flask, rounds: Callable[[int, int], int]) -> None:
    done: Counter[str] = Counter()
    for seed in range(rounds(100, 1000)):
        life = Life(seed)
        try:
            life.live()
        except AssertionError as wrong:
            raise AssertionError(f"life {seed}") from wrong
        done += life.done
        db.session.expunge_all()
    assert not {"enter", "enter_party", "answer", "part", "replace", "release", "keep"} - set(done)
