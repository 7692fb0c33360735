"""Signing: a job's verb. Each certificate is signed in a short transaction of its own, so one that fails stops none."""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from certificates import facts as frozen
from certificates import signature
from certificates.facts import Facts
from models import vault
from models.base import db
from models.certificate import Certificate, State
from services import audit as audits
from services.certificate.telling import tell
from services.notification import sending
from services.stamp import Stamp
from services.transaction import transaction

log = logging.getLogger("yongjiang")

MOST = 500
"""Certificates a turn of the job."""


def sign_due(*, stamp: Stamp) -> int:
    """Sign what was issued, the oldest first, and tell the holders; answers how many."""
    db.session.rollback()
    due = db.session.scalars(
        sa.select(Certificate.id)
        .where(Certificate.state == State.QUEUED)
        .order_by(Certificate.id)
        .limit(MOST)
    ).all()
    signed = 0
    for key in due:
        try:
            with transaction():
                signed += _sign(key, stamp)
        except Exception as fault:  # the others are to be signed all the same; this one is tried again
            log.exception("a certificate was not signed", extra={"fault": type(fault).__name__})
    return signed


def _sign(key: int, stamp: Stamp) -> bool:
    row = db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.id == key, Certificate.state == State.QUEUED)
        .with_for_update(skip_locked=True, of=Certificate)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:  # another signs it, or it was revoked meanwhile
        return False
    said = frozen.statement(facts(row), token=row.token, site=site(), kid=vault.current().signing.current.kid)
    message = frozen.canonical(said)
    row.statement = message.decode()
    row.signature = vault.sign(signature.CERTIFICATE, message)
    row.state = State.ISSUED
    row.signed_at = stamp.when
    audits.record("certificate.issued", row, stamp=stamp, number=row.number, version=row.version_no)
    tell(row, "issued", stamp=stamp)
    return True


# --- reading what was frozen and signed -----------------------------------------------------------


def facts(certificate: Certificate) -> Facts:
    """All that the paper says."""
    return Facts.from_json(certificate.facts)


def statement(certificate: Certificate) -> dict[str, Any]:
    """The public part as it was signed; empty before."""
    said: dict[str, Any] = json.loads(certificate.statement or "{}")
    return said


def is_genuine(certificate: Certificate) -> bool:
    """Whether the signature is ours over this statement, and the statement speaks of this very row and its facts."""
    if not certificate.statement or not certificate.signature:
        return False
    if not vault.is_signed(signature.CERTIFICATE, certificate.statement.encode(), certificate.signature):
        return False
    said = statement(certificate)
    known = frozen.statement(
        facts(certificate), token=certificate.token, site=str(said.get("site", "")), kid=str(said.get("kid"))
    )
    return said == known and (said["number"], said["version"]) == (certificate.number, certificate.version_no)


def link(certificate: Certificate) -> str:
    """What the QR code holds: the public page, and the signature where no server sees it."""
    return sending.absolute(f"/v/{certificate.token}") + f"#{certificate.signature}"


def site() -> str:
    """The host that the QR code leads to, as printed."""
    return urlsplit(sending.absolute("/")).netloc


def fingerprint(certificate: Certificate) -> str:
    """Of the key that signed it, as printed on paper."""
    kid = (certificate.signature or "").partition(".")[0]
    key = vault.public_keys().get(kid)
    return signature.fingerprint(key) if key is not None else ""


def keys() -> Mapping[str, bytes]:
    """The public keys, active and old, by their ids: what anybody checks with."""
    return vault.public_keys()
