"""What the columns of a list mean: who a row speaks of, and what the activity's own form asks.

Which column is which is told by the headings alone, so that a list made for an earlier version of the form is read too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.activity import Activity, Track
from models.person import Category, DocumentType, SkillLevel
from services import questionnaire as questionnaires
from services.intake.reading import Cell
from services.intake.vocabulary import HEADINGS, NOISE, key_of, spoken
from services.questionnaire import Field, Form, Kind
from services.text import Sentence
from services.words import label

PERSON = frozenset(
    ("name", "document_type", "document_number", "phone", "birth_date", "guardian_name", "guardian_phone")
)
"""Columns of the person, whatever the form asks. Phone, birth date and sex serve for an answer of that name too."""

SKIP = ""
YES = "是"


@dataclass(frozen=True)
class Column:
    """A field as a column. `options`: what may stand there, where not everything may."""

    key: str
    heading: str
    kind: str = "text"
    is_needed: bool = False
    options: tuple[str, ...] = ()
    note: str = ""
    width: int = 14
    also: str = ""
    """What the form calls it, where the heading of the official list is another."""
    is_own: bool = False


def columns_of(
    activity: Activity, track: Track | None = None, form: Form | None = None
) -> tuple[Column, ...]:
    """The columns of a list for an activity, or for one of its tracks, in their order. `form`: what it asks, where
    somebody has looked already.
    """
    form = form if form is not None else questionnaires.of(activity)
    tracks = [track] if track is not None else list(activity.tracks)
    documents = any(each.needs_document for each in tracks)
    types = tuple(label(member).message for member in DocumentType)
    made = [
        Column("name", HEADINGS["name"], is_needed=True, width=10),
        Column("document_type", HEADINGS["document_type"], "choice", options=types, note="不填按居民身份证"),
        Column(
            "document_number", HEADINGS["document_number"], "document", documents, note="文本格式，18 位", width=22
        ),
        Column("phone", HEADINGS["phone"], "phone", not documents, note="11 位手机号"),
    ]  # fmt: skip
    if track is None and len(tracks) > 1:
        names = tuple(each.name for each in tracks)
        made.append(Column("track", HEADINGS["track"], "choice", True, names, "从下拉列表选", 20))
    asked = [
        field
        for field in form.fields
        if field.kind is not Kind.FILE and field.key not in ("phone", "birth_date")
    ]
    birth = Column(
        "birth_date", HEADINGS["birth_date"], "date", note="居民身份证可不填；护照等须填", width=13
    )
    guardian = Column("guardian_name", HEADINGS["guardian_name"], note="未满 18 周岁须填", width=12)
    reach = Column("guardian_phone", HEADINGS["guardian_phone"], "phone", note="未满 18 周岁须填")
    used = {key_of(each.heading) for each in (*made, birth, guardian, reach)}
    used |= {key_of(HEADINGS.get(field.key, said(field.label))) for field in asked if not field.is_own}
    answers = [_column(field, form, used) for field in asked]
    made += [each for each in answers if each.key != "remark"]
    made += [birth, guardian, reach]
    made += [each for each in answers if each.key == "remark"]
    return tuple(made)


def files_of(activity: Activity) -> list[Field]:
    """What the form asks that no list can hold: each person sends it later."""
    return [field for field in questionnaires.of(activity).fields if field.kind is Kind.FILE]


def _column(field: Field, form: Form, used: set[str]) -> Column:
    called = said(field.label)
    heading = base = "".join(HEADINGS.get(field.key, called).split())[:36]
    number = 1
    while field.is_own and key_of(heading) in used:
        number += 1
        heading = f"{base} {number}"
    used.add(key_of(heading))
    options = options_of(field)
    notes = [_condition(field, form), said(field.help)]
    if field.key == "workplace":
        notes.append("不填按报送单位")
    elif options:
        notes.append("从下拉列表选")
    elif field.kind is Kind.DATE:
        notes.append("写成 1990-01-31 的样子")
    return Column(
        field.key,
        heading,
        field.kind.value,
        is_needed=field.required and field.shown_when is None and field.key not in ("workplace", "sex"),
        options=options,
        note="；".join(note.rstrip("。；") for note in notes if note),
        width=24 if field.key == "workplace" else max(14, min(40, 2 * len(heading))),
        also=called,
        is_own=field.is_own,
    )


def _condition(field: Field, form: Form) -> str:
    when = field.shown_when
    above = form.find(when.field) if when is not None else None
    if when is None or above is None:
        return ""
    words = [said(option.label) for option in above.options if option.value in when.values] or [YES]
    need = "必填" if field.required else "填写"
    return f"“{said(above.label)}”为“{'”或“'.join(words)}”的{need}，其他人不填"


def options_of(field: Field) -> tuple[str, ...]:
    """What may stand in the column of a field, as its drop-down list shows it."""
    if field.kind is Kind.AGREEMENT:
        return (YES,)
    if field.key == "category":
        return tuple(label(member).message for member in Category)
    if field.key == "skill_level":
        return tuple(label(member).message for member in SkillLevel)
    return tuple(said(option.label) for option in field.options)


def said(words: Sentence | str) -> str:
    """In Chinese, whoever reads it: a list is compared with paper."""
    return words.message if isinstance(words, Sentence) else words


# --- which column is which ------------------------------------------------------------------------


def recognise(heading: str, columns: Sequence[Column]) -> str | None:
    """The field that a heading names."""
    wanted = key_of(heading)
    if not wanted:
        return None
    for column in columns:
        if wanted == key_of(column.heading):
            return column.key
    for column in columns:
        if column.also and wanted == key_of(column.also) and not column.is_own:
            return column.key
    found = spoken().get(wanted)
    return found if found is not None and any(column.key == found for column in columns) else None


TOP_ROWS = 30
_DIGIT = re.compile("[0-9]")


def find_header(rows: Sequence[tuple[int, list[Cell]]], columns: Sequence[Column]) -> tuple[int, list[str]]:
    """How many of the first rows are titles and header, and the headings, column by column.

    The header is the row with the most headings we know; without two of them, the first with three different words. A
    second row that names parts of merged headings belongs to it.
    """
    best, most = -1, 1
    for index, (_number, cells) in enumerate(rows[:TOP_ROWS]):
        known = len({recognise(cell, columns) for cell in cells if isinstance(cell, str)} - {None})
        if known > most:
            best, most = index, known
    if best < 0:
        best = next(
            (
                index
                for index, (_number, cells) in enumerate(rows[:TOP_ROWS])
                if len({cell for cell in cells if isinstance(cell, str)}) >= 3
            ),
            0,
        )
    headings = [_word(cell) for cell in rows[best][1]]
    used = best + 1
    if used < len(rows) and used < TOP_ROWS:
        below = rows[used][1]
        words = [cell for cell in below if cell is not None]
        if (
            words
            and all(isinstance(cell, str) for cell in words)
            and any(recognise(cell, columns) for cell in words)
            and not any(_DIGIT.search(cell) for cell in words)
        ):
            width = max(len(headings), len(below))
            headings += [""] * (width - len(headings))
            headings = [
                _word(below[place]) if place < len(below) and below[place] else heading
                for place, heading in enumerate(headings)
            ]
            used += 1
    return used, _unlike(headings)


def _word(cell: Cell) -> str:
    if cell is None or isinstance(cell, dict):
        return ""
    return re.sub(r"\s+", "", str(cell))[:40]


def _unlike(headings: Sequence[str]) -> list[str]:
    """Each heading once: 备注, 备注 2."""
    seen: dict[str, int] = {}
    made = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        made.append(heading if not heading or seen[heading] == 1 else f"{heading} {seen[heading]}")
    return made


def propose(
    headings: Sequence[str], columns: Sequence[Column], remembered: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Field by heading: what the unit chose before, else what the words say; each field once. A heading that means
    nothing here is left out.
    """
    known = {column.key for column in columns}
    own = {key_of(column.heading) for column in columns if column.is_own}
    made: dict[str, str] = {}
    for heading in headings:
        key = (remembered or {}).get(heading)
        if key == SKIP and key_of(heading) in own:  # left out before this activity asked for it
            continue
        if heading and key is not None and (key == SKIP or (key in known and key not in made.values())):
            made[heading] = key
    for heading in headings:
        key = recognise(heading, columns)
        if heading and heading not in made and key is not None and key not in made.values():
            made[heading] = key
    return made


def lacking(mapping: Mapping[str, str], columns: Sequence[Column]) -> list[Column]:
    """Needed fields that no column is there for."""
    there = set(mapping.values())
    return [column for column in columns if column.is_needed and column.key not in there]


def is_understood(headings: Sequence[str], mapping: Mapping[str, str], columns: Sequence[Column]) -> bool:
    """Whether nobody need be asked: all that is needed is there, and no other heading means something unknown."""
    unknown = [each for each in headings if each and each not in mapping and key_of(each) not in NOISE]
    return not lacking(mapping, columns) and not unknown
