"""Jobs done once: who leads, and which slots were done (R63).

The lease says who works; it is a courtesy that may fail (a paused process wakes up and believes it still leads). What
makes an effect happen once is the claim: a row (job, slot) inserted in the transaction of the effect itself.
"""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from models.base import db, upsert
from models.job import JobRun, Lease
from services.stamp import Stamp
from services.transaction import transaction

LEASE = dt.timedelta(seconds=20)
NAME = "scheduler"
_LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def lead(owner: str, *, now: dt.datetime) -> bool:
    """Take or renew the lease. True while `owner` leads."""
    with transaction():
        db.session.execute(
            upsert(Lease).values(name=NAME, owner="", token=0, expires_at=_LONG_AGO).on_conflict_do_nothing()
        )
        result = db.session.execute(
            sa.update(Lease)
            .where(Lease.name == NAME, sa.or_(Lease.owner == owner, Lease.expires_at <= now))
            .values(
                token=Lease.token + sa.case((Lease.owner == owner, 0), else_=1),
                owner=owner,
                expires_at=now + LEASE,
            )
        )
        assert isinstance(result, sa.CursorResult)
        return result.rowcount == 1


def give_back(owner: str) -> None:
    """End the lease early, so that another may lead at once."""
    with transaction():
        db.session.execute(sa.update(Lease).where(Lease.owner == owner).values(expires_at=_LONG_AGO))


def once(job: str, slot: str, effect: Callable[[Stamp], object], *, owner: str, stamp: Stamp) -> bool:
    """Do `effect` for a slot unless it was done. The claim and the effect commit together."""
    with transaction():
        claimed = db.session.execute(
            upsert(JobRun)
            .values(job=job, slot=slot, owner=owner, done_at=stamp.when)
            .on_conflict_do_nothing()
            .returning(JobRun.slot)
        ).one_or_none()
        if claimed is None:
            return False
        effect(stamp)
        return True


def seen_lately(*, now: dt.datetime) -> bool:
    """Whether somebody leads: what `/readyz` asks."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Lease.name == NAME, Lease.expires_at > now))))


def sweep(*, now: dt.datetime, keep: dt.timedelta = dt.timedelta(days=7)) -> int:
    """Remove claims of slots long gone."""
    result = db.session.execute(sa.delete(JobRun).where(JobRun.done_at < now - keep))
    assert isinstance(result, sa.CursorResult)
    return result.rowcount
