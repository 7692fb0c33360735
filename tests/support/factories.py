"""Rows for tests, as plain as may be: what a test does not say is believable. Histories are made by the verbs."""

import datetime as dt
import itertools
import random

from models.account import Account, Grant, Role, ScopeKind
from models.activity import Activity, Kind, Session, State, Track
from models.base import db
from models.organisation import Organisation, Type
from models.person import Category, Document, DocumentType, Person, Sex
from models.registration import Answer, Batch, Registration, Source, Step
from models.registration import State as Entry
from models.vault import blind_index
from services.person import documents
from services.stamp import Stamp, clock

_numbers = itertools.count(1)
_random = random.Random(20261123)


def now() -> dt.datetime:
    return clock.now()


def stamp(by: Account | None = None, when: dt.datetime | None = None) -> Stamp:
    return Stamp(when or now(), by.code if by else "test", by.id if by else None, "127.0.0.1")


def phone(number: int, row: int) -> str:
    """One that nobody has: those of people (0) and of accounts (1) never meet, however many are made."""
    return f"19900{number // 10_000 % 50 * 2 + row:02}{number % 10_000:04}"


def organisation(name: str | None = None, kind: Type = Type.ENTERPRISE, **more: object) -> Organisation:
    row = Organisation(name=name or f"示例单位{next(_numbers)}", type=kind, created_at=now(), **more)
    db.session.add(row)
    db.session.flush()
    return row


def person(name: str | None = None, birth_date: dt.date | None = None, *, documented: bool = True) -> Person:
    number = next(_numbers)
    birth_date = birth_date or dt.date(1975, 1, 1) + dt.timedelta(days=number % 9000)
    row = Person(
        name=name or f"示例{number}",
        sex=Sex.MALE,
        birth_date=birth_date,
        category=Category.ENTERPRISE_EMPLOYEE,
        created_at=now(),
        phone=phone(number, 0),
        phone_index=blind_index("phone", phone(number, 0)),
    )
    db.session.add(row)
    db.session.flush()
    if documented:
        document(row, birth_date)
    return row


def document(of: Person, birth_date: dt.date) -> Document:
    number = documents.demo_number(_random, birth_date, Sex.MALE)
    row = Document(
        person_id=of.id,
        type=DocumentType.RESIDENT_ID,
        number=number,
        number_index=blind_index("document.resident_id", number),
    )
    db.session.add(row)
    db.session.flush()
    return row


def account(of: Person | None = None, name: str = "", **more: object) -> Account:
    number = next(_numbers)
    own = phone(number, 1)
    row = Account(
        display_name=name or (of.name if of else f"账号{number}"),
        person_id=of.id if of else None,
        phone=own,
        phone_index=blind_index("phone", own),
        created_at=now(),
        **more,
    )
    db.session.add(row)
    db.session.flush()
    return row


def grant(
    to: Account, role: Role, kind: ScopeKind = ScopeKind.DISTRICT, code: str | None = None, **more: object
) -> Grant:
    row = Grant(account_id=to.id, role=role, scope_kind=kind, scope_code=code, starts_at=now(), **more)
    db.session.add(row)
    db.session.flush()
    db.session.expire(to, ["grants"])
    return row


def activity(
    title: str | None = None,
    kind: Kind = Kind.LECTURE,
    state: State = State.PUBLISHED,
    organiser: Organisation | None = None,
    starts_in: dt.timedelta = dt.timedelta(days=10),
) -> Activity:
    unit = organiser or organisation()
    start = now() + starts_in
    row = Activity(
        kind=kind,
        title=title or f"示例活动{next(_numbers)}",
        host_id=unit.id,
        organiser_id=unit.id,
        lead_id=unit.id,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=8),
        state=state,
        created_at=now(),
        published_at=now() if state is not State.DRAFT else None,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(
        Session(
            activity_id=row.id, title="第一场", starts_at=row.starts_at, ends_at=row.ends_at, room="2 号车间"
        )
    )
    db.session.flush()
    return row


def track(of: Activity | None = None, capacity: int = 10, **more: object) -> Track:
    parent = of or activity()
    values: dict[str, object] = {
        "name": f"第{next(_numbers)}组",
        "opens_at": now() - dt.timedelta(days=1),
        "closes_at": now() + dt.timedelta(days=5),
        "needs_review": True,
        **more,
    }
    row = Track(activity_id=parent.id, capacity=capacity, **values)
    db.session.add(row)
    db.session.flush()
    db.session.expire(parent, ["tracks"])
    return row


def accepted(of: Track, who: Person | None = None) -> Registration:
    """An entry that has its place and passed its review."""
    row = who or person()
    batch = Batch(source=Source.SELF, size=1, made_at=now())
    db.session.add(batch)
    db.session.flush()
    made = Registration(
        track_id=of.id,
        activity_id=of.activity_id,
        person_id=row.id,
        batch_id=batch.id,
        state=Entry.ACCEPTED,
        claim=f"{of.activity_id}:{row.id}",
        made_at=now(),
    )
    made.answer = Answer(category=row.category.value, workplace="示例精密机械有限公司")
    db.session.add(made)
    of.taken += 1
    db.session.flush()
    db.session.add(Step(registration_id=made.id, state=Entry.ACCEPTED, at=now()))
    db.session.flush()
    return made
