"""What a registration says beside the person: the values of its form."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Candidate:
    """One line of a batch: who wants which place, and what they say."""

    track: Track
    person: Person
    entry: Entry
