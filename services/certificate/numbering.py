"""Numbers, by transaction: never given twice, gaps allowed (domain.md 5).

Two books: the activities that issued in a year are counted, and within an activity and year its serials. The book of
the activity is held from the first number on until the transaction ends, so its certificates are judged one batch after
the other.
"""

import sqlalchemy as sa

from certificates import number
from models.activity import Activity
from models.base import db, upsert
from models.certificate import Book, Kind
from services.certificate.reasons import NumbersUsedUp


def series_of(kind: Kind) -> number.Series:
    return number.Series[kind.name]


def take(activity: Activity, year: int, count: int) -> tuple[int, int]:
    """Hold an activity's book and take so many serials: the activity's number in the year, and the first serial."""
    name = f"{activity.code}:{year}"
    held = _raise(name, count)
    if held is None:
        held = _open(name, year, count)
    place, last = held
    if place > 9999 or last > number.SERIALS:
        raise NumbersUsedUp
    return place, last - count + 1


def _raise(name: str, count: int) -> tuple[int, int] | None:
    row = db.session.execute(
        sa.update(Book)
        .where(Book.name == name)
        .values(last=Book.last + count)
        .returning(Book.number, Book.last)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _open(name: str, year: int, count: int) -> tuple[int, int]:
    """The first batch of an activity in a year. The book of the year is held first: another may have been before us."""
    of_year = f"year:{year}"
    db.session.execute(upsert(Book).values(name=of_year, number=0, last=0).on_conflict_do_nothing())
    _raise(of_year, 0)
    held = _raise(name, count)
    if held is not None:
        return held
    counted = _raise(of_year, 1)
    assert counted is not None
    db.session.execute(sa.insert(Book).values(name=name, number=counted[1], last=count))
    return counted[1], count
