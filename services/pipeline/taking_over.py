"""Two records turn out to be one person: one place a year in the reserve goes on."""

import sqlalchemy as sa

from models.base import db
from models.person import Person
from models.pipeline import ReserveEntry, State
from services import audit as audits
from services import participation as participations
from services.stamp import Stamp
from services.text import _

ONE_PERSON = _("两份人员记录确认为同一人，一年只计一次").message
"""Why the entry of one of them fell: kept, and read beside the fact."""


def take_over(old: Person, new: Person, *, stamp: Stamp) -> None:
    """Every entry of `old` becomes one of `new`; in a year in which both stand, that of `old` falls."""
    taken = {row.year: row for row in _of(new)}
    for entry in _of(old):
        other = taken.get(entry.year)
        if other is None:
            entry.person, entry.person_id = new, new.id
            audits.record("reserve.taken_over", entry, stamp=stamp)
        elif entry.state is State.CONFIRMED and participations.is_standing(entry.fact):
            assert entry.fact is not None
            if participations.is_standing(other.fact):
                participations.reverse(entry.fact, ONE_PERSON, stamp=stamp)
            else:  # declined or gone under the one record, in reserve under the other: they are in reserve
                swap(entry, other)
            audits.record("reserve.merged", entry, stamp=stamp, into=other.code)
    db.session.flush()


def swap(one: ReserveEntry, other: ReserveEntry) -> None:
    """Two entries of a year change their people. A person has one a year, so one steps aside for a moment."""
    year, person, second = one.year, one.person, other.person
    other.year = -year
    db.session.flush()
    one.person, one.person_id = second, second.id
    db.session.flush()
    other.person, other.person_id, other.year = person, person.id, year
    db.session.flush()


def _of(person: Person) -> list[ReserveEntry]:
    return list(db.session.scalars(sa.select(ReserveEntry).where(ReserveEntry.person_id == person.id)))
