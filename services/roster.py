"""The lists of names that officials expect, with the headings of their paper forms: 报名汇总表, 检录表, 签到册.

Headings are the words of the forms, in every language. Numbers are masked. Whoever takes one is noted; it goes to them
and is kept nowhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from models.account import Role, ScopeKind
from models.activity import Activity, Track
from models.base import db, is_code
from models.organisation import Organisation
from models.person import Person
from models.registration import HOLDING, Registration, State
from services import activity as activities
from services import audit as audits
from services import export as exports
from services.access import Principal
from services.errors import Missing
from services.person import documents, phones
from services.registration import REVIEWERS, answers
from services.stamp import Stamp
from services.words import label

READERS = REVIEWERS | {Role.UNIT_MANAGER}


class Kind(StrEnum):
    SUMMARY = "summary"
    CALL = "call"
    SIGNING = "signing"


TITLES = {Kind.SUMMARY: "报名汇总表", Kind.CALL: "检录表", Kind.SIGNING: "签到册"}

SUMMARY = (
    "序号", "代表队", "姓名", "性别", "证件号", "单位", "赛项", "组别", "教练", "手机", "领队及电话", "备注",
)  # fmt: skip
PRESENCE = ("序号", "姓名", "单位", "赛项/项目", "组别", "证件号(后四位)", "签到时间", "签名")
HEADINGS = {Kind.SUMMARY: SUMMARY, Kind.CALL: PRESENCE, Kind.SIGNING: PRESENCE}
WIDTHS = {
    Kind.SUMMARY: (6, 22, 10, 6, 22, 24, 14, 10, 10, 14, 20, 16),
    Kind.CALL: (6, 12, 26, 16, 12, 15, 14, 18),
    Kind.SIGNING: (6, 12, 26, 16, 12, 15, 14, 18),
}


@dataclass(frozen=True)
class Source:
    """Whose names: of an activity or one of its tracks; of all, or of one unit."""

    activity: Activity
    track: Track | None
    organisation: Organisation | None


def source(principal: Principal, activity: str, *, track: str = "", unit: str = "") -> Source:
    """What somebody may have: reviewers and organisers all, a unit's manager the unit's own. Raises `Missing`."""
    row = (
        db.session.scalars(sa.select(Activity).where(Activity.code == activity)).one_or_none()
        if is_code(activity)
        else None
    )
    if row is None:
        raise Missing
    chosen = activities.get_track(row, track) if track else None
    if not unit and principal.may(REVIEWERS, row.scopes):
        return Source(row, chosen, None)
    managed = principal.scope_codes([Role.UNIT_MANAGER], ScopeKind.ORGANISATION)
    wanted = {unit} & managed if unit else managed
    organisation = db.session.scalars(
        sa.select(Organisation).where(Organisation.code.in_(wanted)).order_by(Organisation.id).limit(1)
    ).one_or_none()
    if organisation is None or not _has_entered(organisation, row):
        raise Missing
    return Source(row, chosen, organisation)


def activities_of(organisation: Organisation) -> Sequence[Activity]:
    """Of which a unit may have the lists, the latest first."""
    entered = sa.select(Registration.activity_id).where(
        Registration.organisation_id == organisation.id, Registration.state.in_(HOLDING)
    )
    return db.session.scalars(
        sa.select(Activity).where(Activity.id.in_(entered)).order_by(Activity.starts_at.desc()).limit(20)
    ).all()


def _has_entered(organisation: Organisation, activity: Activity) -> bool:
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Registration.activity_id == activity.id,
                    Registration.organisation_id == organisation.id,
                    Registration.state.in_(HOLDING),
                )
            )
        )
    )


def take(kind: Kind, of: Source, *, ending: str = "xlsx", stamp: Stamp) -> bytes:
    """The list as a file for whoever asked, noted in the trace. Raises `exports.TooManyRows`."""
    rows = entries(kind, of)
    audits.record(
        "roster.list_read",
        of.activity,
        stamp=stamp,
        kind=kind.value,
        rows=len(rows),
        track=of.track.code if of.track else "",
        unit=of.organisation.code if of.organisation else "",
    )
    lines = summary(rows) if kind is Kind.SUMMARY else presence(rows)
    if ending == "csv":
        return exports.csv(HEADINGS[kind], lines)
    return exports.workbook(title(kind, of), HEADINGS[kind], lines, widths=WIDTHS[kind])


def title(kind: Kind, of: Source) -> str:
    """五届技能大赛 数控铣 报名汇总表"""
    parts = (
        of.activity.title,
        of.track.name if of.track else "",
        of.organisation.name if of.organisation else "",
        TITLES[kind],
    )
    return " ".join(part for part in parts if part)


def file_name(kind: Kind, of: Source, stamp: Stamp, ending: str) -> str:
    return f"{title(kind, of)} {stamp.today.isoformat()}.{ending}"


def entries(kind: Kind, of: Source) -> Sequence[Registration]:
    """Those who have a place; at the door those who were accepted. Track by track, unit by unit."""
    states = HOLDING if kind is Kind.SUMMARY else frozenset({State.ACCEPTED})
    wanted = (
        sa.select(Registration)
        .join(Registration.track)
        .where(Registration.activity_id == of.activity.id, Registration.state.in_(states))
        .options(
            joinedload(Registration.track),
            joinedload(Registration.person).selectinload(Person.documents),
            joinedload(Registration.answer),
            joinedload(Registration.organisation),
            selectinload(Registration.party),
        )
        .order_by(
            Track.position,
            Track.id,
            Registration.organisation_id,
            Registration.party_id,
            Registration.rank,
            Registration.id,
        )
        .limit(exports.MOST_ROWS + 1)
    )
    if of.track is not None:
        wanted = wanted.where(Registration.track_id == of.track.id)
    if of.organisation is not None:
        wanted = wanted.where(Registration.organisation_id == of.organisation.id)
    return db.session.scalars(wanted).all()


def summary(rows: Sequence[Registration]) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(rows, 1):
        person, party, answer = row.person, row.party, row.answer
        yield (
            str(number),
            row.organisation.name if row.organisation else party.name if party else "",
            person.name,
            label(person.sex).message if person.sex else "",
            masked(person),
            answer.workplace if answer else "",
            row.track.contest,
            division(row.track),
            (answer.coach if answer else "") or (party.coach if party else ""),
            phones.mask(person.phone) if person.phone else "",
            _leader(row),
            answer.remark if answer else "",
        )


def _leader(row: Registration) -> str:
    """领队及电话: of the team or list, else what the entry itself says."""
    said = answers.raw(row.answer)
    name = (row.party.leader if row.party else "") or said.get("leader", "")
    phone = (row.party.leader_phone if row.party else "") or said.get("leader_phone", "")
    return f"{name} {phones.mask(phone or '')}".strip()


def presence(rows: Sequence[Registration]) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(rows, 1):
        unit = row.answer.workplace if row.answer and row.answer.workplace else ""
        yield (
            str(number),
            row.person.name,
            unit or (row.organisation.name if row.organisation else ""),
            row.track.contest,
            division(row.track),
            last_four(row.person),
            "",
            "",
        )


def division(track: Track) -> str:
    """职工组 of 数控铣 · 职工组."""
    return track.name.partition(" · ")[2] or (label(track.division).message if track.division else "")


def masked(person: Person) -> str:
    document = person.document
    return documents.mask(document.type, document.number) if document else ""


def last_four(person: Person) -> str:
    document = person.document
    return document.number[-4:] if document and len(document.number) >= 8 else ""
