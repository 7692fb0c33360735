"""Why a report is not taken. Each sentence says what to do next."""

from services.errors import Refused
from services.text import _


class WrongPeriod(Refused):
    sentence = _("这一期还没有结束，或不需要填报。请从待填报列表中选择。")


class AlreadyReported(Refused):
    sentence = _("本单位这一期的数字已经有人填报，请打开那一份继续。")


class BadFigure(Refused):
    """The number cannot be one of this indicator's."""

    sentence = _("请填写不小于零的数字。")


class BadInput(Refused):
    """One of the further numbers."""

    sentence = _("请把各项数字填写完整，都不小于零。")


class NoWork(Refused):
    sentence = _("请写明做了什么工作。")


class NoEvidence(Refused):
    sentence = _("请先添加佐证材料，再提交。填报为零时可以不附。")


class NoNote(Refused):
    sentence = _("请写明退回的原因。")


class Unidentified(Refused):
    sentence = _("您的账号还没有登记本人身份，不能提交或审核填报。请先在“账号与安全”中登记。")


class SamePerson(Refused):
    sentence = _("填报与审核须由两个人分别办理。这份填报由您填写或提交，请由另一位审核员审核。")


class NotOpen(Refused):
    sentence = _("这份填报已提交或已有结论，不能再修改。")


class NotDecidable(Refused):
    sentence = _("这份填报现在不在待审核状态，请刷新后查看。")


class NotCorrectable(Refused):
    sentence = _("只有已采用的填报可以更正，并且同一份填报一次只能有一份更正。")
