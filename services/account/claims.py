"""Claims: an account says it is a person who was entered before (rulings, "Who owns a person").

Nothing of the record is shown until the claim is decided: by a code to the phone in the record, or by the
bureau. Every answer before that is the same, whether the record has a phone, an account, or neither.
"""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.account import Account, Claim, ClaimState, Purpose, Role
from models.base import db
from models.person import Person
from services import audit as audits
from services import notification as notifications
from services import throttle
from services.access import DISTRICT, Principal
from services.account import codes, sign_ins
from services.account.contacts import Contact, ContactKind
from services.account.reasons import Taken, WrongState
from services.errors import Denied, Missing, TooOften
from services.person import open_claim as find_open
from services.stamp import Stamp
from services.text import _

__all__ = [
    "DECIDERS",
    "admit_code",
    "confirm",
    "confirm_code",
    "find_open",
    "get_decide",
    "get_own",
    "may_send",
    "queue",
    "refuse",
    "send_code",
]

DECIDERS = (Role.SECURITY_ADMIN, Role.ORGANISER)


def admit_code(claim: Claim) -> None:
    """Count one request for a code. Raises `TooOften` by the claim alone, so that the record's phone stays
    unknown.
    """
    throttle.admit(
        (f"claim:minute:{claim.code}", 1, dt.timedelta(minutes=1)),
        sentence=_("验证码每分钟只能获取一次，请稍候再试。"),
    )
    throttle.admit((f"claim:day:{claim.code}", codes.A_DAY, dt.timedelta(days=1)))


def may_send(claim: Claim) -> bool:
    """Whether a code can go out: silently not, where the record has no phone or its phone had too many
    today.
    """
    phone = claim.person.phone
    if not phone:
        return False
    try:
        codes.admit(Contact(ContactKind.PHONE, phone))
    except TooOften:
        return False
    return True


def send_code(claim: Claim, *, bound_to: str, stamp: Stamp) -> None:
    """A code to the phone in the record; ask `admit_code` and `may_send` before. Raises `WrongState`."""
    _still_open(claim)
    phone = claim.person.phone
    if phone:
        codes.send(
            Purpose.CLAIM,
            Contact(ContactKind.PHONE, phone),
            bound_to=bound_to,
            subject=claim.code,
            stamp=stamp,
        )


def confirm_code(claim: Claim, proof: codes.Proof, *, stamp: Stamp) -> Person:
    """The code was right (`codes.evaluate(Purpose.CLAIM, claim.code, …)`). Raises `Taken` where the person
    has an account already: its phone opens that one.
    """
    _still_open(claim)
    if proof.subject != claim.code:
        raise WrongState
    codes.spend(proof, stamp=stamp)
    if _owner(claim.person) is not None:
        raise Taken(_TAKEN)
    return _hand_over(claim, stamp=stamp)


def confirm(claim: Claim, *, by: Principal, stamp: Stamp) -> Person:
    """The bureau has compared papers and agrees. An account that had the person loses it and is told. Raises
    `Denied`, `WrongState`.
    """
    _require_decider(by, claim)
    _still_open(claim)
    former = _owner(claim.person)
    if former is not None:
        former.person_id = None
        sign_ins.end_all(former, stamp=stamp)
        db.session.flush()
        notifications.notify(
            former, "account.changed", stamp=stamp, link="/me", what=_("身份信息"), urgent=True
        )
        audits.record("account.person_taken_away", former, stamp=stamp)
    return _hand_over(claim, stamp=stamp)


def refuse(claim: Claim, *, by: Principal, stamp: Stamp) -> None:
    """Raises `Denied`, `WrongState`."""
    _require_decider(by, claim)
    _hold(claim)
    _decide(claim, ClaimState.REFUSED, stamp)
    audits.record("account.claim_refused", claim, stamp=stamp)


def get_own(account: Account, code: str) -> Claim:
    """Raises `Missing` for another's."""
    row = _find(code)
    if row is None or row.account_id != account.id:
        raise Missing
    return row


def get_decide(by: Principal, code: str) -> Claim:
    """One claim, for those who decide. Raises `Denied`, whatever the code, and for them `Missing`."""
    if not by.is_district_wide(DECIDERS):
        raise Denied
    row = _find(code)
    if row is None:
        raise Missing
    _require_decider(by, row)
    return row


def queue(by: Principal) -> Sequence[Claim]:
    """Claims that wait, oldest first. Raises `Denied`."""
    if not by.is_district_wide(DECIDERS):
        raise Denied
    return db.session.scalars(
        sa.select(Claim).where(Claim.state == ClaimState.CHECKING).order_by(Claim.made_at, Claim.id)
    ).all()


def _find(code: str) -> Claim | None:
    return db.session.scalars(sa.select(Claim).where(Claim.code == code)).one_or_none()


def _require_decider(by: Principal, claim: Claim) -> None:
    """District-wide, and neither of the two whose identity is asked about."""
    if not by.may(DECIDERS, [DISTRICT]) or by.account_id == claim.account_id:
        raise Denied
    if by.person_id is not None and by.person_id == claim.person_id:
        raise Denied


def _hold(claim: Claim) -> None:
    """The person first, then the claim: two claims to one person wait for each other in this order."""
    db.session.execute(sa.select(Person.id).where(Person.id == claim.person_id).with_for_update())
    db.session.refresh(claim, ["state"], with_for_update=True)
    if claim.state is not ClaimState.CHECKING:
        raise WrongState


def _still_open(claim: Claim) -> None:
    """It waits, and its account has not said meanwhile that it is somebody else."""
    _hold(claim)
    own = claim.account.person
    if own is not None and own.documents:
        raise WrongState


def _owner(person: Person) -> Account | None:
    return db.session.scalars(sa.select(Account).where(Account.person_id == person.id)).one_or_none()


_TAKEN = _("该身份已绑定另一个账号。请用那个账号登录；如无法登录，请联系区人力社保局核对。")


def _hand_over(claim: Claim, *, stamp: Stamp) -> Person:
    """Raises `Taken` where somebody else became this person a moment ago."""
    try:
        with db.session.begin_nested():
            claim.account.person_id = claim.person_id
            db.session.flush()
    except IntegrityError:
        raise Taken(_TAKEN) from None
    _decide(claim, ClaimState.CONFIRMED, stamp)
    others = sa.select(Claim).where(Claim.person_id == claim.person_id, Claim.state == ClaimState.CHECKING)
    for other in db.session.scalars(others):
        _decide(other, ClaimState.REFUSED, stamp)
    notifications.notify(claim.account, "person.claimed", stamp=stamp, link="/me")
    audits.record("person.claimed", claim.person, stamp=stamp)
    return claim.person


def _decide(claim: Claim, state: ClaimState, stamp: Stamp) -> None:
    claim.state, claim.decided_at, claim.decided_by_id = state, stamp.when, stamp.account_id
    db.session.flush()
