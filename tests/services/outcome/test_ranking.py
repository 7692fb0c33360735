"""Ranks and awards: pure arithmetic, the same whatever the order of the list."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.outcome import Award
from services.outcome import ranking

scores = some.dictionaries(
    some.integers(0, 10_000),
    some.integers(0, 10_000).map(lambda n: Decimal(n) / 100),
    max_size=60,
)
few_scores = some.dictionaries(some.integers(), some.sampled_from([Decimal(n) for n in (60, 70, 80)]))


@given(some.one_of(scores, few_scores), some.randoms())
def test_the_order_of_the_list_never_matters(said: dict[int, Decimal], dice: object) -> None:
    keys = list(said)
    dice.shuffle(keys)  # type: ignore[attr-defined]
    places = ranking.ranks(said)
    assert ranking.ranks({key: said[key] for key in keys}) == places
    last = ranking.bounds(len(said))
    assert ranking.awards({key: places[key] for key in keys}, last) == ranking.awards(places, last)


@given(some.one_of(scores, few_scores))
def test_a_rank_is_one_more_than_the_number_of_better_ones(said: dict[int, Decimal]) -> None:
    places = ranking.ranks(said)
    for key, score in said.items():
        assert places[key] == 1 + sum(other > score for other in said.values())
    assert ranking.is_unbroken(list(places.values()))
    assert not ranking.is_turned([(said[key], places[key]) for key in said])


@given(some.integers(0, 500))
def test_bounds_rise_and_are_the_shares_rounded_half_up(competed: int) -> None:
    found = ranking.bounds(competed)
    assert found == sorted(found)
    for bound, share in zip(found, (10, 30, 60), strict=True):
        exact = Decimal(competed * share) / 100
        assert abs(bound - exact) <= Decimal("0.5") or (competed >= 3 and bound == 1)
    assert found[-1] <= max(competed, 1)


@given(some.one_of(scores, few_scores))
def test_three_or_more_give_at_least_one_first_prize(said: dict[int, Decimal]) -> None:
    given_out = ranking.awards(ranking.ranks(said), ranking.bounds(len(said)))
    if len(said) >= 3:
        assert Award.FIRST_PRIZE in given_out.values()


@given(some.one_of(scores, few_scores))
def test_who_did_better_never_has_the_lesser_award_and_equals_have_the_same(said: dict[int, Decimal]) -> None:
    given_out = ranking.awards(ranking.ranks(said), ranking.bounds(len(said)))
    worth = {award: index for index, award in enumerate(ranking.AWARDS)}
    ordered = sorted(said, key=lambda key: said[key], reverse=True)
    values = [worth.get(given_out.get(key), 9) for key in ordered]  # type: ignore[arg-type]
    assert values == sorted(values)
    for one, score in said.items():
        for other, its_score in said.items():
            assert score != its_score or given_out.get(one) is given_out.get(other)


@pytest.mark.parametrize(
    ("competed", "expected"),
    [
        (0, [0, 0, 0]), (1, [0, 0, 1]), (2, [0, 1, 1]), (3, [1, 1, 2]), (4, [1, 1, 2]), (5, [1, 2, 3]),
        (10, [1, 3, 6]), (14, [1, 4, 8]), (15, [2, 5, 9]), (20, [2, 6, 12]), (25, [3, 8, 15]), (200, [20, 60, 120]),
    ],
)  # fmt: skip
def test_bounds_at_the_edges(competed: int, expected: list[int]) -> None:
    assert ranking.bounds(competed) == expected


def test_equal_scores_share_a_rank_and_leave_a_gap() -> None:
    assert ranking.ranks({"甲": Decimal("90.00"), "乙": Decimal(90), "丙": Decimal(80)}) == {
        "甲": 1,
        "乙": 1,
        "丙": 3,
    }


def test_fixed_numbers_of_awards() -> None:
    places = ranking.ranks({n: Decimal(100 - n) for n in range(8)})
    given_out = ranking.awards(places, ranking.counted([1, 2, 3, 1]))
    assert [given_out.get(n) for n in range(8)] == [
        Award.FIRST_PRIZE, *[Award.SECOND_PRIZE] * 2, *[Award.THIRD_PRIZE] * 3, Award.MERIT_AWARD, None,
    ]  # fmt: skip


@pytest.mark.parametrize("places", [[], [1, 2, 3], [1, 1, 3], [1, 2, 2, 4]])
def test_ranks_that_counting_gives(places: list[int]) -> None:
    assert ranking.is_unbroken(places)


@pytest.mark.parametrize("places", [[1, 1, 2], [2, 3], [1, 3]])
def test_ranks_that_counting_does_not_give(places: list[int]) -> None:
    assert not ranking.is_unbroken(places)


def test_a_broken_tie_is_no_turned_rank_but_a_worse_score_ahead_is() -> None:
    assert not ranking.is_turned([(Decimal(90), 2), (Decimal(90), 1), (Decimal(80), 3)])
    assert ranking.is_turned([(Decimal(90), 2), (Decimal(80), 1)])
