"""Whether a class fits a slot, or several at once, and why not. Pure: capacity counts pupils.

plan = split(45, [48, 24])          # [45, 0]
plan = split(45, [24, 24])          # [23, 22]
plan = split(50, [24, 24])          # None
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.booking import Grade, Season, Slot, SlotState
from services.booking import terms
from services.stamp import local_day
from services.text import Sentence, _
from services.words import label


class Fit(StrEnum):
    FITS = "fits"
    SPLITS = "splits"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Class:
    """What a grid is drawn for. Without a school: somebody who only looks."""

    grade: Grade | None = None
    heads: int = 0
    is_first: bool = False
    visits_left: int | None = None
    """How many more visits the school may make this term; None: nobody counts."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One theme at one time: its parallel slots, and what a class finds there."""

    slots: tuple[Slot, ...]
    fit: Fit
    plan: tuple[int, ...] = ()
    """Pupils for each of `slots`, where it fits."""
    reason: Sentence | str = ""
    """Why it does not."""

    @property
    def slot(self) -> Slot:
        return self.slots[0]

    @property
    def left(self) -> int:
        return sum(slot.left for slot in self.slots)


def split(heads: int, places: Sequence[int]) -> list[int] | None:
    """Divide a class over places: into as few parts as can be, of as equal size as can be. None where it is too big.

    The sum is `heads`; no part is bigger than its place; an unused place gets 0.
    """
    if heads <= 0:
        raise ValueError("a class has pupils")
    order = sorted(range(len(places)), key=lambda index: (-places[index], index))
    room, used = 0, 0
    while room < heads:
        if used == len(order) or places[order[used]] <= 0:
            return None
        room += places[order[used]]
        used += 1
    parts = [0] * len(places)
    left = heads
    for done, index in enumerate(
        reversed(order[:used])
    ):  # the smallest place first: what it lacks the others take
        share = min(places[index], left // (used - done))
        parts[index] = share
        left -= share
    assert left == 0
    return parts


def judge(season: Season, slots: Sequence[Slot], wanted: Class, moment: dt.datetime) -> Offer:
    """What a class finds at parallel slots of one theme."""
    found = tuple(slots)
    if reason := _barred(season, found[0], wanted, moment):
        return Offer(found, Fit.NOT, reason=reason)
    if wanted.heads <= 0:
        return Offer(found, Fit.FITS)
    parts = split(wanted.heads, [slot.left for slot in found])
    left = sum(slot.left for slot in found)
    if parts is None:
        why = (
            _("已约满，可以候补") if left == 0 else _("剩 %(left)s，不够 %(n)s 人", left=left, n=wanted.heads)
        )
        return Offer(found, Fit.NOT, reason=why)
    fit = Fit.FITS if sum(part > 0 for part in parts) == 1 else Fit.SPLITS
    return Offer(found, fit, tuple(parts))


def _barred(season: Season, slot: Slot, wanted: Class, moment: dt.datetime) -> Sentence | None:
    """Why this class may not book there at all, whatever is left."""
    today, day = local_day(moment), local_day(slot.starts_at)
    if slot.state is not SlotState.OPEN:
        return _("已取消") if slot.state is SlotState.CALLED_OFF else _("已结束")
    if slot.starts_at <= moment:
        return _("已开始")
    if wanted.grade is not None and not slot.theme.suits(wanted.grade):
        return _("仅限%(grades)s", grades=say_grades(slot.theme.grades))
    if today > terms.closes_on(season, day):
        return _("须提前 %(days)s 天预约", days=season.days_least)
    opens = terms.opens_on(season, day, is_first=wanted.is_first)
    if today < opens:
        return _("%(month)s月%(day)s日起可约", month=opens.month, day=opens.day)
    if wanted.visits_left is not None and wanted.visits_left <= 0:
        return _("本学期次数已用完")
    return None


_STAGES: tuple[tuple[str, Sentence, tuple[str, ...]], ...] = (
    ("P", _("小学"), ("P1", "P2", "P3", "P4", "P5", "P6")),
    ("J", _("初中"), ("J1", "J2", "J3")),
    ("S", _("高中"), ("S1", "S2", "S3")),
    ("V", _("中职"), ("V",)),
)


def say_grades(grades: frozenset[str]) -> str:
    """小学 4–6、初中; 不限 where there is no limit."""
    if not grades or grades >= {grade.value for grade in Grade}:
        return str(_("不限"))
    said = []
    for _sign, name, whole in _STAGES:
        own = [number for number, grade in enumerate(whole, 1) if grade in grades]
        if len(own) == len(whole):
            said.append(str(name))
        elif own and own[-1] - own[0] + 1 == len(own):
            said.append(f"{name} {own[0]}–{own[-1]}" if len(own) > 1 else f"{name} {own[0]}")
        elif own:
            said.append(f"{name} {str(_('、')).join(map(str, own))}")
    return str(_("、")).join(said)


def say_class(grade: Grade | None, classes: str) -> str:
    """五年级 2 班."""
    if grade is None:
        return str(_("市民"))
    return (
        str(_("%(grade)s %(classes)s 班", grade=label(grade), classes=classes))
        if classes
        else str(label(grade))
    )
