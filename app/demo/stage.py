"""The rows of the demonstration by the names that the story has for them, and who acts in it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.demo import setting
from app.demo.cast import Actor
from app.demo.entries import Entering
from app.demo.event import Event
from app.demo.people import Human
from app.demo.programme import Planned
from app.demo.story import humans_of
from app.demo.world import World
from models.account import Account, Role
from models.activity import Activity
from models.base import Coded, db
from models.organisation import Organisation
from models.person import Person
from models.registration import Registration
from services.access import Principal, Right
from services.stamp import Stamp

T = TypeVar("T", bound=Coded)


class Stage:
    """The rows of the demonstration by the names that the story has for them."""

    def __init__(self, world: World, actors: Sequence[Actor], programme: Iterable[Planned]) -> None:
        self.world, self.actors = world, actors
        self.programme = {planned.key: planned for planned in programme}
        self.unit_ids: dict[str, int] = {}
        self.places: dict[str, str] = {}
        self.person_ids: dict[int, int] = {}
        self.account_ids: dict[int, int] = {}
        self.activity_ids: dict[str, int] = {}
        self.session_codes: dict[tuple[str, int], str] = {}
        """(activity, number of the sitting) -> its code."""
        self.track_ids: dict[tuple[str, str], int] = {}
        self.lines: dict[tuple[int, int], Entering] = {}
        """(activity, person) -> the line by which they were entered."""
        self.mended: set[int] = set()
        self.unread: set[str] = set()
        """Activities with entries that no reviewer has looked at yet."""
        self.unmended: set[str] = set()
        self.deadlines: list[dt.datetime] = []
        """Moments from which the job that lets things expire may find something."""
        self.people: dict[int, Person] = {}
        """Those of the running chapter."""

    def build(self, at: dt.datetime) -> None:
        """Units, places and accounts."""
        units = setting.open_units(self.world, at)
        self.unit_ids = {key: unit.id for key, unit in units.items()}
        self.places = setting.open_places(self.world, units, at)
        for actor in self.actors:
            account = setting.hire(actor, units[actor.unit], at)
            self.account_ids[actor.human.number] = account.id
            assert account.person_id is not None
            self.person_ids[actor.human.number] = account.person_id

    def gather(self, events: Sequence[Event]) -> list[object]:
        """Read what a chapter will point at, all at once; it stays read for as long as the answer is kept."""
        keys = {event.activity for event in events if event.activity in self.activity_ids}
        rows = _all(Activity, {self.activity_ids[key] for key in keys}, selectinload(Activity.tracks))
        ids = {self.person_ids[h.number] for h in humans_of(events) if h.number in self.person_ids}
        people = _all(Person, ids, selectinload(Person.documents))
        self.people = {row.id: row for row in people}
        staff = {self.account_ids[actor.human.number] for actor in self.actors}
        kept: list[object] = [*rows, *people, *_all(Organisation, set(self.unit_ids.values()))]
        return [*kept, *_all(Account, staff, selectinload(Account.grants))]

    # --- who --------------------------------------------------------------------------------------

    def account(self, human: Human) -> Account:
        return db.session.get_one(Account, self.account_ids[human.number])

    def actor(self, unit: str, *roles: Role) -> Account:
        """The first account of a unit with one of these roles, in the order of the roles."""
        for role in roles:
            for actor in self.actors:
                if actor.unit == unit and role in actor.roles:
                    return self.account(actor.human)
        raise LookupError(f"nobody of {unit} is {roles}")

    def actors_of(self, unit: str, role: Role) -> list[Account]:
        """Everybody of a unit with a role, in the order of the phones."""
        return [self.account(a.human) for a in self.actors if a.unit == unit and role in a.roles]

    def at_activity(self, key: str, role: Role) -> Account | None:
        """Who has a role at this very activity."""
        for actor in self.actors:
            if key in actor.scope.split() and role in actor.roles:
                return self.account(actor.human)
        return None

    def number(self, registration: Registration) -> int:
        """Of the human who is entered."""
        return self.lines[registration.activity_id, registration.person_id].human.number

    def meet(self, humans: Iterable[Human], stamp: Stamp) -> None:
        """Enter those who are not known yet, all at once."""
        strangers = list({h.number: h for h in humans if h.number not in self.person_ids}.values())
        if not strangers:
            return
        for human, person in zip(strangers, setting.enter_all(strangers, stamp), strict=True):
            self.person_ids[human.number] = person.id
            self.people[person.id] = person
            if human.has_account:
                self.account_ids[human.number] = setting.open_account(human, person, stamp).id

    def person(self, human: Human, stamp: Stamp) -> Person:
        """Known, or entered now; whoever signs in themselves has an account from now on."""
        if human.number in self.person_ids:
            key = self.person_ids[human.number]
            return self.people.get(key) or db.session.get_one(Person, key)
        self.meet([human], stamp)
        return self.people[self.person_ids[human.number]]

    def activity(self, key: str) -> Activity:
        return db.session.get_one(Activity, self.activity_ids[key])

    def unit(self, key: str) -> Organisation:
        return db.session.get_one(Organisation, self.unit_ids[key])

    def stamp_of(self, human: Human, at: dt.datetime) -> Stamp:
        """What somebody does themselves; who has no account is spoken for."""
        if human.number in self.account_ids:
            return stamp_by(self.account(human), at)
        return Stamp(at, setting.BY_ITSELF)


def _all(kind: type[T], ids: set[int], *options: Any) -> list[T]:
    """Rows by their keys, some hundreds at a time."""
    wanted = sorted(ids)
    rows: list[T] = []
    for first in range(0, len(wanted), 500):
        rows += db.session.scalars(
            sa.select(kind).where(kind.id.in_(wanted[first : first + 500])).options(*options)
        )
    return rows


def stamp_by(account: Account, at: dt.datetime) -> Stamp:
    return Stamp(at, account.code, account.id)


def principal(account: Account, at: dt.datetime) -> Principal:
    """What an account might do at a moment."""
    rights = (Right(g.role, (g.scope_kind, g.scope_code)) for g in account.grants if g.is_in_force(at))
    return Principal(account.id, account.code, account.person_id, frozenset(rights), at, second_factor=True)
