"""Six-digit codes to a phone or an e-mail, and tokens carried by a browser (R04, R05, R06).

A code is asked for (`admit`, `send`), tried (`evaluate`, which counts the try in a transaction of its own,
so that a refusal that rolls back does not give the try back), and spent with the effect it was for
(`spend`). It is bound to its purpose, its subject and the browser that asked; a newer one replaces an older.

A code is sent to whoever is named, whether or not there is an account: what a stranger sees is the same
(R03), and what follows is said only to somebody who has read the message.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from models import vault
from models.account import OneTime, Purpose
from models.base import db
from services import audit as audits
from services import notification as notifications
from services import throttle
from services.account import one_time
from services.account.contacts import Contact
from services.account.reasons import BadCode
from services.stamp import Stamp
from services.text import _
from services.transaction import transaction

LIFE: Final = notifications.CODE_LIFE
MINUTES: Final = int(LIFE.total_seconds()) // 60
DAY: Final = dt.timedelta(days=1)
MOST_TRIES: Final = 5
A_DAY: Final = 5
A_DAY_FROM_HERE: Final = 30
"""SMS that strangers at one address may have sent in a day, to whatever phones."""
A_DAY_IN_ALL: Final = 5_000
"""SMS to everybody together: what a pump could cost at most (R04)."""

_KINDS: Final = {
    Purpose.GUARDIAN: "account.guardian_code",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody typed the right code. Good for one `spend`."""

    row_id: int
    purpose: Purpose
    subject: str


def admit(contact: Contact, *, address: str = "", known_device: str | None = None) -> None:
    """Count one request for a code. Raises `TooOften`: once a minute and five a day for a contact, thirty SMS a
    day from an address, and all SMS of a day together.

    A browser in which the contact's account was signed in before has a tally of its own, so that a stranger who
    asks for another's codes never shuts the owner out. What the minute refuses does not count for the day.
    """
    who = f"{contact.index}:known:{known_device}" if known_device else contact.index
    throttle.admit(
        (f"code:minute:{who}"[:160], 1, dt.timedelta(minutes=1)),
        sentence=_("验证码每分钟只能获取一次，请稍候再试。"),
    )
    throttle.admit(
        (f"code:day:{who}"[:160], A_DAY, DAY),
        sentence=_("这个号码今天的验证码已用完（每天 5 条）。请明天再试，或用其他方式登录。"),
    )
    if contact.is_phone and address and not known_device:
        throttle.admit(
            (f"code:sms:{address}"[:160], A_DAY_FROM_HERE, DAY),
            sentence=_("这个网络今天获取的短信已达上限，请用邮箱或密码登录，或明天再试。"),
        )
    admit_sms(contact)


def admit_sms(contact: Contact) -> None:
    """Count one SMS of the day, whoever asked for it. Raises `TooOften`."""
    if contact.is_phone:
        throttle.admit(
            ("code:sms:day", A_DAY_IN_ALL, DAY),
            sentence=_("今天的短信已达上限，请用邮箱或密码登录，或明天再试。"),
        )


def send(
    purpose: Purpose,
    contact: Contact,
    *,
    bound_to: str,
    subject: str | None = None,
    stamp: Stamp,
    **said: str,
) -> None:
    """Make a code and put its message into the outbox. `subject`: what it opens, by default the contact
    itself.

    `said` are further words of the message. The older code of this purpose, subject and browser dies.
    """
    about = subject or contact.index
    db.session.execute(
        sa.update(OneTime)
        .where(
            OneTime.purpose == purpose,
            OneTime.subject_index == about,
            OneTime.bound_to == bound_to,
            OneTime.used_at.is_(None),
        )
        .values(used_at=stamp.when)
        .execution_options(synchronize_session=False)
    )
    code = one_time.new_code()
    _keep(purpose, about, bound_to, code, LIFE, stamp=stamp)
    notifications.notify(
        None,
        _KINDS.get(purpose, "account.code"),
        stamp=stamp,
        phone=contact.value if contact.is_phone else "",
        email="" if contact.is_phone else contact.value,
        urgent=True,
        code=code,
        minutes=str(MINUTES),
        **said,
    )
    audits.record("account.code_sent", stamp=stamp, purpose=purpose.value, channel=contact.kind.value)


