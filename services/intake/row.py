"""One row of a list: who it speaks of, what they answer, and every problem with it. Asks no database."""

import datetime as dt
from collections.abc import Sequence

from models.activity import Track
from models.person import DocumentType, Sex
from services import person as people
from services.intake import answers
from services.intake import cells as cell_words
from services.intake.cells import date_of, number_text, text_of
from services.intake.frame import Frame, Read, Reading, frame
from services.intake.reading import Cell
from services.intake.vocabulary import key_of
from services.person import PersonEntry, documents, phones
from services.text import BadText, _, clean_name

__all__ = ["Frame", "Read", "frame", "read"]


def read(frame: Frame, number: int, cells: Sequence[Cell]) -> Read:
    """Every problem of a row at once, each with its cell."""
    reading = Reading(frame, number, cells)
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
    entry = answers.read(reading, _known(made, frame.today, sex, birth_date, phone))
    if made.is_sound and entry is not None:
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
            checked = people.check(person, frame.today)
        except people.BadEntry as bad:
            reading.wrong(bad.field, bad.sentence)
        except people.TooYoung as no:
            reading.wrong("document_number", no.sentence)
        except people.GuardianNeeded as no:
            reading.wrong("guardian_name" if not guardian_name else "guardian_phone", no.sentence)
        else:
            made.person, made.checked, made.entry = person, checked, entry
    if number_ok and made.type is not None:
        made.index = people.document_index(made.type, made.document)
    return made


def _name(reading: Reading) -> str:
    name: str = reading.cleaned("name", clean_name)
    if not name and not reading.read.problems:
        reading.wrong("name", _("没有填姓名。"))
    elif name and any(character.isdecimal() for character in name):
        reading.wrong("name", _("姓名里有数字，请核对是否填错了列。"))
    return name


def _track(reading: Reading) -> Track | None:
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


def _document(reading: Reading) -> bool:
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


def _birth_and_sex(reading: Reading) -> tuple[dt.date | None, Sex | None]:
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


def _known(
    made: Read, today: dt.date, sex: Sex | None, birth_date: dt.date | None, phone: str
) -> dict[str, object]:
    """What the form need not ask again; of a document, what it says."""
    born, is_of = _derived(made, today) or (None, None)
    return {"sex": is_of or sex, "birth_date": born or birth_date, "phone": phone or None}


def _phone(reading: Reading) -> str:
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


def _other_phone(reading: Reading, key: str) -> str:
    text = number_text(reading.cell(key))
    if not text:
        return ""
    try:
        return phones.check(text, reading.read.type)
    except BadText as bad:
        reading.wrong(key, bad.sentence)
        return ""
