"""Whatever happens in whatever order, every total is what a count from scratch says.

The count from scratch asks the people of the story (who completed, who won, who was confirmed), not the platform's
facts: a book kept beside the platform, in plain sets.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Role
from models.activity import Activity, Kind, Level, Series, Track
from models.base import db
from models.certificate import Certificate, Wish
from models.indicator import Plan
from models.organisation import Type
from models.outcome import Award, Line, Sheet, Verdict
from models.person import Person
from models.registration import HOLDING, Registration, Source
from services import activity as activities
from services import certificate as certificates
from services import indicator as indicators
from services import invariants, privacy
from services import outcome as outcomes
from services import pipeline as pipelines
from services import registration as registrations
from services.outcome import Entry
from services.registration import Entry as Answers
from services.stamp import Clock, Stamp
from services.transaction import transaction
from tests.support import factories as make
from tests.support.plan import document

YEAR = 2025
START = dt.datetime(YEAR, 3, 3, 1, tzinfo=dt.UTC)
PLACES = 12


@dataclass
class Book:
    """What happened, as somebody beside the platform would write it down. People by key, lines by code."""

    completed: dict[str, int] = field(default_factory=dict)
    """Line -> person, of classes at the public base."""
    won: dict[str, int] = field(default_factory=dict)
    reserve: dict[int, str] = field(default_factory=dict)
    """Person -> the line whose award is the basis."""
    certified: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    """Lines whose certificate two persons revoked, until a correction."""
    became: dict[int, int] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)

    def who(self, key: int) -> int:
        while key in self.became:
            key = self.became[key]
        return key

    def people(self, keys: Iterable[int]) -> set[int]:
        return {self.who(key) for key in keys}


class Story:
    """300 random operations on one district, each in its own transaction, by the people who may do them."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.dice, self.clock, self.book = random.Random(seed), clock, Book()
        self.now = START
        clock.set(self.now)
        with transaction():
            self.unit = make.organisation("区公共实训基地", Type.PUBLIC_INSTITUTION)
            self.lead = make.organisation("区人力社保局", Type.GOVERNMENT, department_code="hrss")
            self.clerk, self.checker, self.officer, self.confirmer, self.second = (
                make.account(make.person(name)) for name in ("录入", "确认", "发证", "入库", "复核")
            )
            for account, role in (
                (self.officer, Role.CERTIFICATE_OFFICER),
                (self.second, Role.CERTIFICATE_OFFICER),
            ):
                make.grant(account, role)
            self.people = [make.person().id for _each in range(30)]
            indicators.load(document(), stamp=Stamp())
        self.open_tracks: list[int] = []
        self.done: list[int] = []

    def stamp(self, by: Account | None = None) -> Stamp:
        return make.stamp(by, self.now)

    def tell(self, steps: int) -> None:
        ways: list[tuple[int, Callable[[], None]]] = [
            (3, self.open), (20, self.register), (5, self.finish), (4, self.certify), (5, self.confirm),
            (4, self.correct), (3, self.revoke), (1, self.leave), (1, self.merge), (2, self.withdraw),
        ]  # fmt: skip
        for _step in range(steps):
            self.now += dt.timedelta(minutes=20)
            self.clock.set(self.now)
            (way,) = self.dice.choices([way for _weight, way in ways], [weight for weight, _way in ways])
            with transaction():
                way()

    # --- what may happen ---------------------------------------------------------------------------

    def open(self) -> None:
        kind = self.dice.choice([Kind.TRAINING_CLASS, Kind.COMPETITION])
        made = make.activity(kind=kind, organiser=self.unit, starts_in=dt.timedelta(hours=5))
        made.ends_at, made.level, made.lead_id = (
            made.starts_at + dt.timedelta(hours=1),
            Level.DISTRICT,
            self.lead.id,
        )
        made.tags = ["public_base"] if kind is Kind.TRAINING_CLASS else []
        made.series = Series.INDUSTRY if kind is Kind.COMPETITION else None
        track = make.track(
            made, PLACES, opens_at=self.now, closes_at=self.now + dt.timedelta(days=60), needs_review=False
        )
        for sitting in made.sessions:
            sitting.ends_at = made.ends_at
        self.open_tracks.append(track.id)

    def register(self) -> None:
        """A unit enters three of its people."""
        if not self.open_tracks:
            return
        track = db.session.get_one(Track, self.dice.choice(self.open_tracks))
        for _each in range(3):
            person = self.person()
            stands = registrations.find_live(track.activity_id, person.id)
            if stands is None and self.now <= track.activity.starts_at and track.taken < track.capacity:
                said = Answers(category=person.category)
                stamp = self.stamp(self.clerk)
                registrations.register(track, person, said, by=self.clerk, source=Source.UNIT, stamp=stamp)

    def withdraw(self) -> None:
        rows = db.session.scalars(
            sa.select(Registration).where(
                Registration.track_id.in_(self.open_tracks), Registration.state.in_(HOLDING)
            )
        ).all()
        rows = [row for row in rows if row.activity.starts_at > self.now]
        if rows:
            registrations.withdraw(self.dice.choice(rows), note="", stamp=self.stamp(self.clerk))

    def finish(self) -> None:
        """A sheet from the first line to the second signature; and the activity is held."""
        over = [
            track
            for track in (db.session.get_one(Track, key) for key in self.open_tracks)
            if track.activity.ends_at <= self.now
        ]
        if not over:
            return
        track = self.dice.choice(over)
        self.open_tracks.remove(track.id)
        people = outcomes.people_of(track)
        if people:
            sheet = outcomes.sheet_of(track, stamp=self.stamp(self.clerk))
            entries = {row.code: self.entry(track.activity) for row in people}
            outcomes.enter(sheet, entries, by=self.clerk, stamp=self.stamp(self.clerk))
            outcomes.submit(sheet, by=self.clerk, stamp=self.stamp(self.clerk))
            outcomes.confirm(sheet, by=self.checker, stamp=self.stamp(self.checker))
            self.done.append(sheet.id)
            for line in sheet.lines:
                self.note(line)
        activities.mark_held(track.activity, stamp=self.stamp(self.clerk))
        if track.activity.kind is Kind.COMPETITION:
            self.book.held.add(track.activity.code)

    def entry(self, activity: Activity) -> Entry:
        if activity.kind is Kind.COMPETITION:
            return Entry(Verdict.COMPETED, award=self.dice.choice([None, *Award]))
        verdict = self.dice.choice([Verdict.COMPLETED, Verdict.COMPLETED, Verdict.FAILED, Verdict.ABSENT])
        return Entry(verdict, hours=Decimal(16))

    def note(self, line: Line) -> None:
        person = line.registration.person_id
        of_class = line.sheet.activity.kind is Kind.TRAINING_CLASS
        if of_class and line.verdict is Verdict.COMPLETED:
            self.book.completed[line.code] = person
        if line.award is not None:
            self.book.won[line.code] = person

    def certify(self) -> None:
        if not self.done:
            return
        sheet = db.session.get_one(Sheet, self.dice.choice(self.done))
        orders = outcomes.orders(sheet)
        wanted = {line.code for line in sheet.lines} & (self.book.completed.keys() | self.book.won.keys())
        wanted -= self.book.certified | self.book.revoked
        assert {order.subject for order in orders} == {f"line:{code}" for code in wanted}
        if orders:
            certificates.issue(orders, by=self.officer, stamp=self.stamp(self.officer))
            self.book.certified |= wanted

    def confirm(self) -> None:
        found = pipelines.candidates(YEAR)
        chosen = self.dice.sample(found, min(len(found), 3))
        if not chosen:
            return
        pipelines.confirm(chosen, by=self.confirmer, stamp=self.stamp(self.confirmer))
        for each in chosen:
            self.book.reserve[self.book.who(each.person.id)] = each.basis.source.split(":")[1]

    def correct(self) -> None:
        """An award goes, comes, or becomes another; a completion is taken back or given."""
        lines = db.session.scalars(
            sa.select(Line).where(Line.sheet_id.in_(self.done)).order_by(Line.id)
        ).all()
        if not lines:
            return
        line = self.dice.choice(lines)
        if line.sheet.activity.kind is Kind.TRAINING_CLASS:
            verdict = Verdict.FAILED if line.verdict is Verdict.COMPLETED else Verdict.COMPLETED
            entry = Entry(verdict, hours=line.hours)
        else:
            award = self.dice.choice([each for each in (None, *Award) if each is not line.award])
            entry = Entry(Verdict.COMPETED, award=award)
        asked = outcomes.ask_correction(line, entry, "成绩更正", by=self.clerk, stamp=self.stamp(self.clerk))
        outcomes.decide_correction(asked, True, "", by=self.checker, stamp=self.stamp(self.checker))
        for book in (self.book.completed, self.book.won):
            book.pop(line.code, None)
        self.book.certified.discard(line.code)
        self.book.revoked.discard(line.code)
        self.book.reserve = {who: basis for who, basis in self.book.reserve.items() if basis != line.code}
        self.note(line)

    def revoke(self) -> None:
        rows = db.session.scalars(
            sa.select(Certificate).where(Certificate.claim.is_not(None)).order_by(Certificate.id)
        ).all()
        if not rows:
            return
        row = self.dice.choice(rows)
        wish = self.dice.choice(list(Wish))
        asked = certificates.ask_change(
            row, wish, "信息有误", by=self.officer, stamp=self.stamp(self.officer)
        )
        certificates.decide_change(asked, True, by=self.second, stamp=self.stamp(self.second))
        if wish is Wish.REVOKE:
            self.book.certified.discard(row.subject.removeprefix("line:"))
            self.book.revoked.add(row.subject.removeprefix("line:"))

    def leave(self) -> None:
        rows, _total = pipelines.members(YEAR)
        if rows:
            entry = self.dice.choice(rows)
            pipelines.leave(entry, "调离本区", by=self.confirmer, stamp=self.stamp(self.confirmer))
            self.book.reserve.pop(self.book.who(entry.person_id))

    def merge(self) -> None:
        old, new = self.person(), self.person()
        if old.id == new.id:
            return
        privacy.merge(old, new, "同一人", stamp=self.stamp(self.second))
        self.people.remove(old.id)
        basis = self.book.reserve.pop(old.id, None)
        self.book.became[old.id] = new.id
        if basis is not None:
            self.book.reserve.setdefault(new.id, basis)

    def person(self) -> Person:
        return db.session.get_one(Person, self.dice.choice(self.people))


