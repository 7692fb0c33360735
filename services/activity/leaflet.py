"""An activity or a notice as plain text for a group chat: what, when, where, how to register."""

import datetime as dt

from models.activity import Activity, Kind, Notice, State
from services import words
from services.text import _

_MANY = 6


def of_activity(activity: Activity, url: str, *, now: dt.datetime) -> str:
    year = now.year
    lines: list[object] = [_("【%(kind)s】%(title)s", kind=words.label(activity.kind), title=activity.title)]
    if activity.state == State.CANCELLED:
        lines.append(_("本活动已取消。原因：%(reason)s", reason=activity.decision_note))
    lines.append(
        _("时间：%(when)s", when=words.say_span(activity.starts_at, activity.ends_at, this_year=year))
    )
    if activity.venues:
        lines.append(_("地点：%(where)s", where=str(_("、")).join(venue.name for venue in activity.venues)))
    lines.append(_("主办：%(name)s", name=activity.host.name))
    if activity.organiser_id != activity.host_id:
        lines.append(_("承办：%(name)s", name=activity.organiser.name))
    if activity.summary:
        lines.append(activity.summary)
    if activity.kind is Kind.COMPETITION and len(activity.tracks) > 1:
        shown = str(_("、")).join(activity.contests[:_MANY])
        more = _(" 等 %(n)s 个", n=len(activity.contests)) if len(activity.contests) > _MANY else ""
        lines.append(_("赛项：%(names)s%(more)s", names=shown, more=more))
    if activity.is_open(now) and activity.closes_at is not None:
        left = sum(track.left for track in activity.tracks if track.is_open(now))
        closing = words.say_moment(activity.closes_at, this_year=year)
        lines.append(_("报名截止：%(when)s，剩余名额 %(left)s", when=closing, left=left))
    if activity.what_to_bring:
        lines.append(_("请携带：%(what)s", what=activity.what_to_bring.replace("\n", str(_("；")))))
    if activity.contact_phone:
        lines.append(_("咨询：%(name)s %(phone)s", name=activity.contact_name, phone=activity.contact_phone))
    lines.append(_("详情与报名：%(url)s", url=url))
    return _joined(lines)


def of_notice(notice: Notice, url: str, annex_urls: list[tuple[str, str]]) -> str:
    title = _("【%(kind)s】%(title)s", kind=words.label(notice.kind), title=notice.title)
    lines: list[object] = [title, notice.body]
    lines.append(notice.organisation.name)
    if notice.published_at is not None:
        lines.append(words.say_day(notice.published_at, this_year=0))
    lines += [_("附件：%(name)s %(url)s", name=name, url=address) for name, address in annex_urls]
    lines.append(_("原文：%(url)s", url=url))
    return _joined(lines)


def _joined(lines: list[object]) -> str:
    return "\n".join(str(line).strip() for line in lines)
