"""Two units with their people, as the desk's tests need them: an organiser, an approver of the lead, another unit."""

import datetime as dt
from contextvars import Context
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.account import Account, Role, ScopeKind
from models.activity import Activity, Kind, Track
from models.base import db
from models.organisation import Organisation, Type
from models.venue import Venue
from services import activity as activities
from services.access import Principal, Right
from services.account import sign_ins
from services.activity import ActivityEntry, SessionEntry, TrackEntry
from services.stamp import Stamp
from services.transaction import transaction
from tests.support import factories

START = dt.datetime(2026, 12, 5, 1, 0, tzinfo=dt.UTC)
"""12月5日 09:00 in Yongchuan."""
NOW = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


@dataclass
class Staff:
    unit: Organisation
    lead: Organisation
    venue: Venue
    organiser: Account
    approver: Account
    stranger: Account
    """An organiser and approver of another unit."""
    other: Organisation

    def by(self, account: Account) -> Principal:
        return principal_of(account)

    def entry(self, **more: Any) -> ActivityEntry:
        values: dict[str, Any] = {
            "kind": Kind.LECTURE,
            "title": "技能大师进校园讲座",
            "summary": "一位大师讲三十年",
            "starts_at": START,
            "ends_at": START + dt.timedelta(hours=3),
            "host": self.lead.code,
            "organiser": self.unit.code,
            "lead": self.lead.code,
            "contact_name": "办公室",
            "contact_phone": "023-49800000",
        }
        return ActivityEntry(**(values | more))

    def track(self, **more: Any) -> TrackEntry:
        values: dict[str, Any] = {
            "name": "现场参加",
            "capacity": 40,
            "opens_at": NOW - dt.timedelta(days=1),
            "closes_at": START - dt.timedelta(days=2),
        }
        return TrackEntry(**(values | more))

    def session(self, **more: Any) -> SessionEntry:
        values: dict[str, Any] = {
            "title": "讲座",
            "starts_at": START,
            "ends_at": START + dt.timedelta(hours=2),
            "venue": self.venue.code,
        }
        return SessionEntry(**(values | more))

    def stamp(self, account: Account, when: dt.datetime = NOW) -> Stamp:
        return Stamp(when, account.code, account.id, "127.0.0.1")

    def drafted(self, *, tracks: int = 1, **more: Any) -> Activity:
        """A draft with all it needs, by the verbs."""
        who = self.stamp(self.organiser)
        with transaction():
            made = activities.draft(self.entry(**more), by=self.by(self.organiser), stamp=who)
            for number in range(tracks):
                name = "现场参加" if number == 0 else f"现场参加 {number}"
                activities.add_track(made, self.track(name=name), stamp=who)
            start = made.starts_at
            activities.add_session(
                made, self.session(starts_at=start, ends_at=start + dt.timedelta(hours=2)), stamp=who
            )
        return made

    def published(self, *, when: dt.datetime = NOW, **more: Any) -> Activity:
        """A public activity, by the verbs and two persons."""
        made = self.drafted(**more)
        mine, theirs = self.stamp(self.organiser, when), self.stamp(self.approver, when)
        with transaction():
            activities.submit(made, by=self.by(self.organiser), stamp=mine)
        with transaction():
            activities.approve(made, by=self.by(self.approver), stamp=theirs)
        with transaction():
            activities.publish(made, stamp=mine)
        return made

    def only_track(self, activity: Activity) -> Track:
        return activity.tracks[0]


def staff() -> Staff:
    """Needs an application context; makes its own transaction."""
    with transaction():
        lead = factories.organisation("区人力社保局", Type.GOVERNMENT, department_code="hrss")
        unit = factories.organisation("区公共实训基地", Type.PUBLIC_INSTITUTION)
        other = factories.organisation("示例职业培训学校", Type.TRAINING_PROVIDER)
        venue = Venue(
            name="智能制造实训中心", town="中山路街道", address="示例路 1 号", getting_there="公交示例站"
        )
        db.session.add(venue)
        people = {}
        for name, unit_of, roles in (
            ("organiser", unit, (Role.ORGANISER,)),
            ("approver", lead, (Role.ACTIVITY_APPROVER,)),
            ("stranger", other, (Role.ORGANISER, Role.ACTIVITY_APPROVER, Role.REVIEWER)),
        ):
            account = factories.account(factories.person())
            for role in roles:
                factories.grant(account, role, ScopeKind.ORGANISATION, unit_of.code)
            people[name] = account
        db.session.flush()
    return Staff(unit=unit, lead=lead, venue=venue, other=other, **people)


def principal_of(account: Account) -> Principal:
    """The rights of an account as its grants say."""
    rights = frozenset(Right(grant.role, (grant.scope_kind, grant.scope_code)) for grant in account.grants)
    return Principal(account.id, account.code, account.person_id, rights, NOW, True)


def sign_in(client: FlaskClient, account: Account, when: dt.datetime = NOW) -> None:
    """Sign the client in as this account."""
    with transaction():
        token = sign_ins.begin(account, stamp=Stamp(when, account.code, account.id))

    def carry() -> None:
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True

    Context().run(carry)


def ask(client: FlaskClient, method: str, path: str, data: Any = None, **more: Any) -> TestResponse:
    """A request as from outside: nothing of the test's own context or transaction reaches it."""
    db.session.rollback()
    answer: TestResponse = Context().run(client.open, path, method=method, data=data, **more)
    return answer


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the first form of a page that has them."""
    found = {}
    for name in ("csrf_token", "idempotency_key", "version"):
        at = page.find(f'name="{name}"')
        if at >= 0:
            found[name] = page[at:].split('value="', 1)[1].split('"', 1)[0]
    return found
