"""Finding sheets and lines, with the right to them; and what waits on them for somebody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from models.account import Account, Role
from models.activity import Activity, Kind, Track
from models.activity import State as ActivityState
from models.base import db, is_code
from models.certificate import Certificate, ChangeRequest, Wish
from models.outcome import Correction, Line, Sheet, State, Verdict
from models.registration import Registration
from models.registration import State as Entered
from services import activity as activities
from services.access import Principal
from services.activity import find
from services.errors import Missing
from services.outcome.shape import SHAPES, has_sheet
from services.stamp import clock

ENTER = activities.RUN
CONFIRM = activities.RUN | {Role.CHIEF_JUDGE, Role.SUPERVISOR}
CERTIFY = frozenset({Role.CERTIFICATE_OFFICER})


def find_sheet(track: Track) -> Sheet | None:
    return db.session.scalar(sa.select(Sheet).where(Sheet.track_id == track.id))


def sheets_of(activity: Activity) -> dict[int, Sheet]:
    """The sheets of an activity, by the key of their track."""
    rows = db.session.scalars(sa.select(Sheet).where(Sheet.activity_id == activity.id))
    return {row.track_id: row for row in rows}


def unfinished(activity: Activity, sheets: Mapping[int, Sheet]) -> list[Track]:
    """Tracks with people whose sheet is not confirmed."""
    if not has_sheet(activity):
        return []
    return [
        track
        for track in activity.tracks
        if track.taken and not (track.id in sheets and sheets[track.id].is_final)
    ]


def get_track(principal: Principal, code: str, track_code: str, *, to_enter: bool = False) -> Track:
    """A track whose sheet they may read, or enter. Raises Missing, also where the activity has no sheets."""
    activity = (
        db.session.scalar(sa.select(Activity).where(Activity.code == code).options(*find.whole()))
        if is_code(code)
        else None
    )
    roles = ENTER if to_enter else CONFIRM
    if activity is None or not principal.may(roles, activity.scopes) or not has_sheet(activity):
        raise Missing
    return activities.get_track(activity, track_code)


def get_line(principal: Principal, code: str) -> Line:
    """A line of a confirmed sheet that they may ask to correct."""
    line = db.session.scalar(sa.select(Line).where(Line.code == code)) if is_code(code) else None
    if line is None or not line.sheet.is_final or not principal.may(ENTER, line.sheet.activity.scopes):
        raise Missing
    return line


def get_correction(principal: Principal, code: str) -> Correction:
    row = db.session.scalar(sa.select(Correction).where(Correction.code == code)) if is_code(code) else None
    if row is None or not principal.may(CONFIRM, row.line.sheet.activity.scopes):
        raise Missing
    return row


def find_final(registration: Registration) -> Line | None:
    """What a person reached with an entry, once it is confirmed."""
    return db.session.scalar(
        sa.select(Line)
        .join(Line.sheet)
        .where(Line.registration_id == registration.id, Sheet.state == State.CONFIRMED)
        .options(contains_eager(Line.sheet))
    )


def finals_of(registrations: Iterable[Registration]) -> dict[int, Line]:
    """What was reached with several entries and is confirmed, by entry, in one statement."""
    keys = [row.id for row in registrations]
    rows = db.session.scalars(
        sa.select(Line)
        .join(Line.sheet)
        .where(Line.registration_id.in_(keys), Sheet.state == State.CONFIRMED)
        .options(contains_eager(Line.sheet))
    )
    return {row.registration_id: row for row in rows}


def people_of(track: Track) -> list[Registration]:
    """The accepted entries of a track, in the order they were made; with all that their rows show."""
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(Registration.track_id == track.id, Registration.state == Entered.ACCEPTED)
            .options(
                joinedload(Registration.person),
                joinedload(Registration.answer),
                joinedload(Registration.organisation),
                joinedload(Registration.track),
                joinedload(Registration.activity),
            )
            .order_by(Registration.id)
        ).all()
    )


def lines_of(sheet: Sheet | None) -> dict[int, Line]:
    """The lines of a sheet by the key of their entry."""
    if sheet is None:
        return {}
    rows = db.session.scalars(sa.select(Line).where(Line.sheet_id == sheet.id).order_by(Line.id))
    return {line.registration_id: line for line in rows}


def whole_lines(sheet: Sheet) -> list[Line]:
    """The lines of a sheet with their people, in one statement."""
    return list(
        db.session.scalars(
            sa.select(Line)
            .where(Line.sheet_id == sheet.id)
            .options(
                joinedload(Line.sheet),
                joinedload(Line.registration).joinedload(Registration.person),
                joinedload(Line.registration).joinedload(Registration.answer),
                joinedload(Line.registration).joinedload(Registration.organisation),
                joinedload(Line.registration).joinedload(Registration.track),
                joinedload(Line.registration)
                .joinedload(Registration.activity)
                .joinedload(Activity.organiser),
            )
            .order_by(Line.rank.is_(None), Line.rank, Line.id)
        ).all()
    )


def open_corrections(sheet: Sheet) -> dict[int, Correction]:
    """Corrections that wait, by the key of their line."""
    rows = db.session.scalars(
        sa.select(Correction)
        .join(Correction.line)
        .where(Line.sheet_id == sheet.id, Correction.decided_at.is_(None))
    )
    return {row.line_id: row for row in rows}


# --- what waits ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToEnter:
    track: Track
    sheet: Sheet | None
    people: int


def to_enter(principal: Principal) -> list[ToEnter]:
    """Tracks of activities that ended, with people and without a sheet that was handed in; the oldest first."""
    if not principal.may(ENTER):
        return []
    people = (
        sa.select(sa.func.count())
        .where(Registration.track_id == Track.id, Registration.state == Entered.ACCEPTED)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Track, Sheet, people)
        .join(Track.activity)
        .outerjoin(Sheet, Sheet.track_id == Track.id)
        .where(
            Activity.kind.in_(list(SHAPES)),
            Activity.state.in_([ActivityState.PUBLISHED, ActivityState.HELD]),
            Activity.ends_at <= clock.now(),
            find.within(principal, ENTER),
            sa.or_(Sheet.id.is_(None), Sheet.state == State.DRAFT),
            people > 0,
        )
        .options(contains_eager(Track.activity))
        .order_by(Activity.ends_at, Track.id)
    ).all()
    return [ToEnter(track, sheet, count) for track, sheet, count in rows]


def to_confirm(principal: Principal) -> Sequence[Sheet]:
    """Sheets that wait for a second person, where that may be them."""
    if not principal.may(CONFIRM):
        return []
    own = _accounts_of(principal)
    return db.session.scalars(
        sa.select(Sheet)
        .join(Sheet.activity)
        .where(
            Sheet.state == State.SUBMITTED,
            find.within(principal, CONFIRM),
            Sheet.entered_by_id.not_in(own),
            Sheet.submitted_by_id.not_in(own),
        )
        .options(contains_eager(Sheet.activity), joinedload(Sheet.track), selectinload(Sheet.lines))
        .order_by(Sheet.submitted_at)
    ).all()


def to_decide(principal: Principal) -> Sequence[Correction]:
    """Corrections that wait, and were asked for by somebody else."""
    if not principal.may(CONFIRM):
        return []
    return db.session.scalars(
        sa.select(Correction)
        .join(Correction.line)
        .join(Line.sheet)
        .join(Sheet.activity)
        .where(
            Correction.decided_at.is_(None),
            find.within(principal, CONFIRM),
            Correction.asked_by_id.not_in(_accounts_of(principal)),
        )
        .options(
            contains_eager(Correction.line).contains_eager(Line.sheet).contains_eager(Sheet.activity),
            contains_eager(Correction.line).joinedload(Line.registration).joinedload(Registration.person),
            joinedload(Correction.asked_by),
        )
        .order_by(Correction.asked_at)
    ).all()


def _accounts_of(principal: Principal) -> sa.Select[int]:
    """Every account of the person, so that two of them are still one."""
    mine = Account.id == principal.account_id
    return sa.select(Account.id).where(
        mine if principal.person_id is None else sa.or_(mine, Account.person_id == principal.person_id)
    )


def deserving() -> sa.ColumnElement[bool]:
    """SQL: a confirmed line that deserves a certificate. Joins Line, Sheet and Activity. A level certificate is an
    assessment body's, and never ours.
    """
    return sa.and_(
        Sheet.state == State.CONFIRMED,
        sa.or_(
            sa.and_(Activity.kind == Kind.COMPETITION, Line.award.is_not(None)),
            sa.and_(Activity.kind == Kind.TRAINING_CLASS, Line.verdict == Verdict.COMPLETED),
        ),
    )


def without_certificate() -> sa.ColumnElement[bool]:
    """SQL: no live certificate speaks of the line, and two persons have not decided since its last correction that
    none shall (R16).
    """
    subject = sa.literal("line:") + Line.code
    corrected = (
        sa.select(sa.func.max(Correction.decided_at))
        .where(Correction.line_id == Line.id, Correction.is_accepted.is_(True))
        .correlate(Line)
        .scalar_subquery()
    )
    revoked = sa.exists().where(
        Certificate.subject == subject,
        ChangeRequest.certificate_id == Certificate.id,
        ChangeRequest.wish == Wish.REVOKE,
        ChangeRequest.is_accepted.is_(True),
        sa.or_(corrected.is_(None), ChangeRequest.decided_at >= corrected),
    )
    return sa.and_(~sa.exists().where(Certificate.claim == subject), ~revoked)


def uncertified(principal: Principal) -> list[tuple[Sheet, int]]:
    """Confirmed sheets with people who deserve a certificate and have none, and how many; the oldest first."""
    if not principal.may(CERTIFY):
        return []
    rows = db.session.execute(
        sa.select(Sheet, sa.func.count(Line.id))
        .join(Line, Line.sheet_id == Sheet.id)
        .join(Activity, Activity.id == Sheet.activity_id)
        .where(find.within(principal, CERTIFY), deserving(), without_certificate())
        .group_by(Sheet.id)
        .options(selectinload(Sheet.activity), selectinload(Sheet.track))
        .order_by(Sheet.confirmed_at)
    ).all()
    return [(sheet, count) for sheet, count in rows]
