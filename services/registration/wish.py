"""On which quotas an entry counts: as it is asked for, and as it is stored."""

from typing import Any

from models.registration import Registration
from services.quota import Wish
from services.registration.entry import Candidate, Entry


def wish_of(candidate: Candidate, organisation_id: int | None) -> Wish:
    """Of somebody who enters. `organisation_id`: of a batch, for those who name no unit."""
    organisation = candidate.organisation
    return Wish(
        candidate.track.id,
        organisation.id if organisation is not None else organisation_id,
        candidate.entry.category.value,
        answers_of(candidate.entry),
    )


def wish_of_row(row: Registration, organisation_id: int | None = None) -> Wish:
    """Of somebody who is entered. `organisation_id`: the unit it shall count for instead of its own."""
    unit = organisation_id if organisation_id is not None else row.organisation_id
    answer = row.answer
    if answer is None:
        return Wish(row.track_id, unit)
    said = {**answer.values, "category": answer.category, "skill_level": answer.skill_level}
    return Wish(row.track_id, unit, answer.category, said)


def answers_of(entry: Entry) -> dict[str, Any]:
    """What an entry says of fields of which an option may have places of its own."""
    return {**entry.values, "category": entry.category.value, "skill_level": entry.skill_level.value}
