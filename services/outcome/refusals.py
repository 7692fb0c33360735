"""Why an outcome is not taken, each with what to do next."""

from collections.abc import Sequence

from models.outcome import Sheet, State
from services.errors import Refused
from services.text import Sentence, _

MOST_SAID = 8
"""So many faults are named at once; the rest is a number."""


class NoSheet(Refused):
    sentence = _("这类活动不登记成绩或结业结果。")


class NotBegun(Refused):
    sentence = _("活动还没有开始，不能登记结果。")


class NotOver(Refused):
    sentence = _("活动还没有结束，结束后才能确认结果。")


class NotHeld(Refused):
    sentence = _("活动没有发布或已取消，不能登记结果。")


class WrongState(Refused):
    """The sheet is not where this can be done."""

    def __init__(self, sheet: Sheet) -> None:
        said = {
            State.DRAFT: _("成绩册还没有提交，不能这样操作。"),
            State.SUBMITTED: _("成绩册已提交，正等待确认。要修改，请先退回。"),
            State.CONFIRMED: _("结果已经确认。要改动，请逐人申请更正。"),
        }
        super().__init__(said[sheet.state])


class NamesChanged(Refused):
    sentence = _("参加人员名单在此期间有变化。请核对最新名单后再操作。")


class OwnResult(Refused):
    sentence = _("名单中有您本人的结果，请由另一位人员办理。")


class SamePerson(Refused):
    sentence = _("登记与确认须由两个人分别办理。这份成绩册由您登记或提交，请由另一位人员确认。")


class SameAsker(Refused):
    sentence = _("申请与决定须由两个人分别办理。这项更正由您申请，请由另一位人员决定。")


class Unidentified(Refused):
    sentence = _("您的账号还没有登记本人身份，不能办理。请先在“账号与安全”中登记。")


class NoReason(Refused):
    sentence = _("请写明原因。")


class NothingChanges(Refused):
    sentence = _("更正后的内容与现在相同，没有需要更正的。")


class Waits(Refused):
    sentence = _("这个人的更正申请正等待决定，不能再申请。")


class Decided(Refused):
    sentence = _("这项更正已经有人决定。")


class HasOutcomes(Refused):
    sentence = _("已有确认的成绩或结业结果，活动不能取消。")


class Incomplete(Refused):
    """What is wrong, fault by fault: `problems`."""

    def __init__(self, problems: Sequence[Sentence]) -> None:
        said = str(_("；")).join(str(problem) for problem in problems[:MOST_SAID])
        if len(problems) > MOST_SAID:
            said += str(_(" 等 %(n)s 处", n=len(problems)))
        super().__init__(_("请核对：%(what)s", what=said))
        self.problems = list(problems)
