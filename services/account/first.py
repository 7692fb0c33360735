"""The first administrator: no default account, but a one-time link that the shell prints (R06, R08)."""

import datetime as dt
from typing import Final

import sqlalchemy as sa

from models.account import Account, Grant, OneTime, Purpose, Role
from models.base import db
from services import audit as audits
from services.access import DISTRICT
from services.account import codes, grants
from services.account.reasons import AdministratorExists
from services.stamp import Stamp

LIFE: Final = dt.timedelta(minutes=30)
SUBJECT: Final = Role.SECURITY_ADMIN.value


def invite(*, force: bool = False, stamp: Stamp) -> str:
    """A token for one security administrator. Raises `AdministratorExists`. An older token dies."""
    if not force and grants.holders(Role.SECURITY_ADMIN, stamp.when):
        raise AdministratorExists
    forget(stamp=stamp)
    audits.record("account.administrator_invited", stamp=stamp, forced=force)
    return codes.make_token(Purpose.FIRST_ADMIN, SUBJECT, life=LIFE, stamp=stamp)


def find(token: str, now: dt.datetime) -> codes.Proof:
    """Raises `BadCode`."""
    return codes.find_token(Purpose.FIRST_ADMIN, token, subject=SUBJECT, now=now)


def appoint(invitation: codes.Proof, account: Account, *, stamp: Stamp) -> Grant:
    """Spend the token on an account. Raises `BadCode`, `ExclusiveRoles`, `AlreadyGranted`."""
    codes.spend(invitation, stamp=stamp)
    return grants.grant(account, Role.SECURITY_ADMIN, DISTRICT, stamp=_machine(stamp))


def forget(*, stamp: Stamp) -> None:
    """Let every unused token die."""
    db.session.execute(
        sa.update(OneTime)
        .where(OneTime.purpose == Purpose.FIRST_ADMIN, OneTime.used_at.is_(None))
        .values(used_at=stamp.when)
        .execution_options(synchronize_session=False)
    )


def _machine(stamp: Stamp) -> Stamp:
    return Stamp(stamp.when, "create-admin", None, stamp.address)
