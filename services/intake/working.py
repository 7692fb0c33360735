"""The long steps of a list, worked off by a job or, where it is short, at once: checking, and entering.

Checking goes in slices, each in a transaction of its own, so that a bar can move and nobody waits for SQLite's one
writer. Entering looks at all rows once more the same way, and then writes everything in one transaction: all of it or
nothing. Whoever dies in between leaves nothing, and the next run begins that step again.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import vault
from models.activity import Track
from models.base import db
from models.intake import Intake, IntakeLine, State, Verdict
from models.registration import Registration, Source
from models.stamped_copy import Kind as CopyKind
from models.stamped_copy import StampedCopy
from services import audit as audits
from services import hold
from services import party as parties
from services import person as people
from services import registration as registrations
from services.errors import Refusal
from services.intake import checking, life
from services.intake import row as rows
from services.intake.checking import Line, Twin
from services.intake.row import Frame, Read
from services.party import find as party_rows
from services.person import PersonEntry
from services.registration import Candidate, listing
from services.stamp import Stamp
from services.text import _, name_key
from services.transaction import transaction

SLICE = 500
AT_ONCE = 500
"""Rows of a list that is worked off while its sender waits."""
TRIES = 3


def run(*, stamp: Stamp) -> int:
    """Work off every list that waits for it; how many. Opens its own transactions."""
    waiting = db.session.scalars(
        sa.select(Intake.id).where(Intake.state.in_((State.CHECKING, State.ENTERING))).order_by(Intake.id)
    ).all()
    db.session.rollback()
    for id in waiting:
        work(id, stamp=stamp)
    return len(waiting)


def work_soon(intake: Intake, *, stamp: Stamp) -> None:
    """After the transaction that asked for it: at once where the list is short, else the job finds it."""
    id, is_short = intake.id, intake.rows <= AT_ONCE
    if is_short:
        work(id, stamp=stamp)


def work(id: int, *, stamp: Stamp) -> None:
    """The step that a list waits for."""
    intake = db.session.get_one(Intake, id)
    state, by = intake.state, intake.made_by
    said = Stamp(stamp.when, by.code, by.id, stamp.address)
    db.session.rollback()
    if state is State.CHECKING:
        _check(id, State.CHECKED, stamp=said)
    elif state is State.ENTERING and _check(id, State.ENTERING, stamp=said):
        _enter(id, stamp=said)


# --- checking -------------------------------------------------------------------------------------


def _check(id: int, then: State, *, stamp: Stamp) -> bool:
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
            packed = _packed(id, last)
            if not packed:
                _settle(intake, frame, twins, then)
                return True
            lines = checking.assess(intake, frame, _reads(frame, packed), stamp=stamp)
            for line in lines:
                key = checking.twin_key(intake, line.read)
                if key:
                    twins[key].append(Twin(line.id, line.read.number, name_key(line.read.name)))
            _store(lines)
            last, done = packed[-1][2], done + len(packed)
            _advance(id, done)


Packed = tuple[int, str, int, str]
"""Key, code, number and sealed cells of a line."""


def _packed(id: int, after: int) -> Sequence[Packed]:
    return [
        tuple(row)  # type: ignore[misc]
        for row in db.session.execute(
            sa.select(IntakeLine.id, IntakeLine.code, IntakeLine.number, IntakeLine.cells_sealed)
            .where(IntakeLine.intake_id == id, IntakeLine.number > after)
            .order_by(IntakeLine.number)
            .limit(SLICE)
        )
    ]


def _reads(frame: Frame, packed: Iterable[Packed]) -> list[tuple[int, Read]]:
    return [(key, rows.read(frame, number, opened(code, sealed))) for key, code, number, sealed in packed]


def opened(code: str, sealed: str) -> list[Any]:
    """The cells of a line."""
    cells: list[Any] = json.loads(vault.open(sealed, vault.context("intake_line", "cells_sealed", code)))
    return cells


def _store(lines: Sequence[Line]) -> None:
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
    _mark_twins(frame, [each for each in twins.values() if len(each) > 1])
    count(intake)
    intake.state = then


def _mark_twins(frame: Frame, groups: Iterable[Sequence[Twin]]) -> None:
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


# --- mending --------------------------------------------------------------------------------------


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
    _store(lines)
    db.session.expire_all()
    twins: dict[str, list[Twin]] = defaultdict(list)
    for line in lines:
        key = checking.twin_key(intake, line.read)
        if key:
            twins[key].append(Twin(line.id, line.read.number, name_key(line.read.name)))
    _mark_twins(frame, [each for each in twins.values() if len(each) > 1])
    count(intake)


def _assessed(intake: Intake, frame: Frame, which: sa.ColumnElement[bool], stamp: Stamp) -> list[Line]:
    packed: list[Packed] = [
        tuple(row)  # type: ignore[misc]
        for row in db.session.execute(
            sa.select(IntakeLine.id, IntakeLine.code, IntakeLine.number, IntakeLine.cells_sealed)
            .where(IntakeLine.intake_id == intake.id, which)
            .order_by(IntakeLine.number)
        )
    ]
    return checking.assess(intake, frame, _reads(frame, packed), stamp=stamp)


# --- entering -------------------------------------------------------------------------------------


def _enter(id: int, *, stamp: Stamp) -> None:
    """Everything in one transaction. A refusal puts the list back where it was, with the reason."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction():
                _commit(id, stamp=stamp)
            return
        except Refusal as no:
            _give_up(id, str(no.sentence))
            return
        except IntegrityError:  # somebody was entered by another hand in this very moment: look again
            if attempt == TRIES:
                _give_up(id, str(_("同一时刻有他人在录入这些人员，没有导入任何一行。请稍后再试。")))


