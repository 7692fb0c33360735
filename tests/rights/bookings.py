"""What of skill experience belongs to a side: its unit is a centre that offers slots, and a school that books them."""

import datetime as dt
from typing import TYPE_CHECKING

from models.account import Account
from models.activity import Kind, State
from models.base import db
from models.booking import Booking, Grade, School, Slot
from models.organisation import Organisation
from services import booking as bookings
from services.booking import Repeat, ThemeEntry
from services.stamp import Stamp, clock, local_day
from tests.support import factories
from tests.support.season import ALL, details

if TYPE_CHECKING:
    from tests.rights.world import Builder, Side

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
HOURS = tuple(dt.time(hour) for hour in range(8, 18))


class Term:
    """The side's term: each of its slots with one visit in another state."""

    def __init__(self, builder: "Builder", side: "Side", unit: Organisation) -> None:
        self.builder, self.side, self.unit = builder, side, unit
        self.teacher, self.manager, self.staff = (
            builder.accounts[f"{side.letter}.{name}"] for name in ("teacher", "unit_manager", "organiser")
        )
        self.number = 0
        activity = factories.activity(f"{side.letter}技能体验", Kind.EXPERIENCE, State.PUBLISHED, unit)
        activity.starts_at, activity.ends_at = clock.now() - 10 * DAY, clock.now() + 120 * DAY
        plain = factories.activity(f"{side.letter}还没开放的体验", Kind.EXPERIENCE, State.PUBLISHED, unit)
        self.school = School(organisation=unit, grades=ALL, listed_at=clock.now())
        db.session.add(self.school)
        stamp = builder.stamp(self.staff)
        self.season = bookings.open_season(activity, stamp=stamp)
        self.season.visits_most = 90
        side.codes |= {"term": activity.code, "plain_term": plain.code}
        self.theme = bookings.add_theme(
            self.season,
            ThemeEntry("数据标注", grades=ALL, capacity=48, least=10, takes_citizens=True),
            stamp=stamp,
        )
        visiting = bookings.add_theme(
            self.season, ThemeEntry("送课进校", grades=ALL, capacity=48, is_visiting=True), stamp=stamp
        )
        side.codes |= {"theme": self.theme.code, "visiting": visiting.code}

    def slots(self, days: int, *times: dt.time, parallel: int = 1) -> list[Slot]:
        day = local_day(clock.now()) + days * DAY
        repeat = Repeat(day, day, frozenset({day.weekday()}), times, parallel)
        return bookings.add_slots(self.theme, repeat, stamp=self.builder.stamp(self.staff))

    def keep(self, slot: Slot, heads: int = 5, by: Account | None = None) -> list[Booking]:
        by = by or self.teacher
        return bookings.keep(slot, Grade.P5, heads, school=self.school, by=by, stamp=self.stamp(by))

    def fill(self, parts: list[Booking]) -> list[Booking]:
        self.number += 1
        said = details(sum(part.heads for part in parts), str(self.number))
        return bookings.fill(parts, said, stamp=self.stamp(self.teacher))

    def send(self, slot: Slot, heads: int = 5) -> list[Booking]:
        return bookings.send(
            self.fill(self.keep(slot, heads)),
            agreed=True,
            by=self.teacher,
            is_manager=False,
            stamp=self.stamp(self.teacher),
        )

    def confirm(self, slot: Slot) -> Booking:
        return bookings.confirm(self.send(slot), by=self.staff, stamp=self.stamp(self.staff))[0]

    def stamp(self, by: Account) -> Stamp:
        return self.builder.stamp(by)

    def put(self, slot: Slot, begin: dt.datetime) -> None:
        """Its time has come, or is over."""
        slot.starts_at, slot.ends_at = begin, begin + HOUR
        db.session.flush()


def gather(builder: "Builder", side: "Side", unit: Organisation) -> None:
    """Slots that are free, full, parallel, today, over and closed; visits kept, filled in, asked for and done."""
    term = Term(builder, side, unit)
    free, full, held, filled, approval, visit, other, today, over, done = term.slots(21, *HOURS)
    term.send(full, 48)
    codes = {"slot": free.code, "full_slot": full.code}
    codes["filled_visit"] = term.fill(term.keep(filled, by=term.manager))[0].code
    for wanted in (True, False):
        bookings.set_approval(term.school, wanted, stamp=term.stamp(term.manager))
        if wanted:
            codes["asked_visit"] = term.send(approval)[0].code
    codes |= {"visit": term.send(visit)[0].code, "visit2": term.send(other)[0].code}
    codes["today_visit"] = term.confirm(today).code
    term.put(today, clock.now() - HOUR / 2)
    term.confirm(over)
    term.put(over, clock.now() - 3 * HOUR)
    codes["over_slot"] = over.code
    row = term.confirm(done)
    term.put(done, clock.now() - 5 * HOUR)
    bookings.arrive(row, 4, 1, by=term.teacher, stamp=term.stamp(term.teacher))
    bookings.close(done, stamp=term.stamp(term.staff))
    codes["done_visit"] = row.code
    pair, _beside = term.slots(22, dt.time(9), parallel=2)
    term.confirm(pair)
    codes["pair_slot"] = pair.code
    codes["kept_visit"] = term.keep(held)[0].code
    side.codes |= codes
    db.session.flush()
    side.codes["term.version"] = str(term.season.version)
    db.session.flush()