def evaluate(purpose: Purpose, subject: str, typed: str, *, bound_to: str, now: dt.datetime) -> Proof:
    """Try a code, in a transaction of its own. Raises `BadCode`. At most five tries a code are ever
    compared.
    """
    if not one_time.is_code(typed):
        raise BadCode
    with transaction():
        newest = sa.select(sa.func.max(OneTime.id)).where(
            OneTime.purpose == purpose,
            OneTime.subject_index == subject,
            OneTime.bound_to == bound_to,
        )
        row = db.session.execute(
            sa.update(OneTime)
            .where(
                OneTime.id == newest.scalar_subquery(),
                OneTime.used_at.is_(None),
                OneTime.expires_at > now,
                OneTime.tries < MOST_TRIES,
            )
            .values(tries=OneTime.tries + 1)
            .returning(OneTime.id, OneTime.digest)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    if row is None or not one_time.matches(row.digest, _said(purpose, subject, bound_to), typed, _key()):
        raise BadCode
    return Proof(row.id, purpose, subject)


def spend(proof: Proof, *, stamp: Stamp) -> None:
    """Use the code up, in the transaction of what it was for. Raises `BadCode` where that was done before."""
    spent = db.session.execute(
        sa.update(OneTime)
        .where(OneTime.id == proof.row_id, OneTime.used_at.is_(None), OneTime.expires_at > stamp.when)
        .values(used_at=stamp.when)
        .returning(OneTime.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if spent is None:
        raise BadCode


# --- tokens: the same row, with a secret that nobody types ----------------------------------------


def make_token(
    purpose: Purpose, subject: str, *, life: dt.timedelta, bound_to: str = "", stamp: Stamp
) -> str:
    """A token of 192 bits for one thing, usable once."""
    token = one_time.new_token()
    _keep(purpose, subject, bound_to, token, life, stamp=stamp)
    return token


def find_token(purpose: Purpose, token: str, *, subject: str, bound_to: str = "", now: dt.datetime) -> Proof:
    """The live token of a subject. Raises `BadCode`. Reads only; `spend` uses it up."""
    digest = one_time.digest(_said(purpose, subject, bound_to), token[:100], _key())
    row = db.session.scalars(
        sa.select(OneTime).where(
            OneTime.purpose == purpose,
            OneTime.digest == digest,
            OneTime.used_at.is_(None),
            OneTime.expires_at > now,
        )
    ).one_or_none()
    if row is None:
        raise BadCode
    return Proof(row.id, purpose, subject)


def sweep(*, now: dt.datetime) -> int:
    """Remove what was over a day ago."""
    result = db.session.execute(sa.delete(OneTime).where(OneTime.expires_at <= now - dt.timedelta(days=1)))
    assert isinstance(result, sa.CursorResult)
    return result.rowcount


def _keep(
    purpose: Purpose, subject: str, bound_to: str, secret: str, life: dt.timedelta, *, stamp: Stamp
) -> None:
    db.session.add(
        OneTime(
            purpose=purpose,
            subject_index=subject,
            bound_to=bound_to,
            digest=one_time.digest(_said(purpose, subject, bound_to), secret, _key()),
            tries=0,
            created_at=stamp.when,
            expires_at=stamp.when + life,
        )
    )
    db.session.flush()


def _said(purpose: Purpose, subject: str, bound_to: str) -> str:
    return f"one_time|{purpose.value}|{subject}|{bound_to}"


def _key() -> bytes:
    return vault.current().indexing.current.secret
