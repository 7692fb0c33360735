"""A plan that carries another on, made whole from that plan's file. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]

INHERITED = ("aggregator",)
"""Fields of [plan] that hold unless said anew. Number and date of issue do not: it is another paper."""

DAYS = {"phase": ("from", "to"), "indicator": ("due",)}


def stored(document: Mapping[str, Any]) -> Document:
    """The document as JSON keeps it: days become text."""
    return {key: _stored(value) for key, value in document.items()}


def _stored(value: Any) -> Any:
    if isinstance(value, Mapping):
        return stored(value)
    if isinstance(value, list):
        return [_stored(each) for each in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value


def expand(document: Document, base: Document) -> Document:
    """The whole plan of `document`, which carries on `base` (itself whole).

    Days of `base` are moved by the years between the two plans' last years; entries with the same code take
    the fields that `document` gives.
    """
    whole: Document = {
        "plan": {key: base["plan"][key] for key in INHERITED} | document["plan"],
    }
    years = _last_year(document) - _last_year(base)
    for name in dict.fromkeys([*base, *document]):
        if name == "plan":
            continue
        inherited = [_moved(table, DAYS.get(name, ()), years) for table in base.get(name, [])]
        whole[name] = _merged(inherited, document.get(name, []))
    return whole


def _last_year(document: Document) -> int:
    """Zero where the years are not right; reading the whole plan says so."""
    years = document["plan"].get("years")
    return years[-1] if isinstance(years, list) and years and isinstance(years[-1], int) else 0


def _moved(table: Mapping[str, Any], keys: tuple[str, ...], years: int) -> Document:
    moved = {key: move(dt.date.fromisoformat(table[key]), years).isoformat() for key in keys}
    return dict(table) | moved


def move(day: dt.date, years: int) -> dt.date:
    """The same day another year; 29 February becomes 28 where there is none. A year out of range stays."""
    if not dt.MINYEAR <= day.year + years <= dt.MAXYEAR or day.year + years < 1000:
        return day
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _merged(inherited: list[Document], given: Any) -> Any:
    """By code. Two given entries with one code stay two, so that the reader finds them."""
    if not isinstance(given, list) or not all(isinstance(table, Mapping) for table in given):
        return given
    by_key = {_key(table): table for table in inherited}
    merged: dict[Any, Document] = dict(by_key)
    extra = []
    changed: set[Any] = set()
    for table in given:
        key = _key(table)
        if key in by_key and key not in changed:
            merged[key] = by_key[key] | dict(table)
            changed.add(key)
        else:
            extra.append(dict(table))
    return [*merged.values(), *extra]


def _key(table: Mapping[str, Any]) -> str:
    return str(table.get("code", table.get("number")))
