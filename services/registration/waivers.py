"""豁免: one rule of a track put aside for one person, with who did it and why."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from models.account import Account
from models.activity import Track
from models.base import db, is_code
from models.person import Person
from models.registration import Waiver
from models.upload import Upload
from services import audit as audits
from services.errors import Missing, Refused
from services.registration.eligibility import WAIVABLE
from services.stamp import Stamp
from services.text import BadText, _, clean_paragraph


class NotWaivable(Refused):
    sentence = _("这项条件不能豁免。")


class AlreadyWaived(Refused):
    sentence = _("这个人的这项条件已经豁免。")


class WaiverReason(Refused):
    sentence = _("请写明豁免的原因，审核和监督时会看到。")


class OwnWaiver(Refused):
    sentence = _("不能为自己豁免报名条件，请由其他赛务管理员办理。")


def waive(
    track: Track,
    person: Person,
    rule: str,
    reason: str,
    *,
    by: Account,
    stamp: Stamp,
    evidence: Upload | None = None,
) -> Waiver:
    """Let a rule not stand against a person. Raises `NotWaivable`, `AlreadyWaived`, `WaiverReason`, `OwnWaiver`."""
    if rule not in WAIVABLE or rule not in rules_of(track):
        raise NotWaivable
    if by.person_id == person.id:
        raise OwnWaiver
    try:
        reason = clean_paragraph(reason, 300)
    except BadText as bad:
        raise (WaiverReason if not reason.strip() else WaiverReason(bad.sentence)) from bad
    row = Waiver(
        track_id=track.id,
        person_id=person.id,
        rule=rule,
        reason=reason,
        evidence_id=evidence.id if evidence else None,
        made_at=stamp.when,
        made_by_id=by.id,
    )
    known = sa.exists().where(Waiver.track_id == track.id, Waiver.person_id == person.id, Waiver.rule == rule)
    if db.session.scalar(sa.select(known)):
        raise AlreadyWaived
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise AlreadyWaived from clash
    audits.record("registration.waived", row, stamp=stamp, track=track.code, rule=rule)
    return row


def end_waiver(waiver: Waiver, *, stamp: Stamp) -> None:
    """Take it back: what was entered on it stands, and is reviewed."""
    audits.record("registration.waiver_ended", waiver, stamp=stamp, track=waiver.track.code, rule=waiver.rule)
    db.session.delete(waiver)
    db.session.flush()


def waivers_of(track: Track) -> Sequence[Waiver]:
    return db.session.scalars(
        sa.select(Waiver)
        .where(Waiver.track_id == track.id)
        .options(joinedload(Waiver.person), joinedload(Waiver.made_by), joinedload(Waiver.evidence))
        .order_by(Waiver.id.desc())
    ).all()


def get_waiver(track: Track, code: str) -> Waiver:
    """Raises `Missing`."""
    row = db.session.scalar(sa.select(Waiver).where(Waiver.code == code)) if is_code(code) else None
    if row is None or row.track_id != track.id:
        raise Missing
    return row


def rules_of(track: Track) -> list[str]:
    """The rules of a track that may be waived, in the order of the notice."""
    has = {str(rule.get("kind")) for rule in track.rules or ()}
    if track.born_from or track.born_until:
        has.add("born")
    if track.categories:
        has.add("category")
    return [rule for rule in WAIVABLE if rule in has]
