"""The questions of a track's form, beside whatever else a page of this room asks."""

from blueprints.answering import known, locale, said
from forms.registration import AnswersForm
from models.activity import Track
from models.person import Person
from models.registration import Registration
from services import questionnaire as questionnaires
from services.registration import Entry

__all__ = ["form_again", "form_of", "said"]


def form_of(track: Track, person: Person | None = None, entry: Entry | None = None) -> AnswersForm:
    """The form of a track, filled with what was answered, or with what is known of a person."""
    return AnswersForm.of(questionnaires.of(track.activity), base=entry, data=known(person), locale=locale())


def form_again(row: Registration) -> AnswersForm:
    """The form that an entry answered, in its own version."""
    asks = (
        questionnaires.of_answer(row.answer, row.activity) if row.answer else questionnaires.of(row.activity)
    )
    return AnswersForm.of(asks, base=questionnaires.entry_of(row.answer), locale=locale())
