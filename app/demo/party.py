"""Scenes of those who enter together: teams, delegations, classes; and of points at the door, stamped paper, twins."""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import sqlalchemy as sa
from PIL import Image, ImageDraw

from app.demo import asking, setting
from app.demo.event import Joined
from app.demo.people import Human
from app.demo.stage import Stage, stamp_by
from models.account import Account, Role
from models.activity import Track
from models.attendance import Attendance, Direction, Way
from models.base import db
from models.party import Party
from models.party import Role as As
from models.person import Person
from models.registration import Consent, Registration, Source, State
from services import account as accounts
from services import attendance as attendances
from services import party as parties
from services import privacy
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services import upload as uploads
from services.party import TeamEntry
from services.person import documents
from services.registration import Entry
from services.stamp import Stamp

OPINION = "同意推荐。所列人员均为本单位在职职工，情况属实。"


def play(stage: Stage, event: Joined) -> None:
    SCENES[event.scene](stage, event)


def _stamp(event: Joined) -> Stamp:
    return Stamp(event.at, setting.BY_ITSELF)


def _track(stage: Stage, event: Joined) -> Track:
    return db.session.get_one(Track, stage.track_ids[event.activity, event.path])


def _party(stage: Stage, event: Joined) -> Party:
    """By its name; that of a unit's list by the unit."""
    track = _track(stage, event)
    rows = db.session.scalars(sa.select(Party).where(Party.track_id == track.id).order_by(Party.id)).all()
    unit = stage.unit_ids.get(event.name)
    return next(
        row for row in rows if row.name == event.name or (unit is not None and row.organisation_id == unit)
    )


def _own(stage: Stage, human: Human, event: Joined) -> tuple[Person, Account]:
    """Somebody with an account of their own."""
    person = stage.person(human, _stamp(event))
    if human.number not in stage.account_ids:
        stage.account_ids[human.number] = setting.open_account(human, person, _stamp(event)).id
        db.session.flush()
    return person, stage.account(human)


def _entry(human: Human) -> Entry:
    return Entry(
        category=human.category,
        workplace=human.workplace,
        post=human.post,
        years_at_work=5,
        skill_level=human.skill_level,
    )


def _reviewer(stage: Stage, event: Joined) -> Account:
    return stage.actor(stage.programme[event.activity].organiser, Role.REVIEWER, Role.ORGANISER)


def _manager(stage: Stage, event: Joined) -> Account:
    return stage.actor(event.name, Role.UNIT_MANAGER)


# --- teams ----------------------------------------------------------------------------------------


def gather(stage: Stage, event: Joined) -> None:
    track, (captain, *others) = _track(stage, event), event.humans
    person, account = _own(stage, captain, event)
    team = TeamEntry(event.name, coach="肖建松", leader=captain.name, leader_phone=captain.phone)
    party = parties.make_team(
        track, person, team, _entry(captain), by=account, stamp=stamp_by(account, event.at)
    )
    for number, human in enumerate(others, start=2):
        person, account = _own(stage, human, event)
        role = As.SUBSTITUTE if number > track.team_most else As.MEMBER
        parties.join(party, person, _entry(human), role, by=account, stamp=stamp_by(account, event.at))


def send_team(stage: Stage, event: Joined) -> None:
    party = _party(stage, event)
    parties.send(party, by=party.owner, stamp=stamp_by(party.owner, event.at))


def accept(stage: Stage, event: Joined) -> None:
    """Who may be accepted by now."""
    by = _reviewer(stage, event)
    rows = [
        row
        for row in parties.entries(_party(stage, event))
        if row.state is State.SUBMITTED and not row.is_unconfirmed
    ]
    registrations.accept_all(rows, by=by, stamp=stamp_by(by, event.at))


# --- units ----------------------------------------------------------------------------------------


def ask(stage: Stage, event: Joined) -> None:
    by = _manager(stage, event)
    parties.ask(
        _track(stage, event), stage.unit(event.name), event.number, f"本单位有 {event.number} 名职工正在备赛。",
        by=by, stamp=stamp_by(by, event.at),
    )  # fmt: skip


def allot(stage: Stage, event: Joined) -> None:
    activity = stage.activity(event.activity)
    by = stage.actor(stage.programme[event.activity].organiser, Role.ORGANISER)
    decisions = {
        row.code: parties.Decision((row.asked or 1) - 1, "按报名单位均衡分配")
        for row in parties.requests(activity)
    }
    parties.allot(activity, decisions, by=by, stamp=stamp_by(by, event.at))


def name(stage: Stage, event: Joined) -> None:
    by, party = _manager(stage, event), _party(stage, event)
    for human in event.humans:
        person = stage.person(human, _stamp(event))
        entry = replace(_entry(human), workplace=stage.unit(event.name).name)
        parties.add(party, person, entry, by=by, stamp=stamp_by(by, event.at))


def lock(stage: Stage, event: Joined) -> None:
    by = _manager(stage, event)
    parties.send(_party(stage, event), OPINION, by=by, stamp=stamp_by(by, event.at))


def agree(stage: Stage, event: Joined) -> None:
    """Most say yes, the last of each unit has not answered yet; one of the vehicle makers objects."""
    rows = [row for row in parties.entries(_party(stage, event)) if row.consent is Consent.ASKED]
    for number, row in enumerate(rows[:-1]):
        if event.name == "vehicles" and number == 1:
            registrations.object(row, "当日已安排出差，未同意参赛", stamp=_stamp(event))
        else:
            registrations.confirm(row, stamp=_stamp(event))


