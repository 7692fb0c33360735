"""Finding certificates: by what the QR holds, one's own, those of an officer; and whether number and name agree."""

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from certificates import number as numbers
from certificates.facts import Facts
from models.account import Role, ScopeKind
from models.activity import Activity
from models.base import db, is_code
from models.certificate import Certificate, ChangeRequest, State
from models.organisation import Organisation
from models.person import Person
from services import access
from services.access import Principal
from services.certificate.signing import is_genuine
from services.certificate.telling import holder
from services.errors import Missing
from services.text import _, escape_like, name_key
from services.waiting import Waiting

OFFICERS = frozenset({Role.CERTIFICATE_OFFICER})
"""Who issues, revokes and reissues, in the scopes of the activity."""

PAGE = 30
_TOKEN = re.compile("[A-Za-z0-9_-]{22}")
_WITH_ALL = (
    joinedload(Certificate.person),
    joinedload(Certificate.activity).joinedload(Activity.organiser),
    joinedload(Certificate.issuer),
)


def find_by_token(token: str) -> Certificate | None:
    """The certificate whose QR code this is, in whatever state."""
    if not _TOKEN.fullmatch(token):
        return None
    return db.session.scalars(
        sa.select(Certificate).where(Certificate.token == token).options(*_WITH_ALL)
    ).one_or_none()


def agrees(number: str, name: str) -> bool:
    """Whether a valid certificate has this number and this name. The same work is done for every no (R47); before a yes
    the signature is checked.
    """
    known = numbers.parse(number)
    row = db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.number == (str(known) if known else "-"), Certificate.state == State.ISSUED)
        .order_by(Certificate.version_no.desc())
        .limit(1)
    ).one_or_none()
    known_name = Facts.from_json(row.facts).name if row else ""
    return names_agree(known_name, name) and row is not None and is_genuine(row)


def is_named(certificate: Certificate, name: str) -> bool:
    """Whether this is the name on the paper."""
    return names_agree(Facts.from_json(certificate.facts).name, name)


def names_agree(known: str, said: str) -> bool:
    wanted, given = name_key(known), name_key(said[:200])
    return hmac.compare_digest(wanted.encode(), given.encode()) and bool(wanted)


def live_of(subjects: Iterable[str]) -> dict[str, Certificate]:
    """The live certificate of each subject that has one."""
    asked = sorted(set(subjects))
    found: dict[str, Certificate] = {}
    for start in range(0, len(asked), 500):
        rows = db.session.scalars(
            sa.select(Certificate).where(Certificate.claim.in_(asked[start : start + 500]))
        )
        found |= {row.subject: row for row in rows}
    return found


def of_person(person_id: int | None) -> Sequence[Certificate]:
    """The wallet: what somebody holds, and what they held, the newest first. Replaced ones are left out."""
    if person_id is None:
        return []
    theirs = sa.select(Person.id).where(sa.or_(Person.id == person_id, Person.merged_into_id == person_id))
    return db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.person_id.in_(theirs), Certificate.state != State.REISSUED)
        .options(*_WITH_ALL)
        .order_by(Certificate.queued_at.desc(), Certificate.id.desc())
        .limit(200)
    ).all()


def get_seen(principal: Principal, code: str) -> Certificate:
    """One's own, or one of an activity whose officer one is. Raises `Missing` for another's."""
    row = _find(code)
    if row is None or not (is_holder(principal, row) or may_run(principal, row)):
        raise Missing
    return row


def get_run(principal: Principal, code: str) -> Certificate:
    """One of an activity whose officer one is."""
    row = _find(code)
    if row is None or not may_run(principal, row):
        raise Missing
    return row


def is_holder(principal: Principal, certificate: Certificate) -> bool:
    person = holder(certificate)
    return person is not None and person.id == principal.person_id


def may_run(principal: Principal, certificate: Certificate) -> bool:
    activity = certificate.activity
    return principal.may(OFFICERS, activity.scopes if activity is not None else [access.DISTRICT])


