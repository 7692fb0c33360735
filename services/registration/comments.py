"""Review without ping-pong: what is to be mended, field by field, and what was mended since, old beside new."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.registration import Comment, Registration, State, Step
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
    """A field that was mended: what it said when the reviewer last saw it, and what it says now, as it is kept."""

    key: str
    old: Any
    new: Any


def phrases_of(key: str) -> tuple[Sentence, ...]:
    return PHRASES.get(key, ()) or _ANY


def ask(registration: Registration, asked: Mapping[str, str], *, by: Account, stamp: Stamp) -> list[Comment]:
    """Keep what is to be mended, by field."""
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


def mended(registration: Registration, before: Mapping[str, Any], *, stamp: Stamp) -> None:
    """The applicant sent it anew: keep what was changed and how it was (`before`: `answers.raw`), in the step that this
    made; comments on these fields are settled.
    """
    after = answers.raw(registration.answer)
    changed = [key for key in {**after, **before} if before.get(key) != after.get(key)]
    if not changed:
        return
    db.session.flush()
    step = db.session.scalars(
        sa.select(Step).where(Step.registration_id == registration.id).order_by(Step.id.desc()).limit(1)
    ).one_or_none()
    if step is None or step.at != stamp.when or step.state is not State.SUBMITTED or step.changed:
        step = Step(
            registration_id=registration.id, state=registration.state, at=stamp.when, by_id=stamp.account_id
        )
        db.session.add(step)
    step.changed = changed
    step.before = json.dumps({key: before.get(key) for key in changed}, ensure_ascii=False)
    settle(registration, changed, stamp=stamp)
    db.session.flush()
    db.session.expire(registration, ["steps"])


def changes(registration: Registration) -> list[Change]:
    """What was mended since the entry was last sent back, each field once, as it was then and as it is now."""
    before: dict[str, Any] = {}
    for step in _since_return(registration.steps):
        for key, old in read_before(step).items():
            before.setdefault(key, old)
    now = answers.raw(registration.answer)
    return [Change(key, old, now.get(key)) for key, old in before.items() if old != now.get(key)]


def read_before(step: Step) -> dict[str, Any]:
    """What the fields said that a step changed."""
    found: dict[str, Any] = json.loads(step.before) if step.before else {}
    return found


def _since_return(steps: Sequence[Step]) -> list[Step]:
    last = max((index for index, step in enumerate(steps) if step.state is State.RETURNED), default=None)
    return [] if last is None else list(steps[last + 1 :])
