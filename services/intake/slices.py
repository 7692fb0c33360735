"""All rows of a list looked at, in slices: each in a transaction of its own, so that a bar can move and nobody waits
for SQLite's one writer. Rows that repeat one another are found across all slices.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from models import vault
from models.base import db
from models.intake import Intake, IntakeLine, State, Verdict
from services.intake import checking
from services.intake import row as rows
from services.intake.checking import Line, Twin
from services.intake.row import Frame, Read
from services.stamp import Stamp
from services.text import name_key
from services.transaction import transaction

SLICE = 500


def check(id: int, then: State, *, stamp: Stamp) -> bool:
    """Look at every row. False where the list was taken away meanwhile."""
    last, done = 0, 0
    twins: dict[str, list[Twin]] = defaultdict(list)
    while True:
        with transaction():
            intake = db.session.get_one(
                Intake, id, with_for_update={"of": Intake}
            )  # before its lines: as entering
            if intake.state not in (State.CHECKING, State.ENTERING):
                return False
            frame = checking.frame_of(intake, stamp)
            packed = _after(id, last)
            if not packed:
                _settle(intake, frame, twins, then)
                return True
            lines = checking.assess(intake, frame, reads(frame, packed), stamp=stamp)
            for line in lines:
                key = checking.twin_key(intake, line.read)
                if key:
                    twins[key].append(Twin(line.id, line.read.number, name_key(line.read.name)))
            store(lines)
            last, done = packed[-1][2], done + len(packed)
            _advance(id, done)


Packed = tuple[int, str, int, str]
"""Key, code, number and sealed cells of a line."""


def _after(id: int, after: int) -> Sequence[Packed]:
    return [
        tuple(row)  # type: ignore[misc]
        for row in db.session.execute(
            sa.select(IntakeLine.id, IntakeLine.code, IntakeLine.number, IntakeLine.cells_sealed)
            .where(IntakeLine.intake_id == id, IntakeLine.number > after)
            .order_by(IntakeLine.number)
            .limit(SLICE)
        )
    ]


def reads(frame: Frame, packed: Iterable[Packed]) -> list[tuple[int, Read]]:
    return [(key, rows.read(frame, number, opened(code, sealed))) for key, code, number, sealed in packed]


def opened(code: str, sealed: str) -> list[Any]:
    """The cells of a line."""
    cells: list[Any] = json.loads(vault.open(sealed, vault.context("intake_line", "cells_sealed", code)))
    return cells


def store(lines: Sequence[Line]) -> None:
    db.session.execute(
        sa.update(IntakeLine),
        [
            {
                "id": line.id,
                "index": line.read.index,
                "verdict": line.verdict,
                "problems": line.read.problems,
            }
            for line in lines
        ],
    )


def _advance(id: int, done: int) -> None:
    """Move the bar, without a new version: nobody's form is about this."""
    db.session.execute(
        sa.update(Intake)
        .where(Intake.id == id)
        .values(done=done, version=Intake.version)
        .execution_options(synchronize_session=False)
    )


def _settle(intake: Intake, frame: Frame, twins: dict[str, list[Twin]], then: State) -> None:
    mark_twins(frame, [each for each in twins.values() if len(each) > 1])
    count(intake)
    intake.state = then


def mark_twins(frame: Frame, groups: Iterable[Sequence[Twin]]) -> None:
    found = {id: what for group in groups for id, what in checking.twin_problems(frame, group).items()}
    keys = list(found)
    for start in range(0, len(keys), SLICE):
        for line in db.session.scalars(
            sa.select(IntakeLine).where(IntakeLine.id.in_(keys[start : start + SLICE]))
        ):
            what, verdict = found[line.id]
            line.problems = [*line.problems, what]
            if verdict is not None and (line.verdict is Verdict.GOOD or verdict is Verdict.BAD):
                line.verdict = verdict
    db.session.flush()


def count(intake: Intake) -> None:
    """Write down how many rows are right, wrong, and known. Rows that repeat another are neither."""
    db.session.flush()
    found: dict[Verdict, int] = dict(
        db.session.execute(
            sa.select(IntakeLine.verdict, sa.func.count())
            .where(IntakeLine.intake_id == intake.id)
            .group_by(IntakeLine.verdict)
        ).all()
    )
    intake.good, intake.bad = found.get(Verdict.GOOD, 0), found.get(Verdict.BAD, 0)
    intake.known = found.get(Verdict.KNOWN, 0)
    intake.rows = sum(found.values())
    intake.done = intake.rows
