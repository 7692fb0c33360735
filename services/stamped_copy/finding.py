"""Copies that came back, and who may see and send them: the person, the unit's manager, those who review the entry."""

import datetime as dt
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from models.account import ScopeKind
from models.activity import Activity, Track
from models.base import db
from models.party import Party
from models.registration import LIVE, Batch, Registration
from models.stamped_copy import StampedCopy, State
from services import organisation as organisations
from services import party as parties
from services import registration as registrations
from services.access import Principal, Scope
from services.errors import Missing
from services.registration import REVIEWERS
from services.stamped_copy import behalf
from services.text import _
from services.waiting import Waiting

Owner = Registration | Party | Batch
"""An entry, a party, or a list that was entered for others."""

MOST = 500
"""Pages listed at once; what was decided makes room for the rest."""


def get_entry(principal: Principal, code: str) -> Registration:
    """An entry for which they may print and send paper. Raises `Missing` for another's."""
    row = db.session.scalars(sa.select(Registration).where(Registration.code == code)).one_or_none()
    if row is None or not may_have(principal, row):
        raise Missing
    return row


def get_party(principal: Principal, code: str) -> Party:
    """A party for which they may print and send paper. Raises `Missing` for another's."""
    row = db.session.scalars(sa.select(Party).where(Party.code == code)).one_or_none()
    if row is None or not may_have(principal, row):
        raise Missing
    return row


def get_batch(principal: Principal, code: str) -> Batch:
    """A list entered for others, for which they may send paper. Raises `Missing` for another's."""
    row = behalf.find(code)
    if row is None or not may_have(principal, row):
        raise Missing
    return row


def get(principal: Principal, code: str) -> StampedCopy:
    """A copy that they may see. Raises `Missing` for another's."""
    row = _find(code)
    if row is None or not may_have(principal, owner_of(row)):
        raise Missing
    return row


def get_decide(principal: Principal, code: str) -> StampedCopy:
    """A copy that they may decide on. Raises `Missing` where the right is lacking."""
    row = _find(code)
    if row is None or not may_review(principal, owner_of(row)):
        raise Missing
    return row


def may_have(principal: Principal, owner: Owner) -> bool:
    if not principal.is_signed_in:
        return False
    if isinstance(owner, Party):
        return parties.may_manage(principal, owner) or may_review(principal, owner)
    if isinstance(owner, Batch):  # it names all of them: nobody on it sees the others
        return may_review(principal, owner)
    if principal.person_id is not None and principal.person_id == owner.person_id:
        return True
    unit = owner.organisation
    if unit is not None and organisations.manages(principal, unit):
        return True
    if owner.party is not None and parties.may_manage(principal, owner.party):
        return True
    return may_review(principal, owner)


def may_review(principal: Principal, owner: Owner) -> bool:
    """Those who may review the entry; of a party, who may review all of its activity or track; of a list entered for
    others, who may review everybody on it.
    """
    if isinstance(owner, Batch):
        return all(
            principal.may(REVIEWERS, [*track.activity.scopes, (ScopeKind.TRACK, track.code)])
            for track in behalf.tracks_of(owner)
        )
    return principal.may(REVIEWERS, _scopes(owner))


def _scopes(owner: Registration | Party) -> Iterable[Scope]:
    if isinstance(owner, Registration):
        return registrations.scopes_of(owner)
    return registrations.party_scopes_of(owner)


def owner_of(copy: StampedCopy) -> Owner:
    owner = copy.registration or copy.party or copy.batch
    if owner is None:
        raise Missing
    return owner


def tracks_of(owner: Owner) -> Sequence[Track]:
    """The tracks a paper is about: one, but for a list that names several."""
    return behalf.tracks_of(owner) if isinstance(owner, Batch) else [owner.track]


def name_of(owner: Owner) -> str:
    """Whom a paper speaks of: the person, the team, or whose list it was."""
    if isinstance(owner, Batch):
        return owner.true_source
    return owner.name if isinstance(owner, Party) else owner.person.name


def title_of(owner: Owner) -> str:
    """The activity and, where it is one, the track."""
    tracks = tracks_of(owner)
    return tracks[0].full_name if len(tracks) == 1 else tracks[0].activity.title


def page_of(owner: Owner) -> str:
    """The page of the site to which stamped paper is sent back."""
    room = {Registration: "registration", Party: "party", Batch: "batch"}[type(owner)]
    return f"/{room}/{owner.code}/stamped"


