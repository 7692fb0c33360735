"""What an entry says, field by field, as it is kept; what the fields are called, the form knows (`questionnaires`)."""

import json
from typing import Any

from models.registration import Answer

COLUMNS = (
    "category", "workplace", "post", "years_at_work", "skill_level", "level_certificate", "coach", "remark",
)  # fmt: skip
"""Fields with a column of their own."""


def raw(answer: Answer | None) -> dict[str, Any]:
    """What is answered, by key; what says nothing is left out."""
    if answer is None:
        return {}
    private = json.loads(answer.private) if answer.private else {}
    found = {key: getattr(answer, key) for key in COLUMNS} | dict(answer.values or {}) | private
    return {key: value for key, value in found.items() if value not in (None, "", "none", False)}
