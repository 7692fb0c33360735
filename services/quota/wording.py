"""What is lacking, in words: for whoever is refused, and for the history of whoever is passed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.activity import Track
from models.base import Scarce
from models.quota import Kind, Quota
from services.quota.refusals import ChoiceFull, GroupFull, QuotaFull, TotalFull, UnitFull
from services.text import Sentence, _, speaking


@dataclass(frozen=True)
class Lack:
    """The row that has too few places, how many were wanted, and how many it has."""

    row: Scarce
    wanted: int = 1
    left: int = 0

    @property
    def is_everywhere(self) -> bool:
        """Whether what is lacking is shared by all tracks of the activity."""
        return isinstance(self.row, Quota) and self.row.track_id is None

    @property
    def kind(self) -> str:
        return self.row.kind.value if isinstance(self.row, Quota) else "track"

    @property
    def sentence(self) -> Sentence:
        """Why somebody is passed over, with the numbers."""
        return _(
            "%(which)s名额 %(taken)s/%(capacity)s，剩余 %(left)s 个，这份报名需要 %(wanted)s 个；"
            "先递补给后面符合的人，您的位次不变。",
            which=str(name(self.row)),
            taken=self.row.capacity - self.left,
            capacity=self.row.capacity,
            left=self.left,
            wanted=self.wanted,
        )

    @property
    def note(self) -> str:
        """The sentence as it is kept in a history."""
        with speaking("zh"):
            return str(self.sentence)[:300]


def name(row: Scarce) -> Sentence:
    """What a row of places is called."""
    if isinstance(row, Quota):
        match row.kind:
            case Kind.TOTAL:
                return _("活动总")
            case Kind.UNIT:
                return _("本单位")
            case Kind.GROUP:
                return _("“%(name)s”预留", name=row.name)
            case Kind.OPEN:
                return _("预留之外的开放")
            case Kind.CHOICE:
                return _("选项“%(name)s”", name=row.name)
    return _("“%(name)s”", name=row.name if isinstance(row, Track) else "")


def refusal(lack: Lack) -> QuotaFull:
    """The refusal that names the quota that is full."""
    quota = lack.row
    assert isinstance(quota, Quota)
    numbers = {"capacity": quota.capacity, "left": lack.left, "wanted": lack.wanted}
    match quota.kind:
        case Kind.TOTAL:
            return TotalFull(
                _(
                    "这项活动的总名额 %(capacity)s 个，剩余 %(left)s 个，不够这次报名的 %(wanted)s 人。",
                    **numbers,
                )
            )
        case Kind.UNIT:
            return UnitFull(
                _(
                    "本单位在这一组别的名额为 %(capacity)s 个，剩余 %(left)s 个，不够这次报名的 %(wanted)s 人。",
                    **numbers,
                )
            )
        case Kind.CHOICE:
            return ChoiceFull(
                _(
                    "选项“%(name)s”限 %(capacity)s 人，剩余 %(left)s 个名额，请改选其他选项。",
                    name=quota.name,
                    **numbers,
                )
            )
        case _kind:
            return GroupFull(
                _(
                    "剩余的名额是为其他类别的参与者预留的，您所属类别可用的名额已满（剩余 %(left)s 个）。",
                    **numbers,
                )
            )


def key_of(field: str, option: str) -> str:
    """The key of the quota of one option."""
    return f"{field}:{option}"[:80]


def chose(answers: Mapping[str, Any], key: str) -> bool:
    """Whether answers say what a choice's quota counts."""
    field, _colon, _option = key.partition(":")
    said = answers.get(field)
    if isinstance(said, list | tuple):
        return any(key_of(field, str(one)) == key for one in said)
    return said is not None and key_of(field, str(said)) == key