def figures(day: dt.date) -> dict[str, Decimal | None]:
    plan = db.session.scalars(sa.select(Plan)).one()
    return {each.indicator.code: each.value for each in indicators.progress(plan, day)}


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 12))])
def test_after_300_operations_every_total_is_the_count_from_scratch(
    context: Flask, clock: Clock, seed: int
) -> None:
    story = Story(seed, clock)
    story.tell(300)
    book = story.book
    while certificates.sign_due(stamp=story.stamp()):
        pass
    found = figures(dt.date(YEAR, 12, 31))
    assert found["T05.trained"] == len(book.people(book.completed.values()))
    assert found["T07.reserve_contestants"] == len(book.reserve) == pipelines.in_reserve(YEAR)
    assert found["T07.industry_competitions"] == len(book.held)
    assert pipelines.funnel(YEAR)["won"] == len(book.people(book.won.values()))
    assert pipelines.count_candidates(YEAR) == len(pipelines.candidates(YEAR))
    live = set(db.session.scalars(sa.select(Certificate.subject).where(Certificate.claim.is_not(None))))
    assert live == {f"line:{code}" for code in book.certified}
    assert sum(sum(row[1]) for row in pipelines.by_skill_and_tier(YEAR)) == len(book.reserve)
    assert {name: count for name, count in invariants.count().items() if count} == {}
    assert len(book.completed) > 5 and len(book.won) > 5  # else the story told nothing
    assert book.reserve and book.certified and book.became
