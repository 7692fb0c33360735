"""One decision on many entries: shown before, done whole, taken back whole within half an hour."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.account import Account
from models.activity import State as ActivityState
from models.attendance import Attendance
from models.base import db
from models.registration import HOLDING, Bulk, Registration, State
from services import audit as audits
from services import hold
from services import quota as quotas
from services.errors import Missing, Refused
from services.registration import comments, shortage
from services.registration.listing import accounts_of, live_claims
from services.registration.moves import claim, move, tell
from services.registration.refusals import (
    AlreadyRegistered,
    Changed,
    NoReason,
    NothingToDecide,
    OnlyToRead,
    UndoneAlready,
    UndoOver,
)
from services.registration.review import may_still_fall, must_be_reviewable, return_until
from services.registration.standing import must_stand
from services.registration.waiting import release
from services.registration.wish import wish_of_row
from services.stamp import Stamp
from services.text import Sentence, _

UNDO = dt.timedelta(minutes=30)

MOST = 100
"""Entries in one decision: what a person can still read."""

FROM: dict[State, frozenset[State]] = {
    State.ACCEPTED: frozenset({State.SUBMITTED}),
    State.RETURNED: frozenset({State.SUBMITTED, State.ACCEPTED}),
    State.REJECTED: frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED}),
}
"""What may be decided on many, and from which state."""


@dataclass(frozen=True)
class Left:
    """An entry that is left as it is, and why."""

    registration: Registration
    reason: Sentence


@dataclass(frozen=True)
class Preview:
    going: list[Registration]
    left: list[Left]


def preview(
    rows: Sequence[Registration], state: State, *, seen: Mapping[str, int], by: Account, stamp: Stamp
) -> Preview:
    """Who would get this decision, and who is left out and why. `seen`: the version of each as the list showed it.
    Writes nothing.
    """
    going, left = [], []
    for row in rows:
        reason = _against(row, state, by, stamp)
        if reason is None and row.version != seen.get(row.code):
            reason = _("列表打开之后有改动，请先打开核对")
        if reason is None:
            going.append(row)
        else:
            left.append(Left(row, reason))
    return Preview(going, left)


def decide_all(
    rows: Sequence[Registration],
    state: State,
    note: str = "",
    *,
    seen: Mapping[str, int],
    by: Account,
    stamp: Stamp,
) -> Bulk:
    """Decide on several at once, all or none. `seen` has the version of each, by code, as it was shown.

    Raises `Changed`, which names those that are not what was seen; `NoReason`; what stands against one of them.
    """
    if not rows:
        raise NothingToDecide
    if state is not State.ACCEPTED and not note.strip():
        raise NoReason
    hold.lock(row.track for row in rows)
    _read_anew(rows)
    others = [
        row.person.name for row in rows if row.version != seen.get(row.code) or row.state not in FROM[state]
    ]
    if others:
        raise Changed(others)
    for row in rows:
        reason = _against(row, state, by, stamp)
        if reason is not None:
            raise Refused(_("%(name)s：%(reason)s", name=row.person.name, reason=str(reason)))
    bulk = Bulk(state=state, note=note, rows={}, made_at=stamp.when, made_by_id=by.id)
    db.session.add(bulk)
    _move_all(rows, state, note, stamp)
    bulk.rows = {row.code: row.version for row in rows}
    db.session.flush()
    audits.record("registration.decided_in_bulk", bulk, stamp=stamp, state=state.value, size=len(rows))
    return bulk


def accept_all(rows: Sequence[Registration], *, by: Account, stamp: Stamp) -> int:
    """Accept several as they are now; how many."""
    db.session.flush()
    decide_all(rows, State.ACCEPTED, seen={row.code: row.version for row in rows}, by=by, stamp=stamp)
    return len(rows)


def _against(row: Registration, state: State, by: Account, stamp: Stamp) -> Sentence | None:
    """What stands against a decision on one entry."""
    try:
        must_be_reviewable(row, by, FROM[state])
        if state is State.ACCEPTED:
            must_stand(row)
        else:
            may_still_fall(row, stamp)
    except Refused as no:
        return no.sentence
    return None


def _move_all(rows: Sequence[Registration], state: State, note: str, stamp: Stamp) -> None:
    accounts = accounts_of(row.person_id for row in rows)
    freed = []
    for row in rows:
        comments.settle(row, stamp=stamp)
        due_at = return_until(row.track, stamp.when) if state is State.RETURNED else None
        if state is State.REJECTED and row.state in HOLDING:
            freed.append((row, row.state))
        move(row, state, stamp=stamp, note=note, due_at=due_at, quietly=True)
        tell(row, state.value, stamp=stamp, note=note, due_at=due_at, accounts=accounts)
    db.session.flush()
    release(freed, stamp=stamp)
    if state is State.REJECTED:
        shortage.tell(rows, stamp=stamp)


# --- taking it back -------------------------------------------------------------------------------


def get_bulk(by: Account, code: str) -> Bulk:
    """One's own. Raises `Missing` for another's."""
    row = db.session.scalars(sa.select(Bulk).where(Bulk.code == code)).one_or_none()
    if row is None or row.made_by_id != by.id:
        raise Missing
    return row


def find_undoable(by: Account, moment: dt.datetime) -> Bulk | None:
    """One's last decision on many, while it can be taken back."""
    return db.session.scalars(
        sa.select(Bulk)
        .where(Bulk.made_by_id == by.id, Bulk.undone_at.is_(None), Bulk.made_at >= moment - UNDO)
        .order_by(Bulk.id.desc())
        .limit(1)
    ).first()


