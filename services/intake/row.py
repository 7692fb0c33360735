"""One row of a list: who it speaks of, what they answer, and every problem with it. Asks no database."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.activity import Track
from models.person import Category, DocumentType, Sex, SkillLevel
from services import person as people
from services.intake import cells as cell_words
from services.intake.cells import Problem, date_of, number_text, problem, text_of, whole_of
from services.intake.columns import Column, key_of, option
from services.intake.reading import Cell
from services.person import PersonEntry, documents, phones
from services.registration import Entry
from services.text import BadText, Sentence, _, clean_line, clean_name, clean_paragraph

LONGEST = {"workplace": 100, "post": 60, "coach": 64, "remark": 300}


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


def frame(
    headings: Sequence[str],
    mapping: Mapping[str, str],
    columns: Sequence[Column],
    tracks: Sequence[Track],
    track: Track | None,
    today: dt.date,
    workplace: str = "",
) -> Frame:
    places = {mapping[heading]: place for place, heading in enumerate(headings) if mapping.get(heading)}
    words: dict[str, Track | None] = {}
    for each in tracks:
        for word in {key_of(each.name), key_of(each.contest)}:
            words[word] = each if word not in words else None
    for each in tracks:
        words[key_of(each.name)] = each
    by_key = {column.key: column for column in columns}
    return Frame(headings, mapping, by_key, tracks, track, today, workplace, places, words)


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
    entry: Entry | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not any(not each.get("note") for each in self.problems)


class _Reading:
    def __init__(self, frame: Frame, number: int, cells: Sequence[Cell]) -> None:
        self.frame, self.cells, self.read = frame, cells, Read(number)

    def cell(self, key: str) -> Cell:
        place = self.frame.places.get(key)
        return self.cells[place] if place is not None and place < len(self.cells) else None

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
            heading = self.frame.columns[key].heading
            self.wrong(key, _("“%(heading)s”里没有这个选项。请从模板的下拉列表中选一个。", heading=heading))
            return default
        return found


def read(frame: Frame, number: int, cells: Sequence[Cell]) -> Read:
    """Every problem of a row at once, each with its cell."""
    reading = _Reading(frame, number, cells)
    made = reading.read
    made.name = _name(reading)
    made.track = _track(reading)
    type = reading.chosen("document_type", "")
    made.type = DocumentType(type) if type else None
    number_ok = _document(reading)
    birth_date, sex = _birth_and_sex(reading)
    phone = _phone(reading)
    guardian_name = reading.cleaned("guardian_name", clean_name)
    guardian_phone = _other_phone(reading, "guardian_phone")
    entry = _entry(reading)
    if made.is_sound:
        person = PersonEntry(
            name=made.name,
            document_type=made.type if made.document else None,
            document_number=made.document,
            birth_date=birth_date,
            sex=sex,
            phone=phone,
            category=entry.category,
            skill_level=entry.skill_level,
            workplace=entry.workplace,
            guardian_name=guardian_name,
            guardian_phone=guardian_phone,
        )
        try:
            people.check(person, frame.today)
        except people.BadEntry as bad:
            reading.wrong(bad.field, bad.sentence)
        except people.TooYoung as no:
            reading.wrong("document_number", no.sentence)
        except people.GuardianNeeded as no:
            reading.wrong("guardian_name" if not guardian_name else "guardian_phone", no.sentence)
        else:
            made.person, made.entry = person, entry
    if number_ok and made.type is not None:
        made.index = people.document_index(made.type, made.document)
    return made


def _name(reading: _Reading) -> str:
    name: str = reading.cleaned("name", clean_name)
    if not name and not reading.read.problems:
        reading.wrong("name", _("没有填姓名。"))
    elif name and any(character.isdecimal() for character in name):
        reading.wrong("name", _("姓名里有数字，请核对是否填错了列。"))
    return name


def _track(reading: _Reading) -> Track | None:
    frame = reading.frame
    if frame.track is not None:
        return frame.track
    if len(frame.tracks) == 1 and "track" not in frame.places:
        return frame.tracks[0]
    text = text_of(reading.cell("track"))
    if not text:
        reading.wrong("track", _("没有填赛项组别。"))
        return None
    wanted = key_of(text)
    if wanted in frame.by_word:
        found = frame.by_word[wanted]
        if found is None:
            reading.wrong(
                "track", _("这个赛项有几个组别，请写全称，例如“%(name)s”。", name=frame.tracks[0].name)
            )
        return found
    reading.wrong("track", _("本活动没有这个赛项组别，请写全称，例如“%(name)s”。", name=frame.tracks[0].name))
    return None


def _document(reading: _Reading) -> bool:
    made, today = reading.read, reading.frame.today
    cell = reading.cell("document_number")
    text = number_text(cell)
    if not text:
        track = made.track
        if track is not None and track.needs_document:
            reading.wrong("document_number", _("没有填证件号码。"))
        return False
    harm = cell_words.damage(cell, made.type, today)
    if harm is not None:
        reading.wrong("document_number", harm)
        return False
    if made.type is None:
        made.type = cell_words.infer(text)
        if (
            len(text) != 18
            and not text.isdecimal()
            and made.type is DocumentType.RESIDENT_ID
            and len(text) < 15
        ):
            reading.wrong(
                "document_number", _("不是 18 位身份证号码。护照等其他证件，请在“证件类型”列写明。")
            )
            return False
    try:
        checked = documents.check(made.type, text, today)
    except BadText as bad:
        reading.wrong("document_number", bad.sentence)
        return False
    made.document = checked.number
    for warning in checked.warnings:
        reading.wrong("document_number", warning, is_note=True)
    return True


def _birth_and_sex(reading: _Reading) -> tuple[dt.date | None, Sex | None]:
    made = reading.read
    known = _derived(made, reading.frame.today)
    cell = reading.cell("birth_date")
    birth_date = None
    if cell is not None:
        birth_date = date_of(cell)
        if birth_date is None:
            reading.wrong(
                "birth_date", _("出生日期认不出来，请写成 1990-01-31 的样子。"), is_note=known is not None
            )
        elif known is not None and known[0] is not None and birth_date != known[0]:
            reading.wrong("birth_date", _("出生日期与证件号码不一致，以证件号码为准。"), is_note=True)
    sex_text = reading.chosen("sex", "")
    sex = Sex(sex_text) if sex_text else None
    if known is not None and sex is not None and known[1] is not None and sex is not known[1]:
        reading.wrong("sex", _("证件号码表示的性别与所填性别不一致，请核对。"))
    return birth_date, sex


def _derived(made: Read, today: dt.date) -> tuple[dt.date | None, Sex | None] | None:
    if not made.document or len(made.document) != 18:
        return None
    number = made.document
    birth = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return birth, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def _phone(reading: _Reading) -> str:
    cell = reading.cell("phone")
    text = number_text(cell)
    if not text:
        track = reading.read.track
        if track is not None and not track.needs_document and not reading.read.document:
            reading.wrong("phone", _("没有证件号码的人员，须填手机号。"))
        return ""
    if cell_words.SCIENTIFIC.fullmatch(text):
        reading.wrong("phone", _("手机号已变成科学记数法。请把这一列设为“文本”，再重新填写。"))
        return ""
    try:
        return phones.check(text, reading.read.type)
    except BadText as bad:
        reading.wrong("phone", bad.sentence)
        return ""


def _other_phone(reading: _Reading, key: str) -> str:
    text = number_text(reading.cell(key))
    if not text:
        return ""
    try:
        return phones.check(text, reading.read.type)
    except BadText as bad:
        reading.wrong(key, bad.sentence)
        return ""


def _entry(reading: _Reading) -> Entry:
    frame = reading.frame
    category = reading.chosen("category", "")
    if not category and "category" in frame.places and not text_of(reading.cell("category")):
        reading.wrong("category", _("没有填参与者类别。"))
    years = None
    if text_of(reading.cell("years_at_work")):
        years = whole_of(reading.cell("years_at_work"))
        if years is None or years > 60:
            reading.wrong("years_at_work", _("年限应是 0 到 60 之间的整数。"))
            years = None
    level = reading.chosen("skill_level", SkillLevel.NONE.value)
    return Entry(
        category=Category(category) if category else Category.OTHER,
        workplace=reading.cleaned("workplace", lambda text: clean_line(text, LONGEST["workplace"]))
        or frame.workplace,
        post=reading.cleaned("post", lambda text: clean_line(text, LONGEST["post"])),
        years_at_work=years,
        skill_level=SkillLevel(level),
        level_certificate=reading.cleaned("level_certificate", _certificate),
        coach=reading.cleaned("coach", clean_name),
        remark=reading.cleaned("remark", lambda text: clean_paragraph(text, LONGEST["remark"])),
    )


def _certificate(text: str) -> str:
    """A letter and 21 letters or digits (domain rules 3.2)."""
    number = number_text(text)
    if number in ("无", "-", "/", "暂无", "没有"):
        return ""
    if cell_words.SCIENTIFIC.fullmatch(number):
        raise BadText(_("证书编号已变成科学记数法。请把这一列设为“文本”，再重新填写。"))
    if len(number) != 22:
        raise BadText(
            _("证书编号应为 22 位，现在是 %(found)s 位，请对照证书核对；没有证书请留空。", found=len(number))
        )
    if not (number[0].isalpha() and number.isascii() and number.isalnum()):
        raise BadText(_("证书编号应以字母开头，其余为字母或数字，请对照证书核对。"))
    return number
