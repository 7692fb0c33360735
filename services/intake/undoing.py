"""Taking a list back: those it entered and on whom nobody has decided yet."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.base import db
from models.intake import Intake, IntakeLine, State
from models.registration import Consent, Registration
from models.registration import State as Entry
from services import audit as audits
from services import hold
from services import registration as registrations
from services.intake import life
from services.stamp import Stamp
from services.text import Sentence, _

UNDECIDED = frozenset({Entry.SUBMITTED, Entry.WAITLISTED, Entry.OFFERED, Entry.STANDBY})


@dataclass(frozen=True)
class Kept:
    """An entry that stays, and why."""

    registration: Registration
    why: Sentence


@dataclass(frozen=True)
class Undo:
    goes: Sequence[Registration]
    stays: Sequence[Kept]


def preview(intake: Intake, *, stamp: Stamp) -> Undo:
    """Who would be withdrawn, and who would not."""
    goes, stays = [], []
    for registration in _entered(intake):
        why = _why_kept(registration, stamp)
        if why is not None:
            stays.append(Kept(registration, why))
        elif registration.is_live:
            goes.append(registration)
    return Undo(goes, stays)


def _entered(intake: Intake) -> Sequence[Registration]:
    return db.session.scalars(
        sa.select(Registration)
        .join(IntakeLine, IntakeLine.registration_id == Registration.id)
        .where(IntakeLine.intake_id == intake.id)
        .options(joinedload(Registration.track), joinedload(Registration.person))
        .order_by(IntakeLine.number)
    ).all()


def _why_kept(registration: Registration, stamp: Stamp) -> Sentence | None:
    if not registration.is_live:
        return None
    if stamp.when >= registration.activity.starts_at:
        return _("活动已经开始")
    if registration.consent in (Consent.CONFIRMED, Consent.OWN):
        return _("本人已确认")
    if registration.state in UNDECIDED:
        return None
    if registration.state is Entry.ACCEPTED and not registration.track.needs_review:
        return None
    return _("已有审核意见")


def undo(intake: Intake, *, stamp: Stamp) -> Undo:
    """Withdraw those on whom nobody has decided. The list can be taken up again. Raises `WrongStep`."""
    found = _entered(intake)
    hold.lock({registration.track for registration in found})
    life.take(intake, State.ENTERED)
    done = preview(intake, stamp=stamp)
    registrations.withdraw_all(done.goes, stamp=stamp, note=str(_("批量导入已撤销")))
    intake.state, intake.undone_at = State.UNDONE, stamp.when
    audits.record("intake.undone", intake, stamp=stamp, withdrawn=len(done.goes), kept=len(done.stays))
    return done
