"""Scenes of the reserve: candidates taken in by the year, not all of them; and one who leaves."""

import sqlalchemy as sa

from app.demo.event import Left, TakenIn
from app.demo.stage import Stage, stamp_by
from models.account import Account, Role
from models.base import db
from models.pipeline import ReserveEntry, State
from services import participation as participations
from services import pipeline as pipelines

DECLINED = ("本人书面放弃入库", "已由外区推荐入库，不重复计入")


def take_in(stage: Stage, event: TakenIn) -> None:
    """Whoever decides had no hand in any result: the reviewer of the lead department, or who gathers."""
    by = _decider(stage, event.at.month)
    stamp = stamp_by(by, event.at)
    found = pipelines.candidates(event.year)
    own = {actor.human.number for actor in stage.actors}
    heroes = {stage.person_ids[number] for number in own}
    refused = (
        [each for each in found if each.person.id not in heroes][-event.declines :] if event.declines else []
    )
    for candidate, reason in zip(refused, DECLINED, strict=False):
        pipelines.decline(candidate, reason, by=by, stamp=stamp)
    keys = {each.person.id for each in refused}
    room = event.most - pipelines.in_reserve(event.year)
    chosen = [each for each in found if each.person.id not in keys][: max(room, 0)]
    if chosen:
        pipelines.confirm(chosen, by=by, stamp=stamp)


def leave(stage: Stage, event: Left) -> None:
    heroes = [stage.person_ids[actor.human.number] for actor in stage.actors]
    entry = db.session.scalars(
        sa.select(ReserveEntry)
        .where(
            ReserveEntry.year == event.year,
            ReserveEntry.state == State.CONFIRMED,
            ReserveEntry.person_id.not_in(heroes),
        )
        .order_by(ReserveEntry.id)
    ).first()
    if entry is not None and participations.is_standing(entry.fact):
        by = _decider(stage, 0)
        pipelines.leave(entry, "工作调往外地，本人申请出库", by=by, stamp=stamp_by(by, event.at))


def _decider(stage: Stage, turn: int) -> Account:
    return stage.actor("hrss", Role.AGGREGATOR if turn % 2 else Role.LEAD_REVIEWER)
