"""A unit account is asked for with the unit's credit code and a letter of authority, and the desk decides."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from models.account import Account
from models.base import db, is_code
from models.organisation import Application, ApplicationState, Organisation
from models.upload import Upload
from services import audit as audits
from services import notification as notifications
from services import upload as uploads
from services.access import Principal
from services.errors import Missing, Refused
from services.organisation import members, units
from services.organisation.credit_code import BadCreditCode
from services.organisation.credit_code import check as check_credit_code
from services.organisation.refusals import (
    Decided,
    NoReason,
    OwnApplication,
    Taken,
    TooManyApplications,
)
from services.organisation.units import UnitEntry
from services.stamp import Stamp
from services.text import _
from services.waiting import Waiting

MOST_WAITING = 3


def apply(account: Account, entry: UnitEntry, letter: uploads.Sound, *, stamp: Stamp) -> Application:
    """Ask for a unit account. Raises Taken, alike for a unit that is here and for an application that waits,
    and also when two apply at once; TooManyApplications; what `uploads.receive` refuses.
    """
    try:
        credit_code = check_credit_code(entry.credit_code or "")
    except BadCreditCode as bad:
        raise Refused(bad.sentence) from None
    known = sa.or_(Organisation.credit_code == credit_code, Organisation.name == entry.name)
    waiting = sa.select(Application.id).where(Application.state == ApplicationState.SUBMITTED)
    if db.session.scalar(sa.select(Organisation.id).where(known).limit(1)) is not None:
        raise Taken
    if db.session.scalar(waiting.where(Application.claim == credit_code)) is not None:
        raise Taken
    own = waiting.where(Application.account_id == account.id)
    if len(db.session.scalars(own).all()) >= MOST_WAITING:
        raise TooManyApplications
    paper = uploads.receive(letter, letter.name, "organisation.letter", account, stamp=stamp)
    row = Application(
        account_id=account.id,
        name=entry.name,
        type=entry.type,
        credit_code=credit_code,
        claim=credit_code,
        town=entry.town,
        letter_id=paper.id,
        made_at=stamp.when,
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Taken from None
    audits.record("organisation.applied", row, stamp=stamp)
    return row


def decide(application: Application, *, opened: bool, reason: str = "", by: Principal, stamp: Stamp) -> None:
    """Open the unit account, its applicant as manager, or refuse it with a reason. The applicant is told.
     Raises Denied, OwnApplication, NoReason, Decided (also when two decide at once), and NameTaken or
    CreditCodeTaken where the unit came to be in the meantime.
    """
    units.require_desk(by)
    if by.account_id == application.account_id or (
        by.person_id is not None and by.person_id == application.account.person_id
    ):
        raise OwnApplication
    if not opened and not reason.strip():
        raise NoReason
    db.session.refresh(application, with_for_update=True)
    if application.state != ApplicationState.SUBMITTED:
        raise Decided
    application.state = ApplicationState.OPENED if opened else ApplicationState.REFUSED
    application.decided_at, application.decided_by_id = stamp.when, by.account_id
    application.reason, application.claim = reason, None
    if opened:
        _open(application, stamp)
    db.session.flush()
    audits.record(f"organisation.application_{application.state.value}", application, stamp=stamp)
    if not opened:
        notifications.notify(
            application.account,
            "organisation.application_refused",
            stamp=stamp,
            link=f"/organisation/application/{application.code}",
            organisation=application.name,
            reason=reason,
        )


def _open(application: Application, stamp: Stamp) -> None:
    entry = UnitEntry(
        name=application.name,
        type=application.type,
        credit_code=application.credit_code,
        town=application.town,
    )
    organisation = units.open(entry, stamp=stamp)
    application.organisation_id = organisation.id
    members.join(organisation, application.account, as_manager=True, stamp=stamp)
    notifications.notify(
        application.account,
        "organisation.opened",
        stamp=stamp,
        link=f"/organisation/{organisation.code}",
        organisation=organisation.name,
    )


def get_application(principal: Principal, code: str) -> Application:
    """An application, for who made it and for the desk. Raises Missing."""
    if not is_code(code):
        raise Missing
    row = db.session.scalars(sa.select(Application).where(Application.code == code)).one_or_none()
    if row is None or not (row.account_id == principal.account_id or units.is_desk(principal)):
        raise Missing
    return row


def get_letter(principal: Principal, code: str) -> Upload:
    """The letter of authority of an application, for the same people. Opening it is noted by the door."""
    return get_application(principal, code).letter


def own_applications(account_id: int) -> Sequence[Application]:
    """What an account asked for, newest first."""
    return db.session.scalars(
        sa.select(Application).where(Application.account_id == account_id).order_by(Application.id.desc())
    ).all()


def waiting_applications(principal: Principal) -> Sequence[Application]:
    """What waits for the desk, oldest first. Raises Denied."""
    units.require_desk(principal)
    return db.session.scalars(
        _with_people().where(Application.state == ApplicationState.SUBMITTED).order_by(Application.id)
    ).all()


def decided_applications(principal: Principal, limit: int = 50) -> Sequence[Application]:
    """What the desk decided lately. Raises Denied."""
    units.require_desk(principal)
    return db.session.scalars(
        _with_people()
        .where(Application.state != ApplicationState.SUBMITTED)
        .order_by(Application.decided_at.desc())
        .limit(limit)
    ).all()


def waiting_count() -> int:
    """How many applications wait: a line on the desk."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Application)
            .where(Application.state == ApplicationState.SUBMITTED)
        )
        or 0
    )


def waiting(principal: Principal) -> list[Waiting]:
    count = waiting_count() if units.is_desk(principal) else 0
    what, detail = _("单位开通申请"), _("核对信用代码和授权书")
    return [Waiting(count, what, detail, "organisation.applications", _("核对"))] if count else []


def _with_people() -> sa.Select[Application]:
    return sa.select(Application).options(joinedload(Application.account).joinedload(Account.person))
