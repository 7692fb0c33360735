"""Each counter finds what it is there to find, and nothing in health."""

from collections.abc import Callable

import sqlalchemy as sa

from models.base import db, new_code
from models.indicator import Outcome
from models.participation import Participation
from models.person import Person
from services import participation as participations
from services import pipeline as pipelines
from services.participation import Fact
from services.pipeline import health
from services.transaction import transaction
from tests.services.pipeline.conftest import DAY, YEAR, District
from tests.support import factories as make

ALL = (
    health.turns_out_of_order,
    health.resting_on_nothing,
    health.twice_in_a_year,
    health.merged_further,
)


def found() -> list[int]:
    return [len(db.session.execute(each()).all()) for each in ALL]


def insert(**values: object) -> None:
    row = {"code": new_code(), "day": DAY, "outcome": Outcome.RESERVE_CONFIRMED, "recorded_at": make.now()}
    db.session.execute(sa.insert(Participation).values(row | values))


def test_each_counter_finds_its_fault(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        award = there.award()
        pipelines.confirm(pipelines.candidates(YEAR), by=there.officer, stamp=make.stamp(there.officer))
        assert found() == [0, 0, 0, 0]
        insert(source="reserve:second", turn=1, person_id=award.person_id)
        assert found() == [0, 0, 1, 0]
        insert(source="line:odd", turn=2)
        assert found() == [1, 0, 1, 0]
        other = participations.record(Fact("line:other", Outcome.AWARD_WON, day=DAY), stamp=make.stamp())
        participations.reverse(other, "有误", stamp=make.stamp())
        insert(source="reserve:third", turn=1, rests_on_id=other.id)
        assert found() == [1, 1, 1, 0]
        first, second, third = make.person(), make.person(), make.person()
        first.merged_into_id, second.merged_into_id = second.id, third.id
        db.session.flush()
        assert found() == [1, 1, 1, 1]
        assert db.session.get_one(Person, first.id).merged_into_id == second.id
