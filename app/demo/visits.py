"""What a side's unit offers and books of skill experience: a term, a theme, a slot, and a class that keeps it."""

import datetime as dt

from app.demo import joined, programme
from app.demo.sides import Side
from app.demo.stage import principal, stamp_by
from models.account import Role
from models.activity import Kind
from models.base import db
from models.booking import Grade, School
from services import activity as activities
from services import booking as bookings
from services import organisation as organisations
from services.activity import ActivityEntry
from services.booking import Repeat, ThemeEntry
from services.stamp import Stamp, local_day

DAY = dt.timedelta(days=1)
AHEAD = 30
GRADES = frozenset(grade.value for grade in Grade)


def build(side: Side, stamp: Stamp) -> None:
    """Needs the side's unit and its accounts."""
    unit = organisations.get(side.keys["organisation"])
    organiser, teacher = side.accounts[Role.ORGANISER], side.accounts[Role.TEACHER]
    by, own = principal(organiser, stamp.when), stamp_by(organiser, stamp.when)
    entry = ActivityEntry(
        kind=Kind.EXPERIENCE, title=f"示例权限体验{side.name}{unit.code}", summary="用于权限检查的示例活动。",
        starts_at=stamp.when + DAY, ends_at=stamp.when + 90 * DAY, host=unit.code, organiser=unit.code,
        lead=unit.code, contact_phone=programme.OFFICES["hrss"], is_demo=True,
    )  # fmt: skip
    activity = joined.publish(side, activities.draft(entry, by=by, stamp=own), stamp)
    school = School(organisation=unit, grades=GRADES, listed_at=stamp.when)
    db.session.add(school)
    season = bookings.open_season(activity, stamp=own)
    said = ThemeEntry(f"示例权限主题{side.name}", grades=GRADES, capacity=48, takes_citizens=True)
    theme = bookings.add_theme(season, said, stamp=own)
    day = local_day(stamp.when) + AHEAD * DAY
    repeat = Repeat(day, day, frozenset({day.weekday()}), (dt.time(9),), 1)
    (slot,) = bookings.add_slots(theme, repeat, stamp=own)
    (row,) = bookings.keep(slot, Grade.P5, 30, school=school, by=teacher, stamp=stamp_by(teacher, stamp.when))
    side.keep("season", activity.code, Role.ORGANISER, activity.title)
    side.keep("theme", theme.code, Role.ORGANISER)
    side.keep("slot", slot.code, Role.ORGANISER)
    side.keep("booking", row.code, Role.TEACHER)
