"""Scenes of the day and after it: check-ins, what everybody reached, its confirmation, certificates."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.demo import luck
from app.demo.event import Amended, Asked, CheckedIn, Concluded, Issued, Recorded, SentBack, Signed, Undone
from app.demo.programme import Planned
from app.demo.stage import Stage, stamp_by
from models.account import Account, Role
from models.activity import Activity, Kind, Level, Session, Track
from models.attendance import Attendance, Way
from models.base import db
from models.certificate import Certificate, Wish
from models.certificate import State as Paper
from models.outcome import Award, Line, Sheet, Verdict
from models.pipeline import ReserveEntry
from models.pipeline import State as Reserved
from models.registration import Registration, State
from services import attendance as attendances
from services import certificate as certificates
from services import outcome as outcomes
from services.outcome import Entry, ranking
from services.stamp import Stamp

MENDS = "请核对第 1 名学员的学时后重新提交"


def check_in(stage: Stage, event: CheckedIn) -> None:
    planned, session = _at(stage, event.activity, event.sitting)
    rows = [
        row
        for row in _expected(stage, event.activity, session)
        if luck.comes(planned.key, number := stage.number(row))
        and luck.is_in(event.share, f"{planned.key} {event.sitting}", number)
    ]
    by = _at_door(stage, planned)
    way = Way.CAMERA if event.share[0] == 0 else Way.LIST
    attendances.check_in_all(rows, session, way=way, by=by, stamp=stamp_by(by, event.at))


def undo(stage: Stage, event: Undone) -> None:
    planned, session = _at(stage, event.activity, event.sitting)
    row = db.session.scalars(
        sa.select(Attendance).where(Attendance.session_id == session.id).order_by(Attendance.id)
    ).first()
    if row is not None:
        by = _at_door(stage, planned)
        attendances.undo(row, "同名误扫，已请本人重新签到", by=by, stamp=stamp_by(by, event.at))


def _at(stage: Stage, key: str, number: int) -> tuple[Planned, Session]:
    code = stage.session_codes[key, number]
    return stage.programme[key], next(row for row in stage.activity(key).sessions if row.code == code)


def _expected(stage: Stage, key: str, session: Session) -> Sequence[Registration]:
    wanted = sa.select(Registration).where(
        Registration.activity_id == stage.activity_ids[key], Registration.state == State.ACCEPTED
    )
    if session.track_id is not None:
        wanted = wanted.where(Registration.track_id == session.track_id)
    return db.session.scalars(wanted.order_by(Registration.id)).all()


def _at_door(stage: Stage, planned: Planned) -> Account:
    return stage.at_activity(planned.key, Role.CHECKIN_HELPER) or stage.actor(
        planned.organiser, Role.ORGANISER
    )


def record(stage: Stage, event: Recorded) -> None:
    """Everybody of every track, as those at the door saw them."""
    planned, activity = stage.programme[event.activity], stage.activity(event.activity)
    by = _pair(stage, planned)[0]
    stamp, present = stamp_by(by, event.at), attendances.present_codes(activity)
    for track in activity.tracks:
        people = outcomes.people_of(track)
        if not people:
            continue
        sheet = outcomes.sheet_of(track, stamp=stamp)
        numbers = {row.code: stage.number(row) for row in people}
        outcomes.enter(sheet, reached(planned, track, numbers, present), by=by, stamp=stamp)
        outcomes.submit(sheet, by=by, stamp=stamp)


def reached(planned: Planned, track: Track, numbers: dict[str, int], present: set[str]) -> dict[str, Entry]:
    if planned.kind is Kind.COMPETITION:
        shares = (*ranking.SHARES, planned.merits) if planned.merits else ranking.SHARES
        proposes = planned.level is not Level.UNIT and "学生" not in track.name
        return luck.of_contest(planned.key, numbers, present, shares, proposes=proposes)
    if planned.kind is Kind.ASSESSMENT:
        return luck.of_assessment(planned.key, numbers, present)
    hours = 4 * len(planned.sittings) if planned.kind is Kind.TRAINING_CLASS else None
    return luck.of_class(planned.key, numbers, present, hours)


def _pair(stage: Stage, planned: Planned) -> tuple[Account, Account]:
    """Who enters a sheet, and who confirms it."""
    first, second = stage.actors_of(planned.organiser, Role.ORGANISER)[:2]
    return (second, first) if planned.by_second else (first, second)


def _sheets(activity: Activity) -> list[Sheet]:
    return [sheet for _key, sheet in sorted(outcomes.sheets_of(activity).items())]


def send_back(stage: Stage, event: SentBack) -> None:
    by = _pair(stage, stage.programme[event.activity])[1]
    for sheet in _sheets(stage.activity(event.activity)):
        outcomes.send_back(sheet, MENDS, by=by, stamp=stamp_by(by, event.at))


def conclude(stage: Stage, event: Concluded) -> None:
    by = _pair(stage, stage.programme[event.activity])[1]
    for sheet in _sheets(stage.activity(event.activity)):
        outcomes.confirm(sheet, by=by, stamp=stamp_by(by, event.at))


def amend(stage: Stage, event: Amended) -> None:
    """Somebody in reserve was not entitled to take part after all."""
    in_reserve = sa.exists().where(
        ReserveEntry.person_id == Registration.person_id,
        ReserveEntry.state == Reserved.CONFIRMED,
        ReserveEntry.basis.has(registration_id=Registration.id),
    )
    line = db.session.scalars(
        sa.select(Line)
        .join(Line.sheet)
        .join(Line.registration)
        .where(
            Sheet.activity_id == stage.activity_ids[event.activity],
            Line.award == Award.THIRD_PRIZE,
            in_reserve,
        )
        .order_by(Line.id)
    ).first()
    if line is None:
        return
    asker, decider = _pair(stage, stage.programme[event.activity])
    asked = outcomes.ask_correction(
        line, Entry(Verdict.DISQUALIFIED), "经复核不符合参赛条件", by=asker, stamp=stamp_by(asker, event.at)
    )
    outcomes.decide_correction(asked, True, "情况属实", by=decider, stamp=stamp_by(decider, event.at))


# --- certificates ---------------------------------------------------------------------------------


def issue(stage: Stage, event: Issued) -> None:
    by = stage.actor(stage.programme[event.activity].organiser, Role.CERTIFICATE_OFFICER)
    orders = [order for sheet in _sheets(stage.activity(event.activity)) for order in outcomes.orders(sheet)]
    if orders:
        certificates.issue(orders, by=by, stamp=stamp_by(by, event.at))


def sign(event: Signed) -> None:
    """Outside any transaction: it makes its own."""
    certificates.sign_due(stamp=Stamp(event.at, "job:certificate.sign"))


def ask_changes(stage: Stage, event: Asked) -> None:
    """One with a wrong character is reissued, one is revoked, and one waits for the officer."""
    asker, officer = stage.actors_of("base", Role.ORGANISER)[0], stage.actor("base", Role.CERTIFICATE_OFFICER)
    heroes = [stage.person_ids[actor.human.number] for actor in stage.actors]
    rows: Sequence[Certificate] = db.session.scalars(
        sa.select(Certificate)
        .join(Certificate.activity)
        .where(
            Certificate.state == Paper.ISSUED,
            Certificate.person_id.not_in(heroes),
            Activity.organiser_id == stage.unit_ids["base"],
        )
        .order_by(Certificate.id.desc())
        .limit(12)
    ).all()
    wishes = (
        (Wish.REISSUE, "持证人姓名用字更正后换发", True),
        (Wish.REVOKE, "重复签发，按规定撤销", True),
        (Wish.REISSUE, "持证人反映单位名称有误，申请换发", False),
    )
    for row, (wish, reason, decided) in zip(rows[::4], wishes, strict=False):
        change = certificates.ask_change(row, wish, reason, by=asker, stamp=stamp_by(asker, event.at))
        if decided:
            certificates.decide_change(change, True, by=officer, stamp=stamp_by(officer, event.at))
