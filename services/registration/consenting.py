"""Whether somebody stands behind an entry that others made (R56): they are told, and confirm or object."""

import hashlib
import secrets

import sqlalchemy as sa

from models.account import Account, Grant, Role, ScopeKind
from models.base import db
from models.registration import Batch, Consent, Registration, Source
from services import audit as audits
from services import hold
from services import notification as notifications
from services.registration.entry import Candidate
from services.registration.refusals import AlreadyAnswered
from services.stamp import Stamp
from services.text import _

TOKEN_BYTES = 24


def needed(candidate: Candidate, source: Source, by: Account | None) -> Consent:
    """Whoever enters themselves, or joined themselves what another sends, is not asked."""
    is_other = by is not None and by.person_id != candidate.person.id
    if candidate.has_agreed or (source is Source.SELF and not is_other):
        return Consent.OWN
    return Consent.ASKED


def new_consent_token(registration: Registration) -> str:
    """The key of the link by which somebody without an account answers; only its hash is kept. An older one opens
    nothing any more.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    registration.consent_hash = _hash(token)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_by_consent(token: str) -> Registration | None:
    """The entry that a link speaks of."""
    return db.session.scalars(
        sa.select(Registration).where(Registration.consent_hash == _hash(token))
    ).one_or_none()


def ask(
    registration: Registration,
    account: Account | None,
    token: str,
    by: Account | None,
    batch: Batch,
    *,
    stamp: Stamp,
) -> None:
    """Tell somebody that others entered them, and where they say yes or no: by their account, else by a link."""
    unit = registration.organisation
    who = batch.true_source or (unit.label if unit is not None else by.display_name if by is not None else "")
    activity, who = registration.track.full_name, who or str(_("主办方"))
    if account is not None:
        link = f"/registration/{registration.code}"
        notifications.notify(
            account, "registration.entered_by_unit", stamp=stamp, link=link, activity=activity, who=who
        )
        return
    phone = registration.person.phone
    if phone:
        link = f"/consent/{token}"
        notifications.notify(
            None,
            "registration.consent_asked",
            stamp=stamp,
            link=link,
            phone=phone,
            activity=activity,
            who=who,
        )


def ask_again(registration: Registration, account: Account | None, by: Account, *, stamp: Stamp) -> None:
    """What somebody stood behind was changed by others: they say yes or no to what it says now."""
    if registration.consent is Consent.OBJECTED:
        return
    registration.consent, registration.consent_at = Consent.ASKED, None
    token = new_consent_token(registration) if account is None else ""
    audits.record("registration.asked_again", registration, stamp=stamp)
    unit = registration.organisation
    who = unit.label if unit is not None else by.display_name or str(_("主办方"))
    phone = "" if account is not None else registration.person.phone
    if account is None and not phone:
        return
    notifications.notify(
        account,
        "registration.changed_by_unit" if account is not None else "registration.change_asked",
        stamp=stamp,
        link=f"/registration/{registration.code}" if account is not None else f"/consent/{token}",
        phone=phone or "",
        activity=registration.track.full_name,
        who=who,
    )


def confirm(registration: Registration, *, stamp: Stamp) -> None:
    """The person stands behind it. Raises `AlreadyAnswered`."""
    _answer(registration, Consent.CONFIRMED, stamp)
    audits.record("registration.confirmed", registration, stamp=stamp)


def note_objection(registration: Registration, note: str, *, stamp: Stamp) -> None:
    """The person does not; whoever entered them is told. Raises `AlreadyAnswered`."""
    _answer(registration, Consent.OBJECTED, stamp)
    audits.record("registration.objected", registration, stamp=stamp)
    for account in _entered_by(registration):
        notifications.notify(
            account,
            "registration.objected",
            stamp=stamp,
            link=f"/party/{registration.party.code}" if registration.party else "/organisation",
            name=registration.person.name,
            activity=registration.track.full_name,
            note=note,
        )


def _answer(registration: Registration, consent: Consent, stamp: Stamp) -> None:
    hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.consent is not Consent.ASKED:
        raise AlreadyAnswered
    registration.consent, registration.consent_at = consent, stamp.when
    registration.consent_hash = None  # a link that is spent looks like one that never was


def _entered_by(registration: Registration) -> list[Account]:
    """Whoever made the batch, and the managers of the unit."""
    unit = registration.organisation
    managers = sa.select(Grant.account_id).where(
        Grant.role == Role.UNIT_MANAGER,
        Grant.scope_kind == ScopeKind.ORGANISATION,
        Grant.scope_code == (unit.code if unit is not None else ""),
        Grant.revoked_at.is_(None),
    )
    return list(
        db.session.scalars(
            sa.select(Account)
            .where(
                sa.or_(Account.id == registration.batch.made_by_id, Account.id.in_(managers)),
                Account.disabled_at.is_(None),
            )
            .order_by(Account.id)
        )
    )
