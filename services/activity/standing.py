"""Where an activity or a track stands for somebody who would like to come: one sentence and its tone."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from models.activity import Activity, State, Track
from services import words
from services.text import Sentence, _


class Stand(StrEnum):
    CANCELLED = "cancelled"
    ENDED = "ended"
    NOT_YET = "not_yet"
    OPEN = "open"
    TIGHT = "tight"
    FULL = "full"
    CLOSED = "closed"
    RUNNING = "running"


TONES = {
    Stand.CANCELLED: "full",
    Stand.ENDED: "plain",
    Stand.NOT_YET: "plain",
    Stand.OPEN: "open",
    Stand.TIGHT: "warn",
    Stand.FULL: "full",
    Stand.CLOSED: "plain",
    Stand.RUNNING: "open",
}


@dataclass(frozen=True)
class Standing:
    stand: Stand
    sentence: Sentence

    @property
    def tone(self) -> str:
        return TONES[self.stand]

    @property
    def takes_entries(self) -> bool:
        return self.stand in (Stand.OPEN, Stand.TIGHT)


def of_activity(activity: Activity, moment: dt.datetime) -> Standing:
    """The sum of its tracks."""
    if activity.state == State.CANCELLED:
        return Standing(Stand.CANCELLED, _("已取消"))
    if activity.has_ended(moment):
        return Standing(Stand.ENDED, _("已结束"))
    tracks = [track for track in activity.tracks if track.is_open(moment)]
    if not tracks:
        if activity.is_in_progress(moment):
            return Standing(Stand.RUNNING, _("进行中"))
        ahead = [track.opens_at for track in activity.tracks if track.opens_at > moment]
        return _ahead(min(ahead), moment) if ahead else Standing(Stand.CLOSED, _("报名已截止"))
    left, capacity = sum(track.left for track in tracks), sum(track.capacity for track in tracks)
    return _open(left, capacity, activity.waiting, max(track.closes_at for track in tracks), moment)


def of_track(track: Track, moment: dt.datetime) -> Standing:
    activity = track.activity
    if activity.state == State.CANCELLED:
        return Standing(Stand.CANCELLED, _("已取消"))
    if activity.has_ended(moment):
        return Standing(Stand.ENDED, _("已结束"))
    if moment < track.opens_at:
        return _ahead(track.opens_at, moment)
    if not track.is_open(moment):
        return Standing(Stand.CLOSED, _("报名已截止"))
    return _open(track.left, track.capacity, track.waiting, track.closes_at, moment)


def _open(left: int, capacity: int, waiting: int, closes_at: dt.datetime, moment: dt.datetime) -> Standing:
    if left <= 0:
        sentence = _("已满 · 候补 %(n)s 人", n=waiting) if waiting else _("已满")
        return Standing(Stand.FULL, sentence)
    if left * 10 <= capacity:
        return Standing(Stand.TIGHT, _("名额紧张"))
    return Standing(Stand.OPEN, _("%(when)s 截止", when=_say(closes_at, moment)))


def _ahead(opens_at: dt.datetime, moment: dt.datetime) -> Standing:
    return Standing(Stand.NOT_YET, _("%(when)s 开始报名", when=_say(opens_at, moment)))


@dataclass(frozen=True)
class _Moment:
    """A moment said when it is read, in the reader's language."""

    moment: dt.datetime
    this_year: int

    def __str__(self) -> str:
        return words.say_moment(self.moment, weekday=False, this_year=self.this_year)


def _say(moment: dt.datetime, now: dt.datetime) -> _Moment:
    return _Moment(moment, now.year)
