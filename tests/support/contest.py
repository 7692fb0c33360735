"""A contest, a class or an assessment with people in it, and two organisers and a chief judge: what outcomes need."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from models.account import Account, Role, ScopeKind
from models.activity import Activity, Kind, State, Track
from models.outcome import Line, Sheet, Verdict
from models.person import Category
from models.registration import Registration
from services import outcome as outcomes
from services import registration as registrations
from services.outcome import Entry
from services.registration import Entry as Said
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories as make


@dataclass
class Contest:
    activity: Activity
    track: Track
    people: list[Registration]
    clerk: Account
    """The organiser who enters."""
    second: Account
    """Another organiser."""
    judge: Account

    @property
    def over(self) -> dt.datetime:
        return self.activity.ends_at + dt.timedelta(hours=1)

    def stamp(self, by: Account, when: dt.datetime | None = None) -> Stamp:
        return make.stamp(by, when or self.over)

    def entries(self, *said: Entry) -> dict[str, Entry]:
        return {row.code: entry for row, entry in zip(self.people, said, strict=True)}

    def entered(self, said: dict[str, Entry], by: Account, when: dt.datetime | None = None) -> Sheet:
        stamp = self.stamp(by, when)
        with transaction():
            sheet = outcomes.sheet_of(self.track, stamp=stamp)
            return outcomes.enter(sheet, said, by=by, stamp=stamp)

    def submitted(self, *said: Entry) -> Sheet:
        stamp = self.stamp(self.clerk)
        with transaction():
            sheet = outcomes.sheet_of(self.track, stamp=stamp)
            outcomes.enter(sheet, self.entries(*said), by=self.clerk, stamp=stamp)
            outcomes.submit(sheet, by=self.clerk, stamp=stamp)
        return sheet

    def confirmed(self, *said: Entry) -> Sheet:
        sheet = self.submitted(*said)
        with transaction():
            outcomes.confirm(sheet, by=self.judge, stamp=self.stamp(self.judge))
        return sheet

    def line(self, index: int = 0) -> Line:
        found = outcomes.find_final(self.people[index])
        assert found is not None
        return found


def scored(score: str | None, rank: int | None = None, **more: object) -> Entry:
    return Entry(Verdict.COMPETED, Decimal(score) if score else None, rank, **more)  # type: ignore[arg-type]


def completed(hours: str | None = "32") -> Entry:
    return Entry(Verdict.COMPLETED, hours=Decimal(hours) if hours else None)


def contest(count: int = 3, kind: Kind = Kind.COMPETITION, **more: object) -> Contest:
    """People who were accepted before it began. Needs an application context; makes its own transaction."""
    with transaction():
        activity = make.activity("第三届职业技能大赛", kind, State.PUBLISHED)
        for name, value in more.items():
            setattr(activity, name, value)
        track = make.track(activity, max(1, count), name="数控铣工 · 职工组", needs_review=False)
        unit = make.organisation()
        entry = Said(category=Category.ENTERPRISE_EMPLOYEE, workplace="示例机械厂")
        people = []
        for _number in range(count):
            person = make.person()
            make.account(person)
            people.append(
                registrations.register(track, person, entry, by=None, organisation=unit, stamp=make.stamp())
            )
        accounts = [make.account(make.person()) for _each in range(3)]
        for account, role in zip(accounts, (Role.ORGANISER, Role.ORGANISER, Role.CHIEF_JUDGE), strict=True):
            make.grant(account, role, ScopeKind.ACTIVITY, activity.code)
    return Contest(activity, track, people, *accounts)
