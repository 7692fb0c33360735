"""What the rows of a list have in common, and one row while it is read."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.activity import Track
from models.person import DocumentType
from services.intake.cells import Problem, problem, text_of
from services.intake.columns import Column
from services.intake.reading import Cell
from services.intake.vocabulary import key_of, option
from services.person import Checked, PersonEntry
from services.questionnaire import COLUMNS, Form, Kind
from services.registration import Entry
from services.text import BadText, Sentence, _

ANY = Form(())


@dataclass(frozen=True)
class Frame:
    """What all rows of a list have in common."""

    headings: Sequence[str]
    mapping: Mapping[str, str]
    columns: Mapping[str, Column]
    tracks: Sequence[Track]
    track: Track | None
    today: dt.date
    workplace: str = ""
    """Of a unit that sends its own people: where the column is empty."""
    places: Mapping[str, int] = field(default_factory=dict)
    """Column of each field, counted from 0."""
    by_word: Mapping[str, Track | None] = field(default_factory=dict)
    """Tracks by what a list may call them; None where two are called so."""
    form: Form = ANY
    """What the activity asks."""
    is_usual: bool = True
    """Whether the form asks only what every form does, of everybody: such rows are read the short way."""


def frame(
    headings: Sequence[str],
    mapping: Mapping[str, str],
    columns: Sequence[Column],
    tracks: Sequence[Track],
    track: Track | None,
    today: dt.date,
    workplace: str = "",
    form: Form = ANY,
) -> Frame:
    by_key = {column.key: column for column in columns}
    places = {
        mapping[heading]: place for place, heading in enumerate(headings) if mapping.get(heading) in by_key
    }
    words: dict[str, Track | None] = {}
    for each in tracks:
        for word in {key_of(each.name), key_of(each.contest)}:
            words[word] = each if word not in words else None
    for each in tracks:
        words[key_of(each.name)] = each
    return Frame(
        headings, mapping, by_key, tracks, track, today, workplace, places, words, form, _is_usual(form)
    )


def _is_usual(form: Form) -> bool:
    return all(
        asked.kind is Kind.FILE
        or (
            asked.key in COLUMNS
            and asked.shown_when is None
            and (not asked.required or asked.key in ("category", "workplace"))
        )
        for asked in form.fields
    )


@dataclass
class Read:
    """What a row says, as far as it can be read."""

    number: int
    name: str = ""
    type: DocumentType | None = None
    document: str = ""
    index: str = ""
    track: Track | None = None
    person: PersonEntry | None = None
    checked: Checked | None = None
    entry: Entry | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not any(not each.get("note") for each in self.problems)


class Reading:
    """A row while it is read."""

    def __init__(self, frame: Frame, number: int, cells: Sequence[Cell]) -> None:
        self.frame, self.cells, self.read = frame, cells, Read(number)

    def cell(self, key: str) -> Cell:
        place = self.frame.places.get(key)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def heading(self, key: str) -> str:
        column = self.frame.columns.get(key)
        return column.heading if column is not None else ""

    def wrong(self, key: str, sentence: Sentence, *, is_note: bool = False) -> None:
        place = self.frame.places.get(key)
        self.read.problems.append(problem(key, self.read.number, place, sentence, is_note=is_note))

    def cleaned(self, key: str, clean: Callable[[str], Any], default: Any = "") -> Any:
        """The cell in order, or the default with its problem noted; the default where it is empty."""
        text = text_of(self.cell(key))
        if not text:
            return default
        try:
            return clean(text)
        except BadText as bad:
            self.wrong(key, bad.sentence)
            return default

    def chosen(self, key: str, default: str) -> str:
        text = text_of(self.cell(key))
        if not text:
            return default
        found = option(key, text)
        if found is None:
            heading = self.heading(key)
            self.wrong(key, _("“%(heading)s”里没有这个选项。请从模板的下拉列表中选一个。", heading=heading))
            return default
        return found