def may_undo(bulk: Bulk, moment: dt.datetime) -> bool:
    return bulk.undone_at is None and moment <= bulk.made_at + UNDO


def entries_of(bulk: Bulk) -> list[Registration]:
    """In the order in which they were decided on."""
    found = {
        row.code: row
        for row in db.session.scalars(sa.select(Registration).where(Registration.code.in_(list(bulk.rows))))
    }
    return [found[code] for code in bulk.rows if code in found]


def changed_since(bulk: Bulk, rows: Sequence[Registration]) -> list[Registration]:
    """Those that somebody touched after the decision: they are left as they are."""
    return [row for row in rows if row.version != bulk.rows[row.code]]


def undo(bulk: Bulk, *, within: Collection[str], stamp: Stamp) -> list[Left]:
    """Take the whole decision back: what it changed waits for review again. Answers those that are left as they are,
    with the reason: changed since, no longer in reach (`within`: codes that are), their place given to another.

    Raises `UndoneAlready`, `UndoOver`.
    """
    rows = entries_of(bulk)
    hold.lock(row.track for row in rows)
    db.session.refresh(bulk, with_for_update={"of": Bulk})
    if bulk.undone_at is not None:
        raise UndoneAlready
    if not may_undo(bulk, stamp.when):
        raise UndoOver
    _read_anew(rows)
    left = []
    for row in rows:
        reason = _undo(row, bulk, within, stamp)
        if reason is not None:
            left.append(Left(row, reason))
    bulk.undone_at = stamp.when
    db.session.flush()
    audits.record(
        "registration.bulk_undone",
        bulk,
        stamp=stamp,
        size=len(rows) - len(left),
        left=[e.registration.code for e in left],
    )
    return left


def _undo(row: Registration, bulk: Bulk, within: Collection[str], stamp: Stamp) -> Sentence | None:
    if row.code not in within:
        return _("已不在您的审核范围内")
    if row.version != bulk.rows[row.code]:
        return _("处理后又有变动，未撤回")
    if row.activity.state in (ActivityState.ARCHIVED, ActivityState.CANCELLED):
        return OnlyToRead.sentence
    if bulk.state is State.ACCEPTED and _has_come(row):
        return _("已签到，未撤回")
    if bulk.state is State.REJECTED:
        try:
            take_back_place(row, stamp.when)
        except Refused as no:
            return no.sentence
    move(row, State.SUBMITTED, stamp=stamp, note=str(_("审核结果已撤回，重新等待审核。")), quietly=True)
    tell(row, "undecided", stamp=stamp)
    return None


def _has_come(row: Registration) -> bool:
    """Whether somebody was checked in, and that was not undone: it leaves the entry itself as it was."""
    undoing = aliased(Attendance)
    came = sa.exists().where(
        Attendance.registration_id == row.id,
        Attendance.undoes_id.is_(None),
        ~sa.exists().where(undoing.undoes_id == Attendance.id),
    )
    return bool(db.session.scalar(sa.select(came)))


def take_back_place(row: Registration, moment: dt.datetime) -> None:
    """The place of an entry that was rejected, on its track and all quotas, if it is still free. Raises `Refused`."""
    if live_claims([claim(row.track, row.person_id)]):
        raise AlreadyRegistered
    tracks = {track.id: track for track in (row.track, *hold.sharing([row.track]))}
    book = quotas.Book(hold.lock(tracks.values()), moment)
    seats = book.seat([wish_of_row(row)])
    if isinstance(seats, quotas.Lack):
        raise Refused(_("名额已由他人递补，未撤回"))
    book.write()
    quotas.keep_holds((row.id, quota) for quota in seats[0])


def _read_anew(rows: Sequence[Registration]) -> None:
    """The columns of many entries, as they are now that their tracks are held; in a few statements."""
    db.session.flush()
    keys = [row.id for row in rows]
    for start in range(0, len(keys), 500):
        db.session.execute(
            sa.select(Registration)
            .where(Registration.id.in_(keys[start : start + 500]))
            .execution_options(populate_existing=True)
        )
