"""Scenes of registration: handing in, reviewing, mending, withdrawing, taking an offer; and people who only look."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.demo import luck, setting
from app.demo.entries import Entering, Fate, Handing
from app.demo.programme import Life, Planned
from app.demo.stage import Stage, stamp_by
from app.demo.story import Answered, Handed, Mended, Met, ReadAll, Reviewed, Swept, Withdrew
from models.account import Account, Role
from models.activity import Track
from models.base import db
from models.person import Person
from models.registration import Registration, Source, State
from services import notification as notifications
from services import registration as registrations
from services.registration import Candidate, Entry
from services.registration.waiting import OFFER
from services.stamp import Stamp

UNCONFIRMED = 0.06
"""Of those whom a unit entered where registration is open, so many have not confirmed it."""


def hand_in(stage: Stage, event: Handed) -> None:
    handing = event.handing
    assert handing is not None
    planned = stage.programme[event.activity]
    unit = next((u for u in stage.world.units if u.name == handing.unit), None)
    stage.meet((line.human for line in handing.lines), Stamp(event.at, setting.BY_ITSELF))
    candidates = []
    for line in handing.lines:
        person = stage.person(line.human, Stamp(event.at, setting.BY_ITSELF))
        track = db.session.get_one(Track, stage.track_ids[event.activity, line.path.name])
        stage.lines[track.activity_id, person.id] = line
        candidates.append(
            Candidate(track, person, _entry(line), has_agreed=not _is_asked(planned, handing, line))
        )
    source = handing.source if unit or handing.source is Source.SELF else Source.ON_BEHALF
    if source is Source.SELF:
        by = stage.account(handing.lines[0].human)
    elif unit is not None:
        by = stage.actor(unit.key, Role.UNIT_MANAGER)
    else:
        by = stage.actor(planned.organiser, Role.ORGANISER)
    stage.unread.add(event.activity)
    registrations.register_batch(
        candidates,
        by=by,
        source=source,
        organisation=stage.unit(unit.key) if unit else None,
        stamp=stamp_by(by, event.at),
    )


def _is_asked(planned: Planned, handing: Handing, line: Entering) -> bool:
    """Who was entered by a unit and has not said yes; the others agreed on paper, before the unit sent its list."""
    share = UNCONFIRMED if handing.source is Source.UNIT and planned.life is Life.OPEN else 0
    return luck.draw(planned.key, line.human.number, "agrees") < share


def review(stage: Stage, event: Reviewed) -> None:
    if event.activity not in stage.unread and not event.is_last:
        return
    stage.unread.discard(event.activity)
    by = stage.actor(stage.programme[event.activity].organiser, Role.REVIEWER, Role.ORGANISER)
    stamp = stamp_by(by, event.at)
    good = [
        row
        for row in registrations_of(stage, event.activity, State.SUBMITTED)
        if not row.is_unconfirmed and not _is_decided(stage, event, row, by, stamp)
    ]
    if good:
        registrations.accept_all(good, by=by, stamp=stamp)


def _is_decided(stage: Stage, event: Reviewed, row: Registration, by: Account, stamp: Stamp) -> bool:
    """Decide by its fate on an entry that is not simply accepted."""
    line = stage.lines[row.activity_id, row.person_id]
    asked = {"post": "请写明具体岗位"} if stage.programme[event.activity].life is Life.OPEN else None
    match line.fate:
        case Fate.REJECTED:
            registrations.reject(row, line.note, by=by, stamp=stamp)
        case Fate.LAPSED:
            registrations.send_back(row, line.note, by=by, stamp=stamp)
        case Fate.MENDED if row.id not in stage.mended:
            stage.unmended.add(event.activity)
            registrations.send_back(row, line.note, asked=asked, by=by, stamp=stamp)
        case Fate.RETURNED:
            if event.is_last:
                registrations.send_back(row, line.note, asked=asked, by=by, stamp=stamp)
        case _:
            return False
    if row.due_at is not None:
        stage.deadlines.append(row.due_at)
    return True


def mend(stage: Stage, event: Mended) -> None:
    if event.activity not in stage.unmended:
        return
    stage.unmended.discard(event.activity)
    stage.unread.add(event.activity)
    for row in registrations_of(stage, event.activity, State.RETURNED):
        line = stage.lines[row.activity_id, row.person_id]
        if line.fate is Fate.MENDED:
            stage.mended.add(row.id)
            at = min(event.at, row.due_at or event.at)  # the latest moment at which it still counts
            entry = _entry(line)
            mended = replace(entry, post=f"{entry.post or '在校学生'}（一线）")
            registrations.amend(row, mended, stamp=stage.stamp_of(line.human, at))


def withdraw(stage: Stage, event: Withdrew) -> None:
    row, line = _withdrawing(stage, event)
    if row is not None and line is not None:
        registrations.withdraw(row, stamp=stage.stamp_of(line.human, event.at), note=event.note or line.note)
        stage.deadlines.append(event.at + OFFER)


def _withdrawing(stage: Stage, event: Withdrew) -> tuple[Registration | None, Entering | None]:
    """The entry that is withdrawn: of the person named, or of the one in a track who was meant to; if it stands."""
    activity_id = stage.activity_ids[event.activity]
    if event.human is not None:
        person_id = stage.person_ids[event.human.number]
    else:
        person_id = next(
            person_id
            for (where, person_id), line in stage.lines.items()
            if where == activity_id and line.fate is Fate.WITHDRAWN and line.path.name == event.path
        )
    return registrations.find_live(activity_id, person_id), stage.lines.get((activity_id, person_id))


def answer(stage: Stage, event: Answered) -> None:
    stage.unread.add(event.activity)
    for row in registrations_of(stage, event.activity, State.OFFERED):
        line = stage.lines[row.activity_id, row.person_id]
        registrations.accept_offer(row, stamp=stage.stamp_of(line.human, event.at))


def registrations_of(stage: Stage, key: str, *states: State) -> Sequence[Registration]:
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.activity_id == stage.activity_ids[key], Registration.state.in_(states))
        .options(
            joinedload(Registration.person).selectinload(Person.documents),
            joinedload(Registration.track),
            joinedload(Registration.activity),
            selectinload(Registration.answer),
        )
        .order_by(Registration.id)
    ).all()


def meet(stage: Stage, event: Met) -> None:
    stage.meet(event.humans, Stamp(event.at, setting.BY_ITSELF))


def read_all(stage: Stage, event: ReadAll) -> None:
    for account_id in stage.account_ids.values():
        account = db.session.get_one(Account, account_id)
        notifications.read_all(account.id, stamp=stamp_by(account, event.at))


def sweep(stage: Stage, event: Swept) -> None:
    """The job runs every few minutes; here where it may find something."""
    if not any(at <= event.at for at in stage.deadlines):
        return
    stage.deadlines = [at for at in stage.deadlines if at > event.at]
    if registrations.expire_due(stamp=Stamp(event.at, "job:registration.expire")):
        stage.deadlines.append(event.at + OFFER)


def _entry(line: Entering) -> Entry:
    return Entry(
        category=line.category,
        workplace=line.workplace,
        post=line.post,
        years_at_work=line.years,
        skill_level=line.human.skill_level,
    )
