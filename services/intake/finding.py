"""Finding lists: those one may see, their rows, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.account import Role, ScopeKind
from models.activity import Activity, Track
from models.base import db, is_code
from models.intake import Intake, IntakeLine, State, Verdict
from models.organisation import Organisation
from models.party import Party
from models.party import State as PartyState
from services import activity as activities
from services.access import Principal
from services.activity import RUN
from services.activity.find import within
from services.errors import Missing
from services.intake import delegating
from services.text import Sentence, _
from services.waiting import Waiting

SENDERS = RUN | {Role.UNIT_MANAGER}
PAGE = 50
OPEN = (State.MAPPING, State.CHECKING, State.CHECKED, State.ENTERING)


def may_have(principal: Principal, intake: Intake) -> bool:
    """A unit's list is the unit's; what the organisers entered for a unit is theirs."""
    unit = intake.organisation
    if intake.true_source:
        return activities.may_run(principal, intake.activity)
    return unit is not None and principal.may([Role.UNIT_MANAGER], [(ScopeKind.ORGANISATION, unit.code)])


def get(principal: Principal, code: str) -> Intake:
    """A list of one's own side. Raises `Missing` for another's."""
    row = (
        db.session.scalars(
            sa.select(Intake)
            .where(Intake.code == code)
            .options(
                joinedload(Intake.activity).selectinload(Activity.tracks), joinedload(Intake.organisation)
            )
        ).one_or_none()
        if is_code(code)
        else None
    )
    if row is None or not may_have(principal, row):
        raise Missing
    return row


def get_line(intake: Intake, code: str) -> IntakeLine:
    """A row of this list and of no other."""
    row = (
        db.session.scalars(
            sa.select(IntakeLine).where(IntakeLine.intake_id == intake.id, IntakeLine.code == code)
        ).one_or_none()
        if is_code(code)
        else None
    )
    if row is None:
        raise Missing
    return row


@dataclass(frozen=True)
class Target:
    """For what a list is sent, and by whom."""

    activity: Activity
    track: Track | None
    organisation: Organisation | None
    """None: the organisers enter it on behalf of a unit."""
    party: Party | None = None

    @property
    def is_on_behalf(self) -> bool:
        return self.organisation is None

    @property
    def is_bound(self) -> bool:
        """Whether the unit has to have a list of its own first, for people to be imported into."""
        return delegating.is_bound(self.track, self.organisation, self.party)


def units_of(principal: Principal) -> Sequence[Organisation]:
    """The units somebody sends lists for."""
    codes = principal.scope_codes([Role.UNIT_MANAGER], ScopeKind.ORGANISATION)
    if not codes:
        return []
    return db.session.scalars(
        sa.select(Organisation).where(Organisation.code.in_(codes)).order_by(Organisation.id)
    ).all()


def target(
    principal: Principal, *, activity: str = "", track: str = "", unit: str = "", party: str = ""
) -> Target:
    """What an address speaks of, with the right to it. A party says all the rest. Raises `Missing`."""
    units = {each.code: each for each in units_of(principal)}
    if party:
        row = _party(party)
        if row is None or row.organisation is None or row.organisation.code not in units:
            raise Missing
        if row.state is not PartyState.GATHERING:
            raise Missing
        return Target(row.activity, row.track, row.organisation, row)
    found = _activity(principal, activity, bool(units))
    chosen = activities.get_track(found, track) if track else None
    if chosen is None and len(found.tracks) == 1:
        chosen = found.tracks[0]
    if unit:
        if unit not in units:
            raise Missing
        return _of_unit(found, chosen, units[unit])
    if activities.may_run(principal, found):
        return Target(found, chosen, None)
    first = next(iter(units.values()))
    return _of_unit(found, chosen, first) if len(units) == 1 else Target(found, chosen, first)


def _of_unit(activity: Activity, track: Track | None, unit: Organisation) -> Target:
    """A unit's list; where its people come by its delegation, into that, if it takes people now."""
    straight = Target(activity, track, unit)
    if track is None or not straight.is_bound:
        return straight
    return Target(activity, track, unit, delegating.delegation(track, unit))


def _activity(principal: Principal, code: str, is_manager: bool) -> Activity:
    row = (
        db.session.scalars(sa.select(Activity).where(Activity.code == code)).one_or_none()
        if is_code(code)
        else None
    )
    if row is None:
        raise Missing
    if activities.may_run(principal, row) or (is_manager and row.is_public):
        return row
    raise Missing


def _party(code: str) -> Party | None:
    if not is_code(code):
        return None
    return db.session.scalars(sa.select(Party).where(Party.code == code)).one_or_none()


def of(principal: Principal) -> Sequence[Intake]:
    """The lists of one's side, the newest first."""
    units = [each.id for each in units_of(principal)]
    mine = sa.and_(Intake.organisation_id.in_(units), Intake.true_source == "")
    if principal.may(RUN):
        theirs = sa.and_(
            Intake.true_source != "",
            Intake.activity_id.in_(sa.select(Activity.id).where(within(principal, RUN))),
        )
        mine = sa.or_(mine, theirs)
    return db.session.scalars(
        sa.select(Intake)
        .where(mine, Intake.state != State.DROPPED)
        .options(joinedload(Intake.activity), joinedload(Intake.organisation), joinedload(Intake.track))
        .order_by(Intake.id.desc())
        .limit(100)
    ).all()


@dataclass(frozen=True)
class Page:
    rows: Sequence[IntakeLine]
    total: int
    page: int
    pages: int


def lines(intake: Intake, verdict: Verdict | None = None, page: int = 1) -> Page:
    """Rows of a list, those that need work first where all are asked for."""
    wanted = sa.select(IntakeLine).where(IntakeLine.intake_id == intake.id)
    if verdict is not None:
        wanted = wanted.where(IntakeLine.verdict == verdict)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(wanted.order_by(IntakeLine.number).limit(PAGE).offset((page - 1) * PAGE)).all()
    return Page(rows, total, page, pages)


def counts(intake: Intake) -> dict[Verdict, int]:
    """How many rows of each kind."""
    found: dict[Verdict, int] = dict(
        db.session.execute(
            sa.select(IntakeLine.verdict, sa.func.count())
            .where(IntakeLine.intake_id == intake.id)
            .group_by(IntakeLine.verdict)
        ).all()
    )
    return {verdict: found.get(verdict, 0) for verdict in Verdict}


WHAT: dict[State, tuple[Sentence, Sentence]] = {
    State.MAPPING: (_("名单待核对列名"), _("核对")),
    State.CHECKED: (_("名单已检查，还没有导入"), _("继续")),
}


def waiting(principal: Principal) -> list[Waiting]:
    """The desk's rows: lists that wait for a person."""
    if not principal.may(SENDERS):
        return []
    return _rows(of(principal))


def waiting_of_units(principal: Principal, unit: Organisation | None = None) -> list[Waiting]:
    """The same for those who speak for a unit and may have no desk: of all their units, or of one."""
    if not principal.may([Role.UNIT_MANAGER]):
        return []
    lists = [row for row in of(principal) if row.organisation is not None]
    return _rows([row for row in lists if unit is None or row.organisation_id == unit.id])


def _rows(lists: Sequence[Intake]) -> list[Waiting]:
    return [
        Waiting(
            row.rows,
            WHAT[row.state][0],
            f"{row.activity.title} · {row.file_name}",
            "intake.show",
            WHAT[row.state][1],
            {"code": row.code},
        )
        for row in [each for each in lists if each.state in WHAT][:10]
    ]
