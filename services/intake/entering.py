"""Entering a list: everything in one transaction, all of it or nothing. It holds places and judges anew, so that what
the check found is only where it begins. Where that is refused, something has changed since the check: all rows are
looked at once more, and what still stands is entered.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.activity import Track
from models.base import db
from models.intake import Intake, IntakeLine, State, Verdict
from models.person import Person
from models.registration import Registration, Source
from models.stamped_copy import Kind as CopyKind
from models.stamped_copy import StampedCopy
from services import audit as audits
from services import hold
from services import party as parties
from services import person as people
from services import registration as registrations
from services.errors import Refusal
from services.intake import checking, delegating, life, slices
from services.intake.checking import Line
from services.intake.row import Read
from services.party import find as party_rows
from services.person import PersonEntry
from services.registration import Candidate, listing
from services.stamp import Stamp
from services.text import _
from services.transaction import transaction

TRIES = 3


def enter(id: int, *, stamp: Stamp) -> None:
    """Refused twice, the list goes back where it was, with the reason."""
    why = _refusal(id, stamp)
    if why and slices.check(id, State.ENTERING, stamp=stamp):
        why = _refusal(id, stamp)
    if why:
        _give_up(id, why)


def _refusal(id: int, stamp: Stamp) -> str:
    """Everything in one transaction; what stands against it, or nothing."""
    for _attempt in range(TRIES):
        try:
            with transaction():
                _commit(id, stamp=stamp)
            return ""
        except Refusal as no:
            return str(no.sentence)
        except IntegrityError:  # somebody was entered by another hand in this very moment: look again
            continue
    return str(_("同一时刻有他人在录入这些人员，没有导入任何一行。请稍后再试。"))


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
    reads = [read for read in slices.reads(frame, packed) if read[1].is_sound]
    for track in {read.track for _key, read in reads}:
        delegating.must_be_free(track, intake.organisation, intake.party)
    persons = _people(intake, [read for _key, read in reads], stamp)
    lines = [Line(key, read, person=person) for (key, read), person in zip(reads, persons, strict=True)]
    if intake.party is not None:
        party_rows.hold(intake.party)
    stand, listed = _standing(intake, lines), checking.on_the_list(intake)
    stand |= checking.listed_elsewhere(intake, lines)
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
    slices.count(intake)
    intake.state, intake.entered_at = State.ENTERED, stamp.when
    audits.record("intake.entered", intake, stamp=stamp, size=len(fresh), skipped=len(late))


def _good(id: int) -> list[slices.Packed]:
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
    grown = [
        (read.checked, read.person)
        for read in reads
        if read.checked is not None and read.person is not None and read.checked.has_document
    ]
    known: dict[int, Person] = {}
    for start in range(0, len(grown), slices.SLICE):
        part = grown[start : start + slices.SLICE]
        found = people.enter_checked(part, stamp=stamp)
        known |= {id(entry): person for (_checked, entry), person in zip(part, found, strict=True)}
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
        for start in range(0, len(claims), slices.SLICE)
        for claim in listing.live_claims(claims[start : start + slices.SLICE])
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
        organisation=checking.unit_of(intake),
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
    people = [(line.person, line.read.entry) for line in lines if line.person and line.read.entry]
    parties.add_all(intake.party, people, by=intake.made_by, stamp=stamp)
