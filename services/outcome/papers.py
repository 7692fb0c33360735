"""Certificates for what was reached: which lines deserve one, every word of it, and that it falls when the line says
something else. A level is certified by its assessment body, and never here.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Account
from models.activity import Activity
from models.base import db
from models.certificate import Kind
from models.outcome import Correction, Line, Sheet
from models.person import Category
from models.registration import Registration
from services import certificate as certificates
from services import words
from services.certificate import Order
from services.outcome.facts import plain, unit_of
from services.outcome.finding import deserving, without_certificate
from services.stamp import LOCAL, Stamp
from services.text import speaking

STUDENTS = frozenset({Category.VOCATIONAL_STUDENT.value, Category.PUPIL.value})


def subject(line: Line) -> str:
    return f"line:{line.code}"


def says(line: Line) -> tuple[object, ...]:
    """What of a line stands on its certificate."""
    return (line.verdict, line.award, line.hours)


def fall(line: Line, reason: str, *, stamp: Stamp) -> None:
    """Revoke the live certificate of a line, if it has one."""
    certificates.fall(subject(line), reason, stamp=stamp)


def orders(of: Sheet | Iterable[Line]) -> list[Order]:
    """A certificate for each of these lines that deserves one and has none, the best rank first."""
    wanted = Line.sheet_id == of.id if isinstance(of, Sheet) else Line.id.in_([line.id for line in of])
    lines = db.session.scalars(
        sa.select(Line)
        .join(Line.sheet)
        .join(Activity, Activity.id == Sheet.activity_id)
        .where(wanted, deserving(), without_certificate())
        .options(
            joinedload(Line.sheet).joinedload(Sheet.entered_by),
            joinedload(Line.sheet).joinedload(Sheet.submitted_by),
            joinedload(Line.sheet).joinedload(Sheet.activity).joinedload(Activity.host),
            joinedload(Line.registration).joinedload(Registration.person),
            joinedload(Line.registration).joinedload(Registration.answer),
            joinedload(Line.registration).joinedload(Registration.organisation),
            joinedload(Line.registration).joinedload(Registration.track),
        )
        .order_by(Line.rank.is_(None), Line.rank, Line.id)
    ).all()
    askers = _askers(lines)
    with speaking("zh"):
        return [
            (_award if line.award is not None else _completion)(
                line, _hands(line) | askers.get(line.id, set())
            )
            for line in lines
        ]


def _award(line: Line, not_by: frozenset[int]) -> Order:
    registration, activity = line.registration, line.sheet.activity
    assert line.award is not None
    track = registration.track
    division = track.name.partition(" · ")[2]
    contest = track.contest if track.contest.endswith("赛项") else f"{track.contest}赛项"
    unit = unit_of(registration)
    return Order(
        subject=subject(line),
        kind=Kind.AWARD,
        person=registration.person,
        registration=registration,
        activity=activity,
        issuer=activity.host,
        heading="荣誉证书",
        heading_en="CERTIFICATE OF HONOUR",
        name=registration.person.name,
        after_name=_title(registration) + (f"（{unit}）" if unit else "") + "：",
        body_before=f"在{activity.title}{contest}{f'（{division}）' if division else ''}比赛中，荣获",
        award=str(words.label(line.award)),
        body_after="。",
        closing="特发此证，以资鼓励。",
        contest=track.name,
        not_by=not_by,
    )


def _completion(line: Line, not_by: frozenset[int]) -> Order:
    registration, activity = line.registration, line.sheet.activity
    first, last = (_day(moment.astimezone(LOCAL)) for moment in (activity.starts_at, activity.ends_at))
    when = f"于{first}" if first == last else f"于{first}至{last}"
    hours = f"修完规定课程{plain(line.hours)}学时" if line.hours else "修完规定课程"
    return Order(
        subject=subject(line),
        kind=Kind.COMPLETION,
        person=registration.person,
        registration=registration,
        activity=activity,
        issuer=activity.host,
        heading="结业证书",
        heading_en="CERTIFICATE OF COMPLETION",
        before_name="学员",
        name=registration.person.name,
        body_before=f"{when}参加{activity.title}，{hours}，考核合格，准予结业。",
        contest=registration.track.name,
        not_by=not_by,
    )


def _hands(line: Line) -> frozenset[int]:
    """Who prepared the sheet, and so does not issue."""
    hands = (line.sheet.entered_by, line.sheet.submitted_by)
    return frozenset(hand.person_id for hand in hands if hand is not None and hand.person_id is not None)


def _askers(lines: Sequence[Line]) -> dict[int, set[int]]:
    """Who asked that a line say what it says now: they prepared it too. By the key of the line."""
    found: dict[int, set[int]] = {}
    for start in range(0, len(lines), 500):
        keys = [line.id for line in lines[start : start + 500]]
        rows = db.session.execute(
            sa.select(Correction.line_id, Account.person_id)
            .join(Account, Account.id == Correction.asked_by_id)
            .where(Correction.line_id.in_(keys), Correction.is_accepted.is_(True))
        )
        for key, person_id in rows:
            if person_id is not None:
                found.setdefault(key, set()).add(person_id)
    return found


def _title(registration: Registration) -> str:
    answer = registration.answer
    category = answer.category if answer is not None else registration.person.category.value
    return "同学" if category in STUDENTS else "同志"


def _day(moment: dt.datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"
