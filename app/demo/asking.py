"""Scenes of a contest with rules, places beside those of its track, and a form with fields of its own."""

import datetime as dt
from typing import Any

from app.demo import setting
from app.demo.event import Joined
from app.demo.stage import Stage, stamp_by
from models.account import Account, Role
from models.activity import Track
from models.base import db
from models.person import Category
from models.registration import Source
from services import questionnaire as questionnaires
from services import quota as quotas
from services import registration as registrations
from services.questionnaire import Condition, Field, Kind, Option
from services.registration import Entry
from services.stamp import Stamp

SHIFT = Field(
    "own_shift001",
    Kind.CHOICE,
    "上机时段",
    "Shift",
    options=(
        Option("morning", "上午", "Morning", 14),
        Option("evening", "晚间", "Evening", 8),
    ),
    purpose="安排工位",
    is_own=True,
)
RIDE = Field(
    "own_ride0001",
    Kind.TEXT,
    "晚间返程方式",
    "Way home in the evening",
    shown_when=Condition(SHIFT.key, ("evening",)),
    purpose="安排晚间接送",
    is_own=True,
)
TOTAL, KEPT = 26, 6


def _organiser(stage: Stage, event: Joined) -> Account:
    return stage.actor(stage.programme[event.activity].organiser, Role.ORGANISER)


def _track(stage: Stage, event: Joined) -> Track:
    return db.session.get_one(Track, stage.track_ids[event.activity, event.path])


def settle(stage: Stage, event: Joined) -> None:
    """Form and places, while it is a draft."""
    activity, by = stage.activity(event.activity), _organiser(stage, event)
    stamp = stamp_by(by, event.at)
    form = questionnaires.of(activity)
    fields = questionnaires.put(questionnaires.put(form.fields, SHIFT), RIDE)
    questionnaires.save(activity, fields, seen=form.mark, by=by, stamp=stamp)
    quotas.set_total(activity, TOTAL, stamp=stamp)
    planned = stage.programme[event.activity]
    released_at = planned.closes_at - dt.timedelta(days=5)
    quotas.keep(
        _track(stage, event), "学生预留", [Category.VOCATIONAL_STUDENT], KEPT, released_at, stamp=stamp
    )


def answer(stage: Stage, event: Joined) -> None:
    """Every third comes in the evening, and says how they get home. Whom a rule keeps out does not enter."""
    track, human = _track(stage, event), event.humans[0]
    person = stage.person(human, Stamp(event.at, setting.BY_ITSELF))
    if human.number not in stage.account_ids:
        stage.account_ids[human.number] = setting.open_account(
            human, person, Stamp(event.at, setting.BY_ITSELF)
        ).id
        db.session.flush()
    account, form = stage.account(human), questionnaires.of(track.activity)
    values: dict[str, Any] = {SHIFT.key: "morning"}
    if event.number % 3 == 2:
        values = {SHIFT.key: "evening", RIDE.key: "自行驾车"}
    entry = Entry(
        category=human.category,
        workplace=human.workplace,
        post=human.post,
        years_at_work=0 if event.number < 0 else 3,
        skill_level=human.skill_level,
        values=values,
        questionnaire_id=form.id,
    )
    stamp = stamp_by(account, event.at)
    if registrations.failures(registrations.judge(track, person, entry, stamp.today)):
        return
    registrations.register(track, person, entry, by=account, source=Source.SELF, stamp=stamp)


def waive(stage: Stage, event: Joined) -> None:
    by = _organiser(stage, event)
    person = stage.person(event.humans[0], Stamp(event.at, setting.BY_ITSELF))
    registrations.waive(
        _track(stage, event),
        person,
        "years",
        "转岗后从事本职业不满一年，此前在同类岗位工作多年，单位已出具证明。",
        by=by,
        stamp=stamp_by(by, event.at),
    )
