import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask

from models.account import Account
from models.activity import Activity, Kind, Level
from models.base import db
from models.indicator import Outcome
from models.participation import Participation
from models.person import Person
from services import participation as participations
from services.participation import Fact
from tests.support import factories as make

YEAR = 2026
DAY = dt.date(YEAR, 6, 1)
_numbers = itertools.count(1)


def new_contest(level: Level = Level.DISTRICT, kind: Kind = Kind.COMPETITION) -> Activity:
    activity = make.activity(kind=kind)
    activity.level = level
    db.session.flush()
    return activity


@dataclass
class District:
    """A contest of the district, somebody who recorded its awards, and an officer who had no hand in them."""

    clerk: Account = field(default_factory=lambda: make.account(make.person("录入人")))
    officer: Account = field(default_factory=lambda: make.account(make.person("确认人")))
    contest: Activity = field(default_factory=new_contest)

    def award(self, person: Person | None = None, **more: object) -> Participation:
        values: dict[str, object] = {
            "source": f"line:{next(_numbers)}:award_won",
            "outcome": Outcome.AWARD_WON,
            "day": DAY,
            "activity": self.contest,
            "person": person or make.person(),
            "skill": "电工",
            "detail": "一等奖",
            **more,
        }
        return participations.record(Fact(**values), stamp=make.stamp(self.clerk))  # type: ignore[arg-type]


@pytest.fixture
def district(context: Flask) -> Callable[[], District]:
    return District
