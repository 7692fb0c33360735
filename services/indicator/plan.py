"""Verbs of plans: loading a file, and finding the plan and the rows of a day."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models.base import db
from models.indicator import (
    Checkpoint,
    Clause,
    Deliverable,
    Department,
    Indicator,
    Phase,
    Plan,
    Programme,
    Tag,
)
from services import audit as audits
from services.errors import Missing, Refused
from services.indicator.continuation import Document, expand, stored
from services.indicator.document import BadPlan, Definition, define
from services.indicator.entry import Problems
from services.stamp import Stamp
from services.text import _

PARTS = {
    "phases": Phase,
    "checkpoints": Checkpoint,
    "departments": Department,
    "tags": Tag,
    "programmes": Programme,
    "clauses": Clause,
    "indicators": Indicator,
    "deliverables": Deliverable,
}


class Removed(Refused):
    """A file that leaves out what the plan already has: reports and facts may hang on it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: rows added and rows changed, in the plan and in those that continue it."""

    plan: Plan
    added: int
    changed: int

    @property
    def is_change(self) -> bool:
        return bool(self.added or self.changed)


def read(file: Path) -> dict[str, Any]:
    """The document of a plan file, unchecked. Raises BadPlan where it is not TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        problems = Problems()
        problems.append(_("%(file)s 不是 TOML 文件：%(fault)s", file=file.name, fault=fault))
        raise BadPlan(problems) from fault


def load(document: Mapping[str, Any], *, stamp: Stamp) -> Loaded:
    """Load a plan, or bring a loaded one up to its changed file. Loading the same file again changes nothing.

    Plans that continue this one follow it. Raises BadPlan for a file that is not a plan, Removed for one that
    leaves out a row that exists.
    """
    own = stored(document)
    added, changed, plan = _apply(define(_whole(own)), own, stamp)
    for follower in _followers(plan.code):
        more_added, more_changed, _follower = _apply(
            define(_whole(follower.document)), follower.document, stamp
        )
        added, changed = added + more_added, changed + more_changed
    result = Loaded(plan, added, changed)
    if result.is_change:
        audits.record("plan.loaded", plan, stamp=stamp, added=added, changed=changed)
    return result


def list_plans() -> list[Plan]:
    """All plans, the earliest first."""
    return list(db.session.scalars(sa.select(Plan).order_by(Plan.starts_on, Plan.code)))


def find(code: str) -> Plan | None:
    return db.session.scalar(sa.select(Plan).where(Plan.code == code))


def get(code: str) -> Plan:
    plan = find(code)
    if plan is None:
        raise Missing(_("没有这个方案。"))
    return plan


def current_plan(day: dt.date) -> Plan | None:
    """The plan whose years hold the day (of two, the later), else the last before, else the first to come."""
    plans = list_plans()
    holding = [plan for plan in plans if plan.covers(day)]
    past = [plan for plan in plans if plan.ends_on < day]
    found = holding or past or plans[:1]
    return found[-1] if found else None


def find_indicator(plan: Plan, code: str) -> Indicator | None:
    return db.session.scalar(sa.select(Indicator).where(Indicator.plan_id == plan.id, Indicator.code == code))


def get_indicator(plan: Plan, code: str) -> Indicator:
    indicator = find_indicator(plan, code)
    if indicator is None:
        raise Missing(_("没有这个指标。"))
    return indicator


def _followers(code: str) -> list[Plan]:
    """Plans that continue this one, nearest first."""
    found: list[Plan] = []
    for plan in db.session.scalars(sa.select(Plan).where(Plan.continues == code).order_by(Plan.code)):
        found += [plan, *_followers(plan.code)]
    return found


def _whole(own: Document, above: tuple[str, ...] = ()) -> Document:
    """The file with everything that it inherits."""
    table = own.get("plan")
    if not isinstance(table, Mapping) or "continues" not in table:
        return own
    base_code, code = table["continues"], table.get("code")
    base = find(base_code) if isinstance(base_code, str) else None
    problems = Problems()
    if base is None:
        problems.tell("[plan]", "continues", _("没有已载入的方案“%(code)s”。", code=base_code))
    elif base_code in (*above, code):
        problems.tell("[plan]", "continues", _("方案不能延续它自己。"))
    if base is None or problems:
        raise BadPlan(problems)
    return expand(own, _whole(base.document, (*above, str(code))))


def _apply(definition: Definition, document: Document, stamp: Stamp) -> tuple[int, int, Plan]:
    plan = find(definition.plan["code"])
    is_new = plan is None
    if plan is None:
        plan = Plan(**definition.plan, document=document, loaded_at=stamp.when)
        db.session.add(plan)
    else:
        _refuse_removal(plan, definition)
    added = int(is_new)
    changed = 0 if is_new else int(_update(plan, definition.plan | {"document": document}))
    for name, model in PARTS.items():
        rows = {row.code: row for row in getattr(plan, name)}
        for values in definition.parts[name]:
            row = rows.get(values["code"])
            if row is None:
                getattr(plan, name).append(model(**values))
                added += 1
            else:
                changed += _update(row, values)
    if added or changed:
        plan.loaded_at = stamp.when
    db.session.flush()
    return added, changed, plan


def _refuse_removal(plan: Plan, definition: Definition) -> None:
    for name in PARTS:
        kept = {values["code"] for values in definition.parts[name]}
        gone = [row.code for row in getattr(plan, name) if row.code not in kept]
        if gone:
            raise Removed(
                _(
                    "方案 %(plan)s 已有的 %(name)s 不能从文件中删去：%(codes)s。",
                    plan=plan.code,
                    name=name,
                    codes=" ".join(gone),
                )
            )


def _update(row: object, values: Mapping[str, Any]) -> bool:
    """Set what differs. Whether anything did."""
    different = {key: value for key, value in values.items() if getattr(row, key) != value}
    for key, value in different.items():
        setattr(row, key, value)
    return bool(different)
