import datetime as dt
from collections.abc import Callable

from models.activity import Level
from services import participation as participations
from services import pipeline as pipelines
from services.transaction import transaction
from tests.services.pipeline.conftest import YEAR, District, new_contest
from tests.support import factories as make


def test_an_award_of_the_district_proposes_a_person_once_with_all_its_reasons(
    district: Callable[[], District],
) -> None:
    with transaction():
        there = district()
        person = make.person()
        first, second = there.award(person), there.award(person, skill="焊工")
        (candidate,) = pipelines.candidates(YEAR)
        assert candidate.person == person
        assert candidate.bases == (first, second)
        assert pipelines.count_candidates(YEAR) == 1


def test_no_basis_no_candidate(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        there.award(activity=new_contest(Level.UNIT))
        there.award(is_outside=True)
        there.award(day=dt.date(YEAR - 1, 12, 31))
        fallen = there.award()
        participations.reverse(fallen, "名次更正", stamp=make.stamp(there.clerk))
        assert pipelines.candidates(YEAR) == []
        assert pipelines.count_candidates(YEAR) == 0


def test_who_was_declined_is_proposed_again_by_a_later_basis_only(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        person = make.person()
        there.award(person)
        (candidate,) = pipelines.candidates(YEAR)
        pipelines.decline(candidate, "已到外区工作", by=there.officer, stamp=make.stamp(there.officer))
        assert pipelines.candidates(YEAR) == []
        later = participations.record(
            participations.Fact(
                "line:later:award_won",
                candidate.basis.outcome,
                day=candidate.basis.day,
                activity=there.contest,
                person=person,
            ),
            stamp=make.stamp(there.clerk, make.now() + dt.timedelta(days=1)),
        )
        (again,) = pipelines.candidates(YEAR)
        assert again.bases == (later,)


def test_candidates_can_be_narrowed_to_a_skill(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        there.award(skill="电工")
        there.award(skill="焊工")
        assert [each.skill for each in pipelines.candidates(YEAR, skill="焊工")] == ["焊工"]
        assert len(pipelines.candidates(YEAR, limit=1)) == 1


def test_who_is_known_by_a_phone_alone_is_no_candidate(district: Callable[[], District]) -> None:
    with transaction():
        there = district()
        there.award(make.person(documented=False))
        assert pipelines.candidates(YEAR) == []
