"""Taking a list back: those it entered and on whom nobody has decided yet."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.base import db
from models.intake import Intake, IntakeLine, State
from models.party import PartyMember
from models.registration import LIVE, Consent, Registration
from models.registration import State as Entry
from services import audit as audits
from services import hold
from services import party as parties
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
    listed: Sequence[PartyMember] = ()
    """Those it put on a unit's list that is not sent."""

    @property
    def size(self) -> int:
        return len(self.goes) + len(self.listed)


def preview(intake: Intake, *, stamp: Stamp) -> Undo:
    """Who would be withdrawn, and who would not."""
    goes, stays = [], []
    for registration in _entered(intake):
        why = _why_kept(registration, stamp)
        if why is not None:
            stays.append(Kept(registration, why))
        elif registration.is_live:
            goes.append(registration)
    return Undo(goes, stays, _listed(intake))


def _listed(intake: Intake) -> Sequence[PartyMember]:
    return db.session.scalars(
        sa.select(PartyMember)
        .where(*_joined(intake), PartyMember.claim.is_not(None))
        .options(joinedload(PartyMember.person))
        .order_by(PartyMember.rank)
    ).all()


def _joined(intake: Intake) -> tuple[sa.ColumnElement[bool], ...]:
    """Who came onto the unit's list by this one: at the very moment it was entered."""
    return (
        PartyMember.party_id == (intake.party_id or 0),
        PartyMember.joined_at == intake.entered_at,
        PartyMember.added_by_id == intake.made_by_id,
    )


def _entered(intake: Intake) -> Sequence[Registration]:
    if intake.party_id is not None:
        return db.session.scalars(
            sa.select(Registration)
            .join(
                PartyMember,
                sa.and_(
                    PartyMember.party_id == Registration.party_id,
                    PartyMember.person_id == Registration.person_id,
                ),
            )
            .where(*_joined(intake), Registration.state.in_(LIVE))
            .options(joinedload(Registration.track), joinedload(Registration.person))
            .order_by(PartyMember.rank)
        ).all()
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
    if registration.party_id is not None:
        return _("本单位的名单已报送，请在名单里逐人退出")
    if registration.consent in (Consent.CONFIRMED, Consent.OWN):
        return _("本人已确认")
    if registration.state in UNDECIDED:
        return None
    if registration.state is Entry.ACCEPTED and not registration.track.needs_review:
        return None
    return _("已有审核意见")


def undo(intake: Intake, *, stamp: Stamp) -> Undo:
    """Withdraw those on whom nobody has decided; of a unit's list that is not sent, take them off. The list can be
    taken up again. Raises `WrongStep`, `Locked`.
    """
    found = _entered(intake)
    hold.lock({registration.track for registration in found})
    life.take(intake, State.ENTERED)
    done = preview(intake, stamp=stamp)
    if done.listed:
        assert intake.party is not None
        parties.remove_all(intake.party, done.listed, stamp=stamp)
    registrations.withdraw_all(done.goes, stamp=stamp, note=str(_("批量导入已撤销")))
    intake.state, intake.undone_at = State.UNDONE, stamp.when
    audits.record("intake.undone", intake, stamp=stamp, withdrawn=done.size, kept=len(done.stays))
    return done
