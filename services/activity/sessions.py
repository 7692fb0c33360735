"""Sessions: when and where the sittings of an activity are."""

import sqlalchemy as sa

from models.activity import Activity, Session, State
from models.attendance import Attendance, Point
from models.base import db
from models.venue import Venue
from services import audit as audits
from services import words
from services.activity import change
from services.activity.draft import EndsBeforeStart
from services.activity.entry import SessionEntry
from services.activity.find import get_track
from services.errors import Refused
from services.stamp import Stamp
from services.text import _

FACTS = ("title", "starts_at", "ends_at", "venue_id", "room", "track_id", "takes_exit", "is_self_service")


class OutsideActivity(Refused):
    sentence = _("场次应在活动起止时间之内；需要时请先改活动时间。")


class NoSuchVenue(Refused):
    sentence = _("所选地点不存在或已停用，请重新选择。")


class LastSession(Refused):
    sentence = _("已批准的活动至少保留一个场次。")


class HasCheckIns(Refused):
    sentence = _("这一场已有人签到，不能删除。")


class HasPoints(Refused):
    sentence = _("有签到点只为这一场开设，不能删除。请先把签到点改到其他场次。")


def add_session(activity: Activity, entry: SessionEntry, *, stamp: Stamp) -> Session:
    change.must_be_editable(activity)
    session = Session(activity=activity, **_facts(activity, entry))
    db.session.add(session)
    db.session.flush()
    db.session.expire(activity, ["sessions"])
    audits.record("session.added", session, stamp=stamp, activity=activity.code)
    _tell(activity, session, stamp)
    return session


def edit_session(session: Session, entry: SessionEntry, *, stamp: Stamp) -> Session:
    """A new time or place of a published activity is told to everybody it concerns."""
    activity = session.activity
    change.must_be_editable(activity)
    facts = _facts(activity, entry)
    changed = sorted(name for name, value in facts.items() if getattr(session, name) != value)
    for name in changed:
        if name not in FACTS:
            raise ValueError(name)
        setattr(session, name, facts[name])
    if not changed:
        return session
    db.session.flush()
    db.session.expire(session, ["venue", "track"])
    db.session.expire(activity, ["sessions"])
    audits.record("session.edited", session, stamp=stamp, activity=activity.code, fields=changed)
    if not {"starts_at", "ends_at", "venue_id", "room"}.isdisjoint(changed):
        _tell(activity, session, stamp)
    return session


def remove_session(session: Session, *, stamp: Stamp) -> None:
    activity = session.activity
    change.must_be_editable(activity)
    if activity.state != State.DRAFT and len(activity.sessions) == 1:
        raise LastSession
    if db.session.scalar(sa.select(sa.exists().where(Attendance.session_id == session.id))):
        raise HasCheckIns
    if db.session.scalar(sa.select(sa.exists().where(Point.session_id == session.id))):
        raise HasPoints
    audits.record("session.removed", session, stamp=stamp, activity=activity.code, title=session.title)
    activity.sessions.remove(session)
    db.session.delete(session)
    db.session.flush()
    if activity.state == State.PUBLISHED:
        removed = _("“%(name)s”已取消", name=session.title)
        change.tell_affected(
            activity,
            "activity.rescheduled",
            stamp=stamp,
            track=session.track,
            title=activity.title,
            when=str(removed),
        )


def _facts(activity: Activity, entry: SessionEntry) -> dict[str, object]:
    if entry.ends_at <= entry.starts_at:
        raise EndsBeforeStart
    if entry.starts_at < activity.starts_at or entry.ends_at > activity.ends_at:
        raise OutsideActivity
    return {
        "title": entry.title,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "venue_id": _venue(entry.venue).id if entry.venue else None,
        "room": entry.room,
        "track_id": get_track(activity, entry.track).id if entry.track else None,
        "takes_exit": entry.takes_exit,
        "is_self_service": entry.is_self_service,
    }


def _venue(code: str) -> Venue:
    venue = db.session.scalar(sa.select(Venue).where(Venue.code == code, Venue.closed_at.is_(None)))
    if venue is None:
        raise NoSuchVenue
    return venue


def _tell(activity: Activity, session: Session, stamp: Stamp) -> None:
    if activity.state != State.PUBLISHED:
        return
    when = words.say_span(session.starts_at, session.ends_at, this_year=stamp.today.year)
    place = f" {session.venue.name} {session.room}".rstrip() if session.venue else ""
    change.tell_affected(
        activity,
        "activity.rescheduled",
        stamp=stamp,
        track=session.track,
        title=activity.title,
        when=f"{session.title} {when}{place}",
    )
