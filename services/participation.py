"""Facts: recorded when something becomes final, reversed when it turns out wrong, and never edited.

from services import participation as participations
fact = participations.record(Fact("line:" + line.code, Outcome.AWARD_WON, day=stamp.today, ...), stamp=stamp)
participations.reverse(fact, "名次更正", stamp=stamp)

Totals are pulled from here (architecture 3). This room knows what a fact is and which facts stand; it does not know
why a thing is final, nor which target it feeds.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.activity import Activity
from models.base import db, new_code, upsert
from models.indicator import Outcome
from models.organisation import Organisation
from models.participation import Participation
from models.person import Category, Document, Person, SkillLevel
from models.registration import Registration
from services import audit as audits
from services import page as pages
from services.errors import Refused
from services.stamp import Stamp
from services.text import _

AT_ONCE = 500
"""Facts a statement: databases take some thousands of values at once, not more."""

_reversal = aliased(Participation)


@dataclass(frozen=True, slots=True)
class Fact:
    """What became final. The activity's kind, level, series, industry and tags are frozen with it.

    `source` names what became final: one standing fact a source. `person` None: people are counted by `heads`.
    """

    source: str
    outcome: Outcome
    day: dt.date
    activity: Activity | None = None
    person: Person | None = None
    heads: int = 1
    registration: Registration | None = None
    organisation: Organisation | None = None
    """The unit that did it; the activity's organiser where none is given."""
    category: Category | None = None
    skill_level: SkillLevel | None = None
    skill: str = ""
    detail: str = ""
    needs: frozenset[str] = field(default_factory=frozenset)
    is_outside: bool = False
    rests_on: Participation | None = None


def record(fact: Fact, *, stamp: Stamp) -> Participation:
    """Write a fact; where one of the same source stands already, that one is the answer and nothing is written."""
    return record_all([fact], stamp=stamp)[0]


def record_all(facts: Iterable[Fact], *, stamp: Stamp) -> list[Participation]:
    """Write many facts in a few statements, in the order given. The sources differ from one another.

    Raises `Fallen` where one would rest on a fact that does not stand.
    """
    wanted = list(facts)
    return [
        row
        for start in range(0, len(wanted), AT_ONCE)
        for row in _record(wanted[start : start + AT_ONCE], stamp)
    ]


class Fallen(Refused):
    sentence = _("所依据的事实已被更正，请刷新后重新核对。")


def _record(wanted: list[Fact], stamp: Stamp) -> list[Participation]:
    _hold_bases(wanted)
    turns = _last_turns([fact.source for fact in wanted])
    fresh = [fact for fact in wanted if turns.get(fact.source, 0) % 2 == 0]
    if fresh:
        rows = [_row(fact, turns.get(fact.source, 0) + 1, stamp) for fact in fresh]
        # Two at once: the unique turn lets one in, and the other finds it standing.
        db.session.execute(upsert(Participation).values(rows).on_conflict_do_nothing())
        for fact in fresh:
            audits.record(
                "participation.recorded", fact.source, stamp=stamp, outcome_reached=fact.outcome.value
            )
        pages.touch()
    found = _standing_of([fact.source for fact in wanted])
    return [found[fact.source] for fact in wanted]


def reverse(fact: Participation, reason: str, *, stamp: Stamp) -> list[Participation]:
    """Take a fact back, and every fact that rests on it. Answers those that fell with this call, itself first.

    One that has fallen already stays as it is.
    """
    fallen = []
    _hold([fact.id])
    if _take_back(fact, reason, stamp):
        fallen.append(fact)
    resting = db.session.scalars(
        sa.select(Participation)
        .where(Participation.rests_on_id == fact.id, stands())
        .order_by(Participation.id)
    ).all()
    for row in resting:
        fallen += reverse(row, reason, stamp=stamp)
    return fallen


def stands() -> sa.ColumnElement[bool]:
    """SQL: the row is a fact, and nothing reversed it."""
    return sa.and_(
        Participation.reverses_id.is_(None),
        ~sa.exists().where(_reversal.reverses_id == Participation.id),
    )


