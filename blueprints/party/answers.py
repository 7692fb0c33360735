"""The questions of a track's form, beside whatever else a page of this room asks."""

from typing import Any

from flask import current_app

from blueprints import web
from forms.registration import AnswersForm
from models.activity import Track
from models.person import Person
from models.registration import Registration
from services import questionnaire as questionnaires
from services import upload as uploads
from services.registration import Entry


def form_of(track: Track, person: Person | None = None, entry: Entry | None = None) -> AnswersForm:
    """The form of a track, filled with what was answered, or with what is known of a person."""
    return AnswersForm.of(
        questionnaires.of(track.activity), base=entry, data=_known(person), locale=_locale()
    )


def form_again(row: Registration) -> AnswersForm:
    """The form that an entry answered, in its own version."""
    asks = (
        questionnaires.of_answer(row.answer, row.activity) if row.answer else questionnaires.of(row.activity)
    )
    return AnswersForm.of(asks, base=questionnaires.entry_of(row.answer), locale=_locale())


def said(form: AnswersForm) -> Entry:
    """What was answered, its files kept. Within the transaction that stores it."""
    owner = web.visitor().account
    kept = {
        key: uploads.receive(sound, sound.name, "answer", owner, stamp=web.stamp()).code
        for key, sound in form.sound.items()
    }
    return form.entry(kept)


def _known(person: Person | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {
        "category": person.category.value,
        "workplace": person.workplace or "",
        "skill_level": person.skill_level.value,
    }


def _locale() -> str:
    return str(current_app.extensions["locale"]())
