"""The long steps of a list, worked off by a job or, where it is short, at once: checking, and entering.

Whoever dies in between leaves nothing, and the next run begins that step again.
"""

import sqlalchemy as sa

from models.base import db
from models.intake import Intake, State
from services.intake import entering, slices
from services.stamp import Stamp

AT_ONCE = 500
"""Rows of a list that is worked off while its sender waits."""


def run(*, stamp: Stamp) -> int:
    """Work off every list that waits for it; how many. Opens its own transactions."""
    waiting = db.session.scalars(
        sa.select(Intake.id).where(Intake.state.in_((State.CHECKING, State.ENTERING))).order_by(Intake.id)
    ).all()
    db.session.rollback()
    for id in waiting:
        work(id, stamp=stamp)
    return len(waiting)


def work_soon(intake: Intake, *, stamp: Stamp) -> None:
    """After the transaction that asked for it: at once where the list is short, else the job finds it."""
    id, is_short = intake.id, intake.rows <= AT_ONCE
    if is_short:
        work(id, stamp=stamp)


def work(id: int, *, stamp: Stamp) -> None:
    """The step that a list waits for."""
    intake = db.session.get_one(Intake, id)
    state, by = intake.state, intake.made_by
    said = Stamp(stamp.when, by.code, by.id, stamp.address)
    db.session.rollback()
    if state is State.CHECKING:
        slices.check(id, State.CHECKED, stamp=said)
    elif state is State.ENTERING:
        entering.enter(id, stamp=said)