def entries_of(owner: Owner) -> Sequence[Registration]:
    """Whom a paper speaks of: the entry, or those of the party that stand."""
    if isinstance(owner, Registration):
        return [owner]
    if isinstance(owner, Batch):
        return behalf.standing(owner)
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.party_id == owner.id, Registration.state.in_(LIVE))
        .order_by(Registration.rank, Registration.id)
    ).all()


def copies_of(owner: Owner) -> Sequence[StampedCopy]:
    """Every page that came back, the newest sending first, its pages in order."""
    return db.session.scalars(
        sa.select(StampedCopy)
        .where(_belongs(owner))
        .options(joinedload(StampedCopy.upload), joinedload(StampedCopy.sent_by))
        .order_by(StampedCopy.sent_at.desc(), StampedCopy.id)
    ).all()


def sendings(owner: Owner) -> list[list[StampedCopy]]:
    """The same, the pages of one sending together."""
    found: dict[tuple[dt.datetime, int], list[StampedCopy]] = {}
    for row in copies_of(owner):
        found.setdefault((row.sent_at, row.sent_by_id), []).append(row)
    return list(found.values())


def pages_of(copy: StampedCopy) -> list[StampedCopy]:
    """All pages that were sent with this one: they are decided on together."""
    rows = copies_of(owner_of(copy))
    return [row for row in rows if (row.sent_at, row.sent_by_id) == (copy.sent_at, copy.sent_by_id)]


def has_accepted(registration: Registration) -> bool:
    """Whether a stamped form of this entry, or a stamped list that it is on, was accepted."""
    return registrations.has_stamp(registration)


def to_decide(principal: Principal) -> list[Waiting]:
    """盖章件待核对: the desk's row."""
    if not principal.may(REVIEWERS):
        return []
    sendings = _received(principal).with_only_columns(StampedCopy.sent_at, StampedCopy.sent_by_id).distinct()
    count = db.session.scalar(sa.select(sa.func.count()).select_from(sendings.subquery()))
    if not count:
        return []
    return [
        Waiting(
            count,
            _("盖章报名表待核对"),
            _("核对盖章和签名；核对无误即视为单位推荐"),
            "stamped_copy.queue",
            _("核对"),
        )
    ]


def waiting_copies(principal: Principal) -> Sequence[StampedCopy]:
    """What waits to be looked at, the oldest first: one page of each sending stands for all."""
    rows = db.session.scalars(
        _received(principal).order_by(StampedCopy.sent_at, StampedCopy.id).limit(MOST)
    ).all()
    found: dict[tuple[dt.datetime, int], StampedCopy] = {}
    for row in rows:
        found.setdefault((row.sent_at, row.sent_by_id), row)
    return list(found.values())


def _received(principal: Principal) -> sa.Select[StampedCopy]:
    """Pages nobody decided on yet, of entries, of parties and of lists entered for others that they may review."""
    return (
        sa.select(StampedCopy)
        .outerjoin(Registration, Registration.id == StampedCopy.registration_id)
        .outerjoin(Party, Party.id == StampedCopy.party_id)
        .outerjoin(Activity, Activity.id == sa.func.coalesce(Registration.activity_id, Party.activity_id))
        .where(
            StampedCopy.state == State.RECEIVED,
            sa.or_(
                sa.and_(
                    StampedCopy.batch_id.is_(None),
                    sa.or_(registrations.in_reach(principal), registrations.in_reach(principal, Party)),
                ),
                _batch_in_reach(principal),
            ),
        )
    )


def _batch_in_reach(principal: Principal) -> sa.ColumnElement[bool]:
    """Lists entered for others on which somebody stands, and nobody whom they may not review."""
    paper = aliased(StampedCopy)
    named = (
        sa.select(Registration.batch_id)
        .join(paper, paper.batch_id == Registration.batch_id)
        .join(Activity, Activity.id == Registration.activity_id)
        .where(paper.state == State.RECEIVED)
        .correlate(None)
    )
    within = sa.func.coalesce(registrations.in_reach(principal), sa.false())
    return sa.and_(
        StampedCopy.batch_id.in_(named.where(Registration.state.in_(LIVE))),
        StampedCopy.batch_id.not_in(named.where(sa.not_(within))),
    )


def _belongs(owner: Owner) -> sa.ColumnElement[bool]:
    if isinstance(owner, Party):
        return StampedCopy.party_id == owner.id
    if isinstance(owner, Batch):
        return StampedCopy.batch_id == owner.id
    return StampedCopy.registration_id == owner.id


def _find(code: str) -> StampedCopy | None:
    return db.session.scalars(sa.select(StampedCopy).where(StampedCopy.code == code)).one_or_none()
