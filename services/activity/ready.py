"""What is still missing before an activity may be handed in or shown: sentences, not a yes or no."""

import datetime as dt

from models.activity import Activity, Kind
from services.errors import Refused
from services.text import Sentence, _


class NotReady(Refused):
    """Something is missing. `missing` holds a sentence for each."""

    def __init__(self, missing: list[Sentence]) -> None:
        self.missing = missing
        super().__init__(_("还有内容需要补充：%(missing)s", missing=Joined(missing)))


class Joined:
    """Sentences one after the other, joined only when read."""

    def __init__(self, sentences: list[Sentence]) -> None:
        self.sentences = tuple(sentences)

    def __str__(self) -> str:
        return " ".join(str(sentence) for sentence in self.sentences)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Joined) and self.sentences == other.sentences

    def __hash__(self) -> int:
        return hash(self.sentences)


def missing(activity: Activity, moment: dt.datetime) -> list[Sentence]:
    """Sentences, empty when it is ready."""
    found = []
    if not activity.summary and not activity.description:
        found.append(_("请写一句活动简介。"))
    if not activity.contact_phone:
        found.append(_("请填写公开的咨询电话。"))
    if activity.kind is Kind.COMPETITION and activity.series is None:
        found.append(_("请选择竞赛类别。"))
    if activity.starts_at <= moment:
        found.append(_("活动开始时间已过，请改期。"))
    is_booked = activity.kind is Kind.EXPERIENCE and not activity.tracks  # schools book slots instead
    if not activity.tracks and not is_booked:
        found.append(_("还没有报名项目，请至少添加一个。"))
    found += late_closings(activity)
    for track in activity.tracks:
        if track.closes_at <= moment:
            found.append(_("“%(name)s”的报名截止时间已过。", name=track.name))
    if not activity.sessions and not is_booked:
        found.append(_("还没有场次，请写明时间和地点。"))
    found += misplaced(activity)
    if activity.sessions and all(session.venue_id is None for session in activity.sessions):
        found.append(_("请为至少一个场次选择地点。"))
    return found


def misplaced(activity: Activity) -> list[Sentence]:
    """Sessions outside the time of the activity."""
    return [
        _("场次“%(name)s”不在活动起止时间之内。", name=session.title)
        for session in activity.sessions
        if session.starts_at < activity.starts_at or session.ends_at > activity.ends_at
    ]


def late_closings(activity: Activity) -> list[Sentence]:
    """Tracks that would take registrations after the start."""
    return [
        _("“%(name)s”的报名截止晚于活动开始。", name=track.name)
        for track in activity.tracks
        if track.closes_at > activity.starts_at
    ]
