"""A unit with its manager, and a track that takes its people."""

from dataclasses import dataclass

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.activity import Activity, Kind, Track
from models.base import db
from models.intake import Intake
from models.organisation import Organisation
from models.party import Party
from services import intake as intakes
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories as make


@dataclass
class Unit:
    manager: Account
    organisation: Organisation
    activity: Activity
    track: Track

    @property
    def stamp(self) -> Stamp:
        return make.stamp(self.manager)

    def send(
        self, data: bytes, name: str = "名单.xlsx", party: Party | None = None, source: str = ""
    ) -> Intake:
        """Send a list and have it checked."""
        sheet = intakes.read(data, name)
        with transaction():
            made = intakes.start(
                self.activity,
                self.track,
                None if source else self.organisation,
                sheet,
                by=self.manager,
                stamp=self.stamp,
                party=party,
                true_source=source,
            )
        return self.work(made)

    def work(self, intake: Intake) -> Intake:
        intakes.work(intake.id, stamp=self.stamp)
        db.session.expire_all()
        return intake

    def enter(self, intake: Intake, *, only_good: bool = True) -> Intake:
        with transaction():
            intakes.enter(intake, only_good=only_good, by=self.manager, stamp=self.stamp)
        return self.work(intake)


def unit_of(capacity: int = 1000, **more: object) -> Unit:
    with transaction():
        organisation = make.organisation("示例精密机械有限公司")
        manager = make.account(make.person())
        make.grant(manager, Role.UNIT_MANAGER, ScopeKind.ORGANISATION, organisation.code)
        activity = make.activity(kind=Kind.LECTURE)
        track = make.track(activity, capacity=capacity, **more)
    return Unit(manager, organisation, activity, track)


@pytest.fixture
def unit(context: Flask) -> Unit:
    return unit_of()
