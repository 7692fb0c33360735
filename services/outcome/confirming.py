"""Confirming a sheet: by a second person, once the activity is over. Then its lines are facts, and people are told."""

from collections.abc import Iterable, Sequence

from models.account import Account
from models.activity import Activity
from models.activity import State as ActivityState
from models.base import db
from models.outcome import Line, Reached, Sheet, State, Verdict
from services import audit as audits
from services import hold, words
from services import notification as notifications
from services import participation as participations
from services import party as parties
from services import registration as registrations
from services.errors import Stale
from services.outcome import facts
from services.outcome.entering import must_be_held, must_hold_everybody, take
from services.outcome.finding import sheets_of, whole_lines
from services.outcome.refusals import HasOutcomes, NotOver, OwnResult, SamePerson, Unidentified, WrongState
from services.outcome.shape import Shape, say, shape_of
from services.registration import listing
from services.stamp import Stamp
from services.text import Sentence, _


def confirm(sheet: Sheet, *, by: Account, version: int | None = None, stamp: Stamp) -> Sheet:
    """Make it final. Raises SamePerson, OwnResult, Unidentified, NotOver, NotHeld, NamesChanged, Stale, WrongState."""
    take(sheet)
    must_be_held(sheet.activity)
    if sheet.state is not State.SUBMITTED:
        raise WrongState(sheet)
    if version is not None and version != sheet.version:
        raise Stale
    must_be_another(by, sheet.entered_by, sheet.submitted_by)
    if not is_over(sheet.activity, stamp):
        raise NotOver
    lines = whole_lines(sheet)
    must_hold_everybody(sheet, lines)
    must_not_be_theirs(by, lines)
    sheet.state = State.CONFIRMED
    sheet.confirmed_at, sheet.confirmed_by_id = stamp.when, by.id
    db.session.flush()
    participations.record_all(
        [fact for line in lines for fact in facts.expected(line, won_on=stamp.today)], stamp=stamp
    )
    audits.record("outcome.confirmed", sheet, stamp=stamp, lines=len(lines))
    tell(lines, stamp=stamp)
    return sheet


def call_off(activity: Activity, reason: str, *, stamp: Stamp) -> int:
    """Cancel an activity and end its entries, unless somebody reached something in it. Raises HasOutcomes, and what
    `registrations.call_off` raises.
    """
    hold.lock(activity.tracks)
    if any(sheet.is_final for sheet in sheets_of(activity).values()):
        raise HasOutcomes
    ended = registrations.call_off(activity, reason, stamp=stamp)
    parties.call_off(activity, stamp=stamp)
    return ended


def is_over(activity: Activity, stamp: Stamp) -> bool:
    return activity.state in (ActivityState.HELD, ActivityState.ARCHIVED) or stamp.when >= activity.ends_at


def must_be_another(by: Account, *others: Account | None) -> None:
    """Two persons are two person ids. Raises Unidentified, SamePerson."""
    if by.person_id is None:
        raise Unidentified
    for other in others:
        if other is None or other.id == by.id or other.person_id in (None, by.person_id):
            raise SamePerson


def must_not_be_theirs(by: Account, lines: Iterable[Line]) -> None:
    """Nobody decides on what they reached themselves. Raises OwnResult."""
    if any(line.registration.person_id == by.person_id for line in lines):
        raise OwnResult


def tell(lines: Sequence[Line], kind: str | None = None, *, stamp: Stamp) -> None:
    """Tell each what they reached. Who has no account is told by phone of what is good, and of nothing else."""
    accounts = listing.accounts_of(line.registration.person_id for line in lines)
    for line in lines:
        registration = line.registration
        account = accounts.get(registration.person_id)
        what = kind or _kind(line)
        if account is None and what in _QUIET:
            continue
        notifications.notify(
            account,
            what,
            stamp=stamp,
            link=f"/registration/{registration.code}",
            phone="" if account else registration.person.phone or "",
            activity=registration.track.full_name,
            result=say_line(line),
        )


_QUIET = frozenset({"outcome.failed", "outcome.scored", "outcome.corrected"})


def _kind(line: Line) -> str:
    if line.award is not None:
        return "outcome.awarded"
    if line.verdict is Verdict.COMPLETED:
        return "outcome.completed"
    return "outcome.scored" if line.verdict is Verdict.COMPETED else "outcome.failed"


class _Said:
    """成绩 87.50 · 第 2 名 · 二等奖, in the language of whoever reads it."""

    def __init__(self, parts: Sequence[Sentence]) -> None:
        self.parts = parts

    def __str__(self) -> str:
        return " · ".join(str(part) for part in self.parts)


def say_line(line: Line) -> object:
    """What a line says, in one line."""
    return say_reached(line, shape_of(line.registration.activity))


def say_reached(line: Reached, shape: Shape) -> object:
    """The same of a correction."""
    parts: list[Sentence] = []
    if line.verdict is not Verdict.COMPETED or (line.score is None and line.rank is None and not line.award):
        parts.append(say(shape, line.verdict))
    if line.score is not None:
        parts.append(_("成绩 %(score)s", score=f"{line.score:.2f}"))
    if line.rank is not None:
        parts.append(_("第 %(rank)s 名", rank=line.rank))
    if line.award is not None:
        parts.append(words.label(line.award))
    if line.hours is not None:
        parts.append(_("%(hours)s 学时", hours=facts.plain(line.hours)))
    return _Said(parts)
