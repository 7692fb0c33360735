"""Activities as a calendar by RFC 5545: one event a session, so that phones know time and place of each."""

import datetime as dt
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from models.activity import Activity, Session, State
from services.text import _

REFRESH = dt.timedelta(hours=6)


def feed(activities: Iterable[Activity], url_of: Callable[[Activity], str], name: str) -> bytes:
    """The calendar of these activities. `url_of` gives the public address of one."""
    calendar = Calendar()
    calendar.add("prodid", "-//Yongjiang//Activities//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _plain(name))
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for activity in activities:
        for event in _events(activity, url_of(activity)):
            calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _events(activity: Activity, url: str) -> Iterable[Event]:
    """Its sessions; an activity without one is one event over its whole time."""
    host = urlsplit(url).hostname or "localhost"
    if not activity.sessions:
        yield _event(
            activity, url, f"{activity.code}@{host}", activity.title, activity.starts_at, activity.ends_at
        )
    for session in activity.sessions:
        title = f"{activity.title} · {session.title}" if session.title != activity.title else activity.title
        event = _event(activity, url, f"{session.code}@{host}", title, session.starts_at, session.ends_at)
        if place := _place(session):
            event.add("location", _plain(place))
        yield event


def _event(activity: Activity, url: str, uid: str, title: str, start: dt.datetime, end: dt.datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", activity.cancelled_at or activity.published_at or activity.created_at)
    event.add("sequence", activity.version)
    event.add("dtstart", start.astimezone(dt.UTC))
    event.add("dtend", end.astimezone(dt.UTC))
    cancelled = activity.state == State.CANCELLED
    event.add("summary", _plain(str(_("（已取消）%(title)s", title=title)) if cancelled else title))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    said = "\n".join(line for line in (activity.summary, url) if line)
    event.add("description", _plain(said, keep="\n"))
    event.add("url", url)
    return event


def _place(session: Session) -> str:
    if session.venue is None:
        return session.room
    return " ".join(part for part in (session.venue.name, session.room, session.venue.address) if part)


def _plain(text: str, keep: str = "") -> str:
    """No control character gets into a calendar, whatever a row holds (R36)."""
    return "".join(sign if sign in keep or (ord(sign) >= 32 and ord(sign) != 127) else " " for sign in text)
