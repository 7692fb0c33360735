"""Finding entries: one's own, those one may review, and how many wait."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from models.account import Account, Role, ScopeKind
from models.activity import Activity, Track
from models.base import db
from models.organisation import Organisation
from models.party import Party
from models.person import Person
from models.registration import LIVE, Batch, Consent, Registration, Source, State, Step
from services import access
from services.access import Principal, Scope
from services.activity.find import within
from services.errors import Missing
from services.text import _, escape_like
from services.waiting import Waiting
from services.words import say_moment

K = TypeVar("K", int, str)

REVIEWERS = frozenset({Role.REVIEWER, Role.ORGANISER})

_WITH_ALL = (
    joinedload(Registration.track).joinedload(Track.activity).joinedload(Activity.organiser),
    joinedload(Registration.person),
    joinedload(Registration.answer),
    joinedload(Registration.organisation),
    selectinload(Registration.steps),
)


def account_of(person_id: int) -> Account | None:
    return accounts_of([person_id]).get(person_id)


def accounts_of(person_ids: Iterable[int]) -> dict[int, Account]:
    """The accounts of several people, by person, in few statements."""
    return {
        row.person_id: row
        for some in _in_parts(person_ids)
        for row in db.session.scalars(
            sa.select(Account).where(Account.person_id.in_(some), Account.disabled_at.is_(None))
        )
        if row.person_id is not None
    }


def people_of(person_ids: Iterable[int]) -> dict[int, Person]:
    """Several people with their documents, by key, in few statements."""
    return {
        row.id: row
        for some in _in_parts(person_ids)
        for row in db.session.scalars(
            sa.select(Person).where(Person.id.in_(some)).options(selectinload(Person.documents))
        )
    }


def live_claims(claims: Iterable[str]) -> set[str]:
    """Those of some claims that stand already."""
    return {
        claim
        for some in _in_parts(claims)
        for claim in db.session.scalars(sa.select(Registration.claim).where(Registration.claim.in_(some)))
        if claim is not None
    }


AT_ONCE = 500
"""Keys a statement."""


def _in_parts(keys: Iterable[K]) -> Iterator[list[K]]:
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), AT_ONCE):
        yield wanted[start : start + AT_ONCE]


def find_live(activity_id: int, person_id: int, track_id: int | None = None) -> Registration | None:
    """The entry of a person that stands for an activity. Where people may enter several of its tracks: that for the
    track, or without a track the first.
    """
    claim = f"{activity_id}:{person_id}"
    several = (
        Registration.claim.startswith(f"{claim}:")
        if track_id is None
        else Registration.claim == f"{claim}:{track_id}"
    )
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.person_id == person_id, sa.or_(Registration.claim == claim, several))
        .order_by(Registration.id)
        .limit(1)
    ).one_or_none()


def live_of(activity_id: int, person_id: int) -> Sequence[Registration]:
    """All entries of a person that stand for an activity."""
    return db.session.scalars(
        sa.select(Registration)
        .where(
            Registration.person_id == person_id,
            Registration.activity_id == activity_id,
            Registration.claim.is_not(None),
        )
        .order_by(Registration.id)
    ).all()


def of_person(person_id: int | None) -> Sequence[Registration]:
    """Everything a person entered, what comes next first."""
    if person_id is None:
        return []
    return db.session.scalars(
        sa.select(Registration)
        .join(Registration.activity)
        .where(Registration.person_id == person_id)
        .options(*_WITH_ALL)
        .order_by(
            sa.case((Registration.state.in_(LIVE), 0), else_=1),
            Activity.starts_at.desc(),
            Registration.id.desc(),
        )
        .limit(200)
    ).all()


def get_own(principal: Principal, code: str) -> Registration:
    """One's own entry. Raises `Missing` for another's."""
    row = _find(code)
    if row is None or principal.person_id is None or row.person_id != principal.person_id:
        raise Missing
    return row


def get_review(principal: Principal, code: str) -> Registration:
    """An entry one may review. Raises `Missing` where the right is lacking."""
    row = _find(code)
    if row is None:
        raise Missing
    access.require(principal, REVIEWERS, scopes_of(row))
    return row


def scopes_of(row: Registration) -> tuple[Scope, ...]:
    """Where a right to review an entry may come from: its activity, its track, the unit that entered it."""
    unit = ((ScopeKind.UNIT, row.organisation.code),) if row.organisation is not None else ()
    return (*row.activity.scopes, (ScopeKind.TRACK, row.track.code), *unit)


def _find(code: str) -> Registration | None:
    return db.session.scalars(
        sa.select(Registration).where(Registration.code == code).options(*_WITH_ALL)
    ).one_or_none()


def party_scopes_of(party: Party) -> tuple[Scope, ...]:
    """Where a right to review all of a party may come from."""
    unit = ((ScopeKind.UNIT, party.organisation.code),) if party.organisation is not None else ()
    return (*party.activity.scopes, (ScopeKind.TRACK, party.track.code), *unit)


def in_reach(
    principal: Principal, of: type[Registration] | type[Party] = Registration
) -> sa.ColumnElement[bool]:
    """The condition on entries, or on parties, joined with their activity: which a principal may review."""
    if principal.is_district_wide(REVIEWERS):
        return sa.true()
    tracks = principal.scope_codes(REVIEWERS, ScopeKind.TRACK)
    units = principal.scope_codes(REVIEWERS, ScopeKind.UNIT)
    return sa.or_(
        within(principal, REVIEWERS),
        of.track_id.in_(sa.select(Track.id).where(Track.code.in_(tracks))),
        of.organisation_id.in_(_units(units)),
    )


def _units(codes: Iterable[str]) -> sa.Select[int]:
    return sa.select(Organisation.id).where(Organisation.code.in_(set(codes)))


@dataclass(frozen=True)
class Wanted:
    """How a queue is narrowed; empty means all."""

    activity: str = ""
    track: str = ""
    unit: str = ""
    state: State | None = State.SUBMITTED
    source: Source | None = None
    consent: Consent | None = None
    is_mended: bool = False
    """Only those that came back after they were sent back."""
    text: str = ""


@dataclass(frozen=True)
class Queue:
    rows: Sequence[Registration]
    total: int
    page: int
    pages: int


PAGE = 30


def queue(principal: Principal, wanted: Wanted | None = None, *, page: int = 1) -> Queue:
    """Entries one may review, the oldest first."""
    found = (
        sa.select(Registration)
        .join(Registration.activity)
        .join(Registration.person)
        .where(in_reach(principal), *_conditions(wanted or Wanted()))
    )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        found.options(*_WITH_ALL)
        .order_by(Registration.made_at, Registration.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return Queue(rows, total, page, pages)


def _conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.activity:
        yield Activity.code == wanted.activity
    if wanted.track:
        yield Registration.track_id.in_(sa.select(Track.id).where(Track.code == wanted.track))
    if wanted.unit:
        yield Registration.organisation_id.in_(_units([wanted.unit]))
    if wanted.state:
        yield Registration.state == wanted.state
    if wanted.source:
        yield Registration.batch_id.in_(sa.select(Batch.id).where(Batch.source == wanted.source))
    if wanted.consent:
        yield Registration.consent == wanted.consent
    if wanted.is_mended:
        returned = sa.select(Step.registration_id).where(Step.state == State.RETURNED)
        yield Registration.id.in_(returned)
        yield Registration.state == State.SUBMITTED
    if wanted.text:
        yield Person.name.like(f"%{escape_like(wanted.text)}%", escape="\\")


def standing_by(row: Registration) -> Sequence[Registration]:
    """替补 who may take an entry's place: of the same party, else of the same unit, on the same track."""
    wanted = sa.select(Registration).where(
        Registration.track_id == row.track_id, Registration.state == State.STANDBY
    )
    if row.party_id is not None:
        wanted = wanted.where(Registration.party_id == row.party_id)
    else:
        wanted = wanted.where(Registration.organisation_id == row.organisation_id)
    return db.session.scalars(wanted.order_by(Registration.rank, Registration.id).limit(30)).all()


