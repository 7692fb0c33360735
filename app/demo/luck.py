"""The luck of the day: whether somebody came, how well they did. Pure; the same for the same person and activity."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from models.outcome import Award, Verdict
from services.outcome import Entry, ranking

Key = TypeVar("Key", bound=str)

ABSENT = 0.04
FAILED = 0.04
PASS_MARK = 60
BEST = Decimal("97.20")
"""What the contestant of the demonstration reaches."""


def draw(activity: str, number: int, what: str) -> float:
    """Between 0 and 1."""
    said = hashlib.blake2b(f"{activity} {number} {what}".encode(), digest_size=6).digest()
    return int.from_bytes(said, "big") / 2**48


def comes(activity: str, number: int) -> bool:
    return number < 0 or draw(activity, number, "comes") >= ABSENT


def is_in(share: tuple[float, float], activity: str, number: int) -> bool:
    """Whether somebody is among those who come at this time."""
    return share[0] <= draw(activity, number, "when") < share[1]


def score(activity: str, number: int, least: int = 52) -> Decimal:
    if number < 0:
        return BEST
    return Decimal(least) + Decimal(int(draw(activity, number, "score") * (96 - least) * 10)) / 10


def of_class(
    activity: str, numbers: Mapping[Key, int], present: set[str], hours: int | None
) -> dict[Key, Entry]:
    found = {}
    for code, number in numbers.items():
        if code not in present:
            found[code] = Entry(Verdict.ABSENT)
        elif number >= 0 and draw(activity, number, "completes") < FAILED:
            found[code] = Entry(Verdict.FAILED, remark="出勤未达到要求")
        else:
            found[code] = Entry(Verdict.COMPLETED, hours=Decimal(hours) if hours else None)
    return found


def of_assessment(activity: str, numbers: Mapping[Key, int], present: set[str]) -> dict[Key, Entry]:
    found = {}
    for code, number in numbers.items():
        reached = score(activity, number)
        passed = Verdict.COMPLETED if reached >= PASS_MARK else Verdict.FAILED
        found[code] = Entry(passed, score=reached) if code in present else Entry(Verdict.ABSENT)
    return found


def of_contest(
    activity: str, numbers: Mapping[Key, int], present: set[str], shares: Sequence[int], *, proposes: bool
) -> dict[Key, Entry]:
    """Scores, ranks and awards of a contest. `proposes`: who comes first is proposed for an honour."""
    scores = {code: score(activity, n, least=55) for code, n in numbers.items() if code in present}
    places = ranking.ranks(scores)
    awards = ranking.awards(places, ranking.bounds(len(scores), shares))
    return {
        code: Entry(
            Verdict.COMPETED,
            score=scores[code],
            rank=places[code],
            award=awards.get(code),
            title_proposed=proposes and places[code] == 1 and awards.get(code) is Award.FIRST_PRIZE,
        )
        if code in scores
        else Entry(Verdict.ABSENT)
        for code in numbers
    }
