"""The door without a network: a signed roster that a helper's phone keeps for the day, and what it sends afterwards.

The roster holds no document numbers, no phones, masked names, and of each pass a few signs of a salted hash: enough to
know a pass that is shown, and too few to find one by trying all, since thousands of others have the same. Its head is
signed: so what comes back is known to belong to a roster that was given out, for this sitting, while it was good.
"""

import datetime as dt
import hashlib
import json
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models import vault
from models.account import Account
from models.activity import Activity, Session
from models.attendance import Attendance, Direction, Point, Way
from models.base import db
from models.registration import Registration, State
from services.attendance import checking, passes, points
from services.attendance.checking import CheckIn, How
from services.attendance.refusals import (
    BadRoster,
    NotAccepted,
    NotedTooLate,
    OtherDoorsRoster,
    RosterOver,
    UnknownPass,
    WrongActivity,
    WrongSitting,
)
from services.attendance.standing import place_of, stands
from services.errors import Refused
from services.person.names import mask_name
from services.stamp import Stamp, local_day, local_moment
from services.text import _
from services.words import say_time

PURPOSE: Final = "attendance.roster"
HASH: Final = 7
"""Signs of a hash in a roster: of 32^8 passes some four thousand share them. More only where two on it would."""
SALTS: Final = 8
"""Tried before the hashes are made longer."""
MOST: Final = 200
"""Scans in one upload; a phone with more sends again."""
GRACE: Final = dt.timedelta(days=3)
"""How long after its day a queue is still taken."""
KEY: Final = re.compile("[0-9a-z-]{16,40}")
SENT: Final = {Way.CAMERA.value: Way.CAMERA, Way.TYPED.value: Way.TYPED}


def pass_hash(salt: str, pass_code: str, signs: int = HASH) -> str:
    return hashlib.sha256(f"{salt}:{pass_code}".encode()).hexdigest()[:signs]


def _told_apart(codes: Sequence[str]) -> tuple[str, int]:
    """A salt, and as few signs of the hashes as tell all of some passes apart."""
    for signs in range(HASH, 64):
        for _each in range(SALTS):
            salt = secrets.token_hex(8)
            if len({pass_hash(salt, code, signs) for code in codes}) == len(codes):
                return salt, signs
    raise ValueError("one pass twice")


def roster(
    activity: Activity, session: Session | None, point: Point | None, *, by: Account, now: dt.datetime
) -> dict[str, str]:
    """`head` and `lines`, each JSON as text, and the `signature` of the head, which names the hash of the lines."""
    rows = _entries(activity)
    salt, signs = _told_apart([row.pass_code for row in rows])
    lines = json.dumps(
        _lines(rows, activity, session, salt, signs), ensure_ascii=False, separators=(",", ":")
    )
    head = json.dumps(
        {
            "activity": activity.code,
            "session": session.code if session is not None else "",
            "point": point.code if point is not None else "",
            "by": by.code,
            "issued": _ms(now),
            "expires": _ms(local_moment(local_day(now) + dt.timedelta(days=1))),
            "salt": salt,
            "signs": signs,
            "digest": hashlib.sha256(lines.encode()).hexdigest(),
            "exits": bool(session is not None and session.takes_exit),
        },
        separators=(",", ":"),
    )
    return {"head": head, "lines": lines, "signature": vault.sign(PURPOSE, head.encode())}


def _entries(activity: Activity) -> Sequence[Registration]:
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.activity_id == activity.id)
        .options(joinedload(Registration.person), joinedload(Registration.track))
        .order_by(Registration.id)
    ).all()


def _lines(
    rows: Sequence[Registration], activity: Activity, session: Session | None, salt: str, signs: int
) -> list[list[str]]:
    """Hash, masked name, track, why not (or nothing), when they came, when they left."""
    came, left = _when(activity, session, Direction.IN), _when(activity, session, Direction.OUT)
    return [
        [
            pass_hash(salt, row.pass_code, signs),
            mask_name(row.person.name),
            row.track.name,
            _why_not(row, session),
            came.get(row.id, ""),
            left.get(row.id, ""),
        ]
        for row in rows
    ]


def _why_not(row: Registration, session: Session | None) -> str:
    if row.state is not State.ACCEPTED:
        return str(NotAccepted(row).sentence)
    if session is not None and session.track_id not in (None, row.track_id):
        return str(WrongSitting(row.track, session).sentence)
    return ""


def _when(activity: Activity, session: Session | None, direction: Direction) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Attendance.registration_id, sa.func.coalesce(Attendance.noted_at, Attendance.at))
        .join(Attendance.registration)
        .where(
            Registration.activity_id == activity.id,
            Attendance.place == place_of(session, direction),
            stands(),
        )
    )
    return {key: say_time(at) for key, at in rows}


