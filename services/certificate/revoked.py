"""The signed list of certificates that no longer hold: for those who check without asking the site.

Anybody may fetch it, so it is made once for as long as nothing is added, and at most for an hour.
"""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from certificates import revocation, signature
from models import vault
from models.base import db
from models.certificate import Certificate, State
from services.stamp import clock

LIFE = dt.timedelta(days=7)
KEPT = dt.timedelta(hours=1)
ENDED = {State.REVOKED: "revoked", State.REISSUED: "replaced"}


@dataclass(frozen=True)
class _Made:
    of: tuple[object, ...]
    at: dt.datetime
    text: str


_kept: list[_Made] = []


def listing() -> str:
    """The file that is given out. Its sequence is the second it was made in, so a later one has a higher."""
    now = clock.now()
    of = (_state(), vault.current().signing.active, str(db.engine.url))
    if _kept and _kept[0].of == of and dt.timedelta() <= now - _kept[0].at < KEPT:
        return _kept[0].text
    said = revocation.listing(_entries(), int(now.timestamp()), now, now + LIFE)
    signed = vault.sign(signature.REVOCATION, revocation.canonical(said))
    text = revocation.envelope(said, signed)
    _kept[:] = [_Made(of, now, text)]
    return text


def forget() -> None:
    _kept.clear()


def _state() -> tuple[object, ...]:
    """What changes with every certificate that ends: one cheap question."""
    return tuple(
        db.session.execute(
            sa.select(sa.func.count(Certificate.id), sa.func.max(Certificate.ended_at)).where(
                Certificate.state.in_(ENDED)
            )
        ).one()
    )


def _entries() -> list[revocation.Entry]:
    rows = db.session.execute(
        sa.select(Certificate.number, Certificate.version_no, Certificate.state).where(
            Certificate.state.in_(ENDED), Certificate.signed_at.is_not(None)
        )
    )
    return [
        revocation.Entry(number, version, "revoked" if state is State.REVOKED else "replaced")
        for number, version, state in rows
    ]
