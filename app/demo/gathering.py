"""Who enters together: teams, delegations of units, classes. Pure; its luck is its own and changes nobody else's."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence

from app.demo import entries
from app.demo.event import Event, Joined, Listed
from app.demo.people import Human
from app.demo.programme import Planned
from models.person import SkillLevel
from services.stamp import local_moment

TEAMS = (
    # days ago, division, name, people, what becomes of it
    (10, 0, "精密一队", 4, "accepted"),
    (9, 0, "星火联队", 3, "accepted"),
    (7, 0, "匠心先锋队", 4, "sent"),
    (3, 0, "南大街电工队", 2, ""),
    (6, 1, "技师学院一队", 4, "sent"),
)
"""The third finds no place and waits whole; the fourth has one too few."""
UNITS = (("machinery", 4, 5), ("vehicles", 4, 4), ("electronics", 3, 2), ("data", 2, 0))
"""Unit, seats it asks for, people it names."""


def tell(programme: Sequence[Planned], people: Sequence[Human], anchor: dt.date) -> Iterator[Event]:
    shows = {planned.key: planned for planned in programme}
    rng = random.Random(f"together {anchor}")  # noqa: S311  made-up people, not secrets

    def ago(days: int, hour: int, minute: int = 0) -> dt.datetime:
        return local_moment(anchor - dt.timedelta(days=days), dt.time(hour, minute))

    used: set[int] = set()

    def draw(planned: Planned, path: int, count: int) -> tuple[Human, ...]:
        fitting = [
            h
            for h in people[:2600]
            if h.phone and h.number not in used and entries.fits(h, planned.paths[path], planned)
        ]
        chosen = tuple(rng.sample(fitting, count))
        used.update(human.number for human in chosen)
        return chosen

    yield from _teams(shows["teams"], ago, draw)
    yield from _delegations(shows["delegations"], ago, draw)
    yield from _class(shows["whole_class"], ago, draw)
    yield Joined(ago(1, 20), "today", "points")
    yield Joined(ago(0, 0) - dt.timedelta(hours=2), "today", "leave")
    yield Joined(ago(2, 14), "third", "stamped")
    yield Joined(ago(2, 15), "third", "twins", draw(shows["third"], 0, 3))
    yield from _asking(shows["asking"], ago, draw)
    yield from _lists(shows["listed"], ago, draw)


Ago = Callable[..., dt.datetime]
Draw = Callable[[Planned, int, int], tuple[Human, ...]]


def _teams(planned: Planned, ago: Ago, draw: Draw) -> Iterator[Event]:
    for days, path, name, count, becomes in TEAMS:
        track = planned.paths[path].name
        yield Joined(
            ago(days, 9, 30), planned.key, "gather", draw(planned, path, count), track, name, number=days
        )
        if becomes:
            yield Joined(ago(days, 20), planned.key, "send_team", path=track, name=name)
        if becomes == "accepted":
            yield Joined(ago(days - 1, 16), planned.key, "accept", path=track, name=name)


def _delegations(planned: Planned, ago: Ago, draw: Draw) -> Iterator[Event]:
    track = planned.paths[0].name
    for turn, (unit, seats, named) in enumerate(UNITS):
        yield Joined(ago(12 - turn if named else 2, 10, turn), planned.key, "ask", (), track, unit, seats)
        if named:
            yield Joined(ago(7, 10 + turn), planned.key, "name", draw(planned, 0, named), track, unit)
    yield Joined(ago(8, 15), planned.key, "allot", path=track)
    for unit in ("machinery", "vehicles"):
        yield Joined(ago(6, 11), planned.key, "lock", path=track, name=unit)
        yield Joined(ago(5, 19), planned.key, "agree", path=track, name=unit)
    yield Joined(ago(4, 10), planned.key, "substitute", path=track, name="machinery")
    yield Joined(ago(3, 16), planned.key, "accept", path=track, name="machinery")


def _class(planned: Planned, ago: Ago, draw: Draw) -> Iterator[Event]:
    track = planned.paths[0].name
    for days, unit, count in ((10, "vehicles", 26), (6, "machinery", 8)):
        yield Joined(ago(days, 10), planned.key, "enter_class", draw(planned, 0, count), track, unit)
    yield Joined(ago(4, 15), planned.key, "accept", path=track, name="vehicles")
    for days, count in ((5, 4), (3, 2)):
        for human in draw(planned, 0, count):
            yield Joined(ago(days, 19, human.number % 60), planned.key, "alone", (human,), track)


def _asking(planned: Planned, ago: Ago, draw: Draw) -> Iterator[Event]:
    """The organiser sets places and form while it is a draft; one entry needs a rule put aside."""
    track = planned.paths[0].name
    yield Joined(planned.drafted_at + dt.timedelta(minutes=1), planned.key, "settle", path=track)
    levels = list(SkillLevel)
    least = levels.index(SkillLevel(planned.paths[0].rules[0]["least"]))
    *entering, waived = [human for human in draw(planned, 0, 40) if levels.index(human.skill_level) >= least][
        :13
    ]
    for number, human in enumerate(entering):
        yield Joined(
            ago(9 - number // 2, 19, human.number % 60), planned.key, "answer", (human,), track, number=number
        )
    yield Joined(ago(2, 9), planned.key, "waive", (waived,), track)
    yield Joined(ago(2, 12), planned.key, "answer", (waived,), track, number=-1)


def _lists(planned: Planned, ago: Ago, draw: Draw) -> Iterator[Event]:
    """One was entered, one waits to be mended and names two of the first again, one came from a town without an
    account.
    """
    track = planned.paths[0].name
    first, second, third = (draw(planned, 0, count) for count in (12, 14, 6))
    yield Listed(ago(11, 10), planned.key, first, track, "machinery", is_entered=True)
    yield Listed(ago(2, 15), planned.key, (*second, *first[:2]), track, "machinery", is_spoilt=True)
    yield Listed(ago(1, 11), planned.key, third, track, source="朱沱镇人民政府")
