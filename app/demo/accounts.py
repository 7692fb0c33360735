"""One account for each role, for whoever tries the demonstration: on the terminal, and on the sign-in page."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.demo.cast import Listed, listed
from app.demo.world import read
from models import vault
from models.account import Account, Role
from models.base import db
from services import words


@dataclass(frozen=True)
class Choice:
    """What the sign-in page offers: one click."""

    role: Role
    label: str
    code: str
    """Public code of the account."""
    title: str
    note: str


def listing() -> list[str]:
    """Role, name and phone, a line each."""
    return [f"{one.role.value:20} {one.name}  {one.phone}  {_unit(one)}" for one in listed()]


def choices() -> list[Choice]:
    """Those of the list that are here, in its order."""
    indexes = {vault.blind_index("phone", one.phone): one for one in listed()}
    rows = db.session.execute(
        sa.select(Account.phone_index, Account.code).where(
            Account.phone_index.in_(indexes), Account.disabled_at.is_(None)
        )
    )
    codes = {index: code for index, code in rows if index is not None}
    return [_choice(one, codes[index]) for index, one in indexes.items() if index in codes]


def _choice(one: Listed, code: str) -> Choice:
    label = str(words.label(one.role))
    return Choice(one.role, label, code, title=label, note=f"{one.name} · {_unit(one)}")


def _unit(one: Listed) -> str:
    row = next(row for row in read("world.toml")["organisation"] if row["key"] == one.unit)
    return str(row.get("short") or row["name"])
