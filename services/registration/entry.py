"""What a registration says beside the person: the values of its form."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from models.activity import Track
from models.person import Category, Person, SkillLevel


@dataclass(frozen=True)
class Entry:
    category: Category = Category.OTHER
    workplace: str = ""
    post: str = ""
    years_at_work: int | None = None
    skill_level: SkillLevel = SkillLevel.NONE
    level_certificate: str = ""
    coach: str = ""
    remark: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Further answers that are not sensitive, by the key of their field."""
    private: Mapping[str, Any] = field(default_factory=dict)
    """The sensitive ones."""
    questionnaire_id: int | None = None
    """The version of the form that was answered; None: what the kind of activity always asks."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        said = json.loads(text)
        return cls(
            **said | {"category": Category(said["category"]), "skill_level": SkillLevel(said["skill_level"])}
        )


@dataclass(frozen=True)
class Candidate:
    """One line of a batch: who wants which place, and what they say."""

    track: Track
    person: Person
    entry: Entry