MOST_UNITS = 200


def tracks_in_reach(principal: Principal, activity: str) -> Sequence[Track]:
    """The tracks of an activity in which one may review something."""
    return db.session.scalars(
        sa.select(Track)
        .join(Registration, Registration.track_id == Track.id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(in_reach(principal), Activity.code == activity)
        .group_by(Track.id)
        .order_by(Track.position, Track.id)
    ).all()


def units_in_reach(principal: Principal, activity: str = "") -> Sequence[Organisation]:
    """The units that entered what one may review."""
    wanted = (
        sa.select(Organisation)
        .join(Registration, Registration.organisation_id == Organisation.id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(in_reach(principal))
    )
    if activity:
        wanted = wanted.where(Activity.code == activity)
    return db.session.scalars(
        wanted.group_by(Organisation.id).order_by(Organisation.name).limit(MOST_UNITS)
    ).all()


@dataclass(frozen=True)
class Queued:
    """How many entries of an activity wait for review."""

    activity: Activity
    count: int
    since: dt.datetime


def waiting_counts(principal: Principal) -> list[Queued]:
    """How many entries wait for review, by activity, the most first: what the desk shows."""
    rows = db.session.execute(
        sa.select(Activity, sa.func.count(Registration.id), sa.func.min(Registration.made_at))
        .join(Registration, Registration.activity_id == Activity.id)
        .where(in_reach(principal), Registration.state == State.SUBMITTED)
        .group_by(Activity.id)
        .order_by(sa.func.count(Registration.id).desc())
    ).all()
    return [Queued(activity, count, since) for activity, count, since in rows]


def to_review(principal: Principal, *, now: dt.datetime) -> list[Waiting]:
    """报名待审核: the desk's row, with the contests and how long the oldest has waited."""
    queued = waiting_counts(principal) if principal.may(REVIEWERS) else []
    if not queued:
        return []
    which = " · ".join(f"{each.activity.title} {each.count}" for each in queued[:3])
    days = (now - min(each.since for each in queued)).days
    return [
        Waiting(
            sum(each.count for each in queued),
            _("报名待审核"),
            _("%(which)s · 最早一份已等 %(days)s 天", which=which, days=days) if days else which,
            "registration.queue",
            _("审核"),
            is_urgent=True,
        )
    ]


def to_mend(person_id: int | None) -> list[Waiting]:
    """What waits for a contestant: entries to mend, offers to take."""
    rows = [row for row in of_person(person_id) if row.state in (State.RETURNED, State.OFFERED)]
    whats = {
        State.RETURNED: (_("报名待补正"), "registration.edit", _("更正")),
        State.OFFERED: (_("候补名额待确认"), "registration.show", _("确认")),
    }
    return [
        Waiting(
            1,
            whats[row.state][0],
            _("%(activity)s · %(due)s 前", activity=row.track.full_name, due=say_moment(row.due_at))
            if row.due_at
            else row.track.full_name,
            whats[row.state][1],
            whats[row.state][2],
            {"code": row.code},
            is_urgent=True,
        )
        for row in rows
    ]
