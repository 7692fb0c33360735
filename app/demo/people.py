"""People who do not exist: plain names, ages that fit what they do, numbers that nobody has. Pure.

Document numbers carry the county code 500199, which is not assigned; phones are 199-0000-xxxx. The series has ten
thousand numbers, so of a demonstration ten times as large those who come last have no phone in their record.
"""

import datetime as dt
import random
from dataclasses import dataclass

from app.demo.world import World, read
from models.person import Category, Sex, SkillLevel
from services.person import documents

FIRST_PHONE = 100
"""199-0000-0001 to 0099 belong to accounts of staff."""
LAST_PHONE = 9999

SHARES: dict[Category, int] = {
    Category.ENTERPRISE_EMPLOYEE: 42,
    Category.VOCATIONAL_STUDENT: 28,
    Category.VOCATIONAL_TEACHER: 7,
    Category.RURAL_WORKER: 6,
    Category.FLEXIBLE_WORKER: 5,
    Category.CITIZEN: 4,
    Category.JOBSEEKER: 3,
    Category.PUBLIC_STAFF: 3,
    Category.EXPERT: 2,
}

AGES: dict[Category, tuple[int, int]] = {
    Category.ENTERPRISE_EMPLOYEE: (20, 56),
    Category.VOCATIONAL_STUDENT: (19, 22),  # of age all through the last year
    Category.VOCATIONAL_TEACHER: (26, 57),
    Category.RURAL_WORKER: (26, 58),
    Category.FLEXIBLE_WORKER: (22, 56),
    Category.CITIZEN: (26, 66),
    Category.JOBSEEKER: (20, 50),
    Category.PUBLIC_STAFF: (25, 57),
    Category.EXPERT: (42, 60),
}

_N, _J, _I, _A = (
    SkillLevel.NONE,
    SkillLevel.JUNIOR_WORKER,
    SkillLevel.INTERMEDIATE_WORKER,
    SkillLevel.ADVANCED_WORKER,
)
_T, _S = SkillLevel.TECHNICIAN, SkillLevel.SENIOR_TECHNICIAN
LEVELS: dict[Category, tuple[SkillLevel, ...]] = {
    Category.ENTERPRISE_EMPLOYEE: (_N, _N, _J, _I, _I, _A, _A, _A, _T, _S),
    Category.VOCATIONAL_STUDENT: (_N, _N, _N, _J, _I),
    Category.VOCATIONAL_TEACHER: (_A, _A, _T, _T, _S),
    Category.RURAL_WORKER: (_N, _N, _N, _J, _I),
    Category.FLEXIBLE_WORKER: (_N, _N, _J, _I),
    Category.EXPERT: (_T, _S, _S, SkillLevel.SPECIAL_TECHNICIAN),
}


@dataclass(frozen=True)
class Human:
    number: int
    name: str
    sex: Sex
    birth_date: dt.date
    document: str
    phone: str
    category: Category
    skill_level: SkillLevel
    workplace: str
    post: str
    school: str
    """Where they learn, or learnt before they went to work."""

    @property
    def has_account(self) -> bool:
        """Every twenty-fifth signs in themselves; units and organisers enter the others."""
        return self.number % 25 == 0 and bool(self.phone)

    def age_on(self, day: dt.date) -> int:
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def phone(number: int) -> str:
    return f"1990000{number:04d}" if number <= LAST_PHONE else ""


def make(rng: random.Random, world: World, count: int, anchor: dt.date) -> list[Human]:
    """So many people, all different, of age on the anchor day."""
    taken: set[str] = set()
    return [one(rng, world, number, anchor, taken) for number in range(count)]


def one(rng: random.Random, world: World, number: int, anchor: dt.date, taken: set[str]) -> Human:
    category = rng.choices(list(SHARES), weights=list(SHARES.values()))[0]
    sex = rng.choice((Sex.MALE, Sex.MALE, Sex.FEMALE) if category in _MOSTLY_MEN else (Sex.MALE, Sex.FEMALE))
    birth_date = born(rng, *AGES[category], anchor)
    document = documents.demo_number(rng, birth_date, sex)
    while document in taken:
        birth_date = born(rng, *AGES[category], anchor)
        document = documents.demo_number(rng, birth_date, sex)
    taken.add(document)
    workplaces = world.workplaces[category.value]
    return Human(
        number=number,
        name=name(rng, sex, birth_date),
        sex=sex,
        birth_date=birth_date,
        document=document,
        phone=phone(FIRST_PHONE + number),
        category=category,
        skill_level=rng.choice(LEVELS.get(category, (SkillLevel.NONE,))),
        workplace=rng.choice(workplaces) if workplaces else "",
        post=rng.choice(world.posts[category.value]),
        school=rng.choice(world.workplaces[Category.VOCATIONAL_STUDENT.value]),
    )


_MOSTLY_MEN = frozenset({Category.ENTERPRISE_EMPLOYEE, Category.RURAL_WORKER, Category.EXPERT})


def born(rng: random.Random, youngest: int, oldest: int, day: dt.date) -> dt.date:
    """A birthday of somebody who is between so many full years old on a day."""
    first = day.replace(year=day.year - oldest - 1, day=min(day.day, 28)) + dt.timedelta(days=2)
    last = day.replace(year=day.year - youngest, day=min(day.day, 28)) - dt.timedelta(days=1)
    return first + dt.timedelta(days=rng.randrange((last - first).days))


def name(rng: random.Random, sex: Sex, birth_date: dt.date) -> str:
    """A surname and two characters that were usual when they were born."""
    facts = read("names.toml")
    generation = "older" if birth_date.year < 1980 else "middle" if birth_date.year < 1997 else "younger"
    given = facts[generation]
    first, second = rng.choice(given[f"{sex.value}_first"]), rng.choice(given[f"{sex.value}_second"])
    while second == first:
        second = rng.choice(given[f"{sex.value}_second"])
    surname: str = rng.choice(facts["surnames"])
    return f"{surname}{first}{second}"
