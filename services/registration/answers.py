"""What an entry says, field by field, as people read it."""

from dataclasses import dataclass

from models.person import Category, SkillLevel
from models.registration import Registration
from services.text import Sentence, _
from services.words import label

OWN: dict[str, Sentence] = {
    "category": _("参与者类别"),
    "workplace": _("工作单位或学校"),
    "post": _("岗位或专业年级"),
    "years_at_work": _("从事本职业年限"),
    "skill_level": _("现有职业技能等级"),
    "level_certificate": _("技能等级证书编号"),
    "coach": _("教练"),
    "remark": _("备注"),
}
"""Fields with a column of their own, in the order of the form."""


@dataclass(frozen=True)
class Shown:
    """One field: its key, what it is called, what was answered; empty where nothing was."""

    key: str
    label: str
    value: str


def shown(registration: Registration) -> list[Shown]:
    """Every field that the entry answers, in the order of its form."""
    answer = registration.answer
    if answer is None:
        return []
    found = [Shown(key, str(name), _said(key, getattr(answer, key))) for key, name in OWN.items()]
    found += [Shown(key, key, _plain(value)) for key, value in (answer.values or {}).items()]
    return found


def values(registration: Registration) -> dict[str, str]:
    """What is answered, by key."""
    return {each.key: each.value for each in shown(registration)}


def _said(key: str, value: object) -> str:
    if key == "category" and value:
        return str(label(Category(str(value))))
    if key == "skill_level" and value:
        return "" if value == SkillLevel.NONE.value else str(label(SkillLevel(str(value))))
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return str(_("、")).join(str(each) for each in value)
    return "" if value is None else str(value)