# --- what comes back ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to one scan: `tone` is open (stored), warn (somebody had done it before) or full (not stored)."""

    key: str
    tone: str
    name: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        return {"key": self.key, "tone": self.tone, "name": self.name, "sentence": self.sentence}


def read_head(head: str, signature: str) -> dict[str, Any]:
    """Raises `BadRoster` for a head that was not signed here."""
    if len(head) > 1000 or not vault.is_signed(PURPOSE, head.encode(), signature):
        raise BadRoster
    read: dict[str, Any] = json.loads(head)
    return read


def take_in(
    activity: Activity,
    session: Session | None,
    head: Mapping[str, Any],
    scans: Sequence[Mapping[str, Any]],
    *,
    by: Account,
    stamp: Stamp,
    doors: Collection[Point] | None = None,
) -> list[Taken]:
    """Store what a phone noted while it had no network, each scan once however often it is sent.

    `doors`: the only ones at which they may check in. A refused scan is answered and the others go on. Raises
    `BadRoster` for a roster of another sitting or scans that are none, `RosterOver`, `OtherDoorsRoster`.
    """
    issued, expires = _moment(head["issued"]), _moment(head["expires"])
    if head["activity"] != activity.code or head["session"] != (session.code if session else ""):
        raise BadRoster
    if stamp.when > expires + GRACE:
        raise RosterOver
    if len(scans) > MOST or not all(_is_scan(scan) for scan in scans):
        raise BadRoster
    point = points.find(str(head["point"])) if head["point"] else None
    if doors is not None and (point is None or point.id not in {each.id for each in doors}):
        raise OtherDoorsRoster
    rows = _found(scans)
    _hold(rows.values())
    taken = []
    for scan in sorted(scans, key=lambda scan: scan["at"]):
        row = rows.get(passes.read_pass(scan["pass"]) or "")
        how = How(
            SENT[scan["way"]],
            Direction(scan["direction"]),
            point,
            scan["key"],
            min(max(_moment(scan["at"]), issued), stamp.when),
        )
        taken.append(_take(row, activity, session, how, expires, by=by, stamp=stamp))
    return taken


def _take(
    row: Registration | None,
    activity: Activity,
    session: Session | None,
    how: How,
    expires: dt.datetime,
    *,
    by: Account,
    stamp: Stamp,
) -> Taken:
    key = how.device_key or ""
    try:
        if how.noted_at is not None and how.noted_at > expires:
            raise NotedTooLate(how.noted_at)
        if row is None:
            raise UnknownPass
        if row.activity_id != activity.id:
            raise WrongActivity
        sent = checking.find_by_key(key)
        if sent is not None and sent.registration_id != row.id:
            raise BadRoster
        done = checking.note(row, session, how=how, by=by, stamp=stamp)
    except Refused as no:
        known = row is not None and row.activity_id == activity.id
        return Taken(
            key, "full", mask_name(row.person.name) if row is not None and known else "", str(no.sentence)
        )
    return Taken(key, "warn" if done.again else "open", mask_name(row.person.name), _said(done))


def _said(done: CheckIn) -> str:
    row = done.attendance
    out = row.direction is Direction.OUT
    if not done.again:
        return str(_("离场已保存") if out else _("签到已保存"))
    who = mask_name(row.by.display_name) if row.by is not None and row.by.display_name else "—"
    values = {"time": say_time(row.happened_at), "who": who}
    if row.point is not None:
        where = _("%(time)s 已由 %(who)s 在“%(point)s”登记，不用再办。", point=row.point.name, **values)
        return str(where)
    return str(_("%(time)s 已由 %(who)s 登记，不用再办。", **values))


def _is_scan(scan: Mapping[str, Any]) -> bool:
    return (
        isinstance(scan, dict)
        and isinstance(scan.get("key"), str)
        and KEY.fullmatch(scan["key"]) is not None
        and isinstance(scan.get("pass"), str)
        and isinstance(scan.get("at"), int)
        and 0 <= scan["at"] < 2**43
        and isinstance(scan.get("way"), str)
        and scan["way"] in SENT
        and isinstance(scan.get("direction"), str)
        and scan["direction"] in set(Direction)
    )


def _found(scans: Sequence[Mapping[str, Any]]) -> dict[str, Registration]:
    codes = {code for scan in scans if (code := passes.read_pass(scan["pass"]))}
    rows = db.session.scalars(
        sa.select(Registration)
        .where(Registration.pass_code.in_(codes))
        .options(joinedload(Registration.person), joinedload(Registration.track))
    )
    return {row.pass_code: row for row in rows}


def _hold(rows: Any) -> None:
    """The entries, in key order, so that two phones that send one queue do not wait for each other."""
    keys = sorted(row.id for row in rows)
    db.session.execute(
        sa.select(Registration.id)
        .where(Registration.id.in_(keys))
        .order_by(Registration.id)
        .with_for_update()
    )


def _ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)
