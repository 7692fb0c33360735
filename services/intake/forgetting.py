"""Forgetting lists: their rows are kept until they can serve nobody any more.

While an activity lies ahead a list can be mended, entered and taken back. A while after its end nothing of that is left
to do; who was entered stands in the entries, who was not is nobody's business any more.
"""

import datetime as dt

import sqlalchemy as sa

from models.activity import Activity
from models.base import db
from models.intake import Intake, IntakeLine, State
from services import audit as audits
from services.stamp import Stamp

KEPT = dt.timedelta(days=30)
"""After the end of the activity."""
AT_ONCE = 50
"""Lists a run, so that nobody waits long for it."""


def forget(*, stamp: Stamp) -> int:
    """Delete the rows of lists whose activity is long over; of how many lists. One that was entered stays so, any
    other is put aside; one that is being entered is left to the next run.
    """
    over = sa.select(Activity.id).where(Activity.ends_at <= stamp.when - KEPT)
    has_rows = sa.exists().where(IntakeLine.intake_id == Intake.id)
    found = db.session.scalars(
        sa.select(Intake)
        .where(Intake.activity_id.in_(over), Intake.state != State.ENTERING, has_rows)
        .order_by(Intake.id)
        .limit(AT_ONCE)
        .with_for_update(of=Intake, skip_locked=True)
    ).all()
    for intake in found:
        gone = db.session.execute(sa.delete(IntakeLine).where(IntakeLine.intake_id == intake.id))
        assert isinstance(gone, sa.CursorResult)
        if intake.state is not State.ENTERED:
            intake.state = State.DROPPED
        audits.record("intake.forgotten", intake, stamp=stamp, rows=gone.rowcount)
    return len(found)
