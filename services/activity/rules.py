"""The rules of eligibility that a track holds as data: whether they say something, and in one spelling.

What each means is judged by `services.registration.eligibility`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from models.base import db
from models.organisation import Organisation, Type
from models.person import SkillLevel
from services.errors import Refused
from services.text import _, clean_line

MOST_UNITS, MOST_TRADES = 60, 20
MOST_YEARS = 60
WAYS = ("required", "excluded")


class BadRule(Refused):
    sentence = _("报名条件填写有误，请核对。")


class UnknownUnit(Refused):
    """A unit in a rule that is not on record."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            _("没有找到这些单位，请写与平台登记一致的全称：%(names)s", names=str(_("、")).join(names))
        )


def settle(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rules as they are kept, one of a kind, in a fixed order. Raises `BadRule`, `UnknownUnit`."""
    made: dict[str, dict[str, Any]] = {}
    for rule in rules:
        kind = str(rule.get("kind"))
        if kind not in _SHAPES or kind in made:
            raise BadRule
        if (kept := _SHAPES[kind](rule)) is not None:
            made[kind] = {"kind": kind, **kept}
    return [made[kind] for kind in _SHAPES if kind in made]


def _unit(rule: Mapping[str, Any]) -> dict[str, Any] | None:
    names = list(dict.fromkeys(clean_line(str(name), 100) for name in rule.get("names", ())))
    types = [Type(value).value for value in dict.fromkeys(rule.get("types", ()))]
    if not names and not types:
        return None
    if len(names) > MOST_UNITS:
        raise BadRule
    rows = db.session.scalars(
        sa.select(Organisation).where(
            sa.or_(Organisation.name.in_(names), Organisation.short_name.in_(names))
        )
    ).all()
    known = {row.short_name: row for row in rows if row.short_name} | {row.name: row for row in rows}
    if missing := [name for name in names if name not in known]:
        raise UnknownUnit(missing)
    found = list(dict.fromkeys(known[name] for name in names))
    return {
        "organisations": [row.code for row in found],
        "names": [row.name for row in found],
        "types": types,
    }


def _trade(rule: Mapping[str, Any]) -> dict[str, Any] | None:
    names = list(dict.fromkeys(clean_line(str(name), 40) for name in rule.get("names", ())))
    if len(names) > MOST_TRADES:
        raise BadRule
    return {"names": names} if names else None


def _skill_level(rule: Mapping[str, Any]) -> dict[str, Any] | None:
    least = SkillLevel(rule["least"])
    return {"least": least.value} if least is not SkillLevel.NONE else None


def _years(rule: Mapping[str, Any]) -> dict[str, Any] | None:
    least = int(rule["least"])
    if not 0 <= least <= MOST_YEARS:
        raise BadRule
    return {"least": least} if least else None


def _earlier_award(rule: Mapping[str, Any]) -> dict[str, Any] | None:
    if rule.get("way") not in WAYS:
        raise BadRule
    return {"way": rule["way"], "same_contest": bool(rule.get("same_contest", True))}


_SHAPES = {
    "unit": _unit,
    "trade": _trade,
    "skill_level": _skill_level,
    "years": _years,
    "earlier_award": _earlier_award,
}
