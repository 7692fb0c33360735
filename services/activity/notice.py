"""Notices: 通知公告 and 名单公示, with annexes. Published, all may read them; withdrawn, nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from models.account import Role, ScopeKind
from models.activity import Activity, Annex, Notice, NoticeKind
from models.base import db, is_code
from models.organisation import Organisation
from models.upload import Upload
from services import audit as audits
from services.access import Principal, Scope
from services.activity import find
from services.activity.draft import NoSuchUnit, NotYours
from services.activity.entry import NoticeEntry, line
from services.errors import Missing, Refused
from services.stamp import Stamp
from services.text import _, escape_like

PAGE = 20
MOST_ANNEXES = 20
WRITE = frozenset({Role.ORGANISER})


class Published(Refused):
    sentence = _("公告已发布，不能修改。需要更正时，请撤回后另行发布。")


class NotPublished(Refused):
    sentence = _("公告没有在发布中。")


class Withdrawn(Refused):
    sentence = _("公告已撤回，不能再发布。请另拟一份。")


class TooManyAnnexes(Refused):
    sentence = _("附件最多 %(most)s 个。", most=MOST_ANNEXES)


class NoName(Refused):
    sentence = _("请写明附件名称。")


@dataclass(frozen=True)
class NoticePage:
    items: Sequence[Notice]
    page: int
    pages: int
    total: int


def draft(entry: NoticeEntry, *, by: Principal, stamp: Stamp) -> Notice:
    """A new notice of a unit, about one of its activities or none. Raises NotYours, NoSuchUnit."""
    unit = db.session.scalar(
        sa.select(Organisation).where(
            Organisation.code == entry.organisation, Organisation.closed_at.is_(None)
        )
    )
    if unit is None:
        raise NoSuchUnit
    activity = find.get_run(by, entry.activity) if entry.activity else None
    is_its_organiser = activity is not None and activity.organiser_id == unit.id
    if not is_its_organiser and not by.may(WRITE, [(ScopeKind.ORGANISATION, unit.code)]):
        raise NotYours
    notice = Notice(
        organisation=unit,
        activity=activity,
        kind=entry.kind,
        title=entry.title,
        body=entry.body,
        created_at=stamp.when,
        created_by_id=stamp.account_id,
    )
    db.session.add(notice)
    db.session.flush()
    audits.record("notice.drafted", notice, stamp=stamp, organisation=unit.code)
    return notice


def edit(notice: Notice, entry: NoticeEntry, *, stamp: Stamp) -> Notice:
    """Change the text; unit and activity stay. Raises Published."""
    _must_be_draft(notice)
    notice.kind, notice.title, notice.body = entry.kind, entry.title, entry.body
    db.session.flush()
    audits.record("notice.edited", notice, stamp=stamp)
    return notice


def publish(notice: Notice, *, stamp: Stamp) -> Notice:
    """Raises Published, Withdrawn."""
    _hold(notice)
    if notice.withdrawn_at is not None:
        raise Withdrawn
    if notice.published_at is not None:
        raise Published
    notice.published_at = stamp.when
    db.session.flush()
    audits.record("notice.published", notice, stamp=stamp, annexes=len(notice.annexes))
    return notice


def withdraw(notice: Notice, *, stamp: Stamp) -> Notice:
    """Take it off the site, annexes and all. Raises NotPublished."""
    _hold(notice)
    if not notice.is_public:
        raise NotPublished
    notice.withdrawn_at = stamp.when
    db.session.flush()
    audits.record("notice.withdrawn", notice, stamp=stamp)
    return notice


def add_annex(notice: Notice, upload: Upload, title: str, *, stamp: Stamp) -> Annex:
    """Raises Published, TooManyAnnexes, NoName."""
    _must_be_draft(notice)
    if len(notice.annexes) >= MOST_ANNEXES:
        raise TooManyAnnexes
    if not (title := line(title, 100)):
        raise NoName
    annex = Annex(notice=notice, upload=upload, title=title)
    db.session.add(annex)
    db.session.flush()
    audits.record("annex.added", annex, stamp=stamp, notice=notice.code)
    return annex


def remove_annex(annex: Annex, *, stamp: Stamp) -> Upload:
    """Answers the file that nothing points at any more."""
    notice, upload = annex.notice, annex.upload
    _must_be_draft(notice)
    audits.record("annex.removed", annex, stamp=stamp, notice=notice.code)
    notice.annexes.remove(annex)
    db.session.delete(annex)
    db.session.flush()
    return upload


def get_public(code: str) -> Notice:
    notice = _find(code)
    if notice is None or not is_readable(notice):
        raise Missing
    return notice


def get_write(principal: Principal, code: str) -> Notice:
    """A notice that they may write: of their unit, or about an activity they run."""
    notice = _find(code)
    if notice is None or not principal.may(WRITE, scopes(notice)):
        raise Missing
    return notice


def get_annex(notice: Notice, code: str) -> Annex:
    """An annex of this notice and no other."""
    for annex in notice.annexes:
        if annex.code == code:
            return annex
    raise Missing


def is_readable(notice: Notice) -> bool:
    """Published, and not about an activity that is still secret."""
    return notice.is_public and (notice.activity is None or notice.activity.is_public)


def scopes(notice: Notice) -> tuple[Scope, ...]:
    own: tuple[Scope, ...] = ((ScopeKind.ORGANISATION, notice.organisation.code), (ScopeKind.DISTRICT, None))
    return own if notice.activity is None else (*own, *notice.activity.scopes)


def list_public(
    kind: NoticeKind | None = None, text: str = "", page: int = 1, size: int = PAGE
) -> NoticePage:
    """Published notices, the newest first."""
    wanted = sa.select(Notice).outerjoin(Notice.activity).where(_readable())
    if kind is not None:
        wanted = wanted.where(Notice.kind == kind)
    for word in text.replace("\0", " ").split()[:5]:
        wanted = wanted.where(Notice.title.ilike(f"%{escape_like(word)}%", escape="\\"))
    return _page(wanted.order_by(Notice.published_at.desc(), Notice.id.desc()), page, size)


def latest(most: int = 5) -> Sequence[Notice]:
    wanted = sa.select(Notice).outerjoin(Notice.activity).where(_readable())
    return db.session.scalars(wanted.order_by(Notice.published_at.desc(), Notice.id.desc()).limit(most)).all()


def of_desk(principal: Principal, page: int = 1) -> NoticePage:
    """Notices somebody may write, the newest first."""
    units = principal.scope_codes(WRITE, ScopeKind.ORGANISATION)
    single = principal.scope_codes(WRITE, ScopeKind.ACTIVITY)
    own = sa.select(Organisation.id).where(Organisation.code.in_(units))
    wanted = sa.select(Notice).outerjoin(Notice.activity)
    if not principal.is_district_wide(WRITE):
        wanted = wanted.where(
            sa.or_(Notice.organisation_id.in_(own), Activity.organiser_id.in_(own), Activity.code.in_(single))
        )
    return _page(wanted.order_by(Notice.created_at.desc(), Notice.id.desc()), page)


def _readable() -> sa.ColumnElement[bool]:
    shown = sa.or_(Notice.activity_id.is_(None), find.public())
    return sa.and_(Notice.published_at.is_not(None), Notice.withdrawn_at.is_(None), shown)


def _page(wanted: sa.Select[Notice], page: int, size: int = PAGE) -> NoticePage:
    total = db.session.scalar(sa.select(sa.func.count()).select_from(wanted.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        wanted.options(
            joinedload(Notice.organisation), joinedload(Notice.activity), selectinload(Notice.annexes)
        )
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    return NoticePage(rows, page, pages, total)


def _find(code: str) -> Notice | None:
    if not is_code(code):
        return None
    return db.session.scalar(
        sa.select(Notice)
        .where(Notice.code == code)
        .options(
            joinedload(Notice.organisation),
            joinedload(Notice.activity).joinedload(Activity.organiser),
            selectinload(Notice.annexes).joinedload(Annex.upload),
        )
    )


def _hold(notice: Notice) -> None:
    db.session.refresh(notice, ["published_at", "withdrawn_at"], with_for_update=True)


def _must_be_draft(notice: Notice) -> None:
    _hold(notice)
    if notice.published_at is not None:
        raise Published