def may_issue(principal: Principal, activity: Activity) -> bool:
    return principal.may(OFFICERS, activity.scopes)


def within(principal: Principal) -> sa.ColumnElement[bool]:
    """SQL on `Activity`: those whose certificate officer one is."""
    if principal.is_district_wide(OFFICERS):
        return sa.true()
    units = principal.scope_codes(OFFICERS, ScopeKind.ORGANISATION)
    return sa.or_(
        Activity.code.in_(principal.scope_codes(OFFICERS, ScopeKind.ACTIVITY)),
        Activity.organiser_id.in_(sa.select(Organisation.id).where(Organisation.code.in_(units))),
    )


@dataclass(frozen=True)
class Register:
    """One page of the issue register."""

    rows: Sequence[Certificate]
    total: int
    page: int
    pages: int


def register(
    principal: Principal, *, text: str = "", state: State | None = None, activity: str = "", page: int = 1
) -> Register:
    """What was issued, the newest first; `text` is part of a number or of a name."""
    wanted = sa.select(Certificate).join(Certificate.activity).where(within(principal))
    if text:
        known = numbers.parse(text)
        part = f"%{escape_like(text.strip())}%"
        named = sa.select(Person.id).where(Person.name.like(part, escape="\\"))
        wanted = wanted.where(
            sa.or_(
                Certificate.number == (str(known) if known else "-"),
                Certificate.number.like(f"%{escape_like(text.strip().upper())}%", escape="\\"),
                Certificate.person_id.in_(named),
            )
        )
    if state is not None:
        wanted = wanted.where(Certificate.state == state)
    if activity:
        wanted = wanted.where(Activity.code == activity)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        wanted.options(*_WITH_ALL).order_by(Certificate.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    return Register(rows, total, page, pages)


def unsigned(principal: Principal) -> int:
    """How many of theirs are being signed."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(Certificate.id))
            .join(Certificate.activity)
            .where(within(principal), Certificate.state == State.QUEUED)
        )
        or 0
    )


# --- requests -------------------------------------------------------------------------------------


def open_changes(principal: Principal) -> Sequence[ChangeRequest]:
    """What was asked for and waits for a second person, the oldest first."""
    return db.session.scalars(
        sa.select(ChangeRequest)
        .join(ChangeRequest.certificate)
        .join(Certificate.activity)
        .where(within(principal), ChangeRequest.decided_at.is_(None))
        .options(joinedload(ChangeRequest.certificate), joinedload(ChangeRequest.asked_by))
        .order_by(ChangeRequest.asked_at, ChangeRequest.id)
    ).all()


def changes_of(certificate: Certificate) -> Sequence[ChangeRequest]:
    """What was asked about a certificate, the newest first."""
    return db.session.scalars(
        sa.select(ChangeRequest)
        .where(ChangeRequest.certificate_id == certificate.id)
        .options(joinedload(ChangeRequest.asked_by), joinedload(ChangeRequest.decided_by))
        .order_by(ChangeRequest.id.desc())
    ).all()


def versions_of(certificate: Certificate) -> Sequence[Certificate]:
    """All versions of what it certifies, the newest first."""
    return db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.subject == certificate.subject)
        .order_by(Certificate.version_no.desc())
    ).all()


def waiting(principal: Principal) -> list[Waiting]:
    """Rows of the desk: requests of others that they may decide."""
    if not principal.may(OFFICERS):
        return []
    rows = [
        row for row in open_changes(principal) if row.asked_by.person_id not in (None, principal.person_id)
    ]
    if not rows:
        return []
    named = " · ".join(row.certificate.number for row in rows[:2])
    return [
        Waiting(
            count=len(rows),
            what=_("证书变更待复核"),
            detail=named,
            endpoint="certificate.desk",
            action=_("复核"),
            is_urgent=True,
        )
    ]


def _find(code: str) -> Certificate | None:
    if not is_code(code):
        return None
    return db.session.scalars(
        sa.select(Certificate).where(Certificate.code == code).options(*_WITH_ALL)
    ).one_or_none()
