"""What must never be among facts and in the reserve, as statements that find nothing in health."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.indicator import Outcome
from models.participation import Participation
from models.person import Person
from services import participation as participations
from services.health import Counters, rows


def turns_out_of_order() -> sa.Select[Any]:
    """Odd turns record, even ones take back the one before, of the same source."""
    before = aliased(Participation)
    takes_back = Participation.reverses_id.is_not(None)
    fits = sa.and_(before.source == Participation.source, before.turn == Participation.turn - 1)
    return (
        sa.select(Participation.id)
        .outerjoin(before, before.id == Participation.reverses_id)
        .where(
            sa.or_(
                sa.and_(takes_back, sa.or_(Participation.turn % 2 == 1, ~fits)),
                sa.and_(~takes_back, Participation.turn % 2 == 0),
            )
        )
    )


def resting_on_nothing() -> sa.Select[Any]:
    """Facts that stand although what they rest on fell."""
    fell = aliased(Participation)
    return sa.select(Participation.id).where(
        Participation.rests_on_id.is_not(None),
        participations.stands(),
        sa.exists().where(fell.reverses_id == Participation.rests_on_id),
    )


def twice_in_a_year() -> sa.Select[Any]:
    """One place a person and year."""
    year, counted = sa.extract("year", Participation.day), participations.canonical()
    return (
        sa.select(counted)
        .select_from(Participation)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.outcome == Outcome.RESERVE_CONFIRMED, participations.stands())
        .group_by(counted, year)
        .having(sa.func.count() > 1)
    )


def merged_further() -> sa.Select[Any]:
    """Records merged into one that was itself merged: one step must lead to whoever is counted."""
    other = aliased(Person)
    return (
        sa.select(Person.id)
        .join(other, other.id == Person.merged_into_id)
        .where(other.merged_into_id.is_not(None))
    )


COUNTERS: Counters = {
    "facts.turns_differ": lambda: rows(turns_out_of_order()),
    "facts.resting_on_nothing": lambda: rows(resting_on_nothing()),
    "reserve.twice_in_a_year": lambda: rows(twice_in_a_year()),
    "people.merged_further": lambda: rows(merged_further()),
}
