"""Review without ping-pong: what is to be mended, field by field, and what was mended since, old beside new."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.registration import Comment, Registration, State, Step
from services.errors import Missing
from services.registration import answers
from services.stamp import Stamp
from services.text import Sentence, _

LIMIT = 200

PERSONAL: dict[str, Sentence] = {"document": _("姓名和证件"), "phone": _("手机")}
"""What belongs to the person and not to the entry, and may be asked about all the same."""

_ANY = (_("请核对后重新填写"), _("请补充填写"))
PHRASES: dict[str, tuple[Sentence, ...]] = {
    "document": (_("姓名与证件不一致"), _("证件号码有误，请核对"), _("请补充证件信息")),
    "phone": (_("号码无法接通，请更新"),),
    "category": (_("与所在单位不符，请重新选择"), _("在校学生请选择学生类别")),
    "workplace": (_("请填写单位全称"), _("与单位公章名称不一致")),
    "post": (_("请填写具体岗位"), _("请填写专业和年级")),
    "years_at_work": (_("与参加工作时间不符"), _("未满规定年限，请核对")),
    "skill_level": (_("与证书等级不一致"),),
    "level_certificate": (_("证书编号与证书不符"), _("请补充证书编号"), _("未查询到该证书")),
    "coach": (_("教练须为本单位人员"),),
    "photo": (_("照片不清晰，请重新上传"), _("请使用近期免冠照片"), _("照片与证件不符")),
    "emergency_name": (_("不能填写本人"),),
    "emergency_phone": (_("号码无法接通，请更新"),),
}
"""What is written most often, by field: a click instead of a sentence."""


@dataclass(frozen=True)
class Change:
    """A field that was mended: what it said when the reviewer last saw it, and what it says now."""

    key: str
    label: str
    old: str
    new: str
    is_phone: bool = False
    is_file: bool = False


def phrases_of(key: str) -> tuple[Sentence, ...]:
    return PHRASES.get(key, ()) or _ANY


def askable(registration: Registration) -> dict[str, str]:
    """Fields that a reviewer may ask about, with what they are called."""
    personal = {key: str(name) for key, name in PERSONAL.items()}
    return personal | {each.key: each.label for each in answers.shown(registration)}


def ask(registration: Registration, asked: Mapping[str, str], *, by: Account, stamp: Stamp) -> list[Comment]:
    """Keep what is to be mended. Raises `Missing` for a field that the entry does not have."""
    known = askable(registration)
    if set(asked) - known.keys():
        raise Missing
    rows = [
        Comment(
            registration_id=registration.id,
            field=key,
            text=text[:LIMIT],
            made_at=stamp.when,
            made_by_id=by.id,
        )
        for key, text in asked.items()
        if text.strip()
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def open_comments(registration: Registration) -> dict[str, list[Comment]]:
    """What still waits to be mended, by field."""
    found: dict[str, list[Comment]] = {}
    for row in all_comments(registration):
        if row.settled_at is None:
            found.setdefault(row.field, []).append(row)
    return found


def all_comments(registration: Registration) -> Sequence[Comment]:
    return db.session.scalars(
        sa.select(Comment).where(Comment.registration_id == registration.id).order_by(Comment.id)
    ).all()


def settle(registration: Registration, fields: Collection[str] | None = None, *, stamp: Stamp) -> None:
    """These fields were mended; without fields: whatever was asked is settled."""
    wanted = sa.update(Comment).where(
        Comment.registration_id == registration.id, Comment.settled_at.is_(None)
    )
    if fields is not None:
        wanted = wanted.where(Comment.field.in_(list(fields)))
    db.session.execute(wanted.values(settled_at=stamp.when))


def was_returned(registration: Registration) -> bool:
    return any(step.state is State.RETURNED for step in registration.steps)


def changes(registration: Registration) -> list[Change]:
    """What was mended since the entry was last sent back, each field once, as it was then and as it is now."""
    before: dict[str, str] = {}
    for step in _since_return(registration.steps):
        for key, old in read_before(step).items():
            before.setdefault(key, old)
    fields = {each.key: each for each in answers.shown(registration)}
    now = answers.values(registration)
    found = []
    for key, old in before.items():
        new, field = now.get(key, ""), fields.get(key)
        if old == new:
            continue
        if field is None:
            found.append(Change(key, key, old, new))
        else:
            found.append(Change(key, field.label, old, new, field.is_phone, field.is_file))
    return found


def read_before(step: Step) -> dict[str, str]:
    """What the fields said that a step changed."""
    found: dict[str, str] = json.loads(step.before) if step.before else {}
    return found


def _since_return(steps: Sequence[Step]) -> list[Step]:
    last = max((index for index, step in enumerate(steps) if step.state is State.RETURNED), default=None)
    return [] if last is None else list(steps[last + 1 :])
