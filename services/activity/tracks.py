"""Tracks: what one registers for. Capacity is never below what is taken; a closing moves with a message."""

import sqlalchemy as sa

from models.activity import Activity, State, Track
from models.base import db
from models.registration import Registration
from services import audit as audits
from services import page as pages
from services import words
from services.activity import change, rules
from services.activity.entry import TrackEntry
from services.errors import Refused
from services.stamp import Stamp
from services.text import _

MOST = 100_000
MOST_IN_A_TEAM = 50
ELIGIBILITY = (
    "needs_document", "born_from", "born_until", "categories", "rules", "mode", "team_least", "team_most",
)  # fmt: skip
"""Once people have entered, these stay as they are."""
TERMS = (
    "name", "division", "opens_at", "closes_at", "has_waiting_list", "needs_review", "substitutes_most",
    "unit_limit", "frozen_at", "final_at",
)  # fmt: skip


class BelowTaken(Refused):
    def __init__(self, taken: int) -> None:
        super().__init__(_("已有 %(taken)s 人报名，名额不能少于这个数。", taken=taken))


class BadCapacity(Refused):
    sentence = _("名额应为 1 到 %(most)s 之间的整数。", most=MOST)


class ClosesBeforeOpening(Refused):
    sentence = _("报名截止应晚于报名开始。")


class ClosesAfterStart(Refused):
    sentence = _("报名截止不能晚于活动开始。")


class BornTheWrongWay(Refused):
    sentence = _("出生日期的起止颠倒了，请核对。")


class BadTeam(Refused):
    sentence = _("每队人数应为 1 到 %(most)s 人，且最少不超过最多。", most=MOST_IN_A_TEAM)


class BadLimit(Refused):
    sentence = _("每单位限额应为正整数；不限的不填。")


class FinalTooLate(Refused):
    sentence = _("名单确定的时间不能晚于活动开始，队员锁定不能晚于名单确定。")


class SameName(Refused):
    sentence = _("这项活动已有同名的报名项目。")


class HasRegistrations(Refused):
    sentence = _("已有人报名，不能删除；可以把报名截止提前。")


class HasSessions(Refused):
    sentence = _("还有场次属于这个项目，请先改动或删除这些场次。")


class LastTrack(Refused):
    sentence = _("已批准的活动至少保留一个报名项目。")


class TermsSettled(Refused):
    sentence = _("已有人报名，报名条件不能再改。")


def add_track(activity: Activity, entry: TrackEntry, *, stamp: Stamp) -> Track:
    change.must_be_editable(activity)
    _check(activity, entry)
    track = Track(
        activity=activity,
        capacity=entry.capacity,
        position=max((other.position for other in activity.tracks), default=0) + 1,
        **_terms(entry),
    )
    db.session.add(track)
    db.session.flush()
    audits.record("track.added", track, stamp=stamp, activity=activity.code, capacity=entry.capacity)
    return track


def edit_track(track: Track, entry: TrackEntry, *, stamp: Stamp) -> Track:
    """Raises BelowTaken, TermsSettled, SameName. A moved published closing is told to those registered.

    `registrations.edit_track` also offers the places it adds to those who wait.
    """
    activity = track.activity
    change.must_be_editable(activity)
    _check(activity, entry, track)
    terms, closed_at = _terms(entry), track.closes_at
    changed = sorted(name for name, value in terms.items() if getattr(track, name) != value)
    if not set(changed).isdisjoint(ELIGIBILITY) and has_registrations(track):
        raise TermsSettled
    for name in changed:
        if name not in (*TERMS, *ELIGIBILITY):
            raise ValueError(name)
        setattr(track, name, terms[name])
    if entry.capacity != track.capacity:
        _set_capacity(track, entry.capacity)
        changed.append("capacity")
    if not changed:
        return track
    db.session.flush()
    audits.record("track.edited", track, stamp=stamp, activity=activity.code, fields=changed)
    if activity.state == State.PUBLISHED and track.closes_at != closed_at:
        change.tell_affected(
            activity,
            "activity.rescheduled",
            stamp=stamp,
            track=track,
            urgent=False,
            title=track.full_name,
            when=str(
                _("报名截止 %(when)s", when=words.say_moment(track.closes_at, this_year=stamp.today.year))
            ),
        )
    return track


def remove_track(track: Track, *, stamp: Stamp) -> None:
    """Only while nobody ever registered for it. Raises HasRegistrations, HasSessions, LastTrack."""
    activity = track.activity
    change.must_be_editable(activity)
    if has_registrations(track):
        raise HasRegistrations
    if any(session.track_id == track.id for session in activity.sessions):
        raise HasSessions
    if activity.state != State.DRAFT and len(activity.tracks) == 1:
        raise LastTrack
    audits.record("track.removed", track, stamp=stamp, activity=activity.code, name=track.name)
    activity.tracks.remove(track)
    db.session.delete(track)
    db.session.flush()


def has_registrations(track: Track) -> bool:
    """Whether anybody ever registered, in whatever state the entry is now."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Registration.track_id == track.id))))


def _terms(entry: TrackEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "division": entry.division,
        "opens_at": entry.opens_at,
        "closes_at": entry.closes_at,
        "has_waiting_list": entry.has_waiting_list,
        "needs_review": entry.needs_review,
        "needs_document": entry.needs_document,
        "born_from": entry.born_from,
        "born_until": entry.born_until,
        "categories": [category.value for category in entry.categories],
        "rules": rules.settle(entry.rules),
        "mode": entry.mode,
        "team_least": entry.team_least,
        "team_most": entry.team_most,
        "substitutes_most": entry.substitutes_most,
        "unit_limit": entry.unit_limit,
        "frozen_at": entry.frozen_at,
        "final_at": entry.final_at,
    }


def _check(activity: Activity, entry: TrackEntry, track: Track | None = None) -> None:
    if not 1 <= entry.capacity <= MOST:
        raise BadCapacity
    if entry.closes_at <= entry.opens_at:
        raise ClosesBeforeOpening
    if entry.closes_at > activity.starts_at:
        raise ClosesAfterStart
    if entry.born_from and entry.born_until and entry.born_from > entry.born_until:
        raise BornTheWrongWay
    if (
        not 1 <= entry.team_least <= entry.team_most <= MOST_IN_A_TEAM
        or not 0 <= entry.substitutes_most <= 20
    ):
        raise BadTeam
    if entry.unit_limit is not None and not 1 <= entry.unit_limit <= MOST:
        raise BadLimit
    final_at = entry.final_at or activity.starts_at
    if final_at > activity.starts_at or (entry.frozen_at is not None and entry.frozen_at > final_at):
        raise FinalTooLate
    if any(other.name == entry.name and other is not track for other in activity.tracks):
        raise SameName


def _set_capacity(track: Track, capacity: int) -> None:
    """Conditional, like every change of places: nobody may take one between the look and the write."""
    db.session.execute(
        sa.update(Track)
        .where(Track.id == track.id, Track.taken <= capacity)
        .values(capacity=capacity)
        .execution_options(synchronize_session=False)
    )
    pages.touch()
    db.session.refresh(track, ["capacity", "taken"])
    if track.capacity != capacity:
        raise BelowTaken(track.taken)
