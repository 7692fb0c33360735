"""What people agree to, by version and hash of the text (R42).

The text is the page `site/privacy.html`. Whoever changes it gives it a new version and the new hash here; a
test holds the two together, so that a consent always names the words that were read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from models.account import Account, Consent
from models.base import db
from services import audit as audits
from services.stamp import Stamp


class ConsentPurpose(StrEnum):
    PRIVACY = "privacy"
    DOCUMENT = "document"  # sensitive: asked for by a tick of its own (PIPL 29)


class GivenBy(StrEnum):
    SELF = "self"
    GUARDIAN = "guardian"


@dataclass(frozen=True)
class Text:
    version: str
    hash: str
    """SHA-256 of the page's source file."""


PRIVACY: Final = Text("2026-11-23", "1744f3196e1306f37b94dad65855ec3625abf49826c7cc2760b833482130e655")


def record(
    account: Account,
    purpose: ConsentPurpose,
    *,
    by: GivenBy = GivenBy.SELF,
    stamp: Stamp,
) -> Consent:
    """They agreed to the present text for this purpose."""
    row = Consent(
        account_id=account.id,
        purpose=purpose.value,
        text_version=PRIVACY.version,
        text_hash=PRIVACY.hash,
        given_at=stamp.when,
        given_by=by.value,
    )
    db.session.add(row)
    audits.record(
        "account.consented", account, stamp=stamp, purpose=purpose.value, version=PRIVACY.version, by=by.value
    )
    return row


def listing(account: Account) -> Sequence[Consent]:
    """Newest first."""
    return db.session.scalars(
        sa.select(Consent).where(Consent.account_id == account.id).order_by(Consent.id.desc())
    ).all()


def is_current(account: Account) -> bool:
    """Whether they agreed to the present privacy notice."""
    newest = sa.select(Consent.id).where(
        Consent.account_id == account.id,
        Consent.purpose == ConsentPurpose.PRIVACY.value,
        Consent.text_version == PRIVACY.version,
    )
    return db.session.scalars(newest.limit(1)).first() is not None
