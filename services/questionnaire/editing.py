"""The organiser's moves on the fields of a form: each gives the fields as they would then be. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from models.activity import EntryMode
from models.activity import Kind as ActivityKind
from models.base import new_code
from services.questionnaire.field import Condition, Field, Option
from services.questionnaire.library import LIBRARY, LOCKED, preset
from services.text import BadText, _, clean_line

Fields = tuple[Field, ...]

_OPTION = re.compile(r"\s*(?P<label>.*?)\s*(?:[|｜]\s*(?P<capacity>[0-9]{1,6}))?\s*")


def new_key() -> str:
    """The key of an own field: no field of the library begins so."""
    return f"own_{new_code()[:8]}"


def to_preset(fields: Fields, mode: EntryMode, kind: ActivityKind) -> Fields:
    """The fields of a preset, and after them the activity's own. A condition on what is gone goes too."""
    kept = [*preset(mode, kind), *(field for field in fields if field.is_own)]
    return _mend(kept)


def pick(fields: Fields, key: str) -> Fields:
    """Ask a field of the library: where the paper has it, before the remark."""
    if key not in LIBRARY or any(field.key == key for field in fields):
        return fields
    at = next((index for index, field in enumerate(fields) if field.key == "remark"), len(fields))
    return (*fields[:at], LIBRARY[key], *fields[at:])


def drop(fields: Fields, key: str) -> Fields:
    """Ask it no more; what hung on it stands by itself."""
    if key == LOCKED:
        return fields
    return _mend([field for field in fields if field.key != key])


def move(fields: Fields, key: str, step: int) -> Fields:
    """One place up (-1) or down (1). The category stays first, and nothing moves above what it hangs on."""
    at = next((index for index, field in enumerate(fields) if field.key == key), -1)
    to = at + step
    if at < 1 or not 1 <= to < len(fields):
        return fields
    moved = list(fields)
    moved[at], moved[to] = moved[to], moved[at]
    upper, lower = moved[min(at, to)], moved[max(at, to)]
    hangs = upper.shown_when is not None and upper.shown_when.field == lower.key
    return fields if hangs else tuple(moved)


def demand(fields: Fields, key: str, required: bool) -> Fields:
    if key == LOCKED:
        return fields
    return tuple(replace(field, required=required) if field.key == key else field for field in fields)


def depend(fields: Fields, key: str, when: Condition | None) -> Fields:
    return tuple(replace(field, shown_when=when) if field.key == key else field for field in fields)


def put(fields: Fields, field: Field) -> Fields:
    """An own field as it now is: in its place, or a new one before the remark."""
    if any(each.key == field.key for each in fields):
        return _mend([field if each.key == field.key else each for each in fields])
    at = next((index for index, each in enumerate(fields) if each.key == "remark"), len(fields))
    return (*fields[:at], field, *fields[at:])


def options_from(text: str, before: Sequence[Option] = ()) -> tuple[Option, ...]:
    """Options as typed, one a line: `上午场`, or `上午场 | 40` for at most forty; an English word after a slash.

    One that was there keeps its value, so that answers go on meaning it. Raises BadText.
    """
    known = {str(option.label): option for option in before}
    taken = {option.value for option in before}
    made: list[Option] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        found = _OPTION.fullmatch(line)
        label, _slash, label_en = (found["label"] if found else line).partition(" / ")
        label = clean_line(label, 60)
        capacity = int(found["capacity"]) if found and found["capacity"] else None
        if capacity == 0:
            raise BadText(_("选项的名额应大于 0；不限名额的不写。"))
        if label in known:
            value = known[label].value
        else:
            value = next(f"o{number}" for number in range(1, 1000) if f"o{number}" not in taken)
        taken.add(value)
        made.append(Option(value, label, clean_line(label_en, 60) if label_en.strip() else "", capacity))
    return tuple(made)


def _mend(fields: Sequence[Field]) -> Fields:
    """Conditions that no longer speak of an earlier field or a real answer fall away."""
    earlier: dict[str, Field] = {}
    mended: list[Field] = []
    for field in fields:
        when = field.shown_when
        above = earlier.get(when.field) if when else None
        values = tuple(value for value in when.values if above and value in above.answers) if when else ()
        still = Condition(when.field, values) if when and values else None
        earlier[field.key] = replace(field, shown_when=still)
        mended.append(earlier[field.key])
    return tuple(mended)
