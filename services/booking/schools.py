"""Schools as the education commission lists them, and which of them have not been yet."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from models.base import db
from models.booking import Booking, Grade, School, Season, Slot, State, Theme
from models.organisation import Organisation, Type
from services import audit as audits
from services import organisation as organisations
from services.organisation import TOWNS, UnitEntry
from services.stamp import Stamp
from services.text import Sentence, _
from services.words import label

STAGES: dict[str, tuple[str, ...]] = {
    "小学": ("P1", "P2", "P3", "P4", "P5", "P6"),
    "初中": ("J1", "J2", "J3"),
    "高中": ("S1", "S2", "S3"),
    "中职": ("V",),
}
"""学段 as the list writes them, and the grades they have."""
SAME = {
    "九年一贯制": ("小学", "初中"),
    "完全中学": ("初中", "高中"),
    "中学": ("初中", "高中"),
    "职中": ("中职",),
}
HEADINGS = ("学校名称", "学段", "所在镇街", "城乡")
MOST = 2000


@dataclass(frozen=True)
class Line:
    """A line of the list: what it says, and what is wrong with it."""

    number: int
    name: str
    grades: frozenset[str]
    town: str
    is_rural: bool
    fault: Sentence | str = ""


def read_lines(rows: Sequence[Sequence[str]]) -> list[Line]:
    """Read the cells of a list whose first row has the headings. 学校名称 and 学段 are needed; 镇 is rural unless 城乡
    says otherwise.
    """
    if not rows:
        return []
    places = {str(cell).strip(): index for index, cell in enumerate(rows[0])}
    found: list[Line] = []
    seen: set[str] = set()
    for number, cells in enumerate(rows[1 : MOST + 1], 2):
        said = {
            name: str(cells[places[name]]).strip() if name in places and places[name] < len(cells) else ""
            for name in HEADINGS
        }
        if not any(said.values()):
            continue
        line = _line(number, said, seen)
        seen.add(line.name)
        found.append(line)
    return found


def _line(number: int, said: dict[str, str], seen: set[str]) -> Line:
    name, town = said["学校名称"][:100], said["所在镇街"]
    grades = grades_of(said["学段"])
    rural = said["城乡"] in ("乡村", "农村", "镇", "乡") if said["城乡"] else town.endswith("镇")
    fault: Sentence | str = ""
    if not name:
        fault = _("没有学校名称")
    elif name in seen:
        fault = _("与前面的行重复")
    elif not grades:
        fault = _("学段“%(said)s”看不懂，应为小学、初中、高中、中职或九年一贯制、完全中学", said=said["学段"])
    elif town and town not in TOWNS:
        fault = _("镇街“%(said)s”不在永川区名录中", said=town)
    return Line(number, name, grades, town, rural, fault)


def grades_of(text: str) -> frozenset[str]:
    """The grades of 小学、初中 or 九年一贯制."""
    found: set[str] = set()
    for name, stages in {**SAME, **{stage: (stage,) for stage in STAGES}}.items():
        if name in text and not (name == "中学" and "完全中学" in text):
            for stage in stages:
                found.update(STAGES[stage])
    return frozenset(found)


def enter_list(lines: Iterable[Line], *, stamp: Stamp) -> tuple[int, int]:
    """Enter the good lines of a list: new schools become units, known ones are brought up to date. Answers how many
    of each.
    """
    new = known = 0
    for line in lines:
        if line.fault:
            continue
        unit = organisations.find_by_name(line.name)
        if unit is None:
            unit = organisations.open(UnitEntry(line.name, Type.SCHOOL, town=line.town), stamp=stamp)
        row = db.session.scalars(sa.select(School).where(School.organisation_id == unit.id)).one_or_none()
        if row is None:
            row = School(organisation=unit, listed_at=stamp.when)
            db.session.add(row)
            new += 1
        else:
            known += 1
        row.grades, row.is_rural = line.grades, line.is_rural
    db.session.flush()
    audits.record("school.listed", "school", stamp=stamp, new=new, known=known)
    return new, known


def set_approval(school: School, needs_approval: bool, *, stamp: Stamp) -> School:
    """The school's manager wants to see a booking before the centre does, or no more."""
    school.needs_approval = needs_approval
    db.session.flush()
    audits.record("school.changed", school, stamp=stamp, needs_approval=needs_approval)
    return school


def listing() -> Sequence[School]:
    return db.session.scalars(
        sa.select(School)
        .join(School.organisation)
        .where(Organisation.closed_at.is_(None))
        .options(contains_eager(School.organisation))
        .order_by(Organisation.town, Organisation.name)
    ).all()


@dataclass(frozen=True)
class Coverage:
    """A school in a term: pupils that came, by grade; a grade that it has and that has not been is a gap."""

    school: School
    pupils: dict[str, int]
    visits: int
    planned: int

    @property
    def gaps(self) -> list[str]:
        return [grade.value for grade in Grade if grade in self.school.grades and not self.pupils.get(grade)]

    @property
    def gap_names(self) -> list[str]:
        return [str(label(Grade(grade))) for grade in self.gaps]

    @property
    def has_been(self) -> bool:
        return self.visits > 0


def coverage(season: Season) -> list[Coverage]:
    """All schools of the list, those that have not been before the others."""
    rows = db.session.execute(
        sa.select(Booking.organisation_id, Booking.grade, Booking.state, Booking.visit, Booking.arrived_heads)
        .join(Booking.slot)
        .join(Slot.theme)
        .where(Theme.season_id == season.id, Booking.organisation_id.is_not(None))
        .where(
            Booking.state.in_(
                [State.COMPLETED, State.CONFIRMED, State.REQUESTED, State.APPROVAL, State.ARRIVED]
            )
        )
    ).all()
    pupils: dict[int, Counter[str]] = {}
    visits: dict[int, set[str]] = {}
    coming: dict[int, set[str]] = {}
    for row in rows:
        if row.state is State.COMPLETED:
            pupils.setdefault(row.organisation_id, Counter())[row.grade.value] += row.arrived_heads or 0
            visits.setdefault(row.organisation_id, set()).add(row.visit)
        else:
            coming.setdefault(row.organisation_id, set()).add(row.visit)
    found = [
        Coverage(
            school,
            dict(pupils.get(school.organisation_id, {})),
            len(visits.get(school.organisation_id, ())),
            len(coming.get(school.organisation_id, ())),
        )
        for school in listing()
    ]
    return sorted(found, key=lambda each: (each.has_been, each.planned > 0, not each.school.is_rural))
