"""纸质签到册: a list that was signed while nothing else worked, brought back line by line.

Each line is a pass code as it was scanned or typed, with a time behind it where the paper says one. What does not fit
is shown first; saved is only what was shown to be good.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account
from models.activity import Activity, Session
from models.attendance import Attendance, Point, Way
from models.base import db
from models.registration import Registration
from services.attendance import checking, passes
from services.attendance.batch import check_in_all
from services.attendance.group import EVERYBODY, people
from services.attendance.listing import Line
from services.attendance.refusals import UnknownPass, WrongActivity
from services.attendance.standing import place_of, stands
from services.errors import Refused
from services.stamp import Stamp, local_day, local_moment
from services.text import Sentence, _
from services.words import say_time

MOST: Final = 2000
_TIME = re.compile("^(.*?)[\\s,，;；@]+([01]?[0-9]|2[0-3])[:：.]([0-5][0-9])$")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the paper: `tone` is open (new), warn (was noted before) or full (cannot be taken)."""

    text: str
    registration: Registration | None
    at: dt.datetime
    tone: str
    sentence: Sentence


@dataclass(frozen=True)
class Comparison:
    lines: Sequence[PaperLine]
    only_here: Sequence[Registration]
    """Checked in by another way, and not on the paper."""

    @property
    def new(self) -> list[PaperLine]:
        return [line for line in self.lines if line.tone == "open"]

    @property
    def known(self) -> list[PaperLine]:
        return [line for line in self.lines if line.tone == "warn"]

    @property
    def wrong(self) -> list[PaperLine]:
        return [line for line in self.lines if line.tone == "full"]


def listing(activity: Activity, session: Session | None) -> list[Line]:
    """Everybody expected, in the order of the printed list: track by track, as they entered."""
    return list(people(activity, session, EVERYBODY))


def split(text: str, day: dt.date, usual: dt.time) -> list[tuple[str, dt.datetime]]:
    """`K3F9 7QXD 8:31` -> the code and when; without a time the usual one. Empty lines say nothing."""
    found = []
    for line in map(str.strip, text.splitlines()[:MOST]):
        if not line:
            continue
        match = _TIME.match(line)
        code, at = line, usual
        if match:
            code, at = match[1], dt.time(int(match[2]), int(match[3]))
        found.append((code, local_moment(day, at)))
    return found


def day_of(activity: Activity, session: Session | None) -> dt.date:
    return local_day(session.starts_at if session is not None else activity.starts_at)


def compare(
    activity: Activity,
    session: Session | None,
    text: str,
    ticked: Sequence[str],
    usual: dt.time,
    *,
    by: Account,
    stamp: Stamp,
) -> Comparison:
    """What a paper says beside what is stored. `text`: codes, one a line; `ticked`: codes of entries marked in the
    list, at the usual time. Nothing is written.
    """
    day = day_of(activity, session)
    said = split(text, day, usual)
    passed = [passes.read_pass(code) for code, _at in said]
    by_pass = _rows(activity, Registration.pass_code, [code for code in passed if code])
    by_code = _rows(activity, Registration.code, ticked)
    wanted: list[tuple[str, Registration | None, dt.datetime]] = [
        (code, by_pass.get(passes.read_pass(code) or ""), at) for code, at in said
    ]
    wanted += [
        (passes.say_pass(by_code[code]), by_code[code], local_moment(day, usual))
        for code in ticked
        if code in by_code
    ]
    there = _there(activity, session)
    seen: set[int] = set()
    lines = []
    for code, row, at in wanted:
        if row is not None and row.id in seen:
            continue
        if row is not None:
            seen.add(row.id)
        lines.append(_line(code, row, at, there, session, by, stamp))
    only = [row.registration for key, row in there.items() if key not in seen]
    return Comparison(lines, only)


def take(
    comparison: Comparison, session: Session | None, *, point: Point | None = None, by: Account, stamp: Stamp
) -> int:
    """Save what is new; the rest was shown and stays as it is. Answers how many. Raises what `check_in_all` raises."""
    rows = [line.registration for line in comparison.new if line.registration is not None]
    if not rows:
        return 0
    noted = {line.registration.id: line.at for line in comparison.new if line.registration is not None}
    return check_in_all(rows, session, way=Way.PAPER, by=by, stamp=stamp, point=point, noted=noted)


def _line(
    code: str,
    row: Registration | None,
    at: dt.datetime,
    there: dict[int, Attendance],
    session: Session | None,
    by: Account,
    stamp: Stamp,
) -> PaperLine:
    if row is None:
        elsewhere = passes.find_by_pass(code)
        no = WrongActivity() if elsewhere is not None else UnknownPass()
        return PaperLine(code, None, at, "full", no.sentence)
    if row.id in there:
        when = say_time(there[row.id].happened_at)
        return PaperLine(code, row, at, "warn", _("系统中 %(time)s 已到，保留原记录", time=when))
    try:
        checking.must_be_welcome(row, session, by, stamp)
        checking.must_be_possible(at, row.activity, session, stamp)
    except Refused as refusal:
        return PaperLine(code, row, at, "full", refusal.sentence)
    return PaperLine(code, row, at, "open", _("将记为已到"))


def _rows(
    activity: Activity, column: sa.orm.InstrumentedAttribute[str], codes: Sequence[str]
) -> dict[str, Registration]:
    if not codes:
        return {}
    found = db.session.scalars(
        sa.select(Registration)
        .where(Registration.activity_id == activity.id, column.in_(set(codes)))
        .options(joinedload(Registration.person), joinedload(Registration.track))
    )
    return {getattr(row, column.key): row for row in found}


def _there(activity: Activity, session: Session | None) -> dict[int, Attendance]:
    """Those who are checked in, by the key of the entry."""
    rows = db.session.scalars(
        sa.select(Attendance)
        .join(Attendance.registration)
        .where(Registration.activity_id == activity.id, Attendance.place == place_of(session), stands())
        .options(joinedload(Attendance.registration).joinedload(Registration.person))
        .order_by(Attendance.at, Attendance.id)
    )
    return {row.registration_id: row for row in rows}
