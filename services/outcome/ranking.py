"""Ranks from scores, awards from ranks. Pure arithmetic: it proposes, and an organiser decides.

A rank is one more than the number of those who did better, so equal scores share a rank and leave a gap (1, 1, 3), and
the order in which people stand in a list never matters. An award goes to ranks, so those who share a rank share it.
"""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from models.outcome import Award

Key = TypeVar("Key", bound=Hashable)

SHARES = (10, 20, 30)
"""Per cent of those who competed: first, second, third prizes."""
AWARDS = (Award.FIRST_PRIZE, Award.SECOND_PRIZE, Award.THIRD_PRIZE, Award.MERIT_AWARD)
FEWEST_FOR_FIRST = 3
"""From so many competitors on there is at least one first prize."""


def ranks(scores: Mapping[Key, Decimal]) -> dict[Key, int]:
    """The rank of each who has a score."""
    first_at: dict[Decimal, int] = {}
    for place, score in enumerate(sorted(scores.values(), reverse=True), start=1):
        first_at.setdefault(score, place)
    return {key: first_at[score] for key, score in scores.items()}


def bounds(competed: int, shares: Sequence[int] = SHARES) -> list[int]:
    """The last rank of each award: cumulative shares of those who competed, rounded half up (10 %, 30 %, 60 %)."""
    found: list[int] = []
    total = 0
    for share in shares:
        total += share
        found.append((competed * total * 2 + 100) // 200)
    if found and competed >= FEWEST_FOR_FIRST:
        found = [max(1, bound) for bound in found]
    return found


def counted(counts: Sequence[int]) -> list[int]:
    """The last rank of each award, where their numbers are fixed."""
    return [sum(counts[: index + 1]) for index in range(len(counts))]


def awards(places: Mapping[Key, int], last: Sequence[int]) -> dict[Key, Award]:
    """Who gets what; whoever is not named gets nothing."""
    found: dict[Key, Award] = {}
    for key, rank in places.items():
        for award, bound in zip(AWARDS, last, strict=False):
            if rank <= bound:
                found[key] = award
                break
    return found


def is_unbroken(places: Sequence[int]) -> bool:
    """Whether ranks are such as counting gives: each is one more than the number of better ones."""
    return all(rank == 1 + sum(other < rank for other in places) for rank in set(places))


def is_turned(pairs: Sequence[tuple[Decimal, int]]) -> bool:
    """Whether somebody with a higher score has a worse rank than somebody with a lower one."""
    by_score: dict[Decimal, list[int]] = {}
    for score, rank in pairs:
        by_score.setdefault(score, []).append(rank)
    worst_above = 0
    for score in sorted(by_score, reverse=True):
        if min(by_score[score]) < worst_above:
            return True
        worst_above = max(worst_above, *by_score[score])
    return False
