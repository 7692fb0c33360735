"""A stamped paper comes back: its pages, and whose stamp is on it."""

from collections.abc import Sequence

from models.account import Account
from models.base import db
from models.party import Party
from models.person import Category
from models.registration import LIVE, Batch, Registration
from models.stamped_copy import Kind, StampedCopy, State
from services import audit as audits
from services import hold
from services import upload as uploads
from services.errors import Refused
from services.stamp import Stamp
from services.stamped_copy import behalf
from services.stamped_copy.finding import Owner, copies_of, tracks_of
from services.text import _, clean_line
from services.upload import Sound

MOST_PAGES = 6
"""Pages of one sending."""

MOST_KEPT = 30
"""Pages kept for one entry or list."""


class NoPages(Refused):
    sentence = _("请拍照或选择盖章后的文件。")


class TooMany(Refused):
    sentence = _("页数过多。一次最多 6 页，共最多 30 页；可合并为一个 PDF 后再回传。")


class WhoseStamp(Refused):
    sentence = _("请填写盖章单位的全称。灵活就业人员由所在街道或镇盖章的，填写街道或镇。")


class TooLate(Refused):
    sentence = _("这份报名已经结束，不再接收盖章件。")


def receive(
    owner: Owner, pages: Sequence[Sound], *, stamped_by: str, by: Account, stamp: Stamp
) -> list[StampedCopy]:
    """Keep the pages of one sending. Raises NoPages, TooMany, WhoseStamp, TooLate, and what keeping a file raises."""
    if not pages:
        raise NoPages
    stamped_by = clean_line(stamped_by, 100) if stamped_by.strip() else ""
    if not stamped_by:
        raise WhoseStamp
    hold.lock(tracks_of(owner))
    db.session.refresh(owner)
    if isinstance(owner, Registration) and owner.state not in LIVE:
        raise TooLate
    if isinstance(owner, Batch) and not behalf.standing(owner):
        raise TooLate
    if len(pages) > MOST_PAGES or len(copies_of(owner)) + len(pages) > MOST_KEPT:
        raise TooMany
    rows = [
        StampedCopy(
            kind=Kind.FORM if isinstance(owner, Registration) else Kind.LIST,
            registration_id=owner.id if isinstance(owner, Registration) else None,
            party_id=owner.id if isinstance(owner, Party) else None,
            batch_id=owner.id if isinstance(owner, Batch) else None,
            upload_id=uploads.receive(
                page,
                page.name,
                "stamped_copy",
                by,
                stamp=stamp,
                most_files=_MOST_FILES,
                most_bytes=_MOST_BYTES,
            ).id,
            stamped_by=stamped_by,
            state=State.RECEIVED,
            sent_at=stamp.when,
            sent_by_id=by.id,
        )
        for page in pages
    ]
    db.session.add_all(rows)
    db.session.flush()
    audits.record("stamped_copy.received", rows[0], stamp=stamp, kind=rows[0].kind.value, pages=len(rows))
    return rows


_MOST_FILES = 600
_MOST_BYTES = 1_500_000_000
"""A unit's manager sends for all of its people."""


def usual_stamp(owner: Owner) -> str:
    """Whose stamp is expected: the unit that entered them, else where they say they work. Nobody's, where they work
    for no unit: a town or sub-district then speaks for them.
    """
    if isinstance(owner, Batch):
        return owner.true_source
    unit = owner.organisation
    if unit is not None:
        return unit.name
    if isinstance(owner, Party) or owner.answer is None:
        return ""
    if owner.answer.category in (Category.FLEXIBLE_WORKER.value, Category.JOBSEEKER.value):
        return ""
    return owner.answer.workplace
