"""Correcting a confirmed line: one person asks with a reason, another decides. The facts that change are reversed and
recorded anew, and a certificate that would say something else falls.
"""

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.outcome import Correction, Line
from models.participation import Participation
from services import audit as audits
from services import notification as notifications
from services import participation as participations
from services.outcome import facts, papers
from services.outcome.confirming import must_be_another, must_not_be_theirs, tell
from services.outcome.entering import put, said, take
from services.outcome.refusals import (
    Decided,
    Incomplete,
    NoReason,
    NothingChanges,
    SameAsker,
    SamePerson,
    Unidentified,
    Waits,
    WrongState,
)
from services.outcome.shape import FIELDS, Entry, entry_of, faults, shape_of
from services.participation import Fact
from services.stamp import Stamp, local_day


def ask_correction(line: Line, entry: Entry, reason: str, *, by: Account, stamp: Stamp) -> Correction:
    """Ask that a confirmed line say something else. Raises NoReason, NothingChanges, Waits, Incomplete,
    Unidentified.
    """
    if not (reason := said(reason)):
        raise NoReason
    take(line.sheet)
    db.session.refresh(line)
    if not line.sheet.is_final:
        raise WrongState(line.sheet)
    if by.person_id is None:
        raise Unidentified
    if problems := faults(shape_of(line.sheet.activity), entry):
        raise Incomplete(list(problems.values()))
    if all(getattr(line, name) == getattr(entry, name) for name in FIELDS):
        raise NothingChanges
    row = Correction(
        line_id=line.id,
        claim=line.code,
        reason=reason,
        asked_by_id=by.id,
        asked_at=stamp.when,
        **{name: getattr(entry, name) for name in FIELDS},
    )
    if db.session.scalar(sa.select(sa.exists().where(Correction.claim == line.code))):
        raise Waits
    db.session.add(row)
    db.session.flush()
    audits.record("outcome.correction_asked", row, stamp=stamp, line=line.code)
    return row


def decide_correction(
    correction: Correction, accept: bool, note: str, *, by: Account, stamp: Stamp
) -> Correction:
    """Let the line say it, or leave it. Raises SameAsker, OwnResult, Unidentified, Decided, and NoReason where it is
    turned down.
    """
    note = said(note)
    if not accept and not note:
        raise NoReason
    line = correction.line
    take(line.sheet)
    db.session.refresh(correction)
    db.session.refresh(line)
    if not correction.is_open:
        raise Decided
    try:
        must_be_another(by, correction.asked_by)
    except SamePerson:
        raise SameAsker from None
    must_not_be_theirs(by, [line])
    correction.decided_at, correction.decided_by_id = stamp.when, by.id
    correction.is_accepted, correction.note, correction.claim = accept, note, None
    db.session.flush()
    audits.record("outcome.correction_decided", correction, stamp=stamp, accepted=accept, line=line.code)
    if accept:
        _correct(line, correction, stamp)
    asker = correction.asked_by
    if asker.is_enabled and asker.id != by.id:
        notifications.notify(
            asker,
            "outcome.correction_accepted" if accept else "outcome.correction_refused",
            stamp=stamp,
            link=f"/desk/outcome/correction/{correction.code}",
            title=line.sheet.track.full_name,
            note=note,
        )
    return correction


def _correct(line: Line, correction: Correction, stamp: Stamp) -> None:
    said_before = papers.says(line)
    put(line, entry_of(correction))
    db.session.flush()
    _renew(line, correction.reason, stamp)
    if papers.says(line) != said_before:
        papers.fall(line, correction.reason, stamp=stamp)
    tell([line], "outcome.corrected", stamp=stamp)


def _renew(line: Line, reason: str, stamp: Stamp) -> None:
    """Let the facts say what the line says now. A fact that stays as it was is left, with all that rests on it."""
    sources = [facts.source(line, outcome) for outcome in facts.OUTCOMES]
    standing = {
        row.source: row
        for row in db.session.scalars(
            sa.select(Participation).where(Participation.source.in_(sources), participations.stands())
        )
    }
    award = next((row for row in standing.values() if row.outcome is facts.OUTCOMES[-1]), None)
    won_on = award.day if award is not None else local_day(stamp.when)
    wanted = {fact.source: fact for fact in facts.expected(line, won_on=won_on)}
    fresh = []
    for source, row in standing.items():
        if source not in wanted or not _is_same(row, wanted[source]):
            participations.reverse(row, reason, stamp=stamp)
            fresh.append(source)
    participations.record_all(
        [fact for source, fact in wanted.items() if source not in standing or source in fresh], stamp=stamp
    )


def _is_same(row: Participation, fact: Fact) -> bool:
    """Whether a standing fact says what the line would have it say. Who it speaks of is the entry's business, and a
    correction does not change it.
    """
    return (row.detail, row.needs) == (fact.detail, fact.needs)
