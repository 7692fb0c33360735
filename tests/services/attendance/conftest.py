"""A door: an activity of today with two tracks, a sitting for all and one for the second track, and a helper."""

import datetime as dt
from dataclasses import dataclass

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.activity import Activity, Session, Track
from models.base import db
from models.registration import Registration
from services import attendance as attendances
from services import stamp
from services.attendance import CheckIn
from services.stamp import local_moment
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand

HOUR = dt.timedelta(hours=1)


@dataclass
class Hall:
    activity: Activity
    tracks: list[Track]
    whole: Session
    """For everybody."""
    second: Session
    """For the second track."""
    helper: Account
    entries: list[Registration]

    def check_in(self, entry: Registration, session: Session | None = None, **more: object) -> CheckIn:
        when = more.pop("when", None)
        by = more.pop("by", self.helper)
        with transaction():
            return attendances.check_in(
                entry,
                session or self.whole,
                way=attendances.Way.TYPED,
                by=by,  # type: ignore[arg-type]
                stamp=make.stamp(by, when),  # type: ignore[arg-type]
            )


@pytest.fixture
def hall(context: Flask, clock: Hand) -> Hall:
    stamp.clock.start_at(local_moment(stamp.clock.today(), dt.time(9)))  # whenever it is told: a day of work
    with transaction():
        activity = make.activity("数控铣技能竞赛", starts_in=HOUR)
        tracks = [
            make.track(activity, capacity=40, name=f"数控铣 · {name}", position=at)
            for at, name in enumerate("甲乙")
        ]
        second = Session(
            activity_id=activity.id,
            track_id=tracks[1].id,
            title="乙组加试",
            starts_at=activity.starts_at + 2 * HOUR,
            ends_at=activity.ends_at,
        )
        db.session.add(second)
        helper = make.account(make.person())
        make.grant(helper, Role.CHECKIN_HELPER, ScopeKind.ACTIVITY, activity.code)
        entries = [make.accepted(tracks[number % 2]) for number in range(4)]
        db.session.flush()
        db.session.expire(activity, ["sessions"])
    return Hall(activity, tracks, activity.sessions[0], second, helper, entries)
