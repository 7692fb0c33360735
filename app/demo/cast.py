"""Who works in the demonstration: one account for each role, and those behind them. Pure, from `staff.toml`."""

import datetime as dt
import random
from dataclasses import dataclass
from functools import cache

from app.demo import people
from app.demo.people import Human
from app.demo.world import World, read
from models.account import Role
from models.person import Category, Sex, SkillLevel
from services.person import documents

CATEGORIES: dict[Role, Category] = {
    Role.CONTESTANT: Category.ENTERPRISE_EMPLOYEE,
    Role.UNIT_MANAGER: Category.ENTERPRISE_EMPLOYEE,
    Role.TEACHER: Category.VOCATIONAL_TEACHER,
    Role.COACH: Category.VOCATIONAL_TEACHER,
    Role.EXPERT: Category.EXPERT,
    Role.CHIEF_JUDGE: Category.EXPERT,
}
FIRST_STAFF = len(Role) + 1
"""Phone of the first account of the second table."""
STAFF_AGES = (28, 55)


@dataclass(frozen=True)
class Actor:
    """One account: its person, its unit, its roles there."""

    human: Human
    unit: str
    title: str
    roles: tuple[Role, ...]
    scope: str = ""
    """unit, district, or keys of activities; empty for somebody who needs no grant."""


@dataclass(frozen=True)
class Listed:
    """An account that the sign-in page offers."""

    role: Role
    name: str
    unit: str
    phone: str


@cache
def listed() -> tuple[Listed, ...]:
    """One for each role, in the order of the phones."""
    return tuple(
        Listed(Role(row["role"]), row["name"], row["unit"], people.phone(number))
        for number, row in enumerate(read("staff.toml")["account"], 1)
    )


def make(rng: random.Random, world: World, anchor: dt.date) -> list[Actor]:
    """Those listed first, in the order of their phones, then those behind them."""
    facts = read("staff.toml")
    actors = []
    for number, row in enumerate(facts["account"], 1):
        role, sex = Role(row["role"]), Sex(row["sex"])
        human = _human(rng, world, number, row["name"], sex, row["born"], row["unit"], row["title"], role)
        actors.append(Actor(human, row["unit"], row["title"], (role,), row.get("scope", "")))
    for number, row in enumerate(facts["staff"], FIRST_STAFF):
        roles = tuple(Role(value) for value in row["roles"])
        sex, birth_date = rng.choice(list(Sex)), people.born(rng, *STAFF_AGES, anchor)
        name = people.name(rng, sex, birth_date)
        human = _human(rng, world, number, name, sex, birth_date, row["unit"], "工作人员", roles[0])
        actors.append(Actor(human, row["unit"], "工作人员", roles, "unit"))
    return actors


def _human(
    rng: random.Random,
    world: World,
    number: int,
    name: str,
    sex: Sex,
    birth_date: dt.date,
    unit: str,
    title: str,
    role: Role,
) -> Human:
    """Numbers below nought, so that they are nobody of the crowd."""
    return Human(
        number=-number,
        name=name,
        sex=sex,
        birth_date=birth_date,
        document=documents.demo_number(rng, birth_date, sex),
        phone=people.phone(number),
        category=CATEGORIES.get(role, Category.PUBLIC_STAFF),
        skill_level=SkillLevel.ADVANCED_WORKER if role in CATEGORIES else SkillLevel.NONE,
        workplace=world.unit(unit).name,
        post=title,
        school="示例技师学院",
    )
