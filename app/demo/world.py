"""Units and places of the demonstration, read from `world.toml`. Pure."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.organisation import Type
from services.organisation.credit_code import demo_code

HERE = Path(__file__).resolve().parent

CREDIT_KINDS = {
    Type.GOVERNMENT: "11",
    Type.PARK: "12",
    Type.PUBLIC_INSTITUTION: "12",
    Type.HIGHER_VOCATIONAL: "12",
    Type.SECONDARY_VOCATIONAL: "12",
    Type.TECHNICIAN_COLLEGE: "12",
    Type.SCHOOL: "12",
    Type.TRAINING_PROVIDER: "52",
    Type.ASSOCIATION: "51",
}
"""How a unit's credit code begins; an enterprise's with 91."""


@dataclass(frozen=True)
class Unit:
    key: str
    name: str
    type: Type
    credit_code: str
    town: str
    short: str = ""
    department: str | None = None


@dataclass(frozen=True)
class Place:
    key: str
    name: str
    town: str
    getting_there: str
    organisation: str | None = None
    seats: int | None = None
    stations: int = 0
    equipment: str = ""


@dataclass(frozen=True)
class World:
    units: tuple[Unit, ...]
    places: tuple[Place, ...]
    contests: dict[str, str]
    """Contest -> key of the place where it is held."""
    workplaces: dict[str, list[str]]
    posts: dict[str, list[str]]

    def unit(self, key: str) -> Unit:
        return next(unit for unit in self.units if unit.key == key)


@cache
def read(name: str) -> dict[str, Any]:
    """A data file of this package."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def make(rng: random.Random) -> World:
    facts = read("world.toml")
    units = [
        Unit(
            key=row["key"],
            name=row["name"],
            type=Type(row["type"]),
            credit_code=demo_code(rng, CREDIT_KINDS.get(Type(row["type"]), "91")),
            town=row["town"],
            short=row.get("short", ""),
            department=row.get("department"),
        )
        for row in facts["organisation"]
    ]
    places = [Place(**row) for row in facts["venue"]]
    return World(tuple(units), tuple(places), facts["contests"], facts["workplaces"], facts["posts"])
