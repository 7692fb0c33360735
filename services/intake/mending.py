"""Rows mended on screen or left out: they are checked anew with all that have a document in common with them."""

import json
from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from models.base import db
from models.intake import Intake, IntakeLine, State
from services import audit as audits
from services.intake import checking, life, slices
from services.intake.checking import Line, Twin
from services.intake.row import Frame
from services.stamp import Stamp
from services.text import name_key


def mend(intake: Intake, line: IntakeLine, values: dict[int, str], *, stamp: Stamp) -> IntakeLine:
    """Write into cells of a row, by column from 0, and check it again with those it was or is the same person as."""
    life.take(intake, State.CHECKED)
    cells = json.loads(line.cells)
    cells += [None] * (len(intake.headings) - len(cells))
    for place, text in values.items():
        if 0 <= place < len(intake.headings):
            cells[place] = text.strip() or None
    line.cells = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
    before = line.index
    db.session.flush()
    recheck(intake, [line.id], {before}, stamp=stamp)
    audits.record("intake.row_mended", intake, stamp=stamp, row=line.number)
    db.session.refresh(line)
    return line


def drop_line(intake: Intake, line: IntakeLine, *, stamp: Stamp) -> None:
    """Leave a row out, and look again at those it repeated."""
    before = line.index
    life.drop_line(intake, line, stamp=stamp)
    recheck(intake, [], {before}, stamp=stamp)


def recheck(intake: Intake, keys: Sequence[int], indexes: set[str], *, stamp: Stamp) -> None:
    """Some rows anew, with all that have a document in common with them, and the counts."""
    frame = checking.frame_of(intake, stamp)
    lines = _assessed(intake, frame, IntakeLine.id.in_(keys), stamp)
    indexes = {index for index in {*indexes, *(line.read.index for line in lines)} if index}
    known = {line.id for line in lines}
    lines += [
        line
        for line in _assessed(intake, frame, IntakeLine.index.in_(indexes), stamp)
        if line.id not in known
    ]
    slices.store(lines)
    db.session.expire_all()
    twins: dict[str, list[Twin]] = defaultdict(list)
    for line in lines:
        key = checking.twin_key(intake, line.read)
        if key:
            twins[key].append(Twin(line.id, line.read.number, name_key(line.read.name)))
    slices.mark_twins(frame, [each for each in twins.values() if len(each) > 1])
    slices.count(intake)


def _assessed(intake: Intake, frame: Frame, which: sa.ColumnElement[bool], stamp: Stamp) -> list[Line]:
    packed: list[slices.Packed] = [
        tuple(row)  # type: ignore[misc]
        for row in db.session.execute(
            sa.select(IntakeLine.id, IntakeLine.code, IntakeLine.number, IntakeLine.cells_sealed)
            .where(IntakeLine.intake_id == intake.id, which)
            .order_by(IntakeLine.number)
        )
    ]
    return checking.assess(intake, frame, slices.reads(frame, packed), stamp=stamp)