def substitute(stage: Stage, event: Joined) -> None:
    by, party = _manager(stage, event), _party(stage, event)
    rows = parties.entries(party, live=True)
    out = [row for row in rows if row.state is State.SUBMITTED][1]
    comes = next(row for row in rows if row.state is State.STANDBY)
    parties.replace(party, out, comes, by=by, note="原选手受伤，由替补顶上", stamp=stamp_by(by, event.at))


# --- classes --------------------------------------------------------------------------------------


def enter_class(stage: Stage, event: Joined) -> None:
    by, unit = _manager(stage, event), stage.unit(event.name)
    party = parties.make_list(
        _track(stage, event), unit, f"{unit.label}整班", by=by, stamp=stamp_by(by, event.at)
    )
    stage.meet(event.humans, _stamp(event))
    name(stage, event)
    parties.send(party, OPINION, by=by, stamp=stamp_by(by, event.at))
    for row in parties.entries(party)[:-2]:
        registrations.confirm(row, stamp=_stamp(event))


def alone(stage: Stage, event: Joined) -> None:
    """Somebody who fits where a class does not: the class is passed over, and its history says so."""
    human = event.humans[0]
    person, account = _own(stage, human, event)
    registrations.register(
        _track(stage, event),
        person,
        _entry(human),
        by=account,
        source=Source.SELF,
        stamp=stamp_by(account, event.at),
    )


# --- doors, paper, twins --------------------------------------------------------------------------


def points(stage: Stage, event: Joined) -> None:
    """Two points, and a badge for one of them, for tomorrow."""
    activity = stage.activity(event.activity)
    by = stage.actor(stage.programme[event.activity].organiser, Role.ORGANISER)
    stamp = stamp_by(by, event.at)
    attendances.points.add(activity, "实训楼一楼大厅", stamp=stamp)
    point = attendances.points.add(activity, "二号车间入口", stamp=stamp)
    day = (event.at + (stage.programme[event.activity].ends_at - event.at)).date()
    accounts.badges.issue(
        activity.code, Role.CHECKIN_HELPER, "二号车间志愿者", drawn=accounts.badges.draw(),
        day=max(day, stamp.today), stamp=stamp, door_code=point.code,
    )  # fmt: skip


def leave(stage: Stage, event: Joined) -> None:
    """Who was checked in at the last sitting that is over leaves it at its end."""
    activity = stage.activity(event.activity)
    over = [row for row in activity.sessions if row.ends_at < event.at]
    if not over:
        return
    session = over[-1]
    by = stage.actor(stage.programme[event.activity].organiser, Role.ORGANISER)
    found = db.session.scalars(
        sa.select(Attendance).where(Attendance.session_id == session.id).order_by(Attendance.id)
    ).all()
    for number, row in enumerate(found[:-3]):
        how = attendances.How(Way.CAMERA, Direction.OUT)
        left = stamp_by(by, session.ends_at)
        if number % 7 == 6:
            left = stamp_by(by, session.ends_at.replace(minute=0))
        attendances.note(row.registration, session, how=how, by=by, stamp=left)


def stamped(stage: Stage, event: Joined) -> None:
    """Three entries come back on paper with a stamp; one is accepted."""
    rows = _unread(stage, event)[:3]
    reviewer = _reviewer(stage, event)
    for number, row in enumerate(rows):
        unit = row.organisation
        key = next((key for key, id in stage.unit_ids.items() if id == row.organisation_id), None)
        if unit is None or key is None:
            continue
        by = stage.actor(key, Role.UNIT_MANAGER)
        page = uploads.check(_paper(row.person.name), "盖章报名表.png")
        (copy,) = stamped_copies.receive(
            row, [page], stamped_by=unit.label, by=by, stamp=stamp_by(by, event.at)
        )
        db.session.flush()
        if number == 0:
            stamped_copies.decide(copy, True, by=reviewer, stamp=stamp_by(reviewer, event.at))


def _unread(stage: Stage, event: Joined) -> Sequence[Registration]:
    return db.session.scalars(
        sa.select(Registration)
        .where(
            Registration.activity_id == stage.activity_ids[event.activity],
            Registration.consent == Consent.ASKED,
            Registration.state == State.SUBMITTED,
        )
        .order_by(Registration.id)
    ).all()


def _paper(who: str) -> bytes:
    """A drawn page: lines, and a red square where a stamp would be that is nobody's."""
    picture = Image.new("L", (420, 594), 250)
    pen = ImageDraw.Draw(picture)
    for line in range(12):
        pen.rectangle((40, 90 + 34 * line, 380, 92 + 34 * line), fill=120)
    pen.rectangle((260, 460, 350, 550), outline=90, width=4)
    picture.putpixel((0, 0), len(who))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def twins(stage: Stage, event: Joined) -> None:
    """Three people each entered a second time with another number: two pairs are left to look at, one is merged."""
    rng = random.Random(f"twins {event.at}")  # noqa: S311  made-up people, not secrets
    by = stage.actor("hrss", Role.SECURITY_ADMIN)
    stage.meet(event.humans, _stamp(event))
    for turn, human in enumerate(event.humans):
        again = replace(human, document=documents.demo_number(rng, human.birth_date, human.sex))
        old = setting.enter(again, _stamp(event))
        db.session.flush()
        if turn == 0:
            new = stage.person(human, _stamp(event))
            privacy.merge(old, new, "本人到场核对，证件号码登记有误", stamp=stamp_by(by, event.at))


SCENES: dict[str, Callable[[Stage, Joined], None]] = {
    "gather": gather, "send_team": send_team, "accept": accept, "ask": ask, "allot": allot, "name": name,
    "lock": lock, "agree": agree, "substitute": substitute, "enter_class": enter_class, "alone": alone,
    "points": points, "leave": leave, "stamped": stamped, "twins": twins,
    "settle": asking.settle, "answer": asking.answer, "waive": asking.waive,
}  # fmt: skip
