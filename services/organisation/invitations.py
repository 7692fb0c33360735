"""The desk asks a unit's manager in, and a manager asks members in, by phone or e-mail.
 The link holds 192 random bits, of which only the hash is kept; it lives seven days, since a person at work
may answer after a weekend and a leave. It opens nothing by itself: whoever accepts must be signed in with the
very phone or e-mail that it was sent to, so a link that was passed on makes nobody a member.
"""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from models.account import Account
from models.base import db, is_code
from models.organisation import Invitation, Member, Organisation
from services import account as accounts
from services import audit as audits
from services import notification as notifications
from services import throttle
from services.access import Principal
from services.account import Contact, codes, one_time
from services.errors import Denied, Missing
from services.organisation import members, units
from services.organisation.refusals import AlreadyMember, InvitationOver, OtherContact, UnitClosed
from services.stamp import Stamp
from services.text import _

LIFE = dt.timedelta(days=7)


def admit(contact: Contact) -> None:
    """Count one invitation, before the transaction that sends it. Raises TooOften: once a minute and five a day
    to a contact, whoever asks them in; and all SMS of a day together. Codes have tallies of their own.
    """
    throttle.admit(
        (f"invite:minute:{contact.index}", 1, dt.timedelta(minutes=1)),
        sentence=_("刚刚向这个号码或邮箱发过邀请，请一分钟后再试。"),
    )
    throttle.admit(
        (f"invite:day:{contact.index}", codes.A_DAY, codes.DAY),
        sentence=_("这个号码或邮箱今天收到的邀请已达上限，请明天再试。"),
    )
    codes.admit_sms(contact)


def invite(
    organisation: Organisation, contact: Contact, *, as_manager: bool = False, by: Principal, stamp: Stamp
) -> str:
    """Ask somebody in; answers the token, which is kept nowhere else. An open invitation to the same contact
    is void from now on. Only the desk invites managers. Ask `admit` before. Raises Denied, UnitClosed, AlreadyMember.
    """
    if not units.is_desk(by) and (as_manager or not units.manages(by, organisation)):
        raise Denied
    if organisation.is_closed:
        raise UnitClosed
    account = accounts.find(contact)
    if account is not None and not as_manager and units.is_member(organisation, account.id):
        raise AlreadyMember
    index = contact.index
    db.session.execute(
        sa.update(Invitation)
        .where(
            Invitation.organisation_id == organisation.id,
            Invitation.contact_index == index,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > stamp.when,
        )
        .values(expires_at=stamp.when)
    )
    token = one_time.new_token()
    row = Invitation(
        organisation_id=organisation.id,
        contact_index=index,
        as_manager=as_manager,
        token_hash=one_time.token_hash(token),
        invited_by_id=by.account_id,
        made_at=stamp.when,
        expires_at=stamp.when + LIFE,
    )
    row.contact = contact.value
    db.session.add(row)
    db.session.flush()
    audits.record(
        "organisation.invited", row, stamp=stamp, organisation=organisation.code, manager=as_manager
    )
    notifications.notify(
        account,
        "organisation.invited",
        stamp=stamp,
        link=f"/invitation/{token}",
        phone=contact.value if contact.is_phone else "",
        email="" if contact.is_phone else contact.value,
        organisation=organisation.name,
        days=str(LIFE.days),
    )
    return token


def get_invitation(token: str) -> Invitation:
    """The invitation of a link, open or over. Raises Missing."""
    row = db.session.scalars(
        sa.select(Invitation).where(Invitation.token_hash == one_time.token_hash(token))
    ).one_or_none()
    if row is None:
        raise Missing
    return row


def accept(invitation: Invitation, account: Account, *, stamp: Stamp) -> Member:
    """Join by an invitation. Raises InvitationOver (also for the second of two at once), OtherContact,
    AlreadyMember, UnitClosed.
    """
    db.session.refresh(invitation, with_for_update=True)
    if not invitation.is_open(stamp.when):
        raise InvitationOver
    if not fits(invitation, account):
        raise OtherContact(contact_of(invitation).masked)
    invitation.accepted_at = stamp.when
    member = members.join(invitation.organisation, account, as_manager=invitation.as_manager, stamp=stamp)
    audits.record("organisation.invitation_accepted", invitation, stamp=stamp)
    return member


def fits(invitation: Invitation, account: Account) -> bool:
    """Whether it was sent to this account's own phone or verified e-mail."""
    contact = contact_of(invitation)
    if contact.is_phone:
        return account.phone == contact.value
    return account.email_verified_at is not None and account.email == contact.value


def contact_of(invitation: Invitation) -> Contact:
    return Contact.read(invitation.contact)


def open_invitations(organisation: Organisation, stamp: Stamp) -> Sequence[Invitation]:
    """Those that may still be accepted, newest first."""
    return db.session.scalars(
        sa.select(Invitation)
        .where(
            Invitation.organisation_id == organisation.id,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > stamp.when,
        )
        .order_by(Invitation.id.desc())
    ).all()


def get_open(organisation: Organisation, code: str) -> Invitation:
    """An invitation into this very unit, by its code. Raises Missing."""
    if not is_code(code):
        raise Missing
    row = db.session.scalars(
        sa.select(Invitation).where(Invitation.code == code, Invitation.organisation_id == organisation.id)
    ).one_or_none()
    if row is None:
        raise Missing
    return row


def take_back(invitation: Invitation, *, stamp: Stamp) -> None:
    """Void an open invitation. Raises InvitationOver."""
    db.session.refresh(invitation, with_for_update=True)
    if not invitation.is_open(stamp.when):
        raise InvitationOver
    invitation.expires_at = stamp.when
    db.session.flush()
    audits.record("organisation.invitation_taken_back", invitation, stamp=stamp)
