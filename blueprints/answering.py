"""What the pages with a track's questions have in common: in which language they ask, what is known of a person,
and the files that come with the answers.
"""

from typing import Any

from flask import current_app

from blueprints import web
from forms.registration import AnswersForm
from models.person import Person
from services import upload as uploads
from services.registration import Entry


def locale() -> str:
    return str(current_app.extensions["locale"]())


def known(person: Person | None) -> dict[str, Any]:
    """What a form is filled with before anything is answered."""
    if person is None:
        return {}
    return {
        "category": person.category.value,
        "workplace": person.workplace or "",
        "skill_level": person.skill_level.value,
    }


def said(form: AnswersForm) -> Entry:
    """What was answered, its files kept. Within the transaction that stores it."""
    owner = web.visitor().account
    kept = {
        key: uploads.receive(sound, sound.name, "answer", owner, stamp=web.stamp()).code
        for key, sound in form.sound.items()
    }
    return form.entry(kept)
