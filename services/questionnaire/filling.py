"""From what was typed to an entry, and back from an entry to what people read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from models.base import db, is_code
from models.person import Category, SkillLevel
from models.registration import Registration
from models.upload import Upload
from services.errors import Missing, Refused
from services.questionnaire.checking import check, shown
from services.questionnaire.field import Field, Form, Kind, Sensitivity
from services.questionnaire.library import COLUMNS
from services.questionnaire.version import of_answer
from services.registration.entry import Entry
from services.registration.facts import entry_of
from services.text import BadText, Sentence, _

EMPTY = Entry()


class BadAnswers(Refused):
    """What is wrong, field by field."""

    def __init__(self, problems: dict[str, Sentence]) -> None:
        self.problems = problems
        super().__init__(_("有 %(count)s 项需要改正。", count=len(problems)))


def entry(
    form: Form, data: Mapping[str, object], *, base: Entry | None = None, asks_files: bool = True
) -> Entry:
    """What somebody answered, as it is kept. Only what the form asks is read, and of that only what is shown to one
    who answered so: what a hidden field carries is dropped, a shown required one is demanded.

    `base`: what was said before; a column that this form does not ask keeps it. A file is the code of a kept
    upload. `asks_files=False`: files may come later (a list of names has none). Raises `BadAnswers`.
    """
    seen, problems = shown(form, data), {}
    columns: dict[str, Any] = {}
    values: dict[str, Any] = {}
    private: dict[str, Any] = {}
    for field in form.fields:
        given = data.get(field.key) if field.key in seen else None
        asked = field if field.key in seen else replace(field, required=False)
        if field.kind is Kind.FILE and not asks_files:
            asked = replace(asked, required=False)
        try:
            answer = check(asked, given)
        except BadText as bad:
            problems[field.key] = bad.sentence
            continue
        if field.key in COLUMNS:
            columns[field.key] = _column(field.key, answer)
        elif answer is not None:
            (private if field.sensitivity is Sensitivity.SENSITIVE else values)[field.key] = answer
    if problems:
        raise BadAnswers(problems)
    return replace(base or EMPTY, **columns, values=values, private=private, questionnaire_id=form.id)


def carry(form: Form, earlier: Entry) -> Entry:
    """What somebody answered to another activity, as an answer to this form: what both ask and may be kept for the next
    time. Sensitive answers, agreements, files and an activity's own fields are not. Raises `BadAnswers` where this
    form asks more.
    """
    known = data_of(replace(earlier, private={}))
    kept = {
        field.key: known.get(field.key)
        for field in form.fields
        if not field.is_own and field.kind not in (Kind.FILE, Kind.AGREEMENT)
    }
    return entry(form, kept, asks_files=False)


def _column(key: str, answer: str | int | None) -> Any:
    if answer is None:
        return getattr(EMPTY, key)
    kind = {"category": Category, "skill_level": SkillLevel}.get(key)
    return kind(str(answer)) if kind else answer


def data_of(entry: Entry | None) -> dict[str, Any]:
    """What a form shows of an entry, by field."""
    if entry is None:
        return {}
    columns = {key: getattr(entry, key) for key in COLUMNS}
    columns["category"], columns["skill_level"] = entry.category.value, entry.skill_level.value
    return {**columns, **entry.values, **entry.private}


def say(field: Field, value: object, locale: str = "zh") -> str:
    """An answer as people read it; empty where there is none."""
    if value is None or value in ("", False):
        return ""
    if field.kind is Kind.CHOICE:
        option = field.option(str(getattr(value, "value", value)))
        return option.label_in(locale) if option else str(value)
    if field.kind is Kind.AGREEMENT:
        return str(_("已勾选"))
    if field.kind is Kind.FILE:
        return str(_("已上传"))
    return str(value)


def file_of(registration: Registration, key: str) -> Upload:
    """A file that was sent with an entry. Raises `Missing`."""
    answer = registration.answer
    field = of_answer(answer, registration.activity).find(key) if answer is not None else None
    if field is None or field.kind is not Kind.FILE:
        raise Missing
    code = str(data_of(entry_of(answer)).get(key) or "")
    row = db.session.scalar(sa.select(Upload).where(Upload.code == code)) if is_code(code) else None
    if row is None:
        raise Missing
    return row


def answers_of(registration: Registration, locale: str = "zh") -> list[tuple[Field, str]]:
    """What an entry says, in the order and the words of the version it was given to; what was not shown is left out,
    what was not answered is empty.
    """
    answer = registration.answer
    if answer is None:
        return []
    form, data = of_answer(answer, registration.activity), data_of(entry_of(answer))
    seen = shown(form, data)
    return [(field, say(field, data.get(field.key), locale)) for field in form.fields if field.key in seen]
