"""Before the story begins: units, places, and the accounts of those who work there, by the verbs that make them."""

import datetime as dt
from collections.abc import Iterable, Sequence

from app.demo.cast import Actor
from app.demo.people import Human
from app.demo.world import World
from models.account import Account, Role, ScopeKind
from models.base import db
from models.organisation import Organisation
from models.person import DocumentType, Person
from services import account as accounts
from services import organisation as organisations
from services import person as people
from services import venue as venues
from services.access import DISTRICT, Scope
from services.organisation import UnitEntry
from services.person import PersonEntry
from services.stamp import Stamp
from services.venue import VenueEntry

BY_ITSELF = "demo"
"""Who did what no account did."""


def open_units(world: World, at: dt.datetime) -> dict[str, Organisation]:
    """Key -> unit."""
    stamp = Stamp(at, BY_ITSELF)
    return {
        unit.key: organisations.open(
            UnitEntry(unit.name, unit.type, unit.short, unit.credit_code, unit.town),
            department_code=unit.department,
            stamp=stamp,
        )
        for unit in world.units
    }


def open_places(world: World, units: dict[str, Organisation], at: dt.datetime) -> dict[str, str]:
    """Key -> code of the place."""
    stamp = Stamp(at, BY_ITSELF)
    codes = {}
    for place in world.places:
        venue = venues.open(
            VenueEntry(place.name, "", place.town, place.seats, place.getting_there),
            units[place.organisation] if place.organisation else None,
            stamp=stamp,
        )
        if place.stations:
            venues.add_stations(venue, place.stations, place.equipment, stamp=stamp)
        codes[place.key] = venue.code
    return codes


def enter(human: Human, stamp: Stamp) -> Person:
    """A person by their document, as a unit's list would have them."""
    return people.enter(entry_of(human), stamp=stamp)


def enter_all(humans: Sequence[Human], stamp: Stamp) -> list[Person]:
    return people.enter_all([entry_of(human) for human in humans], stamp=stamp)


def entry_of(human: Human) -> PersonEntry:
    return PersonEntry(
        name=human.name,
        document_type=DocumentType.RESIDENT_ID,
        document_number=human.document,
        sex=human.sex,
        phone=human.phone,
        category=human.category,
        skill_level=human.skill_level,
        workplace=human.workplace,
    )


def open_account(human: Human, person: Person, stamp: Stamp) -> Account:
    """An account of somebody who has a phone, and has agreed."""
    account = accounts.open_account(human.name, phone=human.phone, person=person, stamp=stamp)
    accounts.consents.record(account, accounts.consents.ConsentPurpose.PRIVACY, stamp=stamp)
    accounts.consents.record(account, accounts.consents.ConsentPurpose.DOCUMENT, stamp=stamp)
    return account


def hire(actor: Actor, unit: Organisation, at: dt.datetime) -> Account:
    """The account of an actor, as a member of their unit, with the roles that hang on it or on the district."""
    stamp = Stamp(at, BY_ITSELF)
    account = open_account(actor.human, enter(actor.human, stamp), stamp)
    organisations.join(
        unit, account, title=actor.title, as_manager=Role.UNIT_MANAGER in actor.roles, stamp=stamp
    )
    if actor.scope in ("unit", "district"):
        scope: Scope = DISTRICT if actor.scope == "district" else (ScopeKind.ORGANISATION, unit.code)
        give(account, (role for role in actor.roles if role is not Role.UNIT_MANAGER), scope, stamp)
    return account


def give(account: Account, roles: Iterable[Role], scope: Scope, stamp: Stamp) -> None:
    for role in roles:
        accounts.grant(account, role, scope, stamp=stamp)
    db.session.flush()
