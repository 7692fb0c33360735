"""The three shapes of a sheet: a contest, a class, an assessment. What each knows, how it reads, what it proposes."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from models.activity import Activity, Kind
from models.outcome import Award, Reached, Verdict
from services.outcome.refusals import NoSheet
from services.text import Sentence, _

MOST_SCORE = Decimal(1000)
"""Scales of 700 exist; what is more is a slip of the finger."""
MOST_HOURS = Decimal(2000)
MOST_RANK = 20_000


class Shape(StrEnum):
    CONTEST = "contest"
    CLASS = "class"
    ASSESSMENT = "assessment"


SHAPES = {
    Kind.COMPETITION: Shape.CONTEST,
    Kind.TRAINING_CLASS: Shape.CLASS,
    Kind.SEMINAR: Shape.CLASS,
    Kind.ASSESSMENT: Shape.ASSESSMENT,
}

VERDICTS = {
    Shape.CONTEST: (Verdict.COMPETED, Verdict.ABSENT, Verdict.DISQUALIFIED),
    Shape.CLASS: (Verdict.COMPLETED, Verdict.FAILED, Verdict.ABSENT),
    Shape.ASSESSMENT: (Verdict.COMPLETED, Verdict.FAILED, Verdict.ABSENT),
}

_SAID: dict[Shape, dict[Verdict, Sentence]] = {
    Shape.CONTEST: {
        Verdict.COMPETED: _("参赛"),
        Verdict.ABSENT: _("缺赛"),
        Verdict.DISQUALIFIED: _("取消资格"),
    },
    Shape.CLASS: {Verdict.COMPLETED: _("结业"), Verdict.FAILED: _("未结业"), Verdict.ABSENT: _("缺勤")},
    Shape.ASSESSMENT: {Verdict.COMPLETED: _("通过"), Verdict.FAILED: _("未通过"), Verdict.ABSENT: _("缺考")},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person reached, as somebody says it."""

    verdict: Verdict
    score: Decimal | None = None
    rank: int | None = None
    award: Award | None = None
    title_proposed: bool = False
    hours: Decimal | None = None
    remark: str = ""


FIELDS = ("verdict", "score", "rank", "award", "title_proposed", "hours")
"""What a line and a correction have in common."""


def shape_of(activity: Activity) -> Shape:
    """Raises NoSheet where nobody completes or wins anything."""
    try:
        return SHAPES[activity.kind]
    except KeyError:
        raise NoSheet from None


def has_sheet(activity: Activity) -> bool:
    return activity.kind in SHAPES


def entry_of(reached: Reached, remark: str = "") -> Entry:
    return Entry(**{name: getattr(reached, name) for name in FIELDS}, remark=remark)


def say(shape: Shape, verdict: Verdict) -> Sentence:
    """结业 of a class is 通过 of an assessment."""
    return _SAID[shape][verdict]


def propose(shape: Shape, *, was_present: bool | None) -> Entry:
    """What a line says before anybody says anything; None where nobody was checked in at all."""
    if was_present is False:
        return Entry(Verdict.ABSENT)
    return Entry(Verdict.COMPETED if shape is Shape.CONTEST else Verdict.COMPLETED)


def faults(shape: Shape, entry: Entry) -> dict[str, Sentence]:
    """What cannot be so, by field. What is merely not there yet is asked when the sheet is handed in."""
    found = _out_of_bounds(entry)
    if entry.verdict not in VERDICTS[shape]:
        found["verdict"] = _("请选择结果")
    if entry.score is not None and entry.verdict is Verdict.ABSENT:
        found["score"] = _("没有参加的人没有得分，请清空得分或改选结果")
    if entry.verdict is not Verdict.COMPETED:
        found |= _of_those_who_compete(entry)
    if entry.title_proposed and entry.award is None:
        found["title_proposed"] = _("只有获奖的人可以推荐荣誉称号")
    if shape is not Shape.CLASS and entry.hours is not None:
        found["hours"] = _("这里不登记学时")
    if shape is Shape.CLASS and entry.score is not None:
        found["score"] = _("这里不登记得分")
    return found


def _out_of_bounds(entry: Entry) -> dict[str, Sentence]:
    found: dict[str, Sentence] = {}
    if entry.score is not None and not _fits(entry.score, MOST_SCORE):
        found["score"] = _("得分应在 0 到 %(most)s 之间，最多两位小数", most=MOST_SCORE)
    if entry.hours is not None and not _fits(entry.hours, MOST_HOURS):
        found["hours"] = _("学时应在 0 到 %(most)s 之间，最多两位小数", most=MOST_HOURS)
    if entry.rank is not None and not 1 <= entry.rank <= MOST_RANK:
        found["rank"] = _("名次应是从 1 开始的整数")
    return found


def _of_those_who_compete(entry: Entry) -> dict[str, Sentence]:
    found: dict[str, Sentence] = {}
    if entry.rank is not None:
        found["rank"] = _("只有参赛的人有名次")
    if entry.award is not None:
        found["award"] = _("只有参赛的人有奖项")
    return found


def _fits(value: Decimal, most: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= most and value == value.quantize(Decimal("0.01"))
