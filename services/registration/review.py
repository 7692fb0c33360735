"""资格审查: accept, return for correction, reject; each with a reason the applicant reads."""

import datetime as dt
from collections.abc import Mapping

from models.account import Account
from models.activity import State as ActivityState
from models.activity import Track
from models.base import db
from models.registration import Registration, State
from services import audit as audits
from services import hold, throttle
from services.errors import Stale, TooOften
from services.registration import comments, shortage
from services.registration.moves import move
from services.registration.refusals import NoReason, OnlyToRead, Over, OwnEntry, WrongState
from services.registration.standing import must_stand
from services.registration.waiting import release
from services.stamp import Stamp
from services.text import _

RETURN_HOLDS = dt.timedelta(days=3)
"""How long a returned entry keeps its place, not past closing (rulings)."""
LEAST_TO_MEND = dt.timedelta(days=1)
"""But so long in any case, however late the reviewer was."""

BY_FIELD = _("请按逐项意见补正。")

UNMASK_LIMIT = 20
"""Full numbers one account may see an hour (R13)."""


def accept(registration: Registration, *, by: Account, stamp: Stamp, note: str = "") -> None:
    """Raises what stands against the entry: its person has not confirmed it, its unit has not recommended it."""
    _reviewable(registration, by, frozenset({State.SUBMITTED}))
    must_stand(registration)
    comments.settle(registration, stamp=stamp)
    move(registration, State.ACCEPTED, stamp=stamp, note=note)


def send_back(
    registration: Registration,
    note: str,
    *,
    asked: Mapping[str, str] | None = None,
    by: Account,
    stamp: Stamp,
) -> None:
    """退回补正: the place is kept until the date, so that mending a photo does not cost it. `asked`: what is to be
    mended, by field; where there is something, the note may be empty.
    """
    asked = {key: text for key, text in (asked or {}).items() if text.strip()}
    if not asked:
        _reasoned(note)
    _reviewable(registration, by, frozenset({State.SUBMITTED, State.ACCEPTED}))
    may_still_fall(registration, stamp)
    comments.settle(registration, stamp=stamp)  # what is still to be mended is asked anew
    comments.ask(registration, asked, by=by, stamp=stamp)
    move(
        registration,
        State.RETURNED,
        stamp=stamp,
        note=note.strip() or str(BY_FIELD),
        due_at=return_until(registration.track, stamp.when),
    )


def return_until(track: Track, moment: dt.datetime) -> dt.datetime:
    """Until when a returned entry may be mended: not past closing, but for a day in any case, since the reviewer was
    late and not they.
    """
    return max(min(moment + RETURN_HOLDS, track.closes_at), moment + LEAST_TO_MEND)


def reject(registration: Registration, note: str, *, by: Account, stamp: Stamp) -> None:
    _reasoned(note)
    _reviewable(registration, by, frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED}))
    may_still_fall(registration, stamp)
    before = registration.state
    comments.settle(registration, stamp=stamp)
    move(registration, State.REJECTED, stamp=stamp, note=note)
    release([(registration, before)], stamp=stamp)
    shortage.tell([registration], stamp=stamp)


def _reasoned(note: str) -> None:
    if not note.strip():
        raise NoReason


def _reviewable(registration: Registration, by: Account, states: frozenset[State]) -> None:
    hold.lock([registration.track])
    db.session.refresh(registration)
    must_be_reviewable(registration, by, states)


def must_be_reviewable(registration: Registration, by: Account, states: frozenset[State]) -> None:
    """Raises `OnlyToRead`, `OwnEntry`, `WrongState`."""
    if registration.activity.state in (ActivityState.ARCHIVED, ActivityState.CANCELLED):
        raise OnlyToRead
    if by.person_id is not None and by.person_id == registration.person_id:
        raise OwnEntry
    if registration.state not in states:
        raise WrongState(registration)


def may_still_fall(registration: Registration, stamp: Stamp) -> None:
    """Who took part is not taken off the list afterwards: what they reached hangs on the entry."""
    if registration.state is State.ACCEPTED and registration.activity.has_ended(stamp.when):
        raise Over


def require_version(registration: Registration, version: int) -> None:
    """What the reviewer saw is what they decide on: from here on nobody else changes it. Raises `Stale`."""
    hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.version != version:
        raise Stale


def unmask(registration: Registration, reason: str, *, by: Account, stamp: Stamp) -> str:
    """The full document number, for a reason that is kept (R13). At most twenty an hour and account."""
    _reasoned(reason)
    tally, _ends = throttle.count(f"unmask:{by.code}", dt.timedelta(hours=1))
    if tally > UNMASK_LIMIT:
        raise TooOften(3600)
    audits.record("person.unmasked", registration.person, stamp=stamp, reason=reason[:200])
    document = registration.person.document
    return document.number if document else ""
