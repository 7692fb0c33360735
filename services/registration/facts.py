"""What the rules of a track need to know of people: gathered in some statements, for one or for ten thousand."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from models.account import Account, Grant, Role, ScopeKind
from models.activity import Activity, Kind, Track
from models.base import db
from models.indicator import Outcome
from models.organisation import Member, Organisation
from models.participation import Participation
from models.person import Category, Person, SkillLevel
from models.registration import LIVE, Answer, Registration, Waiver
from services import participation as participations
from services.registration.entry import Candidate, Entry

AT_ONCE = 500

DUTIES = (
    Role.CHIEF_JUDGE, Role.SCORING_JUDGE, Role.CODING_JUDGE, Role.EXPERT, Role.SCORE_CLERK, Role.SUPERVISOR,
    Role.ARBITRATOR,
)  # fmt: skip
"""Who serves in one of these where a contest is held may not enter it, also once the service is over."""


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Won:
    """An award of somebody that stands."""

    contest: str
    activity: str
    detail: str


@dataclass(frozen=True)
class Facts:
    """What is known of one person, as far as the rules of their track ask."""

    person: Person | None = None
    units: tuple[Unit, ...] = ()
    """Those the person belongs to by their account."""
    entered_by: Unit | None = None
    workplace: Unit | None = None
    """The unit on record that bears the name they gave as their workplace."""
    awards: tuple[Won, ...] = ()
    entered_for: str = ""
    """The other track of the activity for which they stand entered."""
    duty: Role | None = None
    waivers: Mapping[str, Waiver] = field(default_factory=dict)


NOTHING = Facts()


def gather(
    candidates: Sequence[Candidate], *, workplaces: bool = True, organisation: Organisation | None = None
) -> list[Facts]:
    """The facts of each, in their order. Only what the rules of their tracks ask is looked for."""
    found = [
        Facts(person=each.person, entered_by=_as_unit(getattr(each, "organisation", None) or organisation))
        for each in candidates
    ]
    by_track: dict[int, list[int]] = defaultdict(list)
    tracks: dict[int, Track] = {}
    for index, each in enumerate(candidates):
        by_track[each.track.id].append(index)
        tracks[each.track.id] = each.track
    _load_documents([each.person.id for each in candidates if each.track.needs_document])
    for track_id, indexes in by_track.items():
        _of_track(tracks[track_id], indexes, candidates, found, workplaces)
    return found


def _of_track(
    track: Track, indexes: list[int], candidates: Sequence[Candidate], found: list[Facts], workplaces: bool
) -> None:
    people = list(dict.fromkeys(candidates[index].person.id for index in indexes))
    rules = {rule.get("kind") for rule in track.rules or ()}
    waivers = _waivers(track, people)
    units: Mapping[int | None, list[Unit]] = _units(people) if "unit" in rules else {}
    named = _named([candidates[i].entry.workplace for i in indexes]) if "unit" in rules and workplaces else {}
    awards: Mapping[int | None, list[Won]] = _awards(people, track) if "earlier_award" in rules else {}
    several = track.activity.takes_several or len(track.activity.tracks) < 2
    others = {} if several else _others(people, track)
    duties: Mapping[int | None, Role] = _duties(track) if track.activity.kind is Kind.COMPETITION else {}
    for index in indexes:
        person_id = candidates[index].person.id
        found[index] = replace(
            found[index],
            units=tuple(units.get(person_id, ())),
            workplace=named.get(candidates[index].entry.workplace),
            awards=tuple(awards.get(person_id, ())),
            entered_for=others.get(person_id, ""),
            duty=duties.get(person_id),
            waivers=waivers.get(person_id, {}),
        )


def _parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _as_unit(row: Organisation | None) -> Unit | None:
    return Unit(row.code, row.name, row.type.value) if row is not None else None


def _load_documents(people: Sequence[int]) -> None:
    """So that asking each for their document asks the database no more."""
    wanted = [key for key in dict.fromkeys(people) if "documents" in _unloaded(key)]
    if len(wanted) < 2:
        return
    for part in _parts(wanted):
        db.session.scalars(
            sa.select(Person).where(Person.id.in_(part)).options(selectinload(Person.documents))
        ).all()


def _unloaded(person_id: int) -> set[str]:
    known = db.session.identity_map.get(sa.orm.util.identity_key(Person, person_id))
    return set(sa.inspect(known).unloaded) if known is not None else {"documents"}


def _waivers(track: Track, people: Sequence[int]) -> dict[int, dict[str, Waiver]]:
    made: dict[int, dict[str, Waiver]] = defaultdict(dict)
    wanted = sa.select(Waiver).where(Waiver.track_id == track.id)
    if len(people) <= AT_ONCE:
        wanted = wanted.where(Waiver.person_id.in_(people))
    for row in db.session.scalars(wanted):
        made[row.person_id][row.rule] = row
    return made


def _units(people: Sequence[int]) -> Mapping[int | None, list[Unit]]:
    made: dict[int | None, list[Unit]] = defaultdict(list)
    for part in _parts(people):
        rows = db.session.execute(
            sa.select(Account.person_id, Organisation.code, Organisation.name, Organisation.type)
            .join(Member, Member.account_id == Account.id)
            .join(Organisation, Organisation.id == Member.organisation_id)
            .where(Account.person_id.in_(part), Member.left_at.is_(None))
        )
        for person_id, code, name, kind in rows:
            made[person_id].append(Unit(code, name, kind.value))
    return made


def _named(workplaces: Iterable[str]) -> dict[str, Unit]:
    names = sorted({name for name in workplaces if name})
    made: dict[str, Unit] = {}
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        for row in db.session.scalars(
            sa.select(Organisation).where(
                sa.or_(Organisation.name.in_(part), Organisation.short_name.in_(part))
            )
        ):
            unit = Unit(row.code, row.name, row.type.value)
            made[row.name] = unit
            if row.short_name:
                made.setdefault(row.short_name, unit)
    return made


def _awards(people: Sequence[int], track: Track) -> Mapping[int | None, list[Won]]:
    """Awards that stand, of earlier activities."""
    made: dict[int | None, list[Won]] = defaultdict(list)
    for part in _parts(people):
        rows = db.session.execute(
            sa.select(Participation.person_id, Participation.skill, Activity.title, Participation.detail)
            .outerjoin(Activity, Activity.id == Participation.activity_id)
            .where(
                Participation.person_id.in_(part),
                Participation.outcome == Outcome.AWARD_WON,
                sa.or_(Participation.activity_id.is_(None), Participation.activity_id != track.activity_id),
                participations.stands(),
            )
            .order_by(Participation.id)
        )
        for person_id, contest, title, detail in rows:
            made[person_id].append(Won(contest, title or "", detail))
    return made


def _others(people: Sequence[int], track: Track) -> dict[int, str]:
    made: dict[int, str] = {}
    for part in _parts(people):
        rows = db.session.execute(
            sa.select(Registration.person_id, Track.name)
            .join(Track, Track.id == Registration.track_id)
            .where(
                Registration.person_id.in_(part),
                Registration.activity_id == track.activity_id,
                Registration.track_id != track.id,
                Registration.state.in_(LIVE),
            )
        )
        made |= {row.person_id: row.name for row in rows}
    return made


def _duties(track: Track) -> Mapping[int | None, Role]:
    """Who serves in the activity or on this track, by person; the earliest duty of each."""
    rows = db.session.execute(
        sa.select(Account.person_id, Grant.role)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.role.in_(DUTIES),
            Grant.revoked_at.is_(None),
            Account.person_id.is_not(None),
            sa.or_(
                sa.and_(Grant.scope_kind == ScopeKind.ACTIVITY, Grant.scope_code == track.activity.code),
                sa.and_(Grant.scope_kind == ScopeKind.TRACK, Grant.scope_code == track.code),
            ),
        )
        .order_by(Grant.id.desc())
    )
    return {row.person_id: row.role for row in rows}


def entry_of(answer: Answer | None) -> Entry | None:
    """What an entry says, as it is kept."""
    if answer is None:
        return None
    return Entry(
        category=Category(answer.category),
        workplace=answer.workplace,
        post=answer.post,
        years_at_work=answer.years_at_work,
        skill_level=SkillLevel(answer.skill_level),
        level_certificate=answer.level_certificate,
        coach=answer.coach,
        remark=answer.remark,
        values=dict(answer.values or {}),
        private=json.loads(answer.private) if answer.private else {},
        questionnaire_id=answer.questionnaire_id,
    )
