"""What a registration says beside the person: the values of its form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from models.activity import Track
from models.organisation import Organisation
from models.party import Party
from models.party import Role as PartyRole
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
    """Further fields of the form, by key: what JSON can say."""
    private: Mapping[str, Any] = field(default_factory=dict)
    """The sensitive ones among them: kept sealed."""
    questionnaire_id: int | None = None
    """The version of the form they answer."""

    def columns(self) -> dict[str, Any]:
        """What has a column of its own in an answer."""
        return {
            "category": self.category.value,
            "workplace": self.workplace,
            "post": self.post,
            "years_at_work": self.years_at_work,
            "skill_level": self.skill_level.value,
            "level_certificate": self.level_certificate,
            "coach": self.coach,
            "remark": self.remark,
            "questionnaire_id": self.questionnaire_id,
        }

    def sealable(self) -> str | None:
        """The sensitive fields as text; None where there is none."""
        return _text(dict(self.private)) if self.private else None

    def to_json(self) -> str:
        return _text({**self.columns(), "values": dict(self.values), "private": dict(self.private)})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError, KeyError or TypeError where it is nothing of the kind."""
        said = json.loads(text)
        category, skill_level = Category(said.pop("category")), SkillLevel(said.pop("skill_level"))
        return cls(category=category, skill_level=skill_level, **said)


def _text(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Candidate:
    """One line of a batch: who wants which place, and what they say."""

    track: Track
    person: Person
    entry: Entry
    organisation: Organisation | None = None
    """The unit they enter for; None: that of the batch."""
    party: Party | None = None
    role: PartyRole | None = None
    rank: int = 0
    stands_by: bool = False
    """替补: enters without a place."""
    has_agreed: bool = False
    """Whether the person joined of their own will, though somebody else sends the entry: they are not asked again."""
