"""What must never be among parties."""

import sqlalchemy as sa

from models.activity import Activity
from models.party import Kind, Party, PartyMember, State
from models.registration import LIVE, Registration
from services.health import Counters, rows, text


def _member_claims() -> int:
    """Who is on a list and not entered has the claim that says so, and nobody of a dissolved party has one."""
    wanted = text(Party.activity_id) + ":" + text(PartyMember.person_id)
    several = wanted + ":" + text(Party.track_id)
    return rows(
        sa.select(PartyMember.id)
        .join(PartyMember.party)
        .join(Activity, Activity.id == Party.activity_id)
        .where(
            sa.or_(
                sa.and_(Party.state == State.GATHERING, PartyMember.claim.is_(None)),
                sa.and_(Party.state == State.DISSOLVED, PartyMember.claim.is_not(None)),
                sa.and_(
                    PartyMember.claim.is_not(None),
                    PartyMember.claim != sa.case((Activity.takes_several, several), else_=wanted),
                ),
            )
        )
    )


def _list_claims() -> int:
    wanted = text(Party.track_id) + ":" + sa.cast(Party.organisation_id, sa.String)
    stands = sa.and_(Party.kind == Kind.DELEGATION, Party.state != State.DISSOLVED)
    return rows(
        sa.select(Party.id).where(
            sa.or_(
                sa.and_(stands, sa.or_(Party.claim.is_(None), Party.claim != wanted)),
                sa.and_(~stands, Party.claim.is_not(None)),
            )
        )
    )


def _entered_from_nothing() -> int:
    """Live entries of a party that was never sent, or is dissolved."""
    return rows(
        sa.select(Registration.id)
        .join(Party, Party.id == Registration.party_id)
        .where(Registration.state.in_(LIVE), Party.state != State.SENT)
    )


COUNTERS: Counters = {
    "parties.member_claim_differs": _member_claims,
    "parties.list_claim_differs": _list_claims,
    "parties.entered_unsent": _entered_from_nothing,
}