def _give_up(id: int, why: str) -> None:
    with transaction():
        intake = db.session.get_one(Intake, id)
        if intake.state is State.ENTERING:
            intake.state, intake.note = State.CHECKED, why[:300]


def _commit(id: int, *, stamp: Stamp) -> None:
    intake = db.session.get_one(Intake, id)
    tracks: list[Track] = [intake.track] if intake.track is not None else list(intake.activity.tracks)
    hold.lock(tracks)
    db.session.refresh(intake, with_for_update={"of": Intake})
    if intake.state is not State.ENTERING:
        return
    frame = checking.frame_of(intake, stamp)
    packed = _good(id)
    reads = [read for read in _reads(frame, packed) if read[1].is_sound]
    persons = _people(intake, [read for _key, read in reads], stamp)
    lines = [Line(key, read, person=person) for (key, read), person in zip(reads, persons, strict=True)]
    if intake.party is not None:
        party_rows.hold(intake.party)
    stand, listed = _standing(intake, lines), checking.on_the_list(intake)
    is_late = {
        line.id: checking.claim(intake, line) in stand
        or (line.person is not None and line.person.id in listed)
        for line in lines
    }
    fresh = [line for line in lines if not is_late[line.id]]
    if intake.party is not None:
        _join(intake, fresh, stamp)
    elif fresh:
        made = _register(intake, fresh, stamp)
        _point(fresh, made)
        intake.batch_id = made[0].batch_id
        _attach_scan(intake, stamp)
    late = [key for key, found in is_late.items() if found]
    if late:
        db.session.execute(sa.update(IntakeLine).where(IntakeLine.id.in_(late)).values(verdict=Verdict.KNOWN))
    count(intake)
    intake.state, intake.entered_at = State.ENTERED, stamp.when
    audits.record("intake.entered", intake, stamp=stamp, size=len(fresh), skipped=len(late))


def _good(id: int) -> list[Packed]:
    return [
        tuple(row)  # type: ignore[misc]
        for row in db.session.execute(
            sa.select(IntakeLine.id, IntakeLine.code, IntakeLine.number, IntakeLine.cells_sealed)
            .where(IntakeLine.intake_id == id, IntakeLine.verdict == Verdict.GOOD)
            .order_by(IntakeLine.number)
        )
    ]


def _people(intake: Intake, reads: Sequence[Read], stamp: Stamp) -> list[Any]:
    """Everybody in the order of the list: those with documents in a few statements, the others one by one."""
    vouched = checking.vouches(intake)
    entries: list[PersonEntry] = [read.person for read in reads if read.person is not None]
    grown = [each for each in entries if each.has_document]
    known = {
        id(entry): person
        for start in range(0, len(grown), SLICE)
        for entry, person in zip(
            grown[start : start + SLICE],
            people.enter_all(grown[start : start + SLICE], stamp=stamp),
            strict=True,
        )
    }
    made = []
    for entry in entries:
        person = known.get(id(entry)) or people.enter(entry, guardian_confirmed=vouched, stamp=stamp)
        if vouched and person.guardian_name and person.guardian_confirmed_at is None:
            person.guardian_confirmed_at = stamp.when
            audits.record("person.guardian_confirmed", person, stamp=stamp, by="unit")
        made.append(person)
    db.session.flush()
    return made


def _standing(intake: Intake, lines: Sequence[Line]) -> set[str]:
    claims = [checking.claim(intake, line) for line in lines]
    return {
        claim
        for start in range(0, len(claims), SLICE)
        for claim in listing.live_claims(claims[start : start + SLICE])
    }


def _register(intake: Intake, lines: Sequence[Line], stamp: Stamp) -> list[Registration]:
    candidates = []
    for line in lines:
        assert line.read.track is not None
        assert line.read.entry is not None
        assert line.person is not None
        candidates.append(Candidate(line.read.track, line.person, line.read.entry))
    return registrations.register_batch(
        candidates,
        by=intake.made_by,
        source=Source.ON_BEHALF if intake.true_source else Source.IMPORT,
        organisation=intake.organisation,
        true_source=intake.true_source,
        stamp=stamp,
    )


def _point(lines: Sequence[Line], made: Sequence[Registration]) -> None:
    table = sa.inspect(IntakeLine).local_table
    assert isinstance(table, sa.Table)
    db.session.execute(  # of the table: through the mapper it costs five times as much
        sa.update(table)
        .where(table.c.id == sa.bindparam("line"))
        .values(registration_id=sa.bindparam("registration")),
        [
            {"line": line.id, "registration": registration.id}
            for line, registration in zip(lines, made, strict=True)
        ],
    )


def _attach_scan(intake: Intake, stamp: Stamp) -> None:
    """代填: the unit's stamped list belongs to the entries made from it."""
    scan = life.scan_of(intake)
    if not intake.true_source or scan is None:
        return
    db.session.add(
        StampedCopy(
            kind=CopyKind.LIST,
            batch_id=intake.batch_id,
            upload_id=scan.id,
            stamped_by=intake.true_source,
            sent_at=stamp.when,
            sent_by_id=scan.owner_id,
        )
    )


def _join(intake: Intake, lines: Sequence[Line], stamp: Stamp) -> None:
    """Put the people on the unit's own list, in the order of the sheet; they are entered when that is sent."""
    assert intake.party is not None
    for line in lines:
        assert line.person is not None
        assert line.read.entry is not None
        parties.add(intake.party, line.person, line.read.entry, by=intake.made_by, stamp=stamp)
