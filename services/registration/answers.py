"""What an entry says, field by field, as people read it."""

from dataclasses import dataclass

from models.registration import Registration
from services import questionnaire as questionnaires
from services.questionnaire import Kind


@dataclass(frozen=True)
class Shown:
    """One field: its key, what it is called, what was answered; empty where nothing was."""

    key: str
    label: str
    value: str
    is_phone: bool = False
    is_file: bool = False


def shown(registration: Registration) -> list[Shown]:
    """Every field that the entry answers, in the order of its form."""
    return [
        Shown(field.key, str(field.label), value, field.kind is Kind.PHONE, field.kind is Kind.FILE)
        for field, value in questionnaires.answers_of(registration)
    ]


def values(registration: Registration) -> dict[str, str]:
    """What is answered, by key; of a file, which one it is."""
    answer = registration.answer
    data = questionnaires.data_of(questionnaires.entry_of(answer))
    return {
        each.key: str(data.get(each.key) or "") if each.is_file else each.value for each in shown(registration)
    }
