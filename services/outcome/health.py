"""What must never be among outcomes: confirmed lines and facts that say different things."""

import sqlalchemy as sa

from models.activity import Activity, Kind
from models.indicator import Outcome
from models.outcome import Line, Sheet, State, Verdict
from models.participation import Participation
from services.health import Counters, rows
from services.outcome.shape import SHAPES, Shape
from services.participation import stands

_CLASSES = [kind for kind, shape in SHAPES.items() if shape is Shape.CLASS]

EXPECTED: dict[Outcome, sa.ColumnElement[bool]] = {
    Outcome.COMPLETED: sa.and_(Activity.kind.in_(_CLASSES), Line.verdict == Verdict.COMPLETED),
    Outcome.LEVEL_ASSESSED: sa.and_(
        Activity.kind == Kind.ASSESSMENT, Line.verdict.in_([Verdict.COMPLETED, Verdict.FAILED])
    ),
    Outcome.LEVEL_CERTIFIED: sa.and_(Activity.kind == Kind.ASSESSMENT, Line.verdict == Verdict.COMPLETED),
    Outcome.AWARD_WON: sa.and_(Activity.kind == Kind.COMPETITION, Line.award.is_not(None)),
}
"""Which facts a confirmed line stands for, as SQL: `facts.expected` says the same of one row."""


def differing_from_facts() -> sa.Select[int]:
    """Lines that lack a fact they stand for, or have one they do not."""
    final = Sheet.state == State.CONFIRMED
    wrong = []
    for outcome, reached in EXPECTED.items():
        source = sa.literal("line:") + Line.code + sa.literal(":" + outcome.value)
        standing = sa.exists().where(Participation.source == source, stands())
        wrong += [sa.and_(final, reached, ~standing), sa.and_(sa.or_(~final, ~reached), standing)]
    return sa.select(Line.id).join(Line.sheet).join(Sheet.activity).where(sa.or_(*wrong))


def confirmed_by_one() -> sa.Select[int]:
    """Sheets that one account both prepared and confirmed."""
    one = sa.or_(
        Sheet.confirmed_by_id.is_(None),
        Sheet.confirmed_by_id == Sheet.entered_by_id,
        Sheet.confirmed_by_id == Sheet.submitted_by_id,
    )
    return sa.select(Sheet.id).where(Sheet.state == State.CONFIRMED, one)


COUNTERS: Counters = {
    "outcomes.facts_differ": lambda: rows(differing_from_facts()),
    "outcomes.confirmed_by_one": lambda: rows(confirmed_by_one()),
}
