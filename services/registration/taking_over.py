"""Two records turn out to be one person: what was entered under the one becomes the other's."""

import sqlalchemy as sa

from models.base import db
from models.person import Person
from models.registration import LIVE, Registration, State
from services import audit as audits
from services import hold
from services.registration.moves import claim, claim_of, move
from services.registration.waiting import release
from services.stamp import Stamp
from services.text import _

TWICE = _("您另有一份本活动的报名，这一份已随之退出。")


def take_over(old: Person, new: Person, *, stamp: Stamp) -> int:
    """Every entry of `old` becomes an entry of `new`; how many. Where `new` has a live one for the same activity, the
    other is withdrawn and its place goes to the next in line, since one person stands once.
    """
    if old.id == new.id:
        return 0
    hold.lock(row.track for row in _live(old))
    standing = {row.claim for row in _live(new)}
    rows = db.session.scalars(
        sa.select(Registration).where(Registration.person_id == old.id).order_by(Registration.id)
    ).all()
    for row in rows:
        wanted = claim(row.track, new.id)
        before = row.state
        audits.record("registration.taken_over", row, stamp=stamp)
        row.person, row.person_id = new, new.id
        if row.state in LIVE and wanted in standing:
            move(row, State.WITHDRAWN, stamp=stamp, note=str(TWICE))
            db.session.flush()
            release([(row, before)], stamp=stamp)
        else:
            row.claim = claim_of(row)
    db.session.flush()
    return len(rows)


def _live(person: Person) -> list[Registration]:
    """What stands of a person, read anew."""
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(Registration.person_id == person.id, Registration.state.in_(LIVE))
            .order_by(Registration.track_id, Registration.id)
            .execution_options(populate_existing=True)
        )
    )
