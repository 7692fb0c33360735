"""The questions of a track's form, beside whatever else a page of this room asks."""

from typing import Any

from forms.registration import RegistrationForm
from models.activity import Track
from models.person import Person
from services.registration import Entry


def form_of(track: Track, person: Person | None = None, entry: Entry | None = None) -> Any:
    """The form of a track, filled with what was answered, or with what is known of a person."""
    return RegistrationForm(kind=track.activity.kind, data=_told(entry) if entry else _known(person))


def _told(entry: Entry) -> dict[str, Any]:
    return {
        "category": entry.category.value,
        "workplace": entry.workplace,
        "post": entry.post,
        "years_at_work": entry.years_at_work,
        "skill_level": entry.skill_level.value,
        "level_certificate": entry.level_certificate,
        "coach": entry.coach,
        "remark": entry.remark,
    }


def _known(person: Person | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {
        "category": person.category.value,
        "workplace": person.workplace or "",
        "skill_level": person.skill_level.value,
    }