def canonical() -> sa.ColumnElement[int]:
    """SQL: who is counted, after merges. The statement joins `Person` on the fact's person."""
    return sa.func.coalesce(Person.merged_into_id, Person.id)


def identified() -> sa.ColumnElement[bool]:
    """SQL: the person has shown a document. Who is known by a phone alone is in no count of distinct persons."""
    return sa.exists().where(Document.person_id == canonical())


def is_standing(fact: Participation | None) -> bool:
    if fact is None:
        return False
    return bool(db.session.scalar(sa.select(sa.exists().where(Participation.id == fact.id, stands()))))


def find_standing(source: str) -> Participation | None:
    return _standing_of([source]).get(source)


def mark() -> int:
    """A number that rises with every fact and every reversal: what was counted at one mark holds until the next."""
    return db.session.scalar(sa.select(sa.func.max(Participation.id))) or 0


def _hold(keys: Iterable[int]) -> None:
    """Lock facts in key order: none is rested on while it falls, none falls while it is rested on."""
    wanted = sa.select(Participation.id).where(Participation.id.in_(set(keys)))
    db.session.execute(wanted.order_by(Participation.id).with_for_update())


def _hold_bases(facts: Iterable[Fact]) -> None:
    bases = {fact.rests_on.id for fact in facts if fact.rests_on is not None}
    if not bases:
        return
    _hold(bases)
    standing = db.session.scalars(sa.select(Participation.id).where(Participation.id.in_(bases), stands()))
    if set(standing) != bases:
        raise Fallen


def _take_back(fact: Participation, reason: str, stamp: Stamp) -> bool:
    if fact.is_reversal:
        raise ValueError("a reversal is not reversed: record the fact anew")
    copied = {name: getattr(fact, name) for name in _COPIED}
    row = copied | _written(stamp) | {"turn": fact.turn + 1, "reverses_id": fact.id, "reason": reason[:300]}
    done = db.session.execute(
        upsert(Participation).values(row).on_conflict_do_nothing().returning(Participation.id)
    ).one_or_none()
    if done is None:
        return False
    audits.record("participation.reversed", fact.source, stamp=stamp, reason=reason[:300])
    pages.touch()
    return True


_COPIED = (
    "source", "day", "outcome", "person_id", "heads", "registration_id", "activity_id", "organisation_id", "kind",
    "level", "series", "industry", "tags", "needs", "category", "skill_level", "skill", "detail", "is_outside",
)  # fmt: skip


def _written(stamp: Stamp) -> dict[str, object]:
    return {"code": new_code(), "recorded_at": stamp.when, "recorded_by_id": stamp.account_id}


def _row(fact: Fact, turn: int, stamp: Stamp) -> dict[str, object]:
    activity = fact.activity
    unit = fact.organisation or (activity.organiser if activity else None)
    return _written(stamp) | {
        "source": fact.source,
        "turn": turn,
        "reverses_id": None,
        "rests_on_id": fact.rests_on.id if fact.rests_on else None,
        "reason": "",
        "day": fact.day,
        "outcome": fact.outcome,
        "person_id": fact.person.id if fact.person else None,
        "heads": fact.heads,
        "registration_id": fact.registration.id if fact.registration else None,
        "activity_id": activity.id if activity else None,
        "organisation_id": unit.id if unit else None,
        "kind": activity.kind if activity else None,
        "level": activity.level if activity else None,
        "series": activity.series if activity else None,
        "industry": activity.industry if activity else None,
        "tags": frozenset(activity.tags) if activity else frozenset(),
        "needs": fact.needs,
        "category": fact.category,
        "skill_level": fact.skill_level,
        "skill": fact.skill,
        "detail": fact.detail,
        "is_outside": fact.is_outside,
    }


def _last_turns(sources: list[str]) -> dict[str, int]:
    query = (
        sa.select(Participation.source, sa.func.max(Participation.turn))
        .where(Participation.source.in_(sources))
        .group_by(Participation.source)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _standing_of(sources: list[str]) -> dict[str, Participation]:
    found = db.session.scalars(sa.select(Participation).where(Participation.source.in_(sources), stands()))
    return {fact.source: fact for fact in found}
