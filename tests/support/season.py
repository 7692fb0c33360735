"""A term of skill experience: a centre that offers it, a theme, slots, and schools with a teacher and a manager."""

import datetime as dt
from dataclasses import dataclass, field

from models.account import Account, Role, ScopeKind
from models.activity import Activity, Kind
from models.base import db
from models.booking import Booking, Grade, School, Season, Slot, Theme
from models.organisation import Member, Organisation, Type
from services import booking as bookings
from services.booking import Details, Repeat, ThemeEntry
from services.stamp import Stamp, local_day, local_moment
from services.transaction import transaction
from tests.support import factories as make

ALL = frozenset(grade.value for grade in Grade)


def details(heads: int = 40, classes: str = "2", grade: Grade = Grade.P5, **more: object) -> Details:
    values = {"teachers": 9, "contact_name": "陈老师", "contact": "19900009999"} | more
    return Details(grade=grade, classes=classes, heads=heads, **values)  # type: ignore[arg-type]


@dataclass
class Centre:
    """Who offers, and what; `day` is the first day of the slots."""

    activity: Activity
    season: Season
    theme: Theme
    staff: Account
    other_staff: Account
    when: dt.datetime
    day: dt.date
    slots: list[Slot] = field(default_factory=list)

    def stamp(self, by: Account | None = None, later: dt.timedelta = dt.timedelta()) -> Stamp:
        return make.stamp(by, self.when + later)

    def offer(self, *times: str, days: int = 0, parallel: int = 1, theme: Theme | None = None) -> list[Slot]:
        """Slots so many days after the first day, at these times."""
        day = self.day + dt.timedelta(days=days)
        repeat = Repeat(
            day, day, frozenset({day.weekday()}), tuple(map(dt.time.fromisoformat, times)), parallel
        )
        with transaction():
            return bookings.add_slots(theme or self.theme, repeat, stamp=self.stamp(self.staff))

    def keep(self, slot: Slot, at: "Pupils", heads: int = 40, grade: Grade = Grade.P5) -> list[Booking]:
        with transaction():
            return bookings.keep(
                slot, grade, heads, school=at.school, by=at.teacher, stamp=self.stamp(at.teacher)
            )

    def send(self, slot: Slot, at: "Pupils", heads: int = 40, classes: str = "2") -> list[Booking]:
        """Keep, fill in and hand in."""
        parts = self.keep(slot, at, heads)
        with transaction():
            parts = bookings.fill(parts, details(heads, classes), stamp=self.stamp(at.teacher))
            return bookings.send(
                parts, agreed=True, by=at.teacher, is_manager=False, stamp=self.stamp(at.teacher)
            )

    def confirm(self, slot: Slot, at: "Pupils", heads: int = 40, classes: str = "2") -> list[Booking]:
        parts = self.send(slot, at, heads, classes)
        with transaction():
            return bookings.confirm(parts, by=self.staff, stamp=self.stamp(self.staff))


@dataclass
class Pupils:
    """A school: whoever books for it."""

    school: School
    unit: Organisation
    teacher: Account
    manager: Account


def centre(capacity: int = 48, least: int = 0, **terms: object) -> Centre:
    """A term that began ten days ago and has eighty days to go; now is the morning of next Monday."""
    today = local_day(make.now())
    today += dt.timedelta(days=7 - today.weekday())
    with transaction():
        unit = make.organisation(kind=Type.PUBLIC_INSTITUTION)
        activity = make.activity(kind=Kind.EXPERIENCE, organiser=unit)
        activity.starts_at = local_moment(today - dt.timedelta(days=10))
        activity.ends_at = local_moment(today + dt.timedelta(days=120))
        staff, other = make.account(make.person()), make.account(make.person())
        for one in (staff, other):
            make.grant(one, Role.ORGANISER, ScopeKind.ORGANISATION, unit.code)
        when = local_moment(today, dt.time(9))
        stamp = make.stamp(staff, when)
        season = bookings.open_season(activity, stamp=stamp)
        for name, value in terms.items():
            setattr(season, name, value)
        theme = bookings.add_theme(
            season, ThemeEntry("数据标注", grades=ALL, capacity=capacity, least=least), stamp=stamp
        )
    return Centre(activity, season, theme, staff, other, when, today + dt.timedelta(days=21))


def school(name: str | None = None, *, is_rural: bool = False, needs_approval: bool = False) -> Pupils:
    with transaction():
        unit = make.organisation(name, Type.SCHOOL)
        row = School(
            organisation=unit,
            grades=ALL,
            is_rural=is_rural,
            needs_approval=needs_approval,
            listed_at=make.now(),
        )
        db.session.add(row)
        teacher, manager = make.account(make.person()), make.account(make.person())
        make.grant(teacher, Role.TEACHER, ScopeKind.ORGANISATION, unit.code)
        make.grant(manager, Role.UNIT_MANAGER, ScopeKind.ORGANISATION, unit.code)
        for one in (teacher, manager):
            db.session.add(
                Member(organisation=unit, account=one, joined_at=make.now(), claim=f"{unit.code}:{one.code}")
            )
        db.session.flush()
    return Pupils(row, unit, teacher, manager)
