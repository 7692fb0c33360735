"""What a side's people reached: a class that is over, with a sheet to enter, one to confirm, and one that is final."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from app.demo import programme
from app.demo.sides import Side, person_of
from app.demo.stage import principal, stamp_by
from models.account import Role
from models.activity import Activity, Kind, Track
from models.base import db
from models.organisation import Organisation
from models.outcome import Verdict
from models.person import Category
from models.registration import Registration
from services import activity as activities
from services import organisation as organisations
from services import outcome as outcomes
from services import registration as registrations
from services.activity import ActivityEntry, SessionEntry, TrackEntry
from services.outcome import Entry
from services.registration import Entry as Answer
from services.stamp import Stamp

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR
TRACKS = {"open_track": Role.TEACHER, "handed_track": Role.COACH, "final": Role.EXPERT}
"""Each with somebody in it: a person enters an activity once."""


def build(side: Side, stamp: Stamp) -> None:
    """Needs the side's unit, its accounts and their rights."""
    unit = organisations.get(side.keys["organisation"])
    activity = _class(side, unit, stamp)
    side.keep("contest", activity.code, Role.ORGANISER, activity.title)
    organiser, second = side.accounts[Role.ORGANISER], side.accounts[Role.ACTIVITY_APPROVER]
    own, other = stamp_by(organiser, stamp.when), stamp_by(second, stamp.when)
    for (name, role), track in zip(TRACKS.items(), activity.tracks, strict=True):
        registration = _enter(side, track, role, stamp)
        if name != "final":
            side.keep(name, track.code, Role.ORGANISER)
        if name == "open_track":
            continue
        sheet = outcomes.sheet_of(track, stamp=own)
        said = {registration.code: Entry(Verdict.COMPLETED, hours=Decimal(8))}
        outcomes.enter(sheet, said, by=organiser, stamp=own)
        outcomes.submit(sheet, by=organiser, stamp=own)
        if name == "final":
            outcomes.confirm(sheet, by=second, stamp=other)
            side.keep("sheet", sheet.code, Role.CERTIFICATE_OFFICER)
            line = sheet.lines[0]
            fewer = Entry(Verdict.COMPLETED, hours=Decimal(6))
            asked = outcomes.ask_correction(line, fewer, "学时登记有误", by=second, stamp=other)
            side.keep("outcome_line", line.code, Role.ORGANISER)
            side.keep("correction", asked.code, Role.ORGANISER)


def _class(side: Side, unit: Organisation, stamp: Stamp) -> Activity:
    """Published three weeks ago and over for a week."""
    organiser, approver = side.accounts[Role.ORGANISER], side.accounts[Role.ACTIVITY_APPROVER]
    by, then = principal(organiser, stamp.when), stamp.when - 21 * DAY
    own = replace(stamp_by(organiser, stamp.when), when=then)
    starts_at = stamp.when - 8 * DAY
    entry = ActivityEntry(
        kind=Kind.TRAINING_CLASS, title=f"示例权限培训班{side.name}{unit.code}", summary="用于权限检查的示例活动。",
        starts_at=starts_at, ends_at=starts_at + 8 * HOUR, host=unit.code, organiser=unit.code, lead=unit.code,
        contact_phone=programme.OFFICES["hrss"], is_demo=True,
    )  # fmt: skip
    activity = activities.draft(entry, by=by, stamp=own)
    for number in range(len(TRACKS)):
        track = TrackEntry(
            name=f"第 {number + 1} 班",
            capacity=20,
            opens_at=then - HOUR,
            closes_at=starts_at - DAY,
            needs_review=False,
        )
        activities.add_track(activity, track, stamp=own)
    session = SessionEntry(
        title="第 1 次课", starts_at=starts_at, ends_at=starts_at + HOUR, venue=side.keys["venue"]
    )
    activities.add_session(activity, session, stamp=own)
    activities.submit(activity, by=by, stamp=own)
    db.session.flush()
    theirs = replace(stamp_by(approver, stamp.when), when=then)
    activities.approve(activity, by=principal(approver, stamp.when), stamp=theirs)
    db.session.flush()
    activities.publish(activity, stamp=own)
    db.session.flush()
    return activity


def _enter(side: Side, track: Track, role: Role, stamp: Stamp) -> Registration:
    account = side.accounts[role]
    own = replace(stamp_by(account, stamp.when), when=stamp.when - 20 * DAY)
    answer = Answer(category=Category.ENTERPRISE_EMPLOYEE)
    made = registrations.register(track, person_of(account), answer, by=account, stamp=own)
    db.session.flush()
    return made
