"""What a registration asks, as data: a library of fields, an activity's own, and the versions of its form.

Knows activities, and what an entry says; not who may enter, nor places, but for those of a choice.

    from services import questionnaire as questionnaires
    form = questionnaires.of(activity)
    registrations.register(track, person, questionnaires.entry(form, typed), by=account, stamp=stamp)
"""

from services.questionnaire.checking import check, shown
from services.questionnaire.editing import (
    demand,
    depend,
    drop,
    move,
    new_key,
    options_from,
    pick,
    put,
    to_preset,
)
from services.questionnaire.field import (
    KIND_WORDS,
    OWN_KINDS,
    RETENTION_WORDS,
    SENSITIVITY_WORDS,
    YES,
    Condition,
    Field,
    Form,
    Kind,
    Option,
    Retention,
    Sensitivity,
    most_of,
)
from services.questionnaire.filling import BadAnswers, answers_of, carry, data_of, entry, file_of, say
from services.questionnaire.library import COLUMNS, ELSEWHERE, LIBRARY, LOCKED, PRESET_WORDS, preset
from services.questionnaire.version import (
    BadForm,
    OnlyAdds,
    default,
    fitting,
    is_public,
    must_be_sound,
    must_only_add,
    of,
    of_answer,
    save,
)
from services.registration.facts import entry_of

__all__ = [
    "COLUMNS",
    "ELSEWHERE",
    "KIND_WORDS",
    "LIBRARY",
    "LOCKED",
    "OWN_KINDS",
    "PRESET_WORDS",
    "RETENTION_WORDS",
    "SENSITIVITY_WORDS",
    "YES",
    "BadAnswers",
    "BadForm",
    "Condition",
    "Field",
    "Form",
    "Kind",
    "OnlyAdds",
    "Option",
    "Retention",
    "Sensitivity",
    "answers_of",
    "carry",
    "check",
    "data_of",
    "default",
    "demand",
    "depend",
    "drop",
    "entry",
    "entry_of",
    "file_of",
    "fitting",
    "is_public",
    "most_of",
    "move",
    "must_be_sound",
    "must_only_add",
    "new_key",
    "of",
    "of_answer",
    "options_from",
    "pick",
    "preset",
    "put",
    "save",
    "say",
    "shown",
    "to_preset",
]
