"""Entering a sheet: made when it is first needed, filled by an organiser, handed in, sent back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified

from models.account import Account, Role
from models.activity import Activity, Track
from models.activity import State as ActivityState
from models.base import db
from models.outcome import Line, Sheet, State, Verdict
from models.registration import Registration
from services import audit as audits
from services import hold
from services import notification as notifications
from services.activity import change
from services.errors import Stale
from services.outcome import ranking
from services.outcome.finding import CONFIRM, find_sheet, lines_of, people_of, whole_lines
from services.outcome.refusals import (
    Incomplete,
    NamesChanged,
    NoReason,
    NotBegun,
    NotHeld,
    Unidentified,
    WrongState,
)
from services.outcome.shape import FIELDS, Entry, Shape, faults, shape_of
from services.stamp import Stamp
from services.text import Sentence, _, clean_line

HELD = frozenset({ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.ARCHIVED})


def sheet_of(track: Track, *, stamp: Stamp) -> Sheet:
    """The sheet of a track, made where it has none; the track is held from here on. Raises NoSheet."""
    shape_of(track.activity)
    hold.lock([track])
    sheet = find_sheet(track)
    if sheet is None:
        sheet = Sheet(track_id=track.id, activity_id=track.activity_id)
        db.session.add(sheet)
        db.session.flush()
    return sheet


def seen_version(sheet: Sheet | None) -> int:
    """What a page remembers of the sheet it shows; 0 where nobody has entered anything yet."""
    return 0 if sheet is None or sheet.entered_at is None else sheet.version


def enter(
    sheet: Sheet, entries: Mapping[str, Entry], *, by: Account, version: int | None = None, stamp: Stamp
) -> Sheet:
    """Keep what some people of the track reached, by the code of their entry; the lines of others stay as they are.

    Raises Stale where somebody else entered meanwhile, NamesChanged, Incomplete, NotBegun, NotHeld, Unidentified,
    WrongState.
    """
    take(sheet)
    _must_have_begun(sheet, stamp)
    _must_be(sheet, State.DRAFT)
    if by.person_id is None:
        raise Unidentified
    if version is not None and version != seen_version(sheet):
        raise Stale
    people = {row.code: row for row in people_of(sheet.track)}
    if not set(entries) <= people.keys():
        raise NamesChanged
    _must_be_sound(shape_of(sheet.activity), entries, people)
    lines = lines_of(sheet)
    _drop_leavers(lines, people)
    for code, entry in entries.items():
        line = lines.get(people[code].id)
        if line is None:
            line = Line(sheet_id=sheet.id, registration_id=people[code].id)
            db.session.add(line)
        put(line, entry)
        line.remark = said(entry.remark, 200)
    sheet.entered_at, sheet.entered_by_id = stamp.when, by.id
    flag_modified(sheet, "note")  # the lines are other rows; the version is the sheet's
    db.session.flush()
    db.session.expire(sheet, ["lines"])
    audits.record("outcome.entered", sheet, stamp=stamp, lines=len(entries))
    return sheet


def submit(sheet: Sheet, *, by: Account, stamp: Stamp) -> Sheet:
    """Hand it in to be confirmed. Raises Incomplete, NamesChanged, Unidentified, WrongState."""
    take(sheet)
    _must_have_begun(sheet, stamp)
    _must_be(sheet, State.DRAFT)
    if by.person_id is None:
        raise Unidentified
    if problems := missing(sheet):
        raise Incomplete(problems)
    sheet.state, sheet.note = State.SUBMITTED, ""
    sheet.submitted_at, sheet.submitted_by_id = stamp.when, by.id
    db.session.flush()
    audits.record("outcome.submitted", sheet, stamp=stamp)
    _tell_confirmers(sheet, by, stamp)
    return sheet


def send_back(sheet: Sheet, note: str, *, by: Account, stamp: Stamp) -> Sheet:
    """Back to a draft, with what is to be mended; who handed it in may take it back too. Raises NoReason,
    WrongState.
    """
    if not (note := said(note)):
        raise NoReason
    take(sheet)
    _must_be(sheet, State.SUBMITTED)
    sheet.state, sheet.note = State.DRAFT, note
    db.session.flush()
    audits.record("outcome.sent_back", sheet, stamp=stamp, note=note)
    if sheet.submitted_by is not None and sheet.submitted_by_id != by.id:
        notifications.notify(
            sheet.submitted_by,
            "outcome.sent_back",
            stamp=stamp,
            link=path_of(sheet),
            title=sheet.track.full_name,
            note=note,
        )
    return sheet


def missing(sheet: Sheet) -> list[Sentence]:
    """What stands between a draft and handing it in. Raises NamesChanged."""
    lines = whole_lines(sheet)
    must_hold_everybody(sheet, lines)
    if not lines:
        return [_("名单中还没有审核通过的人")]
    shape = shape_of(sheet.activity)
    if shape is Shape.CLASS and sheet.activity.kind.value == "training_class":
        return [
            _("%(name)s 没有填写学时", name=line.registration.person.name)
            for line in lines
            if line.verdict is Verdict.COMPLETED and not line.hours
        ]
    return _of_contest(lines) if shape is Shape.CONTEST else []


def _of_contest(lines: Sequence[Line]) -> list[Sentence]:
    competed = [line for line in lines if line.verdict is Verdict.COMPETED]
    found: list[Sentence] = []
    if any(line.score is not None for line in competed):
        found += [
            _("%(name)s 没有得分", name=line.registration.person.name)
            for line in competed
            if line.score is None
        ]
    places = [line.rank for line in competed if line.rank is not None]
    if not ranking.is_unbroken(places):
        found.append(_("名次不连贯：每人的名次应等于比其靠前的人数加一"))
    pairs: list[tuple[Decimal, int]] = [
        (line.score, line.rank) for line in competed if line.score is not None and line.rank is not None
    ]
    if ranking.is_turned(pairs):
        found.append(_("名次与得分不一致：有得分较高的人名次反而靠后"))
    return found


# --- what the verbs of this room share ---------------------------------------------------------------


def take(sheet: Sheet) -> None:
    """Hold the track, then the sheet, both read anew; and the activity, which is called off with its tracks held."""
    db.session.flush()
    hold.lock([sheet.track])
    db.session.refresh(sheet, with_for_update={"of": Sheet})
    db.session.refresh(sheet.activity, ["state", "starts_at", "ends_at"])


def takes(activity: Activity) -> bool:
    """Whether it is in a state in which outcomes are entered at all."""
    return activity.state in HELD


def must_be_held(activity: Activity) -> None:
    if not takes(activity):
        raise NotHeld


def must_hold_everybody(sheet: Sheet, lines: Sequence[Line]) -> None:
    if {line.registration_id for line in lines} != {row.id for row in people_of(sheet.track)}:
        raise NamesChanged


def put(line: Line, entry: Entry) -> None:
    for name in FIELDS:
        setattr(line, name, getattr(entry, name))


def said(text: str, limit: int = 300) -> str:
    """A remark on one line; empty where there is none. Raises BadText."""
    plain = " ".join(text.split())
    return clean_line(plain, limit) if plain else ""


def path_of(sheet: Sheet) -> str:
    return f"/desk/activity/{sheet.activity.code}/outcome/{sheet.track.code}"


def _must_have_begun(sheet: Sheet, stamp: Stamp) -> None:
    must_be_held(sheet.activity)
    if not has_begun(sheet.track, stamp):
        raise NotBegun


def has_begun(track: Track, stamp: Stamp) -> bool:
    sittings = [row.starts_at for row in track.activity.sessions if row.track_id in (None, track.id)]
    return stamp.when >= min(sittings, default=track.activity.starts_at)


def _must_be(sheet: Sheet, state: State) -> None:
    if sheet.state is not state:
        raise WrongState(sheet)


def _must_be_sound(shape: Shape, entries: Mapping[str, Entry], people: Mapping[str, Registration]) -> None:
    problems = [
        _("%(name)s：%(fault)s", name=people[code].person.name, fault=fault)
        for code, entry in entries.items()
        for fault in faults(shape, entry).values()
    ]
    if problems:
        raise Incomplete(problems)


def _drop_leavers(lines: dict[int, Line], people: Mapping[str, Registration]) -> None:
    """Lines of entries that stand no longer go, as long as nobody confirmed them."""
    staying = {row.id for row in people.values()}
    for key in lines.keys() - staying:
        db.session.delete(lines.pop(key))


def _tell_confirmers(sheet: Sheet, by: Account, stamp: Stamp) -> None:
    told: dict[int, Account] = {}
    for role in (Role.CHIEF_JUDGE, Role.SUPERVISOR, Role.ORGANISER):
        assert role in CONFIRM
        told |= {row.id: row for row in change.holders(role, sheet.activity.scopes, stamp=stamp)}
    for account in told.values():
        if account.is_enabled and account.id != by.id:
            notifications.notify(
                account,
                "outcome.submitted",
                stamp=stamp,
                link=path_of(sheet),
                title=sheet.track.full_name,
            )
